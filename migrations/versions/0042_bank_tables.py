"""Tables of payments: which column is which is kept for the account, and with the file that was read so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("bank_agreement", "bank_file"):
        op.add_column(table, sa.Column("table_layout", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    for table in ("bank_agreement", "bank_file"):
        op.drop_column(table, "table_layout")
