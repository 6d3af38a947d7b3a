"""Rows that are written plainly, of things that need no more than being there."""

from typing import Final

TEMPLATE: Final = (
    "INSERT INTO own_template (creditor_id, name, source, digest, actor)"
    " SELECT id, 'own.typ', '#let body(doc) = doc.title', 'x', 'command line' FROM creditor"
)
SENT_AGAIN: Final = (
    "WITH template AS (INSERT INTO invoice_template (group_id, name, lines) VALUES (:group, 'Spring', '[]')"
    " RETURNING id)"
    " INSERT INTO invoice_series (template_id, sender_id, group_id, every, unit, day, from_on, automatic, next_on)"
    " SELECT id, :group, :group, 1, 'month', 31, '2027-01-01', false, '2027-03-31' FROM template"
)

SERVERS: Final = (
    "INSERT INTO bank_source (agreement_id, host, port, username, password)"
    " SELECT id, '127.0.0.1', 1, 'us', '\\x00' FROM bank_agreement"
)
"""A bank's server for each account; nobody answers there."""
