"""The group's own house: prices of its own where the centre allows them, and settlements between groups."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None

_ROLES = ("receivable", "bank", "unidentified", "credit", "income")
_EVENTS = ("issue", "payment", "unidentified", "credit", "overpaid")

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_MINE = f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)"
_OWN_BOOKS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_OF_MINE = f"{_ALL} OR sees_settlement(settlement_id)"


def upgrade() -> None:
    op.add_column("groups", sa.Column("own_prices", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    # For whose accounts alone a file was taken in.
    op.add_column("bank_file", sa.Column("path", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False))
    _allow("account", "role", (*_ROLES, "passed on", "owed"))
    _allow("posting_rule", "event", (*_EVENTS, "settlement"))
    op.create_table(
        "settlement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("settled_before", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlement_amount_positive")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_settlement_creditor_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_settlement_entry_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_settlement_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("uuid", name=op.f("uq_settlement_uuid")),
        sa.UniqueConstraint(
            *("creditor_id", "group_id", "currency", "settled_before"),
            name=op.f("uq_settlement_creditor_id_group_id_currency_settled_before"),
        ),
    )
    op.create_index(op.f("ix_settlement_entry_id"), "settlement", ["entry_id"])
    op.create_index(op.f("ix_settlement_group_id"), "settlement", ["group_id"])
    op.create_index("ix_settlement_newest", "settlement", ["creditor_id", "id"])
    op.create_table(
        "settlement_line",
        sa.Column("settlement_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_settlement_line_component_id")),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_line_settlement_id")),
        sa.PrimaryKeyConstraint("settlement_id", "component_id", name=op.f("pk_settlement_line")),
    )
    # What was settled stays: neither changed nor deleted.
    op.execute("GRANT SELECT, INSERT ON settlement, settlement_line TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.execute(statements("migrations/sql/group_house.sql"))
    # A group sees what was settled with it; only whose books they are writes there.
    _wall("settlement", f"{_MINE} OR creditor_id IN (SELECT creditor_id FROM my_creditors)", _OWN_BOOKS)
    _wall("settlement_line", _OF_MINE, _OF_MINE)


def _wall(table: str, read: str, write: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({write})")


def downgrade() -> None:
    raise NotImplementedError("What was settled stays settled.")


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({', '.join(repr(value) for value in values)})")
