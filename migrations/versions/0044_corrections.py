"""Corrections of payments: moved, not ours, sent back, received by hand, by rule, and shared out by a list."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_OWN = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_PURPOSES = "'not ours', 'withdrawn'"


def upgrade() -> None:
    op.add_column("allocation", sa.Column("moved_from_id", sa.BigInteger(), nullable=True))
    moved = sa.text("moved_from_id IS NOT NULL")
    op.create_index("ix_allocation_moved_from_id", "allocation", ["moved_from_id"], postgresql_where=moved)
    _also("account", "role", "not ours")
    _also("posting_rule", "event", "not ours")
    _also("bank_agreement", "scheme", "CASH")
    # What an officer receives is counted on its day as what a file brings is.
    op.execute("GRANT INSERT, UPDATE (payments, received) ON payment_day TO kontingent_staff")
    _asides()
    _rules()
    _deductions()


def _asides() -> None:
    op.create_table(
        "payment_aside",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("payer_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("payer_account", sa.Text(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_aside_amount_positive")),
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name=op.f("ck_payment_aside_purpose_known")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_payment_aside_creditor_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_aside_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_aside")),
    )
    op.create_index(op.f("ix_payment_aside_payment_id"), "payment_aside", ["payment_id"])
    op.create_index("ix_payment_aside_newest", "payment_aside", ["creditor_id", "id"])
    reverses = sa.text("reverses_id IS NOT NULL")
    op.create_index(
        "uq_payment_aside_reverses_id", "payment_aside", ["reverses_id"], unique=True, postgresql_where=reverses
    )
    op.execute(
        "CREATE TRIGGER payment_aside_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_aside"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON payment_aside TO kontingent_jobs, kontingent_staff")
    op.execute("SELECT audit_watch('payment_aside', 'money', '{}', '{}', '{insert}')")
    _wall("payment_aside")


def _rules() -> None:
    op.create_table(
        "payer_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_account", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(payer_account IS NULL) <> (words = '')", name=op.f("ck_payer_rule_account_or_words")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_payer_rule_creditor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payer_rule_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_rule")),
    )
    op.create_index(
        "uq_payer_rule_active",
        "payer_rule",
        ["creditor_id", "payer_account", "words"],
        unique=True,
        postgresql_where=sa.text("active"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("ix_payer_rule_person_id"), "payer_rule", ["person_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE ON payer_rule TO kontingent_jobs, kontingent_staff")
    op.execute("SELECT audit_watch('payer_rule', 'settings')")
    _wall("payer_rule")


def _deductions() -> None:
    op.create_table(
        "deduction_line",
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("called", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_deduction_line_creditor_id")),
        sa.PrimaryKeyConstraint("payment_id", "position", name=op.f("pk_deduction_line")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON deduction_line TO kontingent_jobs, kontingent_staff")
    _wall("deduction_line")


def _wall(table: str) -> None:
    """Whoever sees the creditor's books sees what was decided of payments to it."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for policy, role in (("owner", "CURRENT_USER"), ("centre", "kontingent_centre"), ("jobs", "kontingent_jobs")):
        op.execute(f"CREATE POLICY {policy} ON {table} TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({_OWN}) WITH CHECK ({_OWN})")


def _also(table: str, column: str, *values: str) -> None:
    """Allow values beside those that are allowed by now, whatever other migrations have added."""
    name = f"ck_{table}_{column}_known"
    wanted = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    known = re.findall(r"'([^']*)'::", op.get_bind().execute(wanted, {"name": name}).scalar_one())
    op.drop_constraint(op.f(name), table, type_="check")
    allowed = ", ".join(f"'{value}'" for value in dict.fromkeys([*known, *values]))
    op.create_check_constraint(op.f(name), table, f"{column} IN ({allowed})")


def downgrade() -> None:
    raise NotImplementedError("What was set aside, moved or received by hand would be told as waiting.")
