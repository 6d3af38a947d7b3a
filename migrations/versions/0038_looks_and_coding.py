"""Documents by own templates, looks of groups, and detailed accounting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_NEAR = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM creditors_around_me)"
_RUN = f"{_ALL} OR sees_run(run_id)"
_OURS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"


def upgrade() -> None:
    _templates()
    op.add_column("creditor", sa.Column("groups_look", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "groups",
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    _coding()
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def _templates() -> None:
    op.create_table(
        "own_template",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("length(source) <= 200000", name=op.f("ck_own_template_source_not_too_long")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_own_template_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_template")),
        sa.UniqueConstraint("creditor_id", "digest", name=op.f("uq_own_template_creditor_id_digest")),
        sa.UniqueConstraint("uuid", name=op.f("uq_own_template_uuid")),
    )
    op.create_table(
        "template_use",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_template_use_creditor_id")),
        sa.ForeignKeyConstraint(["template_id"], ["own_template.id"], name=op.f("fk_template_use_template_id")),
        sa.PrimaryKeyConstraint("creditor_id", "from_on", name=op.f("pk_template_use")),
    )
    op.execute(
        "CREATE TRIGGER own_template_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON own_template"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON own_template TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON template_use TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT ON own_template TO kontingent_public")
    _wall("own_template", "INSERT")
    _wall("template_use", "INSERT", "UPDATE", "DELETE")
    for role in ("public", "member"):
        op.execute(f"CREATE POLICY {role} ON own_template FOR SELECT TO kontingent_{role} USING (true)")
    op.execute("SELECT audit_watch('own_template', 'settings', '{source}')")
    op.execute("SELECT audit_watch('template_use', 'settings')")


def _coding() -> None:
    op.add_column("invoice_line", sa.Column("coding_id", sa.BigInteger(), nullable=True))
    op.add_column("posting", sa.Column("coding_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "dimension",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_dimension_few")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_dimension_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dimension")),
        sa.UniqueConstraint("creditor_id", "position", name=op.f("uq_dimension_creditor_id_position")),
    )
    op.create_table(
        "coding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint("digest", name=op.f("uq_coding_digest")),
    )
    _coding_rules()
    op.create_table(
        "run_coding",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("coding_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "group_id", "component_id", "product_id", name=op.f("pk_run_coding")),
    )
    op.execute(
        "CREATE TRIGGER coding_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON coding"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON coding TO kontingent_jobs, kontingent_staff")
    everybody = "TO kontingent_jobs, kontingent_staff"
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON dimension, coding_rule {everybody}")
    op.execute("GRANT SELECT, INSERT, DELETE ON run_coding TO kontingent_jobs")
    op.execute("GRANT SELECT ON run_coding TO kontingent_staff")
    _wall("dimension", "INSERT", "UPDATE", "DELETE")
    _wall("coding_rule", "INSERT", "UPDATE", "DELETE")
    _wall("run_coding", read=_RUN)
    for table in ("dimension", "coding_rule"):
        op.execute(f"SELECT audit_watch('{table}', 'settings')")


def _coding_rules() -> None:
    op.create_table(
        "coding_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "component_id IS NULL OR product_id IS NULL", name=op.f("ck_coding_rule_component_or_product")
        ),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_coding_rule_creditor_id")),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_coding_rule_component_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_coding_rule_product_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_coding_rule_group_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_coding_rule_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_rule")),
        sa.UniqueConstraint(
            "creditor_id",
            "component_id",
            "product_id",
            "group_id",
            name=op.f("uq_coding_rule_one_for_each"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_coding_rule_group_id", "coding_rule", ["group_id"])


def _wall(table: str, *may: str, read: str = _NEAR) -> None:
    """Let staff see what holds in their groups, and change what is their own groups'."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")
    if "INSERT" in may:
        op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({_OURS})")
    if "UPDATE" in may:
        check = f"USING ({_OURS}) WITH CHECK ({_OURS})"
        op.execute(f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff {check}")
    if "DELETE" in may:
        op.execute(f"CREATE POLICY staff_removes ON {table} FOR DELETE TO kontingent_staff USING ({_OURS})")


def downgrade() -> None:
    raise NotImplementedError("Documents that were issued would lose their look.")
