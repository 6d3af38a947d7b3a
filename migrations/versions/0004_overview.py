"""Overview: what Today counts and sums, and the keys that people are found by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from database.sql import statements

revision = "0004"
down_revision = "0011"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_membership_applied", "membership", ["joined_on"], "status = 'applied'"),
    ("ix_message_failed", "message", ["id"], "state = 'failed'"),
    ("ix_run_of_day", "run", ["business_day", "id"], "params ->> 'memberships' IS NULL"),
    ("ix_message_in_vain", "message", ["id"], "state IN ('queued', 'sending') AND error IS NOT NULL"),
    ("ix_bank_file_refused", "bank_file", ["id"], "state = 'refused'"),
    ("ix_bank_file_name", "bank_file", ["name", "id"], None),
    ("ix_bank_section_newest", "bank_section", ["agreement_id", "id"], None),
    ("ix_payment_case_waiting", "payment_case", ["payment_id"], "closed_at IS NULL"),
    ("ix_payment_day_booked_on", "payment_day", ["booked_on"], None),
    ("ix_person_name_key", "person", ["name_key", "id"], None),
    ("ix_person_given_key", "person", ["given_key", "id"], None),
    ("ix_person_phone_key", "person", ["phone_key"], "phone_key <> ''"),
    ("ix_person_word_person_id", "person_word", ["person_id"], None),
)


def upgrade() -> None:
    _tables()
    op.drop_index("ix_person_name_key", table_name="person")
    op.execute(statements("migrations/sql/overview.sql"))
    op.execute(
        "ALTER TABLE person"
        ' ADD given_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (given_name_first(name_key, given_name)) STORED,'
        ' ADD phone_key text COLLATE "C" NOT NULL'
        " GENERATED ALWAYS AS (regexp_replace(phone, '[^0-9]', '', 'g')) STORED"
    )
    _fill()
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, unique=False, postgresql_where=where and sa.text(where))


def _tables() -> None:
    op.create_table(
        "open_claims",
        *_sums(),
        sa.PrimaryKeyConstraint(
            "creditor_id", "currency", "due_on", "level", "reminded_on", name=op.f("pk_open_claims")
        ),
    )
    op.create_table(
        "open_claims_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_claims_change")),
    )
    op.create_table(
        "payment_day",
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "creditor_id", "currency", "booked_on", name=op.f("pk_payment_day")),
    )
    op.create_table(
        "person_word",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "person_id", name=op.f("pk_person_word")),
    )


def _sums() -> list[sa.Column[Any]]:
    return [
        sa.Column("creditor_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
    ]


def _fill() -> None:
    """Bring what stands already: each in one statement."""
    op.execute(
        "INSERT INTO open_claims (creditor_id, currency, due_on, level, reminded_on, claims, amount)"
        " SELECT creditor_id, currency, due_on, dunning_level, coalesce(dunned_on, '-infinity'), count(*),"
        " sum(open_amount) FROM claim WHERE open_amount > 0"
        " GROUP BY creditor_id, currency, due_on, dunning_level, dunned_on"
    )
    op.execute(
        "INSERT INTO payment_day (file_id, creditor_id, currency, booked_on, payments, received)"
        " SELECT file_id, creditor_id, currency, booked_on, count(*), sum(amount) FROM payment WHERE amount > 0"
        " GROUP BY file_id, creditor_id, currency, booked_on"
    )
    op.execute(
        "INSERT INTO person_word (word, person_id)"
        " SELECT word, person.id FROM person CROSS JOIN LATERAL words_within(name_key, given_key) word"
        " WHERE name_key LIKE '% % %' OR name_key LIKE '%-%'"
    )


def downgrade() -> None:
    raise NotImplementedError("What was kept for Today is made anew from the rows; there is no way back here.")
