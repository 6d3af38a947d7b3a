"""Bank files say of which kind their refusal is; statements are watched; what each account had by day is kept."""

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_REFUSALS = ("test", "strange", "foreign", "damaged", "contradicts", "large")


def upgrade() -> None:
    _refusals()
    _sections()
    _gaps()
    _days()
    _sources()
    _ledger_days()
    op.create_index(
        "ix_payment_amount",
        "payment",
        ["amount"],
        postgresql_using="brin",
        postgresql_ops={"amount": "int8_bloom_ops"},
        postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
    )


def _refusals() -> None:
    op.add_column("bank_file", sa.Column("refusal", sa.String(length=20), nullable=True))
    words = ", ".join(repr(word) for word in _REFUSALS)
    op.create_check_constraint(op.f("ck_bank_file_refusal_known"), "bank_file", f"refusal IN ({words})")


def _sections() -> None:
    for column in (
        sa.Column("series", sa.Text()),
        sa.Column("created_on", sa.Date()),
        sa.Column("closing_on", sa.Date()),
    ):
        op.add_column("bank_section", column)
    op.execute(
        "UPDATE bank_section s SET created_on = f.recorded_at::date,"
        " closing_on = CASE WHEN s.closing_balance IS NOT NULL THEN f.recorded_at::date END,"
        " series = CASE WHEN f.format IN ('camt.053', 'BgMax') THEN f.format END"
        " FROM bank_file f WHERE f.id = s.file_id"
    )
    op.alter_column("bank_section", "created_on", nullable=False)
    op.create_index("ix_bank_section_closing_on", "bank_section", ["agreement_id", "closing_on"])


