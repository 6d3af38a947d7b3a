"""An invoice credited in part: the amounts first, line by line, then what follows from them, then the press."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.office.amounts import money_words
from admin.office.bill_credit import creditable, credited_invoice, not_creditable
from admin.office.boxes import key_of, seen_of
from admin.office.busy import told_busy
from admin.office.found import invoice_or_stop
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.send_again import on_paper
from dues.invoicing.way import find_way
from dues.overview.invoice_file import Head, Line, claims_of, invoice_lines
from dues.patience import BusyError
from dues.payments.credit_books import LineLeft, left_of_lines
from dues.payments.credit_invoice import credited_before
from dues.payments.credit_limit import How, Wish, offer_credit
from dues.payments.credit_outlook import PartOutlook, outlook_of_part
from dues.payments.errors import MovedError, NothingCreditedError, TooMuchCreditedError
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("bill_part", __name__, url_prefix="/admin/invoices")

Page = str | Response | tuple[str, int]

_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Box:
    """A line of the invoice, what is left of it, and what was written beside it."""

    line: Line
    left: LineLeft
    written: str
    error: str

    @property
    def field(self) -> SimpleNamespace:
        """Return the box as the macros of all faces draw it."""
        name = f"line-{self.left.position}"
        return SimpleNamespace(id=name, name=name, data=self.written, errors=[self.error] if self.error else [])


@dataclass(frozen=True, slots=True)
class Written:
    """The boxes of a form, and what follows from them; None where nothing was asked yet, or something is wrong."""

    boxes: tuple[Box, ...]
    follows: PartOutlook | None
    error: str = ""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong, each with the id of its box."""
        found = [(box.field.id, box.error) for box in self.boxes if box.error]
        return [*found, *([(self.boxes[0].field.id, self.error)] if self.error else [])]


@doors.get("/<uuid:public_id>/credit/part")
@permission(Permission.INVOICES_CREDIT)
def ask(public_id: UUID) -> Page:
    """Ask for the amounts; once the address holds them, show what follows."""
    head = credited_invoice(public_id)
    if not creditable(head):
        return not_creditable(head)
    return _page(head, _written(head, request.args, asked="show" in request.args))


@doors.post("/<uuid:public_id>/credit/part")
@permission(Permission.INVOICES_CREDIT)
def press(public_id: UUID) -> Page:
    """Credit it as it was shown; a second press finds it credited."""
    head = credited_invoice(public_id)
    key = key_of(request.form.get("key", ""))
    if credited_before(session(), key=key) is not None:
        return _done(head, asked=False)
    if not creditable(head):
        return not_creditable(head)
    written = _written(head, request.form, asked=True)
    return _page(head, written) if written.follows is None else _credit(head, written.follows, key)


def _credit(head: Head, follows: PartOutlook, key: UUID) -> Page:
    public_id = head.invoice.uuid
    seen = request.form.get("seen", "")
    try:
        waits = offer_credit(
            session(),
            wish=Wish(head.invoice.id, How.PART, amounts=follows.amounts, key=key),
            on=today(session()),
            by=require().actor,
            proposer=require().id,
            seen=seen_of(seen),
        )
    except NotCreditableError:
        session().rollback()
        return not_creditable(invoice_or_stop(public_id))
    except (MovedError, TooMuchCreditedError, NothingCreditedError):
        session().rollback()
        head = invoice_or_stop(public_id)
        return _page(head, _written(head, request.form, asked=True), moved=True), 409
    except BusyError:
        return told_busy(addresses.invoice(public_id))
    commit(then=house().wake.messages)
    return _done(head, asked=waits is not None)


def _done(head: Head, *, asked: bool) -> Response:
    words = _("Invoice %(number)s is credited in part. The credit note is on its way.")
    if asked:
        words = _("Invoice %(number)s is above the limit of one person. It is credited when a second person agrees.")
    note(gettext(words, number=head.invoice.called), tone="warn" if asked else "good")
    return redirect(addresses.invoice(head.invoice.uuid), code=303)


def _written(head: Head, form: Mapping[str, str], *, asked: bool) -> Written:
    lines = invoice_lines(session(), invoice_id=head.invoice.id)
    left = left_of_lines(session(), invoice_id=head.invoice.id)
    boxes, amounts = [], {}
    for line, rest in zip(lines, left, strict=True):
        if not rest.still:
            continue
        said = form.get(f"line-{rest.position}", "").strip()[:_LONGEST]
        amount, error = _amount(said, rest, head.invoice.currency)
        boxes.append(Box(line, rest, said, error if asked else ""))
        amounts[rest.position] = amount
    if not asked or any(box.error for box in boxes):
        return Written(tuple(boxes), None)
    try:
        return Written(tuple(boxes), outlook_of_part(session(), invoice_id=head.invoice.id, amounts=amounts))
    except NothingCreditedError:
        return Written(tuple(boxes), None, gettext(_("Write how much to credit of at least one line.")))
    except TooMuchCreditedError as error:
        there = money_words(error.left, head.invoice.currency)
        return Written(tuple(boxes), None, gettext(_("Only %(amount)s is left of the invoice."), amount=there))


def _amount(written: str, left: LineLeft, currency: str) -> tuple[int, str]:
    """Read an amount, with or without a minus on a line that took something off; the sentence is what is wrong."""
    plain = written.lstrip("-\N{MINUS SIGN}\N{EN DASH}").strip() if left.still < 0 else written
    try:
        amount = typed_amount(plain, currency)
    except UnreadableAmountError:
        return 0, gettext(_("Write an amount, like 250 or 249,50."))
    if amount > abs(left.still):
        there = money_words(left.still, currency)
        return 0, gettext(_("Only %(amount)s is left of this line."), amount=there)
    return (-amount if left.still < 0 else amount), ""


def _page(head: Head, written: Written, *, moved: bool = False) -> str:
    names = {box.left.position: box.line for box in written.boxes}
    return render_template(
        "admin/invoice/part.html",
        head=head,
        invoice=head.invoice,
        written=written,
        follows=written.follows,
        names=names,
        moved=moved,
        goes=find_way(session(), payer=head.payer, creditor_id=head.invoice.creditor_id),
        on_paper=on_paper(head.invoice),
        key=str(uuid4()),
        seen=sum(claim.open_amount for claim in claims_of(session(), invoice_id=head.invoice.id)),
        above={
            "address": addresses.door("bill_credit.ask", public_id=head.invoice.uuid),
            "words": gettext("Credit invoice %(number)s", number=head.invoice.called),
        },
        money_words=money_words,
        named=named,
    )
