"""Staff: who works at a desk."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(collation="C"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), server_default=sa.text("'auto'"), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("epoch", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name=op.f("ck_staff_language_known")),
        sa.CheckConstraint("scheme IN ('auto', 'light', 'dark')", name=op.f("ck_staff_scheme_known")),
        sa.CheckConstraint("name <> '' AND email <> ''", name=op.f("ck_staff_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email_key", name=op.f("uq_staff_email_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_staff_uuid")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON staff TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def downgrade() -> None:
    op.drop_table("staff")
