"""A stretch that begins within a term of the calendar costs its part of it, also where it is no first one."""

from alembic import op

from database.sql import statements

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(statements("migrations/sql/part_terms.sql"))


def downgrade() -> None:
    raise NotImplementedError("What was invoiced by part would be said to cost a whole term.")
