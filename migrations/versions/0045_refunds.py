"""Money that goes back or is given: refunds and their orders, uses of credit, funds and gifts, small differences."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_OURS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"


def upgrade() -> None:
    _allow("account", "role", "refund", "difference", "gift")
    _allow("posting_rule", "event", "refund", "difference")
    _gifts()
    _creditors()
    _refunds()
    _uses()
    _credit()
    _identities()
    for table in ("refund_payment", "credit_use", "gift", "refund_order"):
        op.execute(
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO kontingent_jobs, kontingent_staff")
        _wall(table)
    for table in ("fund", "refund"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO kontingent_jobs, kontingent_staff")
        _wall(table, changes=True)
    op.execute("SELECT audit_watch('refund', 'money')")
    op.execute("SELECT audit_watch('refund_order', 'money', '{content}')")
    op.execute("SELECT audit_watch('fund', 'settings')")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def _creditors() -> None:
    op.add_column(
        "creditor", sa.Column("overpaid", sa.String(length=20), server_default=sa.text("'ask'"), nullable=False)
    )
    op.add_column("creditor", sa.Column("gift_fund_id", sa.BigInteger(), nullable=True))
    op.add_column("creditor", sa.Column("tolerance", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_foreign_key(op.f("fk_creditor_gift_fund_id"), "creditor", "fund", ["gift_fund_id"], ["id"])
    known = "overpaid IN ('ask', 'credit', 'refund', 'gift')"
    op.create_check_constraint(op.f("ck_creditor_overpaid_known"), "creditor", known)
    op.create_check_constraint(op.f("ck_creditor_tolerance_not_negative"), "creditor", "tolerance >= 0")
    gift = "overpaid <> 'gift' OR gift_fund_id IS NOT NULL"
    op.create_check_constraint(op.f("ck_creditor_gift_for_a_fund"), "creditor", gift)


def _credit() -> None:
    """Credit that there is, is looked for by itself each minute."""
    left = ["creditor_id", "currency", "person_id"]
    op.create_index("ix_credit_left", "credit", left, postgresql_where=sa.text("balance > 0"))


def _gifts() -> None:
    op.create_table(
        "fund",
        _id(),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_keys("fund", creditor_id="creditor", account_id="account"),
        sa.UniqueConstraint("uuid", name=op.f("uq_fund_uuid")),
    )
    op.create_index("ix_fund_creditor_id", "fund", ["creditor_id"])
    op.create_table(
        "gift",
        _id(),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        _recorded(),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gift_amount_positive")),
        *_keys("gift", creditor_id="creditor", fund_id="fund", person_id="person", reverses_id="gift"),
    )
    op.create_index("ix_gift_fund_id", "gift", ["fund_id"])
    op.create_index("ix_gift_person_id", "gift", ["person_id"])
    op.create_index("ix_gift_year", "gift", ["creditor_id", "on_date", "id"])
    _partial("ix_gift_payment_id", "gift", "payment_id")
    _partial("uq_gift_reverses_id", "gift", "reverses_id", unique=True)


def _identities() -> None:
    op.create_table(
        "donor_identity",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _recorded(),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_donor_identity_creditor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_donor_identity_person_id")),
        sa.PrimaryKeyConstraint("creditor_id", "person_id", name=op.f("pk_donor_identity")),
    )
    op.create_index("ix_donor_identity_person_id", "donor_identity", ["person_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON donor_identity TO kontingent_jobs, kontingent_staff")
    _wall("donor_identity", changes=True)
    op.execute(f"CREATE POLICY staff_removes ON donor_identity FOR DELETE TO kontingent_staff USING ({_OURS})")
    op.execute("SELECT audit_watch('donor_identity', 'persons', '{sealed}')")


def _refunds() -> None:
    op.create_table(
        "refund_order",
        _id(),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _recorded(),
        *_keys("refund_order", creditor_id="creditor", agreement_id="bank_agreement", run_id="run"),
        sa.UniqueConstraint("uuid", name=op.f("uq_refund_order_uuid")),
    )
    op.create_index("ix_refund_order_creditor_id", "refund_order", ["creditor_id"])
    op.create_index("ix_refund_order_run_id", "refund_order", ["run_id"])
    op.create_table(
        "refund",
        _id(),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), server_default=sa.text("'proposed'"), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_to_end_id", sa.Text(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        _recorded(),
        *_refund_checks(),
        *_keys("refund", creditor_id="creditor", person_id="person"),
        # An order is written in one piece, after what it orders.
        sa.ForeignKeyConstraint(["order_id"], ["refund_order.id"], name=op.f("fk_refund_order_id"), deferrable=True),
        sa.UniqueConstraint("uuid", name=op.f("uq_refund_uuid")),
    )
    op.create_index("ix_refund_state", "refund", ["creditor_id", "state", "id"])
    _partial("ix_refund_person_id", "refund", "person_id")
    _partial("ix_refund_payment_id", "refund", "payment_id")
    op.create_index("uq_refund_end_to_end_id", "refund", ["end_to_end_id"], unique=True)


def _refund_checks() -> list[sa.CheckConstraint]:
    wanted = {
        "scheme_known": "scheme IN ('IBAN', 'BGNR', 'PGNR', 'SE', 'NO')",
        "state_known": "state IN ('proposed', 'approved', 'sent', 'confirmed', 'bounced', 'cancelled')",
        "amount_positive": "amount > 0",
        "whole_account": "(scheme IS NULL) = (number IS NULL)",
        "of_somebody": "person_id IS NOT NULL OR payment_id IS NOT NULL",
        "sent_by_an_order": "state NOT IN ('sent', 'confirmed') OR order_id IS NOT NULL",
        "account_before_approval": "state NOT IN ('approved', 'sent') OR number IS NOT NULL",
        "ended_with_a_day": "(ended_on IS NOT NULL) = (state IN ('confirmed', 'cancelled'))",
    }
    return [sa.CheckConstraint(check, name=op.f(f"ck_refund_{name}")) for name, check in wanted.items()]


def _uses() -> None:
    op.create_table(
        "refund_payment",
        _id(),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _recorded(),
        sa.CheckConstraint("kind IN ('source', 'paid', 'bounced')", name=op.f("ck_refund_payment_kind_known")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_refund_payment_amount_not_zero")),
        *_keys("refund_payment", creditor_id="creditor", refund_id="refund", entry_id="entry"),
    )
    op.create_index("ix_refund_payment_refund_id", "refund_payment", ["refund_id"])
    op.create_index("ix_refund_payment_payment_id", "refund_payment", ["payment_id"])
    op.create_table(
        "credit_use",
        _id(),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("gift_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        _recorded(),
        sa.CheckConstraint("kind IN ('claim', 'refund', 'gift', 'difference')", name=op.f("ck_credit_use_kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_use_amount_positive")),
        sa.CheckConstraint("(kind = 'claim') = (claim_id IS NOT NULL)", name=op.f("ck_credit_use_claim_of_claims")),
        sa.CheckConstraint("(kind = 'refund') = (refund_id IS NOT NULL)", name=op.f("ck_credit_use_refund_of_refunds")),
        sa.CheckConstraint("(kind = 'gift') = (gift_id IS NOT NULL)", name=op.f("ck_credit_use_gift_of_gifts")),
        *_keys(
            "credit_use",
            creditor_id="creditor",
            person_id="person",
            refund_id="refund",
            gift_id="gift",
            entry_id="entry",
            reverses_id="credit_use",
        ),
    )
    op.create_index("ix_credit_use_person_id", "credit_use", ["person_id"])
    op.create_index("ix_credit_use_entry_id", "credit_use", ["entry_id"])
    for column in ("claim_id", "refund_id", "gift_id"):
        _partial(f"ix_credit_use_{column}", "credit_use", column)
    _partial("uq_credit_use_reverses_id", "credit_use", "reverses_id", unique=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _recorded() -> sa.Column[object]:
    return sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _keys(table: str, **foreign: str) -> list[sa.Constraint]:
    """Return the primary key and the keys to other tables, by column."""
    primary = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    others = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in foreign.items()
    ]
    return [primary, *others]


def _partial(name: str, table: str, column: str, *, unique: bool = False) -> None:
    op.create_index(name, table, [column], unique=unique, postgresql_where=sa.text(f"{column} IS NOT NULL"))


def _wall(table: str, *, changes: bool = False) -> None:
    """Let staff see and add what is their own groups', and change it where it changes at all."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({_OURS})")
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({_OURS})")
    if changes:
        check = f"USING ({_OURS}) WITH CHECK ({_OURS})"
        op.execute(f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff {check}")


def _allow(table: str, column: str, *more: str) -> None:
    """Allow further values in a column, beside all that are allowed already."""
    name = op.f(f"ck_{table}_{column}_known")
    found = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": str(name)}
    )
    values = [*re.findall(r"'([^']+)'::", str(found)), *more]
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({', '.join(repr(value) for value in values)})")


def downgrade() -> None:
    raise NotImplementedError("Money that went back stays gone.")
