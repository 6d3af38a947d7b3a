"""Money that was returned: what it returns, what creditors do then, and the numbers by which banks mean a payment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from database.sql import statements

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_MINE = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
_FOUND_BY = ("end-to-end", "bank number", "reference", "account", "person")


def upgrade() -> None:
    op.execute(statements("migrations/sql/returned.sql"))
    op.add_column("payment", sa.Column("originals", JSONB(), nullable=True))
    op.add_column("payment", sa.Column("charges", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_payment_end_to_end_id",
        "payment",
        ["end_to_end_id", "id"],
        postgresql_where=sa.text("end_to_end_id IS NOT NULL"),
    )
    for column, values in (("returned_cover", ("take back", "keep")), ("returned_fee", ("wait", "cost"))):
        kind = sa.Enum(*values, name=column.replace("_", ""), native_enum=False, length=20)
        op.add_column("creditor", sa.Column(column, kind, server_default=values[0], nullable=False))
        _known("creditor", column, values)
    op.add_column("claim", sa.Column("keeps_cover", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "payment_return",
        sa.Column("payment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("original_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("found_by", sa.Enum(*_FOUND_BY, name="foundby", native_enum=False, length=20), nullable=False),
        sa.Column("met", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("keeps_cover", sa.Boolean(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("met >= 0 AND fee >= 0", name=op.f("ck_payment_return_not_negative")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment_return")),
        sa.UniqueConstraint("original_id", name=op.f("uq_payment_return_original_id")),
    )
    _known("payment_return", "found_by", _FOUND_BY)
    op.execute(
        "CREATE TRIGGER payment_return_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_return"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON payment_return TO kontingent_jobs, kontingent_staff")
    op.execute("ALTER TABLE payment_return ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payment_return FORCE ROW LEVEL SECURITY")
    for name, role in (("owner", "CURRENT_USER"), ("centre", "kontingent_centre"), ("jobs", "kontingent_jobs")):
        op.execute(f"CREATE POLICY {name} ON payment_return TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON payment_return TO kontingent_staff USING ({_MINE}) WITH CHECK ({_MINE})")


def downgrade() -> None:
    raise NotImplementedError("What was returned stays returned.")


def _known(table: str, column: str, values: tuple[str, ...]) -> None:
    known = f"{column} IN ({', '.join(repr(value) for value in values)})"
    op.create_check_constraint(op.f(f"ck_{table}_{column}_known"), table, known)
