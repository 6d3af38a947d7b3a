"""Who stands behind a grant: each who gave it, or agreed to it, and what the role could do then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Whose hand an actor is: that of one of the staff, or the house's own.
_GAVE = """
INSERT INTO grant_hand (grant_id, staff_id, permissions, recorded_at)
SELECT g.id, substring(g.actor from '^staff:(\\d+)$')::bigint,
    ARRAY(SELECT p.permission FROM role_permission p WHERE p.role_id = g.role_id ORDER BY 1), g.recorded_at
FROM staff_grant g
ORDER BY g.id
"""
_AGREED = """
INSERT INTO grant_hand (grant_id, staff_id, permissions, recorded_at)
SELECT g.id, a.decided_by,
    ARRAY(SELECT p.permission FROM role_permission p WHERE p.role_id = g.role_id ORDER BY 1), a.decided_at
FROM approval a
JOIN staff_grant g ON g.staff_id = (a.payload->>'staff')::bigint AND g.role_id = (a.payload->>'role')::bigint
    AND g.group_id IS NOT DISTINCT FROM (a.payload->>'group')::bigint
    -- The one that was made by agreeing, not one that somebody gave alone at another time.
    AND g.recorded_at BETWEEN a.decided_at - interval '1 minute' AND a.decided_at + interval '1 minute'
WHERE a.kind = 'grant' AND a.state = 'approved'
ORDER BY a.id
"""


def upgrade() -> None:
    op.create_table(
        "grant_hand",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["staff_grant.id"], name=op.f("fk_grant_hand_grant_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_grant_hand_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_hand")),
    )
    op.create_index(op.f("ix_grant_hand_grant_id"), "grant_hand", ["grant_id"])
    op.create_index(op.f("ix_grant_hand_staff_id"), "grant_hand", ["staff_id"])
    # Who stood behind a role stays: neither changed nor deleted.
    op.execute("GRANT SELECT, INSERT ON grant_hand TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.execute(_GAVE)
    op.execute(_AGREED)
    op.execute(statements("migrations/sql/hands.sql"))


def downgrade() -> None:
    op.execute("DROP FUNCTION stands_behind_both(bigint, bigint, text, text, date)")
    op.drop_table("grant_hand")
