"""A group's house asks whether a person is known in other groups, too, before it changes their details."""

from alembic import op

from database.sql import statements

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(statements("migrations/sql/beyond.sql"))


def downgrade() -> None:
    op.execute("DROP FUNCTION known_beyond(bigint, text)")
