"""Bank files say of which kind their refusal is."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0040"
branch_labels = None
depends_on = None

_REFUSALS = ("test", "strange", "foreign", "damaged", "contradicts", "large")


def upgrade() -> None:
    _refusals()


def _refusals() -> None:
    op.add_column("bank_file", sa.Column("refusal", sa.String(length=20), nullable=True))
    words = ", ".join(repr(word) for word in _REFUSALS)
    op.create_check_constraint(op.f("ck_bank_file_refusal_known"), "bank_file", f"refusal IN ({words})")


def downgrade() -> None:
    raise NotImplementedError("What was kept of statements, sources and warnings would be lost.")
