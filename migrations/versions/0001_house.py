"""The house: every table of the loop, its functions, triggers, roles and grants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_link")),
    )
    op.create_index(op.f("ix_access_link_invoice_id"), "access_link", ["invoice_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_amount_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(
        "ix_allocation_claim_id",
        "allocation",
        ["claim_id"],
        unique=False,
        postgresql_where=sa.text("claim_id IS NOT NULL"),
    )
    op.create_index("ix_allocation_payment_id", "allocation", ["payment_id"], unique=False)
    op.create_index(
        "uq_allocation_reverses_id",
        "allocation",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_table(
        "business_clock",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_business_clock_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_business_clock")),
    )
    op.create_table(
        "external_id",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("entity", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "system", "external", name=op.f("pk_external_id")),
    )
    op.create_index(op.f("ix_external_id_entity"), "external_id", ["entity"], unique=False)
    op.create_table(
        "fee_period",
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("after_on", sa.Date(), nullable=False),
        sa.Column("release", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("charged", "covered", "released", name="feeperiodstate", native_enum=False, length=20),
            server_default=sa.text("'charged'"),
            nullable=False,
        ),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'released') = (release > 0)", name=op.f("ck_fee_period_released_has_number")),
        sa.CheckConstraint("state IN ('charged', 'covered', 'released')", name=op.f("ck_fee_period_state_known")),
        sa.CheckConstraint("from_on > after_on AND to_on >= from_on", name=op.f("ck_fee_period_days_in_order")),
        sa.PrimaryKeyConstraint("membership_id", "component_id", "after_on", "release", name=op.f("pk_fee_period")),
        postgresql_with={"fillfactor": 45},
    )
    op.create_table(
        "frozen_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_text")),
        sa.UniqueConstraint("digest", name=op.f("uq_frozen_text_digest")),
    )
    op.create_table(
        "invoice_item",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=True),
        sa.Column("class_number", sa.BigInteger(), nullable=False),
        sa.Column("charged_before", sa.Date(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("ready", "excluded", "void", name="itemstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (reason IS NULL)", name=op.f("ck_invoice_item_left_out_with_reason")),
        sa.CheckConstraint("state IN ('ready', 'excluded', 'void')", name=op.f("ck_invoice_item_state_known")),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_invoice_item")),
    )
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("beneficiary_id", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("member_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", "position", name=op.f("pk_invoice_line")),
    )
    op.create_table(
        "logo",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("media_type IN ('image/png', 'image/svg+xml')", name=op.f("ck_logo_media_type_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
        sa.UniqueConstraint("digest", name=op.f("uq_logo_digest")),
    )
    op.create_table(
        "membership_status",
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "active",
                "resting",
                "left",
                "excluded",
                "deceased",
                name="membershipstatus",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('applied', 'active', 'resting', 'left', 'excluded', 'deceased')",
            name=op.f("ck_membership_status_status_known"),
        ),
        sa.PrimaryKeyConstraint("membership_id", "id", name=op.f("pk_membership_status")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("copy", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Enum("email", "print", name="channel", native_enum=False, length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "sending", "sent", "failed", "withheld", name="messagestate", native_enum=False, length=20
            ),
            server_default=sa.text("'queued'"),
            nullable=False,
        ),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'print')", name=op.f("ck_message_channel_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'withheld')", name=op.f("ck_message_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("kind", "subject_id", "copy", name=op.f("uq_message_kind_subject_id_copy")),
    )
    op.create_index(
        "ix_message_urgent",
        "message",
        ["id"],
        unique=False,
        postgresql_where=sa.text("urgent AND state IN ('queued', 'sending')"),
    )
    op.create_index(
        "ix_message_waiting",
        "message",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("section_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("references", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=False),
        sa.Column("payer_account", sa.Text(), nullable=True),
        sa.Column("end_to_end_id", sa.Text(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("agreement_id", "key", "occurrence", name=op.f("uq_payment_agreement_id_key_occurrence")),
    )
    op.create_index("ix_payment_file_id", "payment", ["file_id"], unique=False, postgresql_using="brin")
    op.create_table(
        "payment_case",
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "no amount",
                "no reference",
                "unknown reference",
                "too much",
                "too little",
                "already paid",
                "already credited",
                "other currency",
                "money left",
                "taken back",
                name="casereason",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("unallocated", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('no amount', 'no reference', 'unknown reference', 'too much', 'too little', 'already paid', 'already credited', 'other currency', 'money left', 'taken back')",
            name=op.f("ck_payment_case_reason_known"),
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_case")),
    )
    op.create_index(
        "ix_payment_case_open",
        "payment_case",
        ["creditor_id", "payment_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "payment_reference",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("creditor_id", "value", name=op.f("pk_payment_reference")),
    )
    op.create_index("ix_payment_reference_claim_id", "payment_reference", ["claim_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("organisation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("given_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("email_key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("language IN ('sv', 'nb', 'nl', 'de', 'en')", name=op.f("ck_person_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("uuid", name=op.f("uq_person_uuid")),
    )
    op.create_index(
        "ix_person_email_key", "person", ["email_key"], unique=False, postgresql_where=sa.text("email_key <> ''")
    )
    op.create_index(op.f("ix_person_name_key"), "person", ["name_key"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False, cache=200), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("debit_account_id", sa.BigInteger(), nullable=False),
        sa.Column("credit_account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("component_id", sa.BigInteger(), nullable=True),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_to", sa.Date(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_posting_amount_positive")),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name=op.f("ck_posting_two_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(
        "ix_posting_claim_id", "posting", ["claim_id"], unique=False, postgresql_where=sa.text("claim_id IS NOT NULL")
    )
    op.create_index("ix_posting_entry_id", "posting", ["entry_id"], unique=False, postgresql_using="brin")
    op.create_index("ix_posting_on_date", "posting", ["on_date"], unique=False, postgresql_using="brin")
    op.create_index(
        "ix_posting_payment_id",
        "posting",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.create_index(
        "uq_posting_reverses_id",
        "posting",
        ["reverses_id"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_table(
        "price_class_line",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("class_number", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("beneficiary_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("debit_account_id", sa.BigInteger(), nullable=False),
        sa.Column("credit_account_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "class_number", "position", name=op.f("pk_price_class_line")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "ready",
                "working",
                "paused",
                "done",
                "failed",
                "discarded",
                name="runstate",
                native_enum=False,
                length=20,
            ),
            server_default=sa.text("'preparing'"),
            nullable=False,
        ),
        sa.Column("phase", sa.Text(), server_default=sa.text("'start'"), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("total", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('preparing', 'ready', 'working', 'paused', 'done', 'failed', 'discarded')",
            name=op.f("ck_run_state_known"),
        ),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_run_progress_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("uuid", name=op.f("uq_run_uuid")),
    )
    op.create_index(
        "ix_run_unfinished", "run", ["id"], unique=False, postgresql_where=sa.text("state IN ('preparing', 'working')")
    )
    op.create_table(
        "bank_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Enum("accepted", "refused", name="filestate", native_enum=False, length=20), nullable=False
        ),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("plain_digest", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("payments", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (error IS NOT NULL)", name=op.f("ck_bank_file_refused_with_reason")),
        sa.CheckConstraint("state IN ('accepted', 'refused')", name=op.f("ck_bank_file_state_known")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_bank_file_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("uuid", name=op.f("uq_bank_file_uuid")),
    )
    op.create_index(
        "uq_bank_file_digest", "bank_file", ["digest"], unique=True, postgresql_where=sa.text("state = 'accepted'")
    )
    op.create_index(
        "uq_bank_file_plain_digest",
        "bank_file",
        ["plain_digest"],
        unique=True,
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=True),
        sa.Column("joinable", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("colour", sa.Text(), server_default=sa.text("'#0b5c62'"), nullable=False),
        sa.Column("welcome", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("logo_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f("ck_groups_colour_is_hex")),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_groups_slug_is_plain")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_groups_creditor_id"), use_alter=True),
        sa.ForeignKeyConstraint(["logo_id"], ["logo.id"], name=op.f("fk_groups_logo_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["groups.id"], name=op.f("fk_groups_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("path", name=op.f("uq_groups_path")),
        sa.UniqueConstraint("slug", name=op.f("uq_groups_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_groups_uuid")),
    )
    op.create_index(op.f("ix_groups_name_key"), "groups", ["name_key"], unique=False)
    op.create_index("ix_groups_parent_id", "groups", ["parent_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invoice", "credit note", name="invoicekind", native_enum=False, length=20),
            server_default=sa.text("'invoice'"),
            nullable=False,
        ),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=False),
        sa.Column("payer_street", sa.Text(), nullable=False),
        sa.Column("payer_postcode", sa.Text(), nullable=False),
        sa.Column("payer_city", sa.Text(), nullable=False),
        sa.Column("payer_country", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("item_seq", sa.BigInteger(), nullable=True),
        sa.Column("credits_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit note') = (credits_id IS NOT NULL)", name=op.f("ck_invoice_credit_note_credits")
        ),
        sa.CheckConstraint("kind IN ('invoice', 'credit note')", name=op.f("ck_invoice_kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_amount_positive")),
        sa.ForeignKeyConstraint(["credits_id"], ["invoice.id"], name=op.f("fk_invoice_credits_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["person.id"], name=op.f("fk_invoice_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("creditor_id", "number", name=op.f("uq_invoice_creditor_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_invoice_uuid")),
    )
    op.create_index(op.f("ix_invoice_payer_id"), "invoice", ["payer_id"], unique=False)
    op.create_index(
        "uq_invoice_credits_id",
        "invoice",
        ["credits_id"],
        unique=True,
        postgresql_where=sa.text("credits_id IS NOT NULL"),
    )
    op.create_table(
        "price_class",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_group_id", sa.BigInteger(), nullable=True),
        sa.Column("age_bracket", sa.BigInteger(), nullable=False),
        sa.Column("day_bracket", sa.BigInteger(), nullable=False),
        sa.Column("age", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_price_class_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_price_class")),
    )
    op.create_table(
        "reminder_item",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("ready", "excluded", name="reminderitemstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (reason IS NULL)", name=op.f("ck_reminder_item_left_out_with_reason")),
        sa.CheckConstraint("state IN ('ready', 'excluded')", name=op.f("ck_reminder_item_state_known")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_reminder_item_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_reminder_item")),
    )
    op.create_table(
        "run_error",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_error_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "item", name=op.f("pk_run_error")),
    )
    op.create_table(
        "bank_file_chunk",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_file.id"], name=op.f("fk_bank_file_chunk_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_bank_file_chunk")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("debtor_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("open_amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("deferred_to", sa.Date(), nullable=True),
        sa.Column("dunning_level", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("dunned_on", sa.Date(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=True),
        sa.Column(
            "ended",
            sa.Enum(
                "paid", "credited", "written off", "waived", "lapsed", name="claimend", native_enum=False, length=20
            ),
            nullable=True,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("consumer", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "ended IN ('paid', 'credited', 'written off', 'waived', 'lapsed')", name=op.f("ck_claim_ended_known")
        ),
        sa.CheckConstraint("(ended IS NULL) = (open_amount > 0)", name=op.f("ck_claim_ended_when_nothing_open")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_claim_amount_positive")),
        sa.CheckConstraint("open_amount BETWEEN 0 AND amount", name=op.f("ck_claim_open_within_amount")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_claim_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_claim_invoice_id_position")),
        postgresql_with={"fillfactor": 45},
    )
    op.create_index("ix_claim_debtor_id", "claim", ["debtor_id"], unique=False)
    op.create_index("ix_claim_due_on", "claim", ["due_on"], unique=False, postgresql_using="brin")
    op.create_table(
        "creditor",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("org_number", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sensitive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("payment_days", sa.BigInteger(), server_default=sa.text("30"), nullable=False),
        sa.Column("reminder_days", sa.BigInteger(), server_default=sa.text("10"), nullable=False),
        sa.Column("max_reminders", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "payment_days >= 0 AND reminder_days >= 0 AND max_reminders >= 0",
            name=op.f("ck_creditor_days_not_negative"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_creditor_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creditor")),
        sa.UniqueConstraint("group_id", name=op.f("uq_creditor_group_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_creditor_uuid")),
    )
    op.create_table(
        "fee_component",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("beneficiary_id", sa.BigInteger(), nullable=True),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["groups.id"], name=op.f("fk_fee_component_beneficiary_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_fee_component_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_component")),
        sa.UniqueConstraint("group_id", "slug", name=op.f("uq_fee_component_group_id_slug")),
    )
    op.create_table(
        "membership_type",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("term_months", sa.BigInteger(), server_default=sa.text("12"), nullable=False),
        sa.Column("calendar", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("lead_days", sa.BigInteger(), server_default=sa.text("30"), nullable=False),
        sa.Column("grace_days", sa.BigInteger(), server_default=sa.text("30"), nullable=False),
        sa.Column("renews", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("joinable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("min_age", sa.BigInteger(), nullable=True),
        sa.Column("max_age", sa.BigInteger(), nullable=True),
        sa.Column(
            "covered_by",
            sa.Enum("issue", "payment", name="coveredby", native_enum=False, length=20),
            server_default=sa.text("'payment'"),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("covered_by IN ('issue', 'payment')", name=op.f("ck_membership_type_covered_by_known")),
        sa.CheckConstraint(
            "NOT calendar OR term_months IN (1, 3, 6, 12)", name=op.f("ck_membership_type_calendar_term_divides_year")
        ),
        sa.CheckConstraint("lead_days >= 0 AND grace_days >= 0", name=op.f("ck_membership_type_days_not_negative")),
        sa.CheckConstraint("term_months BETWEEN 1 AND 120", name=op.f("ck_membership_type_term_fits")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_membership_type_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_type")),
        sa.UniqueConstraint("group_id", "slug", name=op.f("uq_membership_type_group_id_slug")),
    )
    op.create_index(op.f("ix_membership_type_group_id"), "membership_type", ["group_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("asset", "liability", "income", "expense", name="accountkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "receivable",
                "bank",
                "unidentified",
                "credit",
                "income",
                name="accountrole",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("kind IN ('asset', 'liability', 'income', 'expense')", name=op.f("ck_account_kind_known")),
        sa.CheckConstraint(
            "role IN ('receivable', 'bank', 'unidentified', 'credit', 'income')", name=op.f("ck_account_role_known")
        ),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_account_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("creditor_id", "code", name=op.f("uq_account_creditor_id_code")),
    )
    op.create_table(
        "books",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_books_creditor_id")),
        sa.PrimaryKeyConstraint("creditor_id", name=op.f("pk_books")),
    )
    op.create_table(
        "books_closed",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("postings", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_books_closed_creditor_id")),
        sa.PrimaryKeyConstraint("creditor_id", "through", name=op.f("pk_books_closed")),
    )
    op.create_table(
        "credit",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_credit_balance_not_negative")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_credit_creditor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_person_id")),
        sa.PrimaryKeyConstraint("creditor_id", "person_id", "currency", name=op.f("pk_credit")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_entry_creditor_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_entry_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("creditor_id", "number", name=op.f("uq_entry_creditor_id_number")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entry_reverses_id")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "active",
                "resting",
                "left",
                "excluded",
                "deceased",
                name="membershipstatus",
                native_enum=False,
                length=20,
            ),
            server_default=sa.text("'applied'"),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("charged_through", sa.Date(), nullable=True),
        sa.Column("paid_through", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('applied', 'active', 'resting', 'left', 'excluded', 'deceased')",
            name=op.f("ck_membership_status_known"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_membership_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_membership_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("uuid", name=op.f("uq_membership_uuid")),
        postgresql_with={"fillfactor": 45},
    )
    op.create_index(op.f("ix_membership_group_id"), "membership", ["group_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(
        "uq_membership_once",
        "membership",
        ["person_id", "type_id", "group_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "number_series",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_number_series_creditor_id")),
        sa.PrimaryKeyConstraint("creditor_id", "series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "number_void",
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_number_void_creditor_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_number_void_run_id")),
        sa.PrimaryKeyConstraint("creditor_id", "series", "number", name=op.f("pk_number_void")),
    )
    op.create_table(
        "payer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("payer_id <> person_id", name=op.f("ck_payer_someone_else")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_payer_days_in_order")),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_payer_component_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["person.id"], name=op.f("fk_payer_payer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer")),
        sa.UniqueConstraint(
            "person_id",
            "component_id",
            "from_on",
            name=op.f("uq_payer_person_id_component_id_from_on"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_payer_payer_id", "payer", ["payer_id"], unique=False)
    op.create_table(
        "price_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("min_age", sa.BigInteger(), nullable=True),
        sa.Column("max_age", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_price_rule_amount_not_negative")),
        sa.CheckConstraint(
            "min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name=op.f("ck_price_rule_ages_in_order")
        ),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_price_rule_days_in_order")
        ),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_price_rule_component_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_price_rule_group_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_price_rule_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_rule")),
    )
    op.create_index("ix_price_rule_component_id", "price_rule", ["component_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_reminder_amount_positive")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_reminder_claim_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_reminder_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("claim_id", "level", name=op.f("uq_reminder_claim_id_level")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reminder_uuid")),
    )
    op.create_table(
        "run_slice",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "claimed", "written", name="slicestate", native_enum=False, length=20),
            server_default=sa.text("'planned'"),
            nullable=False,
        ),
        sa.Column("survivors", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("number_from", sa.BigInteger(), nullable=True),
        sa.Column("entry_number", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'claimed', 'written')", name=op.f("ck_run_slice_state_known")),
        sa.CheckConstraint("last >= first", name=op.f("ck_run_slice_not_empty")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_run_slice_creditor_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_slice_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "first", name=op.f("pk_run_slice")),
    )
    op.create_table(
        "type_component",
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_type_component_component_id")),
        sa.ForeignKeyConstraint(["type_id"], ["membership_type.id"], name=op.f("fk_type_component_type_id")),
        sa.PrimaryKeyConstraint("type_id", "component_id", name=op.f("pk_type_component")),
    )
    op.create_table(
        "bank_agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("swish_number", sa.Text(), nullable=True),
        sa.Column(
            "reference_kind",
            sa.Enum("ocr", "kid", "rf", name="referencekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("reference_length", sa.BigInteger(), server_default=sa.text("12"), nullable=False),
        sa.Column("length_digit", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("bank_account_id", sa.BigInteger(), nullable=False),
        sa.Column("preferred", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "reference_kind IN ('ocr', 'kid', 'rf')", name=op.f("ck_bank_agreement_reference_kind_known")
        ),
        sa.CheckConstraint("scheme IN ('BGNR', 'PGNR', 'IBAN', 'BBAN')", name=op.f("ck_bank_agreement_scheme_known")),
        sa.CheckConstraint("reference_length BETWEEN 6 AND 17", name=op.f("ck_bank_agreement_reference_length_fits")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["account.id"], name=op.f("fk_bank_agreement_bank_account_id")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_bank_agreement_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_agreement")),
        sa.UniqueConstraint("scheme", "number", "currency", name=op.f("uq_bank_agreement_scheme_number_currency")),
    )
    op.create_index(op.f("ix_bank_agreement_iban"), "bank_agreement", ["iban"], unique=False)
    op.create_index(
        "uq_bank_agreement_preferred",
        "bank_agreement",
        ["creditor_id", "currency"],
        unique=True,
        postgresql_where=sa.text("preferred"),
    )
    op.create_table(
        "posting_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "issue", "payment", "unidentified", "credit", "overpaid", name="event", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("component_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("debit_account_id", sa.BigInteger(), nullable=True),
        sa.Column("credit_account_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "event IN ('issue', 'payment', 'unidentified', 'credit', 'overpaid')",
            name=op.f("ck_posting_rule_event_known"),
        ),
        sa.ForeignKeyConstraint(["component_id"], ["fee_component.id"], name=op.f("fk_posting_rule_component_id")),
        sa.ForeignKeyConstraint(["credit_account_id"], ["account.id"], name=op.f("fk_posting_rule_credit_account_id")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_posting_rule_creditor_id")),
        sa.ForeignKeyConstraint(["debit_account_id"], ["account.id"], name=op.f("fk_posting_rule_debit_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_rule")),
        sa.UniqueConstraint(
            "creditor_id",
            "event",
            "component_id",
            "currency",
            name=op.f("uq_posting_rule_creditor_id_event_component_id_currency"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "bank_section",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("statement_number", sa.Text(), nullable=True),
        sa.Column("opening_balance", sa.BigInteger(), nullable=True),
        sa.Column("closing_balance", sa.BigInteger(), nullable=True),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["bank_agreement.id"], name=op.f("fk_bank_section_agreement_id")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_file.id"], name=op.f("fk_bank_section_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_section")),
        sa.UniqueConstraint("agreement_id", "key", name=op.f("uq_bank_section_agreement_id_key")),
    )
    op.create_index(op.f("ix_bank_section_file_id"), "bank_section", ["file_id"], unique=False)
    op.create_table(
        "payee",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("logo_id", sa.BigInteger(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["bank_agreement.id"], name=op.f("fk_payee_agreement_id")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_payee_creditor_id")),
        sa.ForeignKeyConstraint(["logo_id"], ["logo.id"], name=op.f("fk_payee_logo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        sa.UniqueConstraint("digest", name=op.f("uq_payee_digest")),
    )

    # Groups and creditors name each other, so this key comes when both are there.
    op.create_foreign_key(op.f("fk_groups_creditor_id"), "groups", "creditor", ["creditor_id"], ["id"])

    for name in ("functions", "triggers", "roles", "grants"):
        op.execute(statements(f"migrations/sql/{name}.sql"))


def downgrade() -> None:
    raise NotImplementedError("The first migration is the ground; there is nothing below it.")
