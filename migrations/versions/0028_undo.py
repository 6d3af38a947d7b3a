"""Invoice runs that were undone: what is credited with which note, and what is left alone and why."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_MINE = f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)"


def upgrade() -> None:
    op.add_column("run", sa.Column("undoes_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_run_undoes_id"), "run", "run", ["undoes_id"], ["id"])
    op.create_index("ix_run_undoes_id", "run", ["undoes_id"], postgresql_where=sa.text("undoes_id IS NOT NULL"))
    _items()
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON undo_item TO kontingent_jobs, kontingent_staff")
    op.execute("ALTER TABLE undo_item ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE undo_item FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY owner ON undo_item TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY centre ON undo_item TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY jobs ON undo_item TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON undo_item FOR SELECT TO kontingent_staff USING ({_MINE} OR sees_run(run_id))")
    # A million notes of one run stand under the entries of its slices, as the run's invoices do.
    _audit_notes("new.kind = 'credit note' AND new.run_id IS NULL")


def _items() -> None:
    op.create_table(
        "undo_item",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("note_id", sa.BigInteger(), nullable=True),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("ready", "excluded", name="undoitemstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (reason IS NULL)", name=op.f("ck_undo_item_left_out_with_reason")),
        sa.CheckConstraint("state IN ('ready', 'excluded')", name=op.f("ck_undo_item_state_known")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_undo_item_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_undo_item")),
    )
    op.create_index("uq_undo_item_invoice", "undo_item", ["run_id", "invoice_id"], unique=True)
    op.create_index(
        "ix_undo_item_left_out",
        "undo_item",
        ["run_id", "reason", "seq"],
        postgresql_where=sa.text("state <> 'ready'"),
    )


def _audit_notes(fits: str) -> None:
    op.execute("DROP TRIGGER audit_row_insert ON invoice")
    op.execute("DELETE FROM audit_watched WHERE relation = 'invoice' AND trigger = 'audit_row_insert'")
    op.execute(
        sa.text("SELECT audit_watch_rows('invoice', 'money', 'INSERT', :fits, :unsaid)").bindparams(
            fits=fits, unsaid=["uuid", "payee_id", "item_seq", "recorded_at"]
        )
    )


def downgrade() -> None:
    _audit_notes("new.kind = 'credit note'")
    op.drop_table("undo_item")
    op.drop_index("ix_run_undoes_id", table_name="run")
    op.drop_constraint(op.f("fk_run_undoes_id"), "run")
    op.drop_column("run", "undoes_id")
