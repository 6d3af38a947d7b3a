"""A membership keeps what its person is called by: a group's roll is read by name without asking for persons."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "membership", sa.Column("name_key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False)
    )
    op.execute("UPDATE membership m SET name_key = p.name_key FROM person p WHERE p.id = m.person_id")
    op.create_index("ix_membership_roll", "membership", ["group_id", "name_key", "id"])
    op.create_index("ix_membership_name_key", "membership", ["name_key", "id"])
    op.execute(statements("migrations/sql/roll.sql"))


def downgrade() -> None:
    op.execute("DROP TRIGGER persons_called ON person")
    op.execute("DROP TRIGGER membership_called ON membership")
    for function in ("persons_called()", "membership_called()", "going_on(text, bigint)"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_membership_name_key", table_name="membership")
    op.drop_index("ix_membership_roll", table_name="membership")
    op.drop_column("membership", "name_key")
