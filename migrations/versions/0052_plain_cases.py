"""Payments that wait are found by names without their accents, too."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

# What the bank says of a payment, folded as `dues.folding` folds and, where it has letters that some keyboards lack,
# once more as people write them who miss these; see `dues.folding.plainly`.
_SEARCH_KEY = r"""
CREATE OR REPLACE FUNCTION case_search_key(payer_name text, reference text, payer_account text, message text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE
            WHEN octet_length(said.key) = length(said.key) THEN said.key
            ELSE concat_ws(' ', said.key, without_accents(said.key, false), without_accents(said.key, true))
        END
        FROM (
            SELECT left(btrim(regexp_replace(
                lower(normalize(concat_ws(
                    ' ', nullif(payer_name, ''), reference, payer_account, nullif(message, '')
                ), NFC)),
                '\s+', ' ', 'g')), 2000)
        ) AS said (key);
    END
"""

_BEFORE = r"""
CREATE OR REPLACE FUNCTION case_search_key(payer_name text, reference text, payer_account text, message text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(btrim(regexp_replace(
        lower(normalize(concat_ws(' ', nullif(payer_name, ''), reference, payer_account, nullif(message, '')), NFC)),
        '\s+', ' ', 'g')), 2000)
"""

_MADE_ANEW = """
UPDATE payment_case c
SET search_key = case_search_key(p.payer_name, p.reference, p.payer_account, p.message)
FROM payment p
WHERE p.id = c.payment_id AND c.closed_at IS NULL AND octet_length(c.search_key) > 0
"""


def upgrade() -> None:
    op.execute(_SEARCH_KEY)
    op.execute(_MADE_ANEW)


def downgrade() -> None:
    op.execute(_BEFORE)
    op.execute(_MADE_ANEW)
