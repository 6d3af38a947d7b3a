"""The pictures of the user guide: which page of the demonstration each shows, how wide, and what of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_OF = "SELECT i.uuid FROM invoice i JOIN claim c ON c.invoice_id = i.id JOIN creditor k ON k.id = i.creditor_id WHERE"
_RUN = "SELECT uuid FROM run WHERE"
_FAULTY = "SELECT f.uuid FROM charge_file f JOIN charge_fault w ON w.run_id = f.run_id"
_WORDS = "SELECT min(id) AS id FROM own_text WHERE occasion = 'renewal'"
_JOIN = "SELECT slug FROM groups WHERE joinable AND country = 'SE' ORDER BY id"
_SWEDEN = "SELECT uuid FROM creditor WHERE country = 'SE'"
_CHOIR = "(SELECT max(id) FROM groups WHERE path ^@ (SELECT path FROM groups WHERE slug = 'sverige'))"
_ADULT = (
    "SELECT p.uuid AS person, m.uuid AS membership FROM membership m JOIN person p ON p.id = m.person_id"
    " JOIN membership_type t ON t.id = m.type_id AND t.slug = 'adult'"
    f" WHERE m.status = 'active' AND m.group_id = {_CHOIR} AND EXISTS (SELECT FROM invoice i WHERE i.payer_id = p.id"
    " AND i.kind = 'credit note') ORDER BY m.id"
)
_CREDITOR = "SELECT uuid FROM creditor WHERE country ="
_SWEDES = "SELECT id FROM creditor WHERE country = 'SE'"
_MISTYPED = "SELECT payment_id AS id FROM match_suggestion WHERE rule = 'digit'"
_OVER_LIMIT = (
    "SELECT r.uuid FROM refund r JOIN approval a ON a.kind = 'refund' AND (a.payload ->> 'refund')::bigint = r.id"
)
_LIST = (
    "SELECT d.payment_id AS id FROM deduction_line d JOIN payment_case c ON c.payment_id = d.payment_id"
    " WHERE c.closed_at IS NULL"
)
_EURO = "SELECT payment_id AS id FROM payment_case WHERE closed_at IS NULL AND reason = 'other currency'"
_STATEMENTS = "SELECT agreement_id AS id FROM bank_section WHERE series = 'MT940'"


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the address of its page, in which the names of what ``find`` returns stand in braces.

    ``part`` is what is pictured of the page, at most ``height`` of it; ``press`` is pressed before.
    """

    name: str
    address: str
    find: str = "SELECT 1"
    width: int = 1280
    height: int = 640
    part: str = "main"
    press: str = ""
    dark: bool = False


SHOTS: Final = (
    Shot("today", "/admin/", height=760, part="body"),
    Shot("person", "/admin/persons/{person}", _ADULT, height=700),
    Shot("price", "/admin/persons/{person}/memberships/{membership}/price", _ADULT),
    Shot("prices", "/admin/setup/prices/"),
    Shot("products", "/admin/setup/products/"),
    Shot("run", "/admin/runs/{uuid}", f"{_RUN} kind = 'invoices' AND state = 'ready'"),
    Shot("run-rows", "/admin/runs/{uuid}/rows", f"{_RUN} kind = 'invoices' AND state = 'ready'", height=520),
    Shot("run-undone", "/admin/runs/{uuid}", f"{_RUN} kind = 'undo'"),
    Shot("invoice-new", "/admin/persons/{person}/invoices/new", _ADULT, height=720),
    Shot("templates", "/admin/templates/"),
    Shot("table", "/admin/charges/{uuid}", _FAULTY),
    Shot(
        "invoice",
        "/admin/invoices/{uuid}",
        f"{_OF} k.currency = 'SEK' AND c.dunning_level = 1 ORDER BY i.id",
        height=720,
    ),
    Shot(
        "credit-part",
        "/admin/invoices/{uuid}/credit/part?show=1&line-1=100",
        f"{_OF} k.currency = 'SEK' AND i.run_id IS NULL AND c.ended IS NULL ORDER BY i.id",
    ),
    Shot("ending", "/admin/persons/{person}/memberships/{membership}/end?on=2026-11-20&how=left", _ADULT),
    Shot("layout", "/admin/setup/layouts/{uuid}/", f"{_CREDITOR} 'NL'", width=1440, height=800),
    Shot("words", "/admin/setup/texts/{id}/", _WORDS, height=760),
    Shot("find", "/admin/invoices/?view=overdue", height=480),
    Shot("bank-files", "/admin/bank-files/", height=520),
    Shot("bank-server", "/admin/bank-servers/{uuid}", "SELECT uuid FROM bank_source", height=560),
    Shot("workbench", "/admin/queue/{id}", _MISTYPED),
    Shot("workbench-dark", "/admin/queue/{id}", _MISTYPED, dark=True),
    Shot("matching", "/admin/setup/matching/{uuid}/", f"{_CREDITOR} 'SE'", height=560),
    Shot("matching-try", "/admin/matching/try?rule=digit&creditor={id}&from=2026-10-01", _SWEDES, height=860),
    Shot("payer-rules", "/admin/queue/rules", height=420),
    Shot("employer-list", "/admin/queue/{id}/list", _LIST, height=900),
    Shot("exchange", "/admin/queue/{id}/exchange?rate=11.452", _EURO),
    Shot("receipt", "/admin/persons/received/{id}", "SELECT id FROM payment WHERE kind = 'cash'", height=560),
    Shot("refunds", "/admin/refunds/"),
    Shot("refund", "/admin/refunds/{uuid}", _OVER_LIMIT, height=700),
    Shot("refund-orders", "/admin/refunds/orders/", height=560),
    Shot("gifts", "/admin/gifts/?creditor={uuid}", f"{_CREDITOR} 'SE'", height=560),
    Shot("returned", "/admin/payments/{id}", "SELECT payment_id AS id FROM payment_return", height=700),
    Shot("reconciliation", "/admin/reconciliation/?account={id}", _STATEMENTS, height=700),
    Shot("bank-account", "/admin/bank-accounts/{id}", _STATEMENTS, height=520),
    Shot("settled", "/admin/settlements/?creditor={uuid}", _SWEDEN, height=520),
    Shot("group", "/group/{slug}/", f"SELECT slug FROM groups WHERE id = {_CHOIR}", width=390, height=760, part="body"),
    Shot("group-members", "/group/{slug}/members/", f"SELECT slug FROM groups WHERE id = {_CHOIR}", height=520),
    Shot("group-send", "/group/{slug}/invoices/new/", f"SELECT slug FROM groups WHERE id = {_CHOIR}", height=640),
    Shot("household", "/join/{slug}", _JOIN, width=390, height=1500, part="body", press="#more"),
)
"""Pages of the desk, of a group's house, and of the public site."""

PAPERS: Final = (
    Shot("paper-own", "/admin/invoices/{uuid}/first-page.png", f"{_OF} k.country = 'NL' ORDER BY i.id OFFSET 1"),
    Shot("paper-swiss", "/admin/invoices/{uuid}/first-page.png", f"{_OF} k.country = 'CH' ORDER BY i.id"),
)
"""Documents, as they are printed."""
