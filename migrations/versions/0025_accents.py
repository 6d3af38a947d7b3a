"""Names are found by who writes them without their accents, too."""

from alembic import op

from database.sql import statements

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(statements("migrations/sql/accents.sql"))


def downgrade() -> None:
    raise NotImplementedError("The words of names are kept with and without accents; there is no way back here.")
