"""Two persons: invitations are numbered so that a mail can bring their link, and creditors have limits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("invitation")
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_staff_id"), "invitation", ["staff_id"], unique=False)
    op.execute("GRANT SELECT, INSERT, UPDATE ON invitation TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.drop_column("approval", "told")
    op.add_column("creditor", sa.Column("refund_limit", sa.BigInteger(), nullable=True))
    op.add_column("creditor", sa.Column("write_off_limit", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_creditor_limits_not_negative"), "creditor", "refund_limit >= 0 AND write_off_limit >= 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_creditor_limits_not_negative"), "creditor")
    op.drop_column("creditor", "write_off_limit")
    op.drop_column("creditor", "refund_limit")
    told = sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    op.add_column("approval", told)
    op.drop_column("invitation", "first")
    op.drop_constraint(op.f("pk_invitation"), "invitation")
    op.drop_column("invitation", "id")
    op.drop_constraint(op.f("uq_invitation_token_hash"), "invitation")
    op.create_primary_key(op.f("pk_invitation"), "invitation", ["token_hash"])
