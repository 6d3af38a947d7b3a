"""What a creditor settles with a group that keeps books of its own is booked there, too."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_ROLES = ("receivable", "bank", "unidentified", "credit", "income", "passed on", "owed", "opening", "due from", "share")
_EVENTS = ("issue", "payment", "unidentified", "credit", "overpaid", "settlement", "take-in", "share")


def upgrade() -> None:
    _allow("account", "role", _ROLES)
    _allow("posting_rule", "event", _EVENTS)
    for column, other in (("receiver_id", "creditor"), ("received_id", "entry")):
        op.add_column("settlement", sa.Column(column, sa.BigInteger()))
        op.create_foreign_key(op.f(f"fk_settlement_{column}"), "settlement", other, [column], ["id"])
    op.create_index(
        "ix_settlement_to_receive",
        "settlement",
        ["id"],
        postgresql_where=sa.text("receiver_id IS NOT NULL AND received_id IS NULL"),
    )
    op.create_index(
        "ix_settlement_received_id",
        "settlement",
        ["received_id"],
        unique=True,
        postgresql_where=sa.text("received_id IS NOT NULL"),
    )
    op.execute(statements("migrations/sql/received.sql"))
    op.execute("GRANT UPDATE (received_id) ON settlement TO kontingent_jobs")


def downgrade() -> None:
    raise NotImplementedError("What was settled stays settled.")


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({', '.join(repr(value) for value in values)})")
