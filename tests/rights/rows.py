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
OF_CREDITOR: Final = {
    table: f"SELECT uuid FROM {table} WHERE creditor_id = :creditor" for table in ("own_template", "fund", "refund")
}
"""What rows are called of which each creditor has one."""
