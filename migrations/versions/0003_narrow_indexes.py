"""Indexes as narrow as their questions, because bulk work writes into them a million times."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Allocations lie in the order of their payments, but for what people decide later.
    op.drop_index("ix_allocation_payment_id", table_name="allocation")
    op.create_index(
        "ix_allocation_payment_id",
        "allocation",
        ["payment_id"],
        postgresql_using="brin",
        postgresql_ops={"payment_id": "int8_minmax_multi_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_allocation_payment_id", table_name="allocation")
    op.create_index("ix_allocation_payment_id", "allocation", ["payment_id"])
