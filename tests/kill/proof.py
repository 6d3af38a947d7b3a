"""What must hold in the books after whatever has died: everything is there once, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from dues.journal.verify import verify

if TYPE_CHECKING:
    from database.connect import OpenSession

INVOICING: Final = {
    "a membership is invoiced twice": """
        SELECT count(*) FROM (SELECT membership_id FROM invoice_line GROUP BY membership_id
                              HAVING count(DISTINCT invoice_id) > 1) twice""",
    "a fee period is charged twice or not invoiced": """
        SELECT count(*) FROM (SELECT membership_id, component_id, from_on FROM fee_period WHERE run_id IS NOT NULL) f
        FULL JOIN (SELECT membership_id, component_id, period_from AS from_on FROM invoice_line) l
            USING (membership_id, component_id, from_on)
        WHERE f IS NULL OR l IS NULL""",
    "an invoice has not one claim, one reference and one message": """
        SELECT count(*) FROM invoice i
        WHERE (SELECT count(*) FROM claim c WHERE c.invoice_id = i.id) <> 1
            OR (SELECT count(*) FROM payment_reference r JOIN claim c ON c.id = r.claim_id
                WHERE c.invoice_id = i.id) <> 1
            OR (SELECT count(*) FROM message m WHERE m.kind = 'invoice' AND m.subject_id = i.id) <> 1""",
    "a claim is not posted once for each line": """
        SELECT count(*) FROM claim c
        WHERE (SELECT count(*) FROM posting p WHERE p.claim_id = c.id AND p.payment_id IS NULL)
            <> (SELECT count(*) FROM invoice_line l WHERE l.invoice_id = c.invoice_id)""",
    "a number is missing or void": """
        SELECT (SELECT count(*) FROM number_void) + (
            SELECT count(*) FROM (SELECT creditor_id FROM invoice GROUP BY creditor_id
                                  HAVING min(number) <> 1 OR max(number) <> count(*)
                                      OR count(DISTINCT number) <> count(*)) gap)""",
    "a voucher's number is missing": """
        SELECT count(*) FROM (SELECT creditor_id FROM entry GROUP BY creditor_id
                              HAVING min(number) <> 1 OR max(number) <> count(*)) gap""",
    "a row could not be worked on": "SELECT count(*) FROM run_error",
}
"""Statements that count what is wrong after invoice runs."""

BOOKING: Final = {
    "a claim is not paid": "SELECT count(*) FROM claim WHERE open_amount <> 0 OR ended IS DISTINCT FROM 'paid'",
    "a payment is not allocated once and in full": """
        SELECT count(*) FROM payment p
        WHERE (SELECT count(*) FROM allocation a WHERE a.payment_id = p.id AND a.amount = p.amount) <> 1""",
    "a payment is not posted once": """
        SELECT count(*) FROM payment p WHERE (SELECT count(*) FROM posting o WHERE o.payment_id = p.id) <> 1""",
    "a payment has not one receipt, or one without an address to send it to": """
        SELECT count(*) FROM allocation a JOIN claim c ON c.id = a.claim_id JOIN person p ON p.id = c.debtor_id
        WHERE (SELECT count(*) FROM message m WHERE m.kind = 'receipt' AND m.subject_id = a.id)
            <> (p.email <> '')::integer""",
    "a payment waits for a decision": "SELECT count(*) FROM payment_case",
}
"""Statements that count what is wrong after bank files in which every claim was paid."""


def wrong(open_session: OpenSession, statements: dict[str, str]) -> dict[str, int]:
    """What is wrong, by name, with how often; the books' own proof is a part of it."""
    with open_session() as session:
        found = {name: session.scalar(text(statement)) or 0 for name, statement in statements.items()}
    with open_session() as session:
        found |= verify(session).checks
    return {name: count for name, count in found.items() if count}


def count(open_session: OpenSession, table: str) -> int:
    """The number of rows in a table."""
    with open_session() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
