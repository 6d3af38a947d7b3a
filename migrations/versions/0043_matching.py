"""Rules by which waiting payments are matched, what each match was founded on, what may be meant; money exchanged."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_AROUND = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM creditors_around_me)"
_MINE = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_RULES = ("reference", "several", "collection", "in text", "zeros", "digit", "number", "member", "account", "name")
_DOUBTS = ("several fit", "other amount", "weak", "incomplete")


def upgrade() -> None:
    _tables()
    _allow("account", "role", "exchange", "exchange difference")
    _allow("posting_rule", "event", "exchange")
    _exchange()
    # A member's number in another system is looked up whatever system that is.
    op.create_index("ix_external_id_external", "external_id", ["kind", "external"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON matching_rule TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT, INSERT ON allocation_match TO kontingent_jobs")
    op.execute("GRANT SELECT ON allocation_match TO kontingent_staff")
    op.execute("GRANT SELECT, INSERT, DELETE ON match_suggestion TO kontingent_jobs")
    op.execute("GRANT SELECT ON match_suggestion TO kontingent_staff")
    op.execute("SELECT audit_watch('matching_rule', 'settings')")
    for table in ("matching_rule", "allocation_match", "match_suggestion"):
        _walled(table)
    op.execute(f"CREATE POLICY staff ON matching_rule FOR SELECT TO kontingent_staff USING ({_AROUND})")
    op.execute(f"CREATE POLICY staff_adds ON matching_rule FOR INSERT TO kontingent_staff WITH CHECK ({_MINE})")
    op.execute(
        f"CREATE POLICY staff_changes ON matching_rule FOR UPDATE TO kontingent_staff USING ({_MINE})"
        f" WITH CHECK ({_MINE})"
    )
    op.execute(f"CREATE POLICY staff_removes ON matching_rule FOR DELETE TO kontingent_staff USING ({_MINE})")
    seen = f"{_ALL} OR sees_claim(claim_id)"
    op.execute(f"CREATE POLICY staff ON allocation_match TO kontingent_staff USING ({seen})")
    op.execute(f"CREATE POLICY staff ON match_suggestion TO kontingent_staff USING ({seen})")


def _allow(table: str, column: str, *more: str) -> None:
    """Let a choice be others, too; those that are known by now stay, whichever they are."""
    name = f"ck_{table}_{column}_known"
    found = op.get_bind().execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    )
    known = re.findall(r"'([^']*)'::", found.scalar_one())
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, _check(column, (*known, *more)))


def _exchange() -> None:
    """What of a payment was exchanged for a claim in another currency, behind the wall of its claim."""
    op.create_table(
        "exchange",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rate", sa.Numeric(18, 9), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("claim_currency", sa.String(3), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("taken_back_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0 AND worth > 0 AND settled > 0", name=op.f("ck_exchange_amounts_positive")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_positive")),
        sa.CheckConstraint("currency <> claim_currency", name=op.f("ck_exchange_two_currencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_exchange_allocation_id")),
    )
    op.create_index("ix_exchange_claim_id", "exchange", ["claim_id"])
    op.create_index("ix_exchange_payment_id", "exchange", ["payment_id"])
    op.execute("GRANT SELECT, INSERT ON exchange TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT UPDATE (taken_back_id) ON exchange TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.execute("SELECT audit_watch('exchange', 'money')")
    _walled("exchange")
    seen = f"{_ALL} OR sees_claim(claim_id)"
    op.execute(f"CREATE POLICY staff ON exchange TO kontingent_staff USING ({seen}) WITH CHECK ({seen})")


def _known(name: str, choices: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*choices, name=name, native_enum=False, length=20)


def _check(column: str, choices: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in choices)})"


def _tables() -> None:
    evidence = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "matching_rule",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", _known("rule", _RULES), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(_check("rule", _RULES), name=op.f("ck_matching_rule_rule_known")),
        sa.CheckConstraint("position BETWEEN 0 AND 99", name=op.f("ck_matching_rule_position_fits")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_matching_rule_creditor_id")),
        sa.PrimaryKeyConstraint("creditor_id", "rule", name=op.f("pk_matching_rule")),
    )
    op.create_table(
        "allocation_match",
        sa.Column("allocation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", _known("rule", _RULES), nullable=False),
        sa.Column("evidence", evidence, server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(_check("rule", _RULES), name=op.f("ck_allocation_match_rule_known")),
        sa.PrimaryKeyConstraint("allocation_id", name=op.f("pk_allocation_match")),
    )
    op.create_table(
        "match_suggestion",
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", _known("rule", _RULES), nullable=False),
        sa.Column("doubt", _known("doubt", _DOUBTS), nullable=False),
        sa.Column("evidence", evidence, server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(_check("rule", _RULES), name=op.f("ck_match_suggestion_rule_known")),
        sa.CheckConstraint(_check("doubt", _DOUBTS), name=op.f("ck_match_suggestion_doubt_known")),
        sa.PrimaryKeyConstraint("payment_id", "claim_id", name=op.f("pk_match_suggestion")),
    )
    op.create_index("ix_match_suggestion_creditor_id", "match_suggestion", ["creditor_id", "payment_id"])


def _walled(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for name, role in (("owner", "CURRENT_USER"), ("jobs", "kontingent_jobs"), ("centre", "kontingent_centre")):
        op.execute(f"CREATE POLICY {name} ON {table} TO {role} USING (true) WITH CHECK (true)")


def downgrade() -> None:
    op.drop_index("ix_external_id_external", table_name="external_id")
    for table in ("exchange", "match_suggestion", "allocation_match", "matching_rule"):
        op.drop_table(table)
