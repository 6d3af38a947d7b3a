"""The page of an invoice or a credit note: how it stands, what happens next, lines, money, books, and what happened."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request

from admin import addresses
from admin.office.actors import Actors
from admin.office.bill_credit import may_credit
from admin.office.bill_parts import part_rows
from admin.office.bill_repeat import may_repeat
from admin.office.bill_states import facts, settled, strip
from admin.office.changes import card
from admin.office.found import invoice_or_stop
from admin.office.past import past, themes_shown
from admin.office.steps import Said, said
from admin.office.tongues import tongue_alone
from admin.setup.products import vat_words
from documents import InvoiceDocument, preview, render
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.collection.document import reminder_documents
from dues.dates import today
from dues.invoicing.elsewhere import elsewhere_of, has_pdf
from dues.invoicing.models import Claim
from dues.invoicing.send_again import unsendable
from dues.invoicing.slip_document import documents_on_slips
from dues.invoicing.standing import Settlement
from dues.members.estate import debtor_name
from dues.overview.invoice_file import (
    Head,
    claims_of,
    delivery_of,
    find_reminder,
    invoice_lines,
    references_of,
    reminders_of,
)
from dues.overview.money_file import postings_of_claims, uses_of_claims
from dues.overview.next_step import Step, What, Why, first_of
from dues.overview.steps import ahead, invoice_steps
from dues.overview.timeline import Subject, Theme
from dues.payments.credit_books import paid_of
from web import states
from web.foreign import foreign_pdf
from web.house import session
from web.speech import named, reader

doors = Blueprint("bill", __name__, url_prefix="/admin/invoices")

_SMALL = 2**15
_THEMES = (Theme.INVOICES, Theme.MONEY, Theme.REMINDERS, Theme.MESSAGES)


@doors.get("/<uuid:public_id>")
@permission(Permission.INVOICES_READ)
def page(public_id: UUID) -> str:
    """Show the page."""
    head = invoice_or_stop(public_id)
    on = today(session())
    claims = claims_of(session(), invoice_id=head.invoice.id)
    ids = [claim.id for claim in claims]
    steps = invoice_steps(session(), invoice_id=head.invoice.id, at=ahead(session(), today=on))
    uses = uses_of_claims(session(), claims=ids)
    elsewhere = elsewhere_of(session(), invoice_id=head.invoice.id) if head.invoice.printed else None
    lines = invoice_lines(session(), invoice_id=head.invoice.id)
    return render_template(
        "admin/invoice/page.html",
        head=head,
        invoice=head.invoice,
        facts=facts(head, claims, uses),
        claims=claims,
        pays=next((f"claim-{claim.id}" for claim in claims if claim.ended is None), None),
        references=[elsewhere.reference] if elsewhere else references_of(session(), claims=ids),
        next_due=min((claim.due_on for claim in claims if claim.ended is None), default=head.invoice.due_on),
        parts=part_rows(head, on=on) if len(claims) > 1 else (),
        divisible=_divisible(head, claims),
        strip=strip(head, claims, on=on),
        next_step=_next(head, steps),
        lines=lines,
        repeats=may_repeat(head) and any(line.quantity is not None for line in lines),
        uses=uses,
        postings=postings_of_claims(session(), claims=ids),
        reminders=reminders_of(session(), claims=ids),
        debtor=debtor_name(head.payer, reader()),
        unsendable=unsendable(session(), invoice_id=head.invoice.id),
        elsewhere=elsewhere,
        pdf=elsewhere is None or has_pdf(session(), invoice_id=head.invoice.id),
        held=any(claim.held_until is not None and claim.held_until >= on for claim in claims if claim.ended is None),
        creditable=bool(claims) and settled(claims, on=on) not in (Settlement.CREDITED, Settlement.WRITTEN_OFF),
        may_credit=may_credit(head),
        spoken=tongue_alone(head.invoice.language),
        past=past(
            Subject(invoice_id=head.invoice.id),
            steps=steps,
            themes=[one for one in _THEMES if one in themes_shown()],
            here=head.invoice.uuid,
        ),
        changes=card(("invoice", head.invoice.id)),
        actors=Actors.of(session(), (use.actor for use in uses)),
        on=on,
        addresses=addresses,
        vat_words=vat_words,
        delivery=lambda state: states.delivery(delivery_of(state)),
        named=named,
    )


def _next(head: Head, steps: Sequence[Step]) -> Said:
    """What happens next to it, and where a reminder to come can be put off."""
    step = first_of(steps) or Step(What.NOTHING, why=Why.CREDIT_NOTE)
    put_off = step.what is What.REMINDER and addresses.may(Permission.CLAIMS_HOLD)
    return said(step, change=addresses.door("bill_hold.ask", public_id=head.invoice.uuid) if put_off else "")


def _divisible(head: Head, claims: Sequence[Claim]) -> bool:
    """Whether it can be paid in parts instead: something is open, no money has come, and whoever looks may."""
    still_open = any(claim.ended is None for claim in claims)
    return still_open and not paid_of(claims) and addresses.has_door("bill_instalments.ask") and may_credit(head)


@doors.get("/<uuid:public_id>/invoice.pdf")
@permission(Permission.INVOICES_READ)
def pdf(public_id: UUID) -> Response:
    """Send the document as it was issued; with ``download`` to be kept. Of another system's invoice it is its own."""
    head = invoice_or_stop(public_id)
    if head.invoice.printed is not None:
        return foreign_pdf(session(), head.invoice)
    return _pdf(_document(head), kept="download" in request.args)


@doors.get("/<uuid:public_id>/first-page.png")
@permission(Permission.INVOICES_READ)
def first_page(public_id: UUID) -> Response:
    """Send a picture of its first page; there is none of a document that another system made."""
    head = invoice_or_stop(public_id)
    if head.invoice.printed is not None:
        abort(404)
    return Response(preview(_document(head), ppi=110)[0], mimetype="image/png")


@doors.get("/<uuid:public_id>/reminder-<int:level>.pdf")
@permission(Permission.INVOICES_READ)
def reminder_pdf(public_id: UUID, level: int) -> Response:
    """Send one of its reminders as it was issued; ``part`` says of which instalment, where there are several."""
    head = invoice_or_stop(public_id)
    part = request.args.get("part", 1, type=int)
    known = level < _SMALL and 0 < part < _SMALL
    found = find_reminder(session(), invoice_id=head.invoice.id, level=level, part=part) if known else None
    return abort(404) if found is None else _pdf(reminder_documents(session(), reminders=[found])[found])


def _document(head: Head) -> InvoiceDocument:
    return documents_on_slips(session(), invoices=[head.invoice.id])[head.invoice.id]


def _pdf(document: InvoiceDocument, *, kept: bool = False) -> Response:
    answer = Response(render(document), mimetype="application/pdf")
    how = "attachment" if kept else "inline"
    answer.headers.set("Content-Disposition", how, filename=f"{document.number}.pdf")
    return answer
