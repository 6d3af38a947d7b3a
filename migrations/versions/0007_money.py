"""The workbench: what a search of the pile reads, who looks at a case, and files that wait to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What the bank says of a payment, folded as `dues.folding` folds: composed, lower case, blanks as one space.
SEARCH_KEY = r"""
CREATE FUNCTION case_search_key(payer_name text, reference text, payer_account text, message text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(btrim(regexp_replace(
        lower(normalize(concat_ws(' ', nullif(payer_name, ''), reference, payer_account, nullif(message, '')), NFC)),
        '\s+', ' ', 'g')), 2000)
"""


def upgrade() -> None:
    op.execute(SEARCH_KEY)
    op.add_column("payment_case", sa.Column("agreement_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "payment_case", sa.Column("search_key", sa.Text(collation="C"), server_default=sa.text("''"), nullable=False)
    )
    op.execute(
        """UPDATE payment_case c SET agreement_id = p.agreement_id,
            search_key = case_search_key(p.payer_name, p.reference, p.payer_account, p.message)
        FROM payment p WHERE p.id = c.payment_id"""
    )
    op.alter_column("payment_case", "agreement_id", nullable=False)
    waits = sa.text("closed_at IS NULL")
    op.create_index("ix_payment_case_account", "payment_case", ["agreement_id", "payment_id"], postgresql_where=waits)
    op.create_index("ix_payment_case_reason", "payment_case", ["reason", "payment_id"], postgresql_where=waits)
    op.create_index(
        "ix_payment_payer_account",
        "payment",
        ["payer_account", "id"],
        postgresql_where=sa.text("payer_account IS NOT NULL"),
    )
    op.create_table(
        "case_visit",
        sa.Column("payment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_case_visit_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("payment_id", "staff_id", name=op.f("pk_case_visit")),
        prefixes=["UNLOGGED"],
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON case_visit TO kontingent_jobs, kontingent_staff")
    op.drop_constraint("ck_bank_file_state_known", "bank_file")
    op.create_check_constraint(
        op.f("ck_bank_file_state_known"), "bank_file", "state IN ('received', 'accepted', 'refused')"
    )


def downgrade() -> None:
    op.drop_constraint("ck_bank_file_state_known", "bank_file")
    op.create_check_constraint(op.f("ck_bank_file_state_known"), "bank_file", "state IN ('accepted', 'refused')")
    op.drop_table("case_visit")
    op.drop_index("ix_payment_payer_account", table_name="payment")
    op.drop_index("ix_payment_case_account", table_name="payment_case")
    op.drop_index("ix_payment_case_reason", table_name="payment_case")
    op.drop_column("payment_case", "search_key")
    op.drop_column("payment_case", "agreement_id")
    op.execute("DROP FUNCTION case_search_key")
