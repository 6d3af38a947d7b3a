"""Invoices that are paid in parts: a claim and a reference for each, a reference of the whole, and rules."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_AROUND = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM creditors_around_me)"
_MINE = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_COVERS = "'issue', 'payment', 'first part'"


def upgrade() -> None:
    op.add_column("claim", sa.Column("parts", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
    op.create_check_constraint(op.f("ck_claim_part_of_its_parts"), "claim", "position BETWEEN 1 AND parts")
    op.add_column(
        "payment_reference", sa.Column("whole", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("invoice_item", sa.Column("rule_id", sa.BigInteger(), nullable=True))
    _covered_by(_COVERS)
    op.execute(statements("migrations/sql/instalments.sql"))
    _rules()


def _covered_by(known: str) -> None:
    op.drop_constraint(op.f("ck_membership_type_covered_by_known"), "membership_type", type_="check")
    op.create_check_constraint(
        op.f("ck_membership_type_covered_by_known"), "membership_type", f"covered_by IN ({known})"
    )


def _rules() -> None:
    op.create_table(
        "instalment_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=True),
        sa.Column("least", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.SmallInteger(), nullable=False),
        sa.Column("every", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.Enum("week", "month", name="partunit", native_enum=False, length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("least >= parts", name=op.f("ck_instalment_rule_something_in_each")),
        sa.CheckConstraint("parts BETWEEN 2 AND 12", name=op.f("ck_instalment_rule_parts_fit")),
        sa.CheckConstraint("every BETWEEN 1 AND 12", name=op.f("ck_instalment_rule_every_fits")),
        sa.CheckConstraint("unit IN ('week', 'month')", name=op.f("ck_instalment_rule_unit_known")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_instalment_rule_creditor_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_instalment_rule_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_rule")),
    )
    op.create_index(
        "uq_instalment_rule_in_force",
        "instalment_rule",
        ["creditor_id", "type_id", "least"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON instalment_rule TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.execute("SELECT audit_watch('instalment_rule', 'settings')")
    _wall()


def _wall() -> None:
    """Behind the same wall as bank agreements: seen where they hold, written by whose books it is."""
    op.execute("ALTER TABLE instalment_rule ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE instalment_rule FORCE ROW LEVEL SECURITY")
    for role in ("CURRENT_USER", "kontingent_jobs", "kontingent_centre"):
        name = {"CURRENT_USER": "owner", "kontingent_jobs": "jobs", "kontingent_centre": "centre"}[role]
        op.execute(f"CREATE POLICY {name} ON instalment_rule TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON instalment_rule FOR SELECT TO kontingent_staff USING ({_AROUND})")
    op.execute(f"CREATE POLICY staff_adds ON instalment_rule FOR INSERT TO kontingent_staff WITH CHECK ({_MINE})")
    op.execute(
        f"CREATE POLICY staff_changes ON instalment_rule FOR UPDATE TO kontingent_staff USING ({_MINE})"
        f" WITH CHECK ({_MINE})"
    )
    op.execute(f"CREATE POLICY staff_removes ON instalment_rule FOR DELETE TO kontingent_staff USING ({_MINE})")


def downgrade() -> None:
    op.drop_table("instalment_rule")
    for name in (
        "part_amount(bigint, bigint, bigint)",
        "part_due_on(date, bigint, bigint, text)",
        "part_reference_for(text, bigint, boolean, bigint, bigint)",
    ):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("UPDATE membership_type SET covered_by = 'payment' WHERE covered_by = 'first part'")
    _covered_by("'issue', 'payment'")
    op.drop_column("invoice_item", "rule_id")
    op.drop_column("payment_reference", "whole")
    op.drop_constraint(op.f("ck_claim_part_of_its_parts"), "claim", type_="check")
    op.drop_column("claim", "parts")
