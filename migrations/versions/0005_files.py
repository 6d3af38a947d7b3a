"""Files of persons and invoices: the history of holds, who sent something again, and the indexes their pages read."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason", sa.Enum("complaint", "paused", name="holdreason", native_enum=False, length=20), nullable=False
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("reason IN ('complaint', 'paused')", name=op.f("ck_claim_hold_reason_known")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_hold_claim_id_claim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_hold")),
    )
    op.create_index(op.f("ix_claim_hold_claim_id"), "claim_hold", ["claim_id"], unique=False)
    op.add_column("message", sa.Column("actor", sa.Text(), nullable=True))
    op.create_index(
        "ix_allocation_kept", "allocation", ["person_id"], unique=False, postgresql_where=sa.text("claim_id IS NULL")
    )
    op.create_index(
        "ix_invoice_line_member",
        "invoice_line",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("member_name <> ''"),
    )
    op.create_index(
        "ix_payment_case_claim_id",
        "payment_case",
        ["claim_id"],
        unique=False,
        postgresql_where=sa.text("claim_id IS NOT NULL AND closed_at IS NULL"),
    )
    op.execute("GRANT SELECT, INSERT ON claim_hold TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def downgrade() -> None:
    op.drop_index("ix_payment_case_claim_id", table_name="payment_case")
    op.drop_index("ix_invoice_line_member", table_name="invoice_line")
    op.drop_index("ix_allocation_kept", table_name="allocation")
    op.drop_column("message", "actor")
    op.drop_table("claim_hold")
