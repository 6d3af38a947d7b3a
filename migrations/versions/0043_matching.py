"""Rules by which waiting payments are matched, what each match was founded on, and what may be meant."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0040"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_AROUND = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM creditors_around_me)"
_MINE = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_RULES = ("reference", "several", "collection", "in text", "zeros", "digit", "number", "member", "account", "name")
_DOUBTS = ("several fit", "other amount", "weak", "incomplete")


def upgrade() -> None:
    _tables()
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
    for table in ("match_suggestion", "allocation_match", "matching_rule"):
        op.drop_table(table)
