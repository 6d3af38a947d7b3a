"""Money received by hand counts in the days of its account, too: its sums grow with each, as those of its file do."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (payments, amount) ON account_day TO kontingent_staff")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (payments, amount) ON account_day FROM kontingent_staff")
