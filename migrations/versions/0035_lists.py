"""Named lists, and lists that people take out as files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_ME = "(SELECT nullif(current_setting('app.user', true), '')::bigint)"


def upgrade() -> None:
    _saved()
    _exports()
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON saved_list, export, export_piece TO kontingent_jobs")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON saved_list TO kontingent_staff")
    op.execute("GRANT SELECT, INSERT, UPDATE ON export TO kontingent_staff")
    op.execute("GRANT SELECT, DELETE ON export_piece TO kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    _wall("saved_list", f"staff_id = {_ME}")
    _wall("export", f"staff_id = {_ME}")
    _wall("export_piece", f"export_id IN (SELECT id FROM export WHERE staff_id = {_ME})")
    # How far a file is says nothing of who took what out; what was searched for may be somebody's name.
    op.execute("SELECT audit_watch('export', 'persons', '{mark,written}', '{wanted,said}')")


def _saved() -> None:
    op.create_table(
        "saved_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_list_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list")),
        sa.UniqueConstraint("uuid", name=op.f("uq_saved_list_uuid")),
    )
    op.create_index("uq_saved_list_name", "saved_list", ["staff_id", "ledger", sa.text("lower(name)")], unique=True)
    op.create_index("ix_saved_list_shared", "saved_list", ["ledger"], postgresql_where=sa.text("shared"))


def _exports() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "export",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("ledger", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("wanted", json, nullable=False),
        sa.Column("said", json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("columns", json, nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", json, nullable=True),
        sa.Column("written", json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'xlsx')", name=op.f("ck_export_format_known")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_export_run_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_export_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("uuid", name=op.f("uq_export_uuid")),
        sa.UniqueConstraint("run_id", name=op.f("uq_export_run_id")),
    )
    op.create_index("ix_export_staff_id", "export", ["staff_id", "id"])
    op.create_index("ix_export_kept", "export", ["recorded_at"], postgresql_where=sa.text("erased_at IS NULL"))
    op.create_table(
        "export_piece",
        sa.Column("export_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], name=op.f("fk_export_piece_export_id")),
        sa.PrimaryKeyConstraint("export_id", "position", name=op.f("pk_export_piece")),
    )
    # What is packed already is not packed once more.
    op.execute("ALTER TABLE export_piece ALTER COLUMN content SET STORAGE EXTERNAL")


def _wall(table: str, mine: str) -> None:
    """Let staff see what is their own; whose named list is shared, only those see who see everything anyhow."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({mine}) WITH CHECK ({mine})")


def downgrade() -> None:
    op.execute("DELETE FROM audit_watched WHERE relation = 'export'")
    op.drop_table("export_piece")
    op.drop_table("export")
    op.drop_table("saved_list")
