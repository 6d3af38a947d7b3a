"""The schedule: what begins by itself, whether it rests, and from which time of day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_task",
        sa.Column("task", sa.String(length=20), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earliest", sa.Time(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_result", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint(
            "task IN ('invoices', 'reminders', 'messages', 'inbox')", name=op.f("ck_scheduled_task_task_known")
        ),
        sa.CheckConstraint("paused OR paused_until IS NULL", name=op.f("ck_scheduled_task_until_of_a_pause")),
        sa.CheckConstraint("NOT paused OR reason <> ''", name=op.f("ck_scheduled_task_paused_with_reason")),
        sa.CheckConstraint(
            "earliest IS NULL OR task IN ('invoices', 'reminders')", name=op.f("ck_scheduled_task_time_of_daily_tasks")
        ),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_scheduled_task")),
    )
    op.execute("INSERT INTO scheduled_task (task) VALUES ('invoices'), ('reminders'), ('messages'), ('inbox')")
    op.execute("GRANT SELECT, UPDATE ON scheduled_task TO kontingent_jobs, kontingent_staff")
    # A page about an invoice says when the next reminder comes.
    op.execute("GRANT SELECT ON scheduled_task TO kontingent_public")
    op.create_index("ix_run_automatic", "run", ["kind", "id"], postgresql_where=sa.text("actor = 'job:automatic'"))
    op.create_index("ix_price_class_line_rule_id", "price_class_line", ["rule_id"])


def downgrade() -> None:
    op.drop_index("ix_price_class_line_rule_id", "price_class_line")
    op.drop_index("ix_run_automatic", "run")
    op.drop_table("scheduled_task")
