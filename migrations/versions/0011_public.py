"""The public face: groups are found by any word of their names, and a paid invoice says when it was paid."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0011"
down_revision = "0003"
branch_labels = None
depends_on = None

_READ_BEHIND_A_LINK = "SELECT (id, claim_id, amount, on_date, reverses_id) ON allocation"


def upgrade() -> None:
    op.create_table(
        "group_word",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_word_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "group_id", name=op.f("pk_group_word")),
    )
    op.create_index(op.f("ix_group_word_group_id"), "group_word", ["group_id"], unique=False)
    op.execute(statements("migrations/sql/group_words.sql"))
    op.execute("GRANT SELECT, INSERT, DELETE ON group_word TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT ON group_word TO kontingent_public")
    # A run was for one membership or for all; now a household's few share one.
    op.execute(
        """
        UPDATE run SET params = params - 'membership' || jsonb_build_object('memberships',
            CASE WHEN params ->> 'membership' IS NOT NULL THEN jsonb_build_array(params -> 'membership') END)
        WHERE kind = 'invoices' AND jsonb_exists(params, 'membership')
        """
    )
    # Behind a link: how much came for a claim, and when. Never who sent it, nor from where.
    op.execute(f"GRANT {_READ_BEHIND_A_LINK} TO kontingent_public")


def downgrade() -> None:
    op.execute(f"REVOKE {_READ_BEHIND_A_LINK} FROM kontingent_public")
    op.execute("DROP TRIGGER group_words_of_new ON groups")
    op.execute("DROP TRIGGER group_words_of_changed ON groups")
    op.execute("DROP FUNCTION keep_group_words()")
    op.execute("DROP FUNCTION write_group_words(bigint[])")
    op.execute("DROP FUNCTION words_of(text)")
    op.drop_table("group_word")
