"""A case keeps its payment's reference, so that one is found among all that wait without reading them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_case", sa.Column("reference", sa.Text(), nullable=True))
    op.execute("""UPDATE payment_case c SET reference = p.reference FROM payment p WHERE p.id = c.payment_id""")
    op.create_index(
        "ix_payment_case_reference",
        "payment_case",
        ["reference", "payment_id"],
        postgresql_where="reference IS NOT NULL AND closed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index("ix_payment_case_reference", table_name="payment_case")
    op.drop_column("payment_case", "reference")
