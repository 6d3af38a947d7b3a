"""Lists: the keys that the desk's long lists are walked along, and the few rows that they are narrowed to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Invoices, claims and payments are written by the million: their new keys grow at one end, but for the groups'.
_INDEXES = (
    ("ix_invoice_issued_on", "invoice", ["issued_on", "id"], None),
    ("ix_invoice_group_id", "invoice", ["group_id"], None),
    ("ix_claim_due_on", "claim", ["due_on", "id"], None),
    ("ix_claim_reminded", "claim", ["due_on", "id"], "dunning_level > 0"),
    ("ix_claim_held", "claim", ["due_on", "id"], "hold_reason IS NOT NULL"),
    ("ix_payment_booked_on", "payment", ["booked_on", "id"], None),
    ("ix_entry_on_date", "entry", ["on_date", "id"], None),
    ("ix_membership_type_id", "membership", ["type_id", "person_id"], None),
    ("ix_membership_group_id", "membership", ["group_id", "person_id"], None),
    ("ix_membership_resting", "membership", ["id"], "status = 'resting'"),
    ("ix_membership_ended", "membership", ["id"], "status IN ('left', 'excluded', 'deceased')"),
    ("ix_person_country", "person", ["country"], None),
    ("ix_message_withheld", "message", ["id"], "state = 'withheld'"),
)


def upgrade() -> None:
    op.drop_index("ix_claim_due_on", table_name="claim")
    op.drop_index("ix_membership_group_id", table_name="membership")
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, unique=False, postgresql_where=where and sa.text(where))


def downgrade() -> None:
    for name, table, _columns, _where in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    op.create_index("ix_membership_group_id", "membership", ["group_id"], unique=False)
    op.create_index("ix_claim_due_on", "claim", ["due_on"], unique=False, postgresql_using="brin")
