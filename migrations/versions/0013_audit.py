"""The audit log: its tables, what writes and chains it, and the tables whose changes it holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None

# Every statement on these is written down: table, kind, what says nothing, whose values are never written down.
WATCHED: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("person", "persons", ("uuid", "name_key", "given_key", "email_key", "phone_key", "made_in", "recorded_at"), ()),
    ("payer", "persons", ("made_in",), ()),
    ("external_id", "persons", (), ()),
    ("membership_status", "persons", ("actor", "recorded_at"), ()),
    ("groups", "settings", ("uuid", "path", "name_key"), ()),
    ("logo", "settings", ("content",), ()),
    ("creditor", "settings", ("uuid",), ()),
    ("bank_agreement", "settings", (), ()),
    ("membership_type", "settings", (), ()),
    ("fee_component", "settings", (), ()),
    ("type_component", "settings", (), ()),
    ("price_rule", "settings", (), ()),
    ("own_text", "settings", ("actor", "recorded_at", "ended_by"), ()),
    ("account", "settings", (), ()),
    ("posting_rule", "settings", (), ()),
    ("scheduled_task", "settings", ("changed_by", "changed_at", "last_at", "last_result"), ()),
    ("business_clock", "settings", ("as_of",), ()),
    ("entry", "money", ("key", "actor", "transaction", "recorded_at"), ()),
    ("claim_hold", "money", ("actor", "recorded_at"), ()),
    ("credit", "money", (), ()),
    ("books", "money", (), ()),
    ("bank_file", "money", ("uuid", "plain_digest", "warnings", "actor", "recorded_at"), ()),
    (
        *("staff", "rights", ("uuid", "email_key", "otp_step", "failures", "failed_at", "recorded_at")),
        ("password_hash", "otp_secret"),
    ),
    ("staff_grant", "rights", ("actor", "ended_by", "recorded_at"), ()),
    ("staff_role", "rights", (), ()),
    ("role_permission", "rights", (), ()),
    ("approval", "rights", ("uuid", "proposed_at", "decided_at"), ()),
    ("passkey", "rights", ("uuid", "sign_count", "used_at", "recorded_at"), ("credential_id", "public_key")),
    ("recovery_code", "rights", ("recorded_at",), ("code_hash",)),
    ("invitation", "rights", ("recorded_at",), ("token_hash",)),
)

# How far a run is changes with each slice, and is no change that anybody made.
RUN_UNSAID: tuple[str, ...] = (
    *("uuid", "made_in", "phase", "total", "done", "result", "to_mend", "actor", "lease_until"),
    *("created_at", "started_at", "finished_at"),
)

# Of these, which runs write by the million, only what a condition picks.
WATCHED_ROWS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        *("membership", "persons", "UPDATE OF person_id, type_id, group_id, joined_on, ended_on"),
        (
            "(old.person_id, old.type_id, old.group_id, old.joined_on, old.ended_on) IS DISTINCT FROM"
            " (new.person_id, new.type_id, new.group_id, new.joined_on, new.ended_on)"
        ),
        ("uuid", "status", "charged_through", "paid_through", "recorded_at"),
    ),
    (
        *("claim", "money", "UPDATE OF deferred_to, consumer, country"),
        "(old.deferred_to, old.consumer, old.country) IS DISTINCT FROM (new.deferred_to, new.consumer, new.country)",
        ("open_amount", "dunning_level", "dunned_on", "held_until", "hold_reason", "ended", "ended_on"),
    ),
    ("invoice", "money", "INSERT", "new.kind = 'credit note'", ("uuid", "payee_id", "item_seq", "recorded_at")),
    # A file that somebody sent in is booked by a run, too: by hand is what a person's own transaction does.
    (
        *("allocation", "money", "INSERT"),
        "new.reverses_id IS NOT NULL OR nullif(current_setting('app.user', true), '') IS NOT NULL",
        ("actor", "entry_id", "recorded_at"),
    ),
    (
        *("payment_case", "money", "UPDATE OF reason, unallocated, claim_id, closed_at"),
        (
            "(old.reason, old.unallocated, old.claim_id, old.closed_at) IS DISTINCT FROM"
            " (new.reason, new.unallocated, new.claim_id, new.closed_at)"
        ),
        ("search_key", "closed_by", "recorded_at"),
    ),
    ("message", "persons", "INSERT", "new.actor IS NOT NULL", ("actor", "claimed_until", "recorded_at")),
    (
        *("access_link", "persons", "UPDATE OF revoked_at", "old.revoked_at IS DISTINCT FROM new.revoked_at"),
        ("code_hash", "code_sent_at", "code_tries", "recorded_at"),
    ),
    ("run", "money", "INSERT", "new.params ->> 'memberships' IS NULL", RUN_UNSAID),
    (
        *("run", "money", "UPDATE OF state, confirmed"),
        (
            "(old.state, old.confirmed) IS DISTINCT FROM (new.state, new.confirmed)"
            " AND new.params ->> 'memberships' IS NULL"
        ),
        RUN_UNSAID,
    ),
)


def upgrade() -> None:
    _tables()
    op.execute(statements("migrations/sql/audit.sql"))
    for relation, kind, unsaid, secret in WATCHED:
        _watch(relation, kind, unsaid, secret)
    # A membership's own row is what every run moves: statements that only move it on are not looked at.
    left_out = ("uuid", "status", "charged_through", "paid_through", "recorded_at")
    op.execute(f"SELECT audit_watch('membership', 'persons', {_array(left_out)}, verbs => '{{insert,delete}}')")
    for relation, kind, event, fits, unsaid in WATCHED_ROWS:
        op.execute(
            sa.text("SELECT audit_watch_rows(:relation, :kind, :event, :fits, :unsaid)").bindparams(
                relation=relation, kind=kind, event=event, fits=fits, unsaid=list(unsaid)
            )
        )
    _wall()


def _wall() -> None:
    """Staff read the lines of their own groups; nobody but the owner's functions writes any."""
    everything = "(SELECT current_setting('app.all', true) = '1')"
    for table, line in (("audit_change", "id"), ("audit_value", "change_id"), ("audit_subject", "change_id")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY jobs ON {table} FOR SELECT TO kontingent_jobs USING (true)")
        op.execute(
            f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({everything} OR sees_change({line}))"
        )


def _watch(relation: str, kind: str, unsaid: tuple[str, ...], secret: tuple[str, ...]) -> None:
    op.execute(f"SELECT audit_watch('{relation}', '{kind}', {_array(unsaid)}, {_array(secret)})")


def _array(names: tuple[str, ...]) -> str:
    return "'{" + ",".join(names) + "}'"


def _tables() -> None:
    op.create_table(
        "audit_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("last_key", sa.Text(), nullable=True),
        sa.Column("touched", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("columns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('persons', 'settings', 'money', 'rights', 'audit')", name=op.f("ck_audit_change_kind_known")
        ),
        sa.CheckConstraint(
            "verb IN ('added', 'changed', 'removed', 'erased')", name=op.f("ck_audit_change_verb_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_change")),
    )
    op.create_index("ix_audit_change_recorded_at", "audit_change", ["recorded_at", "id"])
    op.create_index("ix_audit_change_actor", "audit_change", ["actor", "id"])
    op.create_index("ix_audit_change_erased", "audit_change", ["id"], postgresql_where=sa.text("verb = 'erased'"))
    op.create_table(
        "audit_value",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_audit_value")),
    )
    op.create_table(
        "audit_subject",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("change_id", "kind", "subject_id", name=op.f("pk_audit_subject")),
    )
    op.create_index("ix_audit_subject_subject_id", "audit_subject", ["kind", "subject_id", "change_id"])
    op.create_table(
        "audit_waiting",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_audit_waiting")),
    )
    op.create_table(
        "audit_chain",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("change_id", name=op.f("uq_audit_chain_change_id")),
    )
    op.create_table(
        "audit_head",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("single", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_watched",
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("relation", "trigger", name=op.f("pk_audit_watched")),
    )


def downgrade() -> None:
    raise NotImplementedError("A log that can be taken down proves nothing; there is no way back here.")
