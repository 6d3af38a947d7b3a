"""Pages: an index that nothing reads any more goes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_payment_case_open", table_name="payment_case")


def downgrade() -> None:
    op.create_index(
        "ix_payment_case_open",
        "payment_case",
        ["creditor_id", "payment_id"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
