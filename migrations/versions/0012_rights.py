"""Rights: roles, grants and scopes, logins with a second factor, invitations, and what needs two persons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0019"
branch_labels = None
depends_on = None

_WRITTEN = (
    "staff_role, role_permission, staff_grant, scope, staff_session, recovery_code, passkey, invitation, approval"
)


# Whoever may see a group may see what is added below it.
_FOLLOW = """
CREATE FUNCTION groups_in_scope() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO scope (staff_id, group_id, from_on, to_on)
    SELECT g.staff_id, n.id, min(g.from_on), nullif(max(coalesce(g.to_on, 'infinity')), 'infinity')
    FROM added n
    JOIN staff_grant g ON g.group_id = ANY (string_to_array(rtrim(n.path, '.'), '.')::bigint[])
    WHERE g.to_on IS NULL OR g.to_on >= g.from_on
    GROUP BY g.staff_id, n.id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("built_in", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_staff_role_slug_is_plain")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("slug", name=op.f("uq_staff_role_slug")),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_staff_id"), "invitation", ["staff_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_passkey_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_passkey_uuid")),
    )
    op.create_index(op.f("ix_passkey_staff_id"), "passkey", ["staff_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_staff_id"), "recovery_code", ["staff_id"], unique=False)
    op.create_table(
        "role_permission",
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["staff_role.id"], name=op.f("fk_role_permission_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "permission", name=op.f("pk_role_permission")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("strong", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_staff_session_uuid")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "approved", "refused", "withdrawn", name="approvalstate", native_enum=False, length=20),
            server_default=sa.text("'waiting'"),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_approval_decided_when_not_waiting")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR state = 'withdrawn'",
            name=op.f("ck_approval_two_persons"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f("ck_approval_state_known")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_approval_decided_by")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_approval_group_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_approval_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("uuid", name=op.f("uq_approval_uuid")),
    )
    op.create_index(
        "ix_approval_waiting",
        "approval",
        ["group_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "scope",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_scope_group_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_scope_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "group_id", name=op.f("pk_scope")),
    )
    op.create_index("ix_scope_group_id", "scope", ["group_id"], unique=False)
    op.create_table(
        "staff_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on - 1", name=op.f("ck_staff_grant_days_in_order")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_staff_grant_group_id")),
        sa.ForeignKeyConstraint(["role_id"], ["staff_role.id"], name=op.f("fk_staff_grant_role_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_grant_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_grant")),
    )
    op.create_index(op.f("ix_staff_grant_group_id"), "staff_grant", ["group_id"], unique=False)
    op.create_index(
        "uq_staff_grant_open",
        "staff_grant",
        ["staff_id", "role_id", "group_id"],
        unique=True,
        postgresql_where=sa.text("to_on IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.add_column("staff", sa.Column("otp_secret", sa.LargeBinary(), nullable=True))
    op.add_column("staff", sa.Column("otp_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("staff", sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("staff", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("staff", "password_hash", existing_type=sa.TEXT(), nullable=True)
    op.drop_column("staff", "epoch")

    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {_WRITTEN} TO kontingent_jobs, kontingent_staff")
    # Grants and logins are ended, never deleted; what is written out from them, and codes that are void, may go.
    op.execute("GRANT DELETE ON role_permission, scope, recovery_code, passkey TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    op.execute(_FOLLOW)
    op.execute("""
        CREATE TRIGGER groups_in_scope AFTER INSERT ON groups REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION groups_in_scope()
    """)
    _keep_who_is_there()


def _keep_who_is_there() -> None:
    """Whoever was staff could do everything, and goes on so; the program writes out what these roles may do."""
    op.execute("""
        INSERT INTO staff_role (slug, names, built_in)
        SELECT unnest(ARRAY['economist', 'member-officer', 'collection-officer', 'system-administrator']), '{}', true
        WHERE EXISTS (SELECT FROM staff)
    """)
    op.execute("""
        INSERT INTO staff_grant (staff_id, role_id, from_on, actor)
        SELECT staff.id, staff_role.id, DATE '2000-01-01', 'job:automatic' FROM staff, staff_role
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER groups_in_scope ON groups")
    op.execute("DROP FUNCTION groups_in_scope")
    op.add_column("staff", sa.Column("epoch", sa.BigInteger(), server_default=sa.text("1"), nullable=False))
    op.execute("UPDATE staff SET password_hash = 'none', epoch = 2 WHERE password_hash IS NULL")
    op.alter_column("staff", "password_hash", existing_type=sa.TEXT(), nullable=False)
    for column in ("failed_at", "failures", "otp_step", "otp_secret"):
        op.drop_column("staff", column)
    for table in reversed(_WRITTEN.split(", ")):
        op.drop_table(table)
