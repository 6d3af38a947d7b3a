"""Segments of persons, discounts, shares of an income, and what the first period of a membership costs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_NEAR = f"{_ALL} OR group_id IN (SELECT group_id FROM my_surroundings)"
_MINE = f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)"
_THEIRS = f"{_ALL} OR sees_person(person_id)"
_AGES = "min_age IS NULL OR max_age IS NULL OR min_age <= max_age"
_DAYS = "valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to"


def upgrade() -> None:
    _segments()
    _discounts()
    _incomes()
    _rules()
    _types()
    _classes()
    op.execute(statements("migrations/sql/segments.sql"))
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON segment, discount, person_segment, person_income"
        " TO kontingent_jobs, kontingent_staff"
    )
    op.execute("GRANT SELECT ON segment, discount TO kontingent_public, kontingent_member")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    for table in ("segment", "discount"):
        _wall(table, _NEAR, _MINE)
        op.execute(f"CREATE POLICY public ON {table} FOR SELECT TO kontingent_public USING (true)")
        op.execute(f"CREATE POLICY member ON {table} FOR SELECT TO kontingent_member USING (true)")
    for table in ("person_segment", "person_income"):
        _wall(table, _THEIRS, _THEIRS)


def _segments() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_segment_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("group_id", "slug", name=op.f("uq_segment_group_id_slug")),
    )
    op.create_table(
        "person_segment",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_person_segment_days_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_segment_person_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_person_segment_segment_id")),
        sa.PrimaryKeyConstraint("person_id", "segment_id", "from_on", name=op.f("pk_person_segment")),
    )
    op.create_index("ix_person_segment_segment_id", "person_segment", ["segment_id", "person_id"])


def _discounts() -> None:
    whom = ("component_id", "type_id", "segment_id", "min_age", "max_age")
    op.create_table(
        "discount",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in whom),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.CheckConstraint(_AGES, name=op.f("ck_discount_ages_in_order")),
        sa.CheckConstraint(_DAYS, name=op.f("ck_discount_days_in_order")),
        sa.CheckConstraint("num_nonnulls(share, amount) = 1", name=op.f("ck_discount_share_or_amount")),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_discount_amount_in_a_currency")),
        sa.CheckConstraint("share BETWEEN 1 AND 10000", name=op.f("ck_discount_share_is_one")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_discount_amount_positive")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_discount_group_id")),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_discount_component_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_discount_type_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_discount_segment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount")),
    )


def _incomes() -> None:
    op.create_table(
        "person_income",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_person_income_days_in_order")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_person_income_amount_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_income_person_id")),
        sa.PrimaryKeyConstraint("person_id", "currency", "from_on", name=op.f("pk_person_income")),
    )


def _rules() -> None:
    op.add_column("price_rule", sa.Column("segment_id", sa.BigInteger(), nullable=True))
    op.add_column("price_rule", sa.Column("income_share", sa.BigInteger(), nullable=True))
    op.add_column("price_rule", sa.Column("least", sa.BigInteger(), nullable=True))
    op.add_column("price_rule", sa.Column("most", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_price_rule_segment_id"), "price_rule", "segment", ["segment_id"], ["id"])
    for name, condition in (
        ("share_is_one", "income_share BETWEEN 1 AND 10000"),
        ("bounds_of_a_share", "income_share IS NOT NULL OR num_nonnulls(least, most) = 0"),
        ("bounds_in_order", "least >= 0 AND (most IS NULL OR least <= most) OR least IS NULL"),
        ("most_not_negative", "most >= 0"),
    ):
        op.create_check_constraint(op.f(f"ck_price_rule_{name}"), "price_rule", condition)


def _types() -> None:
    op.add_column("membership_type", sa.Column("age_month", sa.BigInteger(), nullable=True))
    op.add_column("membership_type", sa.Column("age_day", sa.BigInteger(), nullable=True))
    op.add_column(
        "membership_type",
        sa.Column("proration", sa.String(length=20), server_default=sa.text("'none'"), nullable=False),
    )
    op.add_column(
        "membership_type", sa.Column("late_months", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    for name, condition in (
        ("proration_known", "proration IN ('none', 'month', 'day')"),
        (
            "age_day_is_one",
            (
                "num_nonnulls(age_month, age_day) = 0 OR age_month BETWEEN 1 AND 12 AND age_day BETWEEN 1 AND"
                " CASE WHEN age_month = 2 THEN 28 WHEN age_month IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
            ),
        ),
        ("late_within_a_term", "late_months >= 0 AND late_months < term_months OR late_months = 0"),
        ("first_period_of_calendar", "calendar OR proration = 'none' AND late_months = 0"),
    ):
        op.create_check_constraint(op.f(f"ck_membership_type_{name}"), "membership_type", condition)


def _classes() -> None:
    op.add_column(
        "price_class",
        sa.Column("segments", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("price_class", sa.Column("part", sa.BigInteger(), server_default=sa.text("1"), nullable=False))
    op.add_column("price_class", sa.Column("whole", sa.BigInteger(), server_default=sa.text("1"), nullable=False))
    op.add_column("price_class", sa.Column("by_income", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("price_class_line", sa.Column("formula", postgresql.ARRAY(sa.BigInteger()), nullable=True))
    op.add_column("invoice_item", sa.Column("income", sa.BigInteger(), nullable=True))


def _wall(table: str, read: str, write: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({write})")
    op.execute(
        f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff USING ({write}) WITH CHECK ({write})"
    )
    op.execute(f"CREATE POLICY staff_removes ON {table} FOR DELETE TO kontingent_staff USING ({write})")


def downgrade() -> None:
    raise NotImplementedError("Prices that ask for segments or incomes would hold for everybody.")
