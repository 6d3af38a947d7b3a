"""Runs at the desk: what was previewed and on what ground, its sums, and the indexes that lists of runs read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

AXES = ("total", "channel", "reason", "type", "group", "level", "new", "gone", "changed")


def upgrade() -> None:
    op.add_column("run", sa.Column("to_mend", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_index("ix_run_over_many", "run", ["id"], postgresql_where=sa.text("(params ->> 'memberships') IS NULL"))
    op.create_index(
        "ix_run_resting", "run", ["state", "id"], postgresql_where=sa.text("state IN ('ready', 'paused', 'failed')")
    )
    op.create_index("ix_run_to_mend", "run", ["id"], postgresql_where=sa.text("to_mend > 0"))
    op.create_table(
        "run_preview",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("heeded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("compared_id", sa.BigInteger(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_preview_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["compared_id"], ["run.id"], name=op.f("fk_run_preview_compared_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_preview")),
    )
    op.create_table(
        "run_sum",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("axis", sa.Enum(*AXES, name="axis", native_enum=False, length=20), nullable=False),
        sa.Column("key", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("currency", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(f"axis IN {AXES}", name=op.f("ck_run_sum_axis_known")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_sum_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "axis", "key", "currency", name=op.f("pk_run_sum")),
    )
    op.create_index("uq_invoice_item_membership", "invoice_item", ["run_id", "membership_id"], unique=True)
    op.create_index(
        "ix_invoice_item_left_out",
        "invoice_item",
        ["run_id", "reason", "seq"],
        postgresql_where=sa.text("state <> 'ready'"),
    )
    op.create_index("uq_reminder_item_claim", "reminder_item", ["run_id", "claim_id"], unique=True)
    op.create_index(
        "ix_reminder_item_left_out",
        "reminder_item",
        ["run_id", "reason", "seq"],
        postgresql_where=sa.text("state <> 'ready'"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON run_preview, run_sum TO kontingent_jobs, kontingent_staff")


def downgrade() -> None:
    op.drop_index("ix_reminder_item_left_out", table_name="reminder_item")
    op.drop_index("uq_reminder_item_claim", table_name="reminder_item")
    op.drop_index("ix_invoice_item_left_out", table_name="invoice_item")
    op.drop_index("uq_invoice_item_membership", table_name="invoice_item")
    op.drop_table("run_sum")
    op.drop_table("run_preview")
    op.drop_index("ix_run_to_mend", table_name="run")
    op.drop_index("ix_run_resting", table_name="run")
    op.drop_index("ix_run_over_many", table_name="run")
    op.drop_column("run", "to_mend")
