"""Invoices that are written once: templates, and series that send them again and again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"


def upgrade() -> None:
    _templates()
    _series()
    op.execute(statements("migrations/sql/again_and_again.sql"))
    op.execute("GRANT SELECT, INSERT, UPDATE ON invoice_template, invoice_series TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT, INSERT ON series_day TO kontingent_jobs")
    op.execute("GRANT SELECT ON series_day TO kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    _wall("invoice_template", f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)")
    _wall("invoice_series", f"{_ALL} OR sender_id IN (SELECT group_id FROM my_groups)")
    _guard("series_day", f"{_ALL} OR series_of_mine(series_id)")


def _templates() -> None:
    op.create_table(
        "invoice_template",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_invoice_template_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_template")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_invoice_template_group_id_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_invoice_template_uuid")),
    )


def _series() -> None:
    op.create_table(
        "invoice_series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("below", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=True),
        sa.Column("every", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("nth", sa.SmallInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("unit IN ('week', 'month', 'quarter', 'year')", name=op.f("ck_invoice_series_unit_known")),
        sa.CheckConstraint("num_nonnulls(person_id, group_id) = 1", name=op.f("ck_invoice_series_person_or_group")),
        sa.CheckConstraint("every BETWEEN 1 AND 99", name=op.f("ck_invoice_series_every_counts")),
        sa.ForeignKeyConstraint(["template_id"], ["invoice_template.id"], name=op.f("fk_invoice_series_template_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["groups.id"], name=op.f("fk_invoice_series_sender_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invoice_series_person_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_invoice_series_group_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_invoice_series_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_series")),
        sa.UniqueConstraint("uuid", name=op.f("uq_invoice_series_uuid")),
    )
    op.create_index(op.f("ix_invoice_series_template_id"), "invoice_series", ["template_id"])
    op.create_index("ix_invoice_series_next_on", "invoice_series", ["next_on"], postgresql_where=sa.text("NOT paused"))
    op.create_table(
        "series_day",
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["invoice_series.id"], name=op.f("fk_series_day_series_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_series_day_run_id")),
        sa.PrimaryKeyConstraint("series_id", "on_day", name=op.f("pk_series_day")),
    )
    op.create_index(op.f("ix_series_day_run_id"), "series_day", ["run_id"])


def _guard(table: str, read: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")


def _wall(table: str, mine: str) -> None:
    """Let staff see and change what their own groups send; rows are retired, never removed."""
    _guard(table, mine)
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({mine})")
    op.execute(
        f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff USING ({mine}) WITH CHECK ({mine})"
    )


def downgrade() -> None:
    op.drop_table("series_day")
    op.drop_table("invoice_series")
    op.drop_table("invoice_template")
    op.execute("DROP FUNCTION series_of_mine")
