"""Money that comes back: uses of credit name their money, refunds say why they stopped, banks report on orders."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_OURS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_OUTCOMES = ("accepted", "rejected", "waiting", "late", "differs", "unknown")


def upgrade() -> None:
    _uses_name_their_money()
    _refunds_stop()
    _reports()
    # Why somebody said that money which left takes back a payment.
    op.add_column("payment_return", sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False))


def _refunds_stop() -> None:
    op.add_column("refund", sa.Column("stopped", sa.String(length=20), nullable=True))
    op.add_column("refund", sa.Column("stop_code", sa.Text(), nullable=True))
    op.add_column("refund", sa.Column("stop_words", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("refund", sa.Column("accepted_on", sa.Date(), nullable=True))
    needs = sa.text("state = 'bounced' OR state = 'proposed' AND stopped = 'source returned'")
    op.create_index("ix_refund_needs", "refund", ["id"], postgresql_where=needs)
    op.create_check_constraint(op.f("ck_refund_stopped_known"), "refund", "stopped IN ('source returned', 'rejected')")


def _reports() -> None:
    op.create_table(
        "order_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("original_id", sa.Text(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_order_report_file_id")),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_order_report_creditor_id")),
        sa.ForeignKeyConstraint(["order_id"], ["refund_order.id"], name=op.f("fk_order_report_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_report")),
        sa.UniqueConstraint("key", name=op.f("uq_order_report_key")),
    )
    op.create_index("ix_order_report_file_id", "order_report", ["file_id"])
    op.create_table(
        "order_told",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("end_to_end_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            f"outcome IN ({', '.join(repr(one) for one in _OUTCOMES)})", name=op.f("ck_order_told_outcome_known")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["order_report.id"], name=op.f("fk_order_told_report_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_order_told_refund_id")),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_order_told")),
    )
    told = sa.text("refund_id IS NOT NULL")
    op.create_index("ix_order_told_refund_id", "order_told", ["refund_id"], postgresql_where=told)
    for table in ("order_report", "order_told"):
        op.execute(
            f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO kontingent_jobs, kontingent_staff")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for name, role in (("owner", "CURRENT_USER"), ("centre", "kontingent_centre"), ("jobs", "kontingent_jobs")):
            op.execute(f"CREATE POLICY {name} ON {table} TO {role} USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY staff ON {table} TO kontingent_staff USING ({_OURS}) WITH CHECK ({_OURS})")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")


def _uses_name_their_money() -> None:
    """What a creditor's rule spent of a payment was kept as credit in the same transaction, for the same person."""
    op.add_column("credit_use", sa.Column("allocation_id", sa.BigInteger(), nullable=True))
    op.execute("ALTER TABLE credit_use DISABLE TRIGGER credit_use_never_changes")
    op.execute(
        """
        UPDATE credit_use u SET allocation_id = a.id
        FROM allocation a
        WHERE u.kind IN ('difference', 'refund', 'gift') AND u.reverses_id IS NULL
            AND a.person_id = u.person_id AND a.claim_id IS NULL AND a.reverses_id IS NULL
            AND a.amount = u.amount AND a.currency = u.currency AND a.recorded_at = u.recorded_at
            AND a.id = (
                SELECT min(one.id) FROM allocation one
                WHERE one.person_id = u.person_id AND one.claim_id IS NULL AND one.reverses_id IS NULL
                    AND one.amount = u.amount AND one.currency = u.currency AND one.recorded_at = u.recorded_at
                HAVING count(*) = 1
            )
        """
    )
    op.execute("ALTER TABLE credit_use ENABLE TRIGGER credit_use_never_changes")
    op.create_index(
        "uq_credit_use_allocation_id",
        "credit_use",
        ["allocation_id"],
        unique=True,
        postgresql_where=sa.text("allocation_id IS NOT NULL AND reverses_id IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("What was taken back stays taken back.")
