"""Series to several groups at once, and to members narrowed as lists of them are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    more = sa.Column("more", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("invoice_series", more)


def downgrade() -> None:
    op.drop_column("invoice_series", "more")
