"""Invoices are credited in part, several times; cancelled before they were sent; and written anew."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_invoice_credits_id", "invoice")
    op.create_index(
        "ix_invoice_credits_id", "invoice", ["credits_id"], postgresql_where=sa.text("credits_id IS NOT NULL")
    )
    op.add_column("invoice", sa.Column("withdraws", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("invoice", sa.Column("replaces_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_invoice_replaces_id"), "invoice", "invoice", ["replaces_id"], ["id"])
    op.create_index(
        "uq_invoice_replaces_id",
        "invoice",
        ["replaces_id"],
        unique=True,
        postgresql_where=sa.text("replaces_id IS NOT NULL"),
    )
    op.create_check_constraint(
        op.f("ck_invoice_only_notes_withdraw"), "invoice", "kind = 'credit note' OR NOT withdraws"
    )
    op.add_column("claim", sa.Column("credited_amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute("UPDATE claim SET credited_amount = amount WHERE ended = 'credited'")
    op.create_check_constraint(
        op.f("ck_claim_credited_within_amount"), "claim", "credited_amount BETWEEN 0 AND amount - open_amount"
    )


def downgrade() -> None:
    raise NotImplementedError("What was credited in part could not be told any more.")
