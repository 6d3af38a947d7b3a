"""Rows that are written plainly, of things that need no more than being there."""

from typing import Final

TEMPLATE: Final = (
    "INSERT INTO own_template (creditor_id, name, source, digest, actor)"
    " SELECT id, 'own.typ', '#let body(doc) = doc.title', 'x', 'command line' FROM creditor"
)
FUND: Final = (
    "INSERT INTO fund (creditor_id, names, account_id)"
    ' SELECT c.id, \'{"en": "Hall"}\', (SELECT min(a.id) FROM account a WHERE a.creditor_id = c.id) FROM creditor c'
)
REFUND: Final = (
    "INSERT INTO refund (creditor_id, person_id, amount, currency, name, reason, on_date, actor)"
    " SELECT c.id, (SELECT min(i.payer_id) FROM invoice i WHERE i.creditor_id = c.id), 700, c.currency, 'Kim', '',"
    " '2027-01-01', 'command line' FROM creditor c WHERE EXISTS (SELECT FROM invoice i WHERE i.creditor_id = c.id)"
)
SENT_AGAIN: Final = (
    "WITH template AS (INSERT INTO invoice_template (group_id, name, lines) VALUES (:group, 'Spring', '[]')"
    " RETURNING id)"
    " INSERT INTO invoice_series (template_id, sender_id, group_id, every, unit, day, from_on, automatic, next_on)"
    " SELECT id, :group, :group, 1, 'month', 31, '2027-01-01', false, '2027-03-31' FROM template"
)
_ASIDE: Final = (
    "INSERT INTO payment_aside (payment_id, creditor_id, purpose, amount, currency, account_id, reason, on_date,"
    " entry_id, actor)"
    " SELECT k.payment_id, k.creditor_id, 'not ours', 1, a.currency, a.id, 'x', '2027-01-01', 0, 'command line'"
    " FROM (SELECT DISTINCT ON (creditor_id) payment_id, creditor_id FROM payment_case WHERE closed_at IS NULL"
    " ORDER BY creditor_id, payment_id) k"
    " JOIN account a ON a.creditor_id = k.creditor_id AND a.role = 'credit'"
)
_PAYER_RULE: Final = (
    "INSERT INTO payer_rule (creditor_id, words, payment_id, actor)"
    " SELECT creditor_id, 'no such words', min(payment_id), 'command line' FROM payment_case"
    " WHERE closed_at IS NULL GROUP BY creditor_id"
)
CORRECTED: Final = (_ASIDE, _PAYER_RULE)
_OF_GROUP: Final = (
    "SELECT t.id FROM {} t JOIN creditor o ON o.id = t.creditor_id WHERE o.group_id = :group ORDER BY 1 LIMIT 1"
)
OF_CORRECTIONS: Final = {
    name: _OF_GROUP.format(table) for name, table in (("aside", "payment_aside"), ("payer_rule",) * 2)
}
OF_CREDITOR: Final = {
    table: f"SELECT uuid FROM {table} WHERE creditor_id = :creditor" for table in ("own_template", "fund", "refund")
}
"""What rows are called of which each creditor has one."""

SERVERS: Final = (
    "INSERT INTO bank_source (agreement_id, host, port, username, password)"
    " SELECT id, '127.0.0.1', 1, 'us', '\\x00' FROM bank_agreement"
)
"""A bank's server for each account; nobody answers there."""

FILES: Final = {
    # Up to where somebody saw what was done with the payment of the case.
    "moved": (
        "SELECT coalesce((SELECT max(id) FROM allocation a WHERE a.payment_id = k.payment_id), 0)"
        " + coalesce((SELECT max(id) FROM payment_aside a WHERE a.payment_id = k.payment_id), 0)"
        " + coalesce((SELECT max(id) FROM refund_payment r WHERE r.payment_id = k.payment_id), 0)"
        " FROM payment_case k JOIN creditor o ON o.id = k.creditor_id"
        " WHERE o.group_id = :group AND k.closed_at IS NULL ORDER BY k.payment_id LIMIT 1"
    ),
    "file": (
        "SELECT f.uuid FROM bank_file f JOIN bank_section s ON s.file_id = f.id"
        " JOIN bank_agreement b ON b.id = s.agreement_id JOIN creditor c ON c.id = b.creditor_id"
        " WHERE c.group_id = :group"
    ),
    "charge_file": "SELECT uuid FROM charge_file WHERE group_id = :root AND kind = 'charges' ORDER BY id LIMIT 1",
    "taken_in_file": "SELECT uuid FROM charge_file WHERE group_id = :root AND kind = 'take-in' ORDER BY id LIMIT 1",
}
"""What files that came are called."""
