"""Words for one-off invoices, and how each creditor's documents are laid out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_BEFORE = "'invoice', 'renewal', 'reminder', 'receipt', 'credit note', 'join thanks'"
_NOW = "'invoice', 'renewal', 'reminder', 'receipt', 'credit note', 'one off', 'join thanks'"


def upgrade() -> None:
    _occasions(_NOW)
    op.add_column(
        "creditor",
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("creditor", "layout")
    op.execute("DELETE FROM own_text WHERE occasion = 'one off'")
    _occasions(_BEFORE)


def _occasions(known: str) -> None:
    op.drop_constraint(op.f("ck_own_text_occasion_known"), "own_text", type_="check")
    op.create_check_constraint(op.f("ck_own_text_occasion_known"), "own_text", f"occasion IN ({known})")