def _gaps() -> None:
    op.create_table(
        "bank_gap",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("before_id", sa.BigInteger(), nullable=False),
        sa.Column("section_id", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("missing IN ('number', 'balance', 'both')", name=op.f("ck_bank_gap_missing_known")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_bank_gap_closed_by_somebody")),
        sa.CheckConstraint("note IS NULL OR closed_at IS NOT NULL", name=op.f("ck_bank_gap_note_closes")),
        sa.ForeignKeyConstraint(["agreement_id"], ["bank_agreement.id"], name=op.f("fk_bank_gap_agreement_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["bank_section.id"], name=op.f(f"fk_bank_gap_{column}"), ondelete="CASCADE"
            )
            for column in ("before_id", "section_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_gap")),
        sa.UniqueConstraint("section_id", "before_id", name=op.f("uq_bank_gap_section_id_before_id")),
    )
    op.create_index("ix_bank_gap_open", "bank_gap", ["agreement_id"], postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index("ix_bank_gap_before_id", "bank_gap", ["before_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE ON bank_gap TO kontingent_jobs, kontingent_staff")
    _wall("bank_gap", f"{_ALL} OR sees_agreement(agreement_id)")
    op.execute("SELECT audit_watch_rows('bank_gap', 'money', 'UPDATE', 'old.note IS DISTINCT FROM new.note')")


def _days() -> None:
    op.create_table(
        "account_day",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_account_day_file_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["agreement_id"], ["bank_agreement.id"], name=op.f("fk_account_day_agreement_id")),
        sa.PrimaryKeyConstraint("file_id", "agreement_id", "booked_on", name=op.f("pk_account_day")),
    )
    op.execute(
        "INSERT INTO account_day (file_id, agreement_id, booked_on, payments, amount)"
        " SELECT file_id, agreement_id, booked_on, count(*), sum(amount) FROM payment"
        " GROUP BY file_id, agreement_id, booked_on"
    )
    op.create_index("ix_account_day_booked_on", "account_day", ["agreement_id", "booked_on"])
    op.execute("GRANT SELECT, INSERT ON account_day TO kontingent_jobs, kontingent_staff")
    # What an officer receives is counted on its day as what a file brings is.
    op.execute("GRANT UPDATE (payments, amount) ON account_day TO kontingent_staff")
    _wall("account_day", f"{_ALL} OR sees_agreement(agreement_id)")


def _sources() -> None:
    op.create_table(
        "bank_source",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("uuid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.BigInteger(), server_default=sa.text("22"), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("private_key", sa.LargeBinary(), nullable=True),
        sa.Column("host_key", sa.Text(), nullable=True),
        sa.Column("folder", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("pattern", sa.Text(), server_default=sa.text("'*'"), nullable=False),
        sa.Column("every_minutes", sa.BigInteger(), server_default=sa.text("60"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "trouble IN ('unreachable', 'host key', 'login', 'folder', 'interrupted', 'secret')",
            name=op.f("ck_bank_source_trouble_known"),
        ),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_bank_source_port_fits")),
        sa.CheckConstraint("every_minutes BETWEEN 5 AND 10080", name=op.f("ck_bank_source_every_fits")),
        sa.CheckConstraint("num_nonnulls(password, private_key) >= 1", name=op.f("ck_bank_source_logs_in")),
        sa.ForeignKeyConstraint(["agreement_id"], ["bank_agreement.id"], name=op.f("fk_bank_source_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_source")),
        sa.UniqueConstraint("uuid", name=op.f("uq_bank_source_uuid")),
    )
    op.create_index(op.f("ix_bank_source_agreement_id"), "bank_source", ["agreement_id"])
    troubled = sa.text("active AND trouble IS NOT NULL")
    op.create_index("ix_bank_source_trouble", "bank_source", ["id"], postgresql_where=troubled)
    op.create_table(
        "fetched_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["bank_source.id"], name=op.f("fk_fetched_file_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetched_file")),
        sa.UniqueConstraint(
            *("source_id", "name", "size", "changed"), name=op.f("uq_fetched_file_source_id_name_size_changed")
        ),
    )
    op.create_index("ix_fetched_file_digest", "fetched_file", ["source_id", "digest"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON bank_source, fetched_file TO kontingent_jobs")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON bank_source TO kontingent_staff")
    op.execute("GRANT SELECT, DELETE ON fetched_file TO kontingent_staff")
    _wall("bank_source", f"{_ALL} OR sees_agreement(agreement_id)")
    _wall("fetched_file", f"{_ALL} OR EXISTS (SELECT FROM bank_source seen WHERE seen.id = source_id OFFSET 0)")
    # How each visit went is no change that anybody made; what secrets became is told, and never what they are.
    visits = ["uuid", "tried_at", "fetched_at", "trouble"]
    secrets = ["password", "private_key"]
    op.execute(
        sa.text("SELECT audit_watch('bank_source', 'settings', :unsaid, :secret)").bindparams(
            sa.bindparam("unsaid", visits, sa.ARRAY(sa.Text)), sa.bindparam("secret", secrets, sa.ARRAY(sa.Text))
        )
    )


def _ledger_days() -> None:
    def amounts() -> list[sa.Column[int]]:
        return [sa.Column(name, sa.BigInteger(), nullable=False) for name in ("creditor_id", "amount", "of_payments")]

    op.create_table(
        "ledger_day",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        *amounts(),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ledger_day_account_id")),
        sa.PrimaryKeyConstraint("account_id", "on_date", name=op.f("pk_ledger_day")),
    )
    op.create_table(
        "ledger_day_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        *amounts(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_day_change")),
    )
    op.execute(statements("migrations/sql/ledger_days.sql"))
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_day, ledger_day_change TO kontingent_jobs")
    op.execute("GRANT SELECT ON ledger_day, ledger_day_change TO kontingent_staff")
    for table in ("ledger_day", "ledger_day_change"):
        _wall(table, f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)")


def _wall(table: str, theirs: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for name, role in (("owner", "CURRENT_USER"), ("centre", "kontingent_centre"), ("jobs", "kontingent_jobs")):
        op.execute(f"CREATE POLICY {name} ON {table} TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({theirs}) WITH CHECK ({theirs})")


def downgrade() -> None:
    raise NotImplementedError("What was kept of statements, sources and warnings would be lost.")
