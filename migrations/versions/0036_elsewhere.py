"""Invoices that another system issued: taken in with their own number, reference and PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_BY = "(SELECT current_setting('app.actor', true))"
_ROLES = "'receivable', 'bank', 'unidentified', 'credit', 'income', 'passed on', 'owed'"
_EVENTS = "'issue', 'payment', 'unidentified', 'credit', 'overpaid', 'settlement'"
_WHOSE = ["run_id", "person_id", "group_id", "due_on"]


def upgrade() -> None:
    _one_number()
    _items()
    _known("account", "role", f"{_ROLES}, 'opening'")
    _known("posting_rule", "event", f"{_EVENTS}, 'take-in'")
    _elsewhere()
    _pdfs()


def _one_number() -> None:
    op.alter_column("invoice", "number", nullable=True)
    op.add_column("invoice", sa.Column("printed", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_invoice_one_number"), "invoice", "num_nonnulls(number, printed) = 1")
    op.create_check_constraint(
        op.f("ck_invoice_notes_are_ours"), "invoice", "printed IS NULL OR kind = 'invoice' AND run_id IS NOT NULL"
    )


def _items() -> None:
    op.add_column("charge_file", sa.Column("kind", sa.Text(), server_default=sa.text("'charges'"), nullable=False))
    op.add_column("charge_item", sa.Column("printed", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("charge_item", sa.Column("issued_on", sa.Date(), nullable=True))
    op.add_column("charge_item", sa.Column("paid", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("charge_item", sa.Column("reference", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.drop_index("uq_charge_item_whose", "charge_item")
    op.create_index("uq_charge_item_whose", "charge_item", [*_WHOSE, "printed"], unique=True)


def _elsewhere() -> None:
    op.create_table(
        "elsewhere",
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("system_key", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reference_kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "reference_kind IN ('ocr', 'kid', 'rf', 'text')", name=op.f("ck_elsewhere_reference_kind_known")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_elsewhere_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_elsewhere")),
    )
    whose = ["creditor_id", "system_key", "number_key", "nth"]
    op.create_index("uq_elsewhere_whose", "elsewhere", whose, unique=True)
    op.create_index("ix_elsewhere_number_key", "elsewhere", ["number_key", "invoice_id"])
    op.create_index("ix_elsewhere_system_key", "elsewhere", ["system_key", "invoice_id"])
    op.execute(
        "CREATE TRIGGER elsewhere_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON elsewhere"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON elsewhere TO kontingent_jobs")
    op.execute("GRANT SELECT ON elsewhere TO kontingent_staff, kontingent_public, kontingent_member")
    _wall("elsewhere")


def _pdfs() -> None:
    op.create_table(
        "elsewhere_pdf",
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["elsewhere.invoice_id"], name=op.f("fk_elsewhere_pdf_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_elsewhere_pdf")),
    )
    op.execute(
        "CREATE TRIGGER elsewhere_pdf_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON elsewhere_pdf"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON elsewhere_pdf TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT SELECT ON elsewhere_pdf TO kontingent_public, kontingent_member")
    _wall("elsewhere_pdf")
    op.execute(
        "CREATE POLICY staff_adds ON elsewhere_pdf FOR INSERT TO kontingent_staff"
        f" WITH CHECK (actor = {_BY} AND ({_ALL} OR sees_invoice(invoice_id)))"
    )


def _wall(table: str) -> None:
    """Whoever sees the invoice sees what was taken in with it."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({_ALL} OR sees_invoice(invoice_id))"
    )
    seen = "EXISTS (SELECT FROM invoice seen WHERE seen.id = invoice_id OFFSET 0)"
    op.execute(f"CREATE POLICY public ON {table} FOR SELECT TO kontingent_public USING ({seen})")
    op.execute(f"CREATE POLICY member ON {table} FOR SELECT TO kontingent_member USING ({seen})")


def _known(table: str, column: str, words: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({words})")


def downgrade() -> None:
    raise NotImplementedError("Invoices of other systems have no number of ours; they cannot be told without theirs.")
