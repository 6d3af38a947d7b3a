"""The columns of a group's lists as they are taken along, in CSV and XLSX alike."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from admin.tables.sheets import Columns
from dues.invoicing.invoice_list import InvoiceRow
from dues.members.models import MembershipStatus
from dues.members.roll import RollRow
from language import decimals, pick
from language import gettext_noop as _
from language import pgettext_noop as _p
from web import states
from web.speech import pgettext

_STATUS: Final[Mapping[MembershipStatus, tuple[str, str]]] = {
    MembershipStatus.APPLIED: _p("membership", "Applied"),
    MembershipStatus.ACTIVE: _p("membership", "Active"),
    MembershipStatus.RESTING: _p("membership", "Resting"),
    MembershipStatus.LEFT: _p("membership", "Left"),
    MembershipStatus.EXCLUDED: _p("membership", "Excluded"),
    MembershipStatus.DECEASED: _p("membership", "Deceased"),
}
ROLL: Final[Columns[RollRow]] = (
    (_("Number"), lambda row, _language: row.person_id),
    (_("First name"), lambda row, _language: row.given_name),
    (_("Family name"), lambda row, _language: row.family_name),
    (_("Birth date"), lambda row, _language: row.birth_date),
    (_("E-mail address"), lambda row, _language: row.email),
    (_("Telephone"), lambda row, _language: row.phone),
    (_("Street and number"), lambda row, _language: row.street),
    (_("Postcode"), lambda row, _language: row.postcode),
    (_("Town or city"), lambda row, _language: row.city),
    (_("Membership"), lambda row, language: pick(row.type_names, language.code)),
    (_("Group"), lambda row, _language: row.group),
    (_("Status"), lambda row, language: language.pgettext(*_STATUS[row.status])),
    (_("Joined"), lambda row, _language: row.joined_on),
    (_("Ended"), lambda row, _language: row.ended_on),
    (_("Paid through"), lambda row, _language: row.paid_through),
)

BILLS: Final[Columns[InvoiceRow]] = (
    (_("Number"), lambda row, _language: row.number),
    (_("Payer"), lambda row, _language: row.payer_name),
    (_("Issued"), lambda row, _language: row.issued_on),
    (_("Due"), lambda row, _language: row.due_on if row.settled else None),
    (_("Amount"), lambda row, _language: _major(row.amount, row.currency)),
    (_("Left to pay"), lambda row, _language: _major(row.open_amount, row.currency) if row.settled else None),
    (_("Currency"), lambda row, _language: row.currency),
    (_("Status"), lambda row, _language: _stands(row)),
)


def file_name(slug: str, on: dt.date, *, what: str = "", kind: str = "csv") -> str:
    """Return what a file is called."""
    return f"{slug}{what}-{on.isoformat()}.{kind}"


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-decimals(currency))


def _stands(row: InvoiceRow) -> str:
    return states.settlement(row.settled).word if row.settled else pgettext("invoice", "Credit note")
