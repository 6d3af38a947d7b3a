"""Runs that charge lines: what they would write, as rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"


def upgrade() -> None:
    _items()
    _lines()
    _files()
    tables = "charge_item, charge_line, charge_file, charge_fault"
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO kontingent_jobs")
    op.execute(f"GRANT SELECT ON {tables} TO kontingent_staff")
    op.execute("GRANT INSERT, UPDATE ON charge_file TO kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    _wall("charge_item", f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups) OR sees_run(run_id)")
    _wall("charge_line", f"{_ALL} OR sees_run(run_id)")
    _wall("charge_fault", f"{_ALL} OR sees_run(run_id)")
    mine = f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)"
    _wall("charge_file", mine)
    op.execute(f"CREATE POLICY staff_adds ON charge_file FOR INSERT TO kontingent_staff WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY staff_changes ON charge_file FOR UPDATE TO kontingent_staff USING ({mine})")


def _items() -> None:
    op.create_table(
        "charge_item",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (reason IS NULL)", name=op.f("ck_charge_item_left_out_with_reason")),
        sa.CheckConstraint("state IN ('ready', 'excluded', 'void')", name=op.f("ck_charge_item_state_known")),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_charge_item")),
    )
    whose = ["run_id", "person_id", "group_id", "due_on"]
    op.create_index("uq_charge_item_whose", "charge_item", whose, unique=True)
    op.create_index(
        "ix_charge_item_left_out",
        "charge_item",
        ["run_id", "reason", "seq"],
        postgresql_where=sa.text("state <> 'ready'"),
    )


def _lines() -> None:
    op.create_table(
        "charge_line",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(12, 3), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("vat_rate", sa.SmallInteger(), nullable=False),
        sa.Column("debit_account_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "seq", "position", name=op.f("pk_charge_line")),
    )


def _files() -> None:
    op.create_table(
        "charge_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("header_digest", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_charge_file_group_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_charge_file_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_file")),
        sa.UniqueConstraint("uuid", name=op.f("uq_charge_file_uuid")),
    )
    op.create_index("ix_charge_file_digest", "charge_file", ["group_id", "digest"])
    op.create_index("ix_charge_file_header", "charge_file", ["group_id", "header_digest", "id"])
    op.create_index("ix_charge_file_run_id", "charge_file", ["run_id"])
    op.create_table(
        "charge_fault",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=True),
        sa.Column("column", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_charge_fault_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_charge_fault")),
    )


def _wall(table: str, read: str) -> None:
    """Let staff look at rows of theirs; what runs would do is written by jobs alone."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")


def downgrade() -> None:
    op.drop_table("charge_fault")
    op.drop_table("charge_file")
    op.drop_table("charge_line")
    op.drop_table("charge_item")
