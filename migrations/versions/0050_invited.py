"""Invoices that invite to pay more, and what payers choose to give for; what banks exchanged payments from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_OURS = f"{_ALL} OR creditor_id IN (SELECT creditor_id FROM my_creditors)"
# What hangs on the link that a visitor holds: `invoice` shows them that one alone.
_THEIRS = (
    "EXISTS (SELECT FROM invoice i WHERE i.payer_id = fund_choice.person_id"
    " AND i.creditor_id = fund_choice.creditor_id OFFSET 0)"
)
_OF_THEIRS = "EXISTS (SELECT FROM invoice i WHERE i.creditor_id = fund.creditor_id OFFSET 0)"


def upgrade() -> None:
    # What a file tells of a payment's exchange on its way: few have one, and of those that have none it costs nothing.
    op.add_column("payment", sa.Column("exchanged", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("fund", sa.Column("offered", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("creditor", sa.Column("invites_gifts", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("creditor", sa.Column("gift_limit", sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f("ck_creditor_gift_for_a_fund"), "creditor", type_="check")
    gift = "overpaid <> 'gift' AND NOT invites_gifts OR gift_fund_id IS NOT NULL"
    op.create_check_constraint(op.f("ck_creditor_gift_for_a_fund"), "creditor", gift)
    op.create_check_constraint(op.f("ck_creditor_gift_limit_above_nothing"), "creditor", "gift_limit > 0")
    op.create_table(
        "fund_choice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditor.id"], name=op.f("fk_fund_choice_creditor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fund_choice_person_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_choice_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_choice")),
    )
    op.create_index("ix_fund_choice_newest", "fund_choice", ["person_id", "creditor_id", "id"])
    op.create_index(op.f("ix_fund_choice_fund_id"), "fund_choice", ["fund_id"])
    op.execute(
        "CREATE TRIGGER fund_choice_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_choice"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    _wall()


def _wall() -> None:
    """Let staff see what is their own groups', and a visitor what hangs on the link that they hold."""
    op.execute("ALTER TABLE fund_choice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE fund_choice FORCE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT ON fund_choice TO kontingent_jobs, kontingent_staff, kontingent_public")
    op.execute("GRANT SELECT ON fund TO kontingent_public")
    op.execute("CREATE POLICY owner ON fund_choice TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY centre ON fund_choice TO kontingent_centre USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY jobs ON fund_choice TO kontingent_jobs USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY staff ON fund_choice FOR SELECT TO kontingent_staff USING ({_OURS})")
    op.execute(f"CREATE POLICY staff_adds ON fund_choice FOR INSERT TO kontingent_staff WITH CHECK ({_OURS})")
    op.execute(f"CREATE POLICY public ON fund_choice TO kontingent_public USING ({_THEIRS}) WITH CHECK ({_THEIRS})")
    op.execute(f"CREATE POLICY public ON fund FOR SELECT TO kontingent_public USING ({_OF_THEIRS})")


def downgrade() -> None:
    raise NotImplementedError("What members chose stays chosen.")
