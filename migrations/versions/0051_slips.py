"""Two creditors on one slip: who collects with whom, what stands on a slip, what was handed on; and text messages."""

import re

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_MINE = "IN (SELECT creditor_id FROM my_creditors)"


def upgrade() -> None:
    op.add_column("creditor", sa.Column("collected_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_creditor_collected_by_id"), "creditor", "creditor", ["collected_by_id"], ["id"])
    op.create_check_constraint(op.f("ck_creditor_collected_by_another"), "creditor", "collected_by_id <> id")
    op.add_column("invoice_item", sa.Column("slip_seq", sa.BigInteger(), nullable=True))
    slips = sa.text("slip_seq IS NOT NULL")
    op.create_index("ix_invoice_item_slip", "invoice_item", ["run_id", "slip_seq"], postgresql_where=slips)
    _also("payment_aside", "purpose", "handed on")
    _also("bank_agreement", "scheme", "SLIP")
    op.add_column("creditor", sa.Column("sms", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _also("message", "channel", "sms")
    _parts()
    _handed_on()
    op.execute(statements("migrations/sql/slips.sql"))


def _parts() -> None:
    op.create_table(
        "slip_part",
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("slip_seq", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("collects", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_slip_part")),
    )
    op.create_index("ix_slip_part_slip", "slip_part", ["run_id", "slip_seq"])
    collects = sa.text("collects")
    op.create_index("ix_slip_part_collects", "slip_part", ["creditor_id"], postgresql_where=collects)
    op.execute("GRANT SELECT, INSERT ON slip_part TO kontingent_jobs")
    op.execute("GRANT SELECT, INSERT ON slip_part TO kontingent_staff")
    op.execute("GRANT SELECT ON slip_part TO kontingent_public, kontingent_member")
    _wall("slip_part", f"creditor_id {_MINE}")
    op.execute("CREATE POLICY public ON slip_part FOR SELECT TO kontingent_public USING (behind_link(invoice_id))")
    seen = "EXISTS (SELECT FROM invoice seen WHERE seen.id = invoice_id OFFSET 0)"
    op.execute(f"CREATE POLICY member ON slip_part FOR SELECT TO kontingent_member USING ({seen})")
    _never_changes("slip_part")


def _handed_on() -> None:
    op.create_table(
        "handed_on",
        sa.Column("aside_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_handed_on_amount_positive")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handed_on_two_creditors")),
        sa.ForeignKeyConstraint(["from_id"], ["creditor.id"], name=op.f("fk_handed_on_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["creditor.id"], name=op.f("fk_handed_on_to_id")),
        sa.PrimaryKeyConstraint("aside_id", name=op.f("pk_handed_on")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_handed_on_payment_id")),
    )
    op.create_index("ix_handed_on_between", "handed_on", ["from_id", "to_id"])
    op.execute("GRANT SELECT, INSERT ON handed_on TO kontingent_jobs")
    op.execute("GRANT SELECT ON handed_on TO kontingent_staff")
    op.execute("GRANT UPDATE (payments, received) ON payment_day TO kontingent_jobs")
    op.execute("GRANT UPDATE (payments, amount) ON account_day TO kontingent_jobs")
    _wall("handed_on", f"from_id {_MINE} OR to_id {_MINE}")
    _never_changes("handed_on")


def _wall(table: str, own: str) -> None:
    """Let staff see what is theirs."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for policy, role in (("owner", "CURRENT_USER"), ("centre", "kontingent_centre"), ("jobs", "kontingent_jobs")):
        op.execute(f"CREATE POLICY {policy} ON {table} TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({_ALL} OR {own})")


def _never_changes(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _also(table: str, column: str, *values: str) -> None:
    """Allow values beside those that are allowed by now, whatever other migrations have added."""
    name = f"ck_{table}_{column}_known"
    wanted = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    known = re.findall(r"'([^']*)'::", op.get_bind().execute(wanted, {"name": name}).scalar_one())
    op.drop_constraint(op.f(name), table, type_="check")
    allowed = ", ".join(f"'{value}'" for value in dict.fromkeys([*known, *values]))
    op.create_check_constraint(op.f(name), table, f"{column} IN ({allowed})")


def downgrade() -> None:
    raise NotImplementedError("What stands on slips of several creditors could not be told any more.")
