"""Receipts are queued once the whole of a bank file is booked: slices know what they wrote, and that it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run_slice", sa.Column("wrote_from", sa.BigInteger(), nullable=True))
    op.add_column("run_slice", sa.Column("wrote_to", sa.BigInteger(), nullable=True))
    _allow("planned", "claimed", "written", "told")


def downgrade() -> None:
    op.execute("UPDATE run_slice SET state = 'written' WHERE state = 'told'")
    _allow("planned", "claimed", "written")
    op.drop_column("run_slice", "wrote_to")
    op.drop_column("run_slice", "wrote_from")


def _allow(*states: str) -> None:
    op.drop_constraint(op.f("ck_run_slice_state_known"), "run_slice")
    known = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(op.f("ck_run_slice_state_known"), "run_slice", f"state IN ({known})")
