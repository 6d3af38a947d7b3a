"""Invoices are found by the day they are due, by amount, and by the run that wrote them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_invoice_due_on", "invoice", ["due_on", "id"])
    op.create_index("ix_invoice_amount", "invoice", ["amount"])
    op.create_index(
        "ix_invoice_run_id", "invoice", ["run_id", "issued_on", "id"], postgresql_where=sa.text("run_id IS NOT NULL")
    )


def downgrade() -> None:
    for name in ("ix_invoice_run_id", "ix_invoice_amount", "ix_invoice_due_on"):
        op.drop_index(name, table_name="invoice")
