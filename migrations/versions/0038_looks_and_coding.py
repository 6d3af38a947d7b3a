"""Documents by own templates, looks of groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0033"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_NEAR = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM creditors_around_me)"
_OURS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"


def upgrade() -> None:
    _templates()
    op.add_column("creditor", sa.Column("groups_look", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "groups",
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
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
    _wall("own_template", "SELECT", "INSERT")
    _wall("template_use", "SELECT", "INSERT", "UPDATE", "DELETE")
    for role in ("public", "member"):
        op.execute(f"CREATE POLICY {role} ON own_template FOR SELECT TO kontingent_{role} USING (true)")
    op.execute("SELECT audit_watch('own_template', 'settings', '{source}')")
    op.execute("SELECT audit_watch('template_use', 'settings')")


def _wall(table: str, *may: str) -> None:
    """Let staff see what holds in their groups, and change what is their own groups'."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({_NEAR})")
    if "INSERT" in may:
        op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({_OURS})")
    if "UPDATE" in may:
        check = f"USING ({_OURS}) WITH CHECK ({_OURS})"
        op.execute(f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff {check}")
    if "DELETE" in may:
        op.execute(f"CREATE POLICY staff_removes ON {table} FOR DELETE TO kontingent_staff USING ({_OURS})")


def downgrade() -> None:
    raise NotImplementedError("Documents that were issued would lose their look.")
