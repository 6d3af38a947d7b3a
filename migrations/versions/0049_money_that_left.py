"""Money that left and is no member's leaves the queue, too: what was set aside may be below zero."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_payment_aside_amount_positive"), "payment_aside")
    op.create_check_constraint(op.f("ck_payment_aside_amount_something"), "payment_aside", "amount <> 0")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_payment_aside_amount_something"), "payment_aside")
    op.create_check_constraint(op.f("ck_payment_aside_amount_positive"), "payment_aside", "amount > 0")
