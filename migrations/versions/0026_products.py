"""A library of products, and invoice lines that sell something rather than charge a membership."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.sql import statements

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_FEE_OR_SOLD = (
    "CASE WHEN component_id IS NULL"
    " THEN num_nulls(quantity, unit_price, vat_rate, account_id) = 0 AND amount = round(quantity * unit_price)"
    " ELSE num_nonnulls(product_id, quantity, unit_price, vat_rate, account_id) = 0 END"
)


def upgrade() -> None:
    _library()
    _posting_rules()
    _lines()
    op.execute(statements("migrations/sql/products.sql"))
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON product, product_price TO kontingent_jobs, kontingent_staff")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff")
    _wall(
        "product",
        f"{_ALL} OR group_id IN (SELECT group_id FROM my_surroundings)",
        f"{_ALL} OR group_id IN (SELECT group_id FROM my_groups)",
    )
    _wall("product_price", f"{_ALL} OR product_around_me(product_id)", f"{_ALL} OR product_of_mine(product_id)")


def _library() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unit", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("vat_rate", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("vat_rate BETWEEN 0 AND 10000", name=op.f("ck_product_vat_rate_is_a_share")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_product_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_product_group_id_number")),
    )
    op.create_table(
        "product_price",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_product_price_amount_not_negative")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_price_product_id")),
        sa.PrimaryKeyConstraint("product_id", "currency", name=op.f("pk_product_price")),
    )


def _posting_rules() -> None:
    op.add_column("posting_rule", sa.Column("product_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_posting_rule_product_id"), "posting_rule", "product", ["product_id"], ["id"])
    op.drop_constraint(op.f("uq_posting_rule_creditor_id_event_component_id_currency"), "posting_rule", type_="unique")
    op.create_unique_constraint(
        op.f("uq_posting_rule_one_for_each"),
        "posting_rule",
        ["creditor_id", "event", "component_id", "product_id", "currency"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_check_constraint(
        op.f("ck_posting_rule_component_or_product"), "posting_rule", "component_id IS NULL OR product_id IS NULL"
    )


def _lines() -> None:
    op.alter_column("invoice_line", "component_id", existing_type=sa.BigInteger(), nullable=True)
    op.add_column("invoice_line", sa.Column("product_id", sa.BigInteger(), nullable=True))
    op.add_column("invoice_line", sa.Column("quantity", sa.Numeric(12, 3), nullable=True))
    op.add_column("invoice_line", sa.Column("unit_price", sa.BigInteger(), nullable=True))
    op.add_column("invoice_line", sa.Column("vat_rate", sa.SmallInteger(), nullable=True))
    op.add_column("invoice_line", sa.Column("account_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_invoice_line_product_id"), "invoice_line", "product", ["product_id"], ["id"])
    op.create_foreign_key(op.f("fk_invoice_line_account_id"), "invoice_line", "account", ["account_id"], ["id"])
    op.create_check_constraint(op.f("ck_invoice_line_fee_or_sold"), "invoice_line", _FEE_OR_SOLD)
    op.create_index(
        "ix_invoice_line_product_id", "invoice_line", ["product_id"], postgresql_where=sa.text("product_id IS NOT NULL")
    )


def _wall(table: str, read: str, write: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY centre ON {table} TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY jobs ON {table} TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON {table} FOR SELECT TO kontingent_staff USING ({read})")
    op.execute(f"CREATE POLICY staff_adds ON {table} FOR INSERT TO kontingent_staff WITH CHECK ({write})")
    op.execute(
        f"CREATE POLICY staff_changes ON {table} FOR UPDATE TO kontingent_staff USING ({write}) WITH CHECK ({write})"
    )
    op.execute(f"CREATE POLICY staff_removes ON {table} FOR DELETE TO kontingent_staff USING ({write})")


def downgrade() -> None:
    raise NotImplementedError("Lines that sold something would be left without what they say.")
