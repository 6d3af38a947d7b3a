"""Behind a link: an invoice says what happens next by itself, and so its page may see whether reminders rest."""

from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

# Not why they rest, nor who said so.
_RESTS = "SELECT (task, paused, paused_until) ON scheduled_task"


def upgrade() -> None:
    op.execute(f"GRANT {_RESTS} TO kontingent_public")


def downgrade() -> None:
    op.execute(f"REVOKE {_RESTS} FROM kontingent_public")
