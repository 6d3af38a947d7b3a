"""Texts: the organisation's own words on invoices, reminders, receipts, credit notes and on joining."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("level", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("medium", sa.String(length=20), server_default=sa.text("'everywhere'"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "occasion IN ('invoice', 'renewal', 'reminder', 'receipt', 'credit note', 'join thanks')",
            name=op.f("ck_own_text_occasion_known"),
        ),
        sa.CheckConstraint("medium IN ('everywhere', 'email', 'document')", name=op.f("ck_own_text_medium_known")),
        sa.CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name=op.f("ck_own_text_language_known")),
        sa.CheckConstraint("(occasion = 'reminder') = (level > 0)", name=op.f("ck_own_text_level_of_reminder")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_own_text_says_something")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_own_text_ended_by_somebody")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_own_text_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_text")),
    )
    op.create_index("ix_own_text_group_id", "own_text", ["group_id"])
    op.create_index(
        "uq_own_text_in_force",
        "own_text",
        ["group_id", "occasion", "level", "language", "medium"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    # Texts stay for the documents that were written with them: nobody deletes one.
    op.execute("GRANT SELECT, INSERT, UPDATE ON own_text TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT ON own_text TO kontingent_public")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def downgrade() -> None:
    op.drop_table("own_text")
