"""One invoice for all whom somebody pays for: the wish, what a creditor does without one, and the rows that are joined."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_ALL = "(SELECT current_setting('app.all', true) = '1')"
_OF_MEMBERS = "membership_id IS NOT NULL AND sees_membership(membership_id)"


def upgrade() -> None:
    op.add_column("person", sa.Column("one_invoice", sa.Boolean(), nullable=True))
    op.create_index("ix_person_one_invoice", "person", ["id"], postgresql_where=sa.text("one_invoice IS TRUE"))
    op.add_column("creditor", sa.Column("one_invoice", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("invoice_item", sa.Column("joint_seq", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_invoice_item_joint",
        "invoice_item",
        ["run_id", "joint_seq"],
        postgresql_where=sa.text("joint_seq IS NOT NULL"),
    )
    # An invoice belongs to the group above all that it charges; each of these sees the lines of its own members.
    op.execute(f"ALTER POLICY staff ON invoice_line USING ({_ALL} OR sees_invoice(invoice_id) OR {_OF_MEMBERS})")


def downgrade() -> None:
    op.execute(f"ALTER POLICY staff ON invoice_line USING ({_ALL} OR sees_invoice(invoice_id))")
    op.drop_index("ix_invoice_item_joint", table_name="invoice_item")
    op.drop_column("invoice_item", "joint_seq")
    op.drop_column("creditor", "one_invoice")
    op.drop_index("ix_person_one_invoice", table_name="person")
    op.drop_column("person", "one_invoice")
