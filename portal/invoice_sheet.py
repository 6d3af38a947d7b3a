"""What an invoice's page says to whoever has opened it: how it stands, how to pay, what happens next by itself."""

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from documents import (
    InvoiceDocument,
    Kind,
    PaymentDetails,
    picture,
    words,
    written_account,
    written_reference,
)
from dues.invoicing.document import Issued
from dues.invoicing.invite import Offer, offer_of
from dues.invoicing.models import ClaimEnd
from dues.invoicing.slips import beside
from dues.invoicing.standing import Owed, Settlement, settlement
from dues.overview.next_step import Step, Why, first_of
from dues.overview.steps import ahead, invoice_steps
from dues.payments.queries import Arrived, arrived
from web import states
from web.speech import gettext, named, pgettext, reader
from web.states import State

_PNG: Final = "data:image/png;base64,"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a payer types in elsewhere: ``copied`` is what a press copies, ``large`` what matters most."""

    label: str
    words: str
    copied: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class PartFact:
    """One of the instalments: by when, what to quote, what it asks for in minor units, and how it stands."""

    position: int
    due_on: dt.date
    reference: str
    amount: int
    state: State


@dataclass(frozen=True, slots=True)
class Sheet:
    """An invoice or a credit note as its page tells it; amounts in minor units of the document's currency.

    ``asked`` says by when, ``next`` what happens by itself. ``code`` is a QR code as an address of its own data,
    ``scan`` what to scan it with; both are empty where the country has none, or nothing is to be paid. Where it is paid
    in ``parts``, the next of them is what is asked for, and ``whole`` says how to pay all of them at once. ``gift``
    invites to pay more, where it does, and ``offer`` is what the payer may give for.
    """

    invoice: Issued
    document: InvoiceDocument
    state: State
    asked: str
    amount: int
    next: str
    arrived: tuple[Arrived, ...]
    how: tuple[Fact, ...]
    code: str
    scan: str
    parts: tuple[PartFact, ...] = ()
    whole: str = ""
    gift: str = ""
    offer: Offer | None = None

    @property
    def credit_note(self) -> bool:
        """Whether it takes an invoice back."""
        return self.document.kind is Kind.CREDIT_NOTE

    @property
    def recipient(self) -> str:
        """Whom it is addressed to now: after the payer's death that is the estate."""
        return self.invoice.as_it_stands.recipient.name

    @property
    def struck(self) -> bool:
        """Whether the whole amount was taken back."""
        return self.invoice.ended is ClaimEnd.CREDITED

    @property
    def settled(self) -> int:
        """What is settled of the whole."""
        if self.credit_note:
            return 0
        return self.document.total - self.invoice.credited_amount - self.invoice.open_amount


def sheet(session: Session, found: Issued, *, on: dt.date) -> Sheet:
    """Put an invoice's page together, as it stands on a day."""
    as_it_stands, offer = _inviting(session, found)
    open_amount = found.open_amount
    everything = [found.invoice_id, *beside(session, invoices=[found.invoice_id]).get(found.invoice_id, ())]
    came_for = (one for id_ in everything for one in arrived(session, invoice_id=id_))
    came = tuple(sorted(came_for, key=lambda one: one.on))
    code = picture(as_it_stands) if open_amount else None
    at = ahead(session, today=on)
    step = first_of(invoice_steps(session, invoice_id=found.invoice_id, at=at)) if open_amount else None
    return Sheet(
        invoice=found,
        document=found.document,
        state=standing(found, on=on),
        asked=_asked(found, came, on=on),
        amount=as_it_stands.asked if open_amount else found.document.total,
        next=_next(found, step),
        arrived=came,
        how=_how(as_it_stands.asking, as_it_stands) if open_amount else (),
        code=_PNG + base64.b64encode(code).decode() if code else "",
        scan=words.scan_label(found.document.currency, reader()) if code else "",
        parts=_parts(found, on=on),
        whole=_whole(as_it_stands),
        gift=words.invitation(as_it_stands, reader()),
        offer=offer,
    )


def _inviting(session: Session, found: Issued) -> tuple[InvoiceDocument, Offer | None]:
    """Return the document as it stands, which invites to give for what the payer means now, and what else they may."""
    document = found.as_it_stands
    offer = offer_of(session, invoice_id=found.invoice_id) if document.invites else None
    return replace(document, fund=named(offer.fund.names) if offer else ""), offer


def _parts(found: Issued, *, on: dt.date) -> tuple[PartFact, ...]:
    payment = found.document.payment
    if payment is None:
        return ()
    return tuple(
        PartFact(
            one.position,
            one.due_on,
            written_reference(one.reference, payment.reference_kind),
            one.amount - one.credited_amount,
            states.settlement(
                settlement(Owed(one.amount - one.credited_amount, one.open_amount, one.due_on, one.ended), on=on)
            ),
        )
        for one in found.parts
    )


def _whole(document: InvoiceDocument) -> str:
    """Say how to pay all instalments at once, where more than one is open."""
    payment = document.payment
    if payment is None or sum(one.open_amount > 0 for one in document.instalments) <= 1:
        return ""
    return gettext(
        "To pay all at once, pay %(amount)s and quote %(reference)s.",
        amount=reader().money(document.open_amount, document.currency),
        reference=written_reference(payment.reference, payment.reference_kind),
    )


def standing(found: Issued, *, on: dt.date) -> State:
    """Return how an invoice stands on a day, as a member needs to know it."""
    due = found.as_it_stands.asked_by
    if due is None or found.ended not in (None, ClaimEnd.PAID, ClaimEnd.CREDITED):
        return State("settlement", pgettext("invoice", "Closed"), "quiet", "page")
    return states.settlement(_settlement(found, due, on=on))


def _settlement(found: Issued, due: dt.date, *, on: dt.date) -> Settlement:
    owed_of_all = found.document.total - found.credited_amount
    owed = Owed(amount=owed_of_all, open_amount=found.open_amount, due_on=due, ended=found.ended)
    return settlement(owed, on=on)


def _asked(found: Issued, came: Sequence[Arrived], *, on: dt.date) -> str:
    """Say what the large amount below is."""
    due = found.as_it_stands.asked_by
    if due is None:
        return gettext("Credited amount")
    day = reader().long_date(due)
    match _settlement(found, due, on=on):
        case Settlement.OPEN:
            return gettext("To pay by %(day)s", day=day)
        case Settlement.PART_PAID:
            return gettext("Still to pay by %(day)s", day=day)
        case Settlement.OVERDUE:
            return gettext("Was to be paid by %(day)s", day=day)
        case Settlement.PAID | Settlement.PAID_TOO_MUCH:
            last = reader().long_date(came[-1].on) if came else ""
            return gettext("Paid in full on %(day)s", day=last) if last else gettext("Paid in full")
        case _:
            return gettext("Nothing to pay")


def _next(found: Issued, step: Step | None) -> str:
    """Say what happens next by itself."""
    if step is None:
        return _after_the_end(found)
    if step.held_until is not None:
        day = reader().long_date(step.held_until)
        return gettext("It is on hold: no reminder is sent before %(day)s is over.", day=day)
    if step.on is not None:
        return gettext("If it has not arrived by %(day)s, a reminder is sent.", day=reader().long_date(step.on))
    if step.why is Why.NO_MORE_REMINDERS:
        return gettext("No further reminder is sent by itself. Whoever cannot pay now writes to us, and we find a way.")
    return gettext("Nothing is sent by itself. A receipt comes by e-mail when it is paid.")


def _after_the_end(found: Issued) -> str:
    if found.document.kind is Kind.CREDIT_NOTE:
        return ""
    if found.ended is ClaimEnd.PAID:
        return gettext("There is nothing more to do.")
    if found.ended is ClaimEnd.CREDITED:
        return gettext("This invoice was taken back. There is nothing to do.")
    return gettext("It is closed. There is nothing to do.")


def _how(payment: PaymentDetails | None, document: InvoiceDocument) -> tuple[Fact, ...]:
    """Return what a payer types in: the amount, where it goes, and what to quote."""
    if payment is None:
        return ()
    speaks = reader()
    reference = written_reference(payment.reference, payment.reference_kind)
    amount = speaks.amount(document.asked, document.currency)
    facts = [
        Fact(words.reference_label(payment.reference_kind, speaks), reference, payment.reference, large=True),
        Fact(gettext("Amount"), speaks.money(document.asked, document.currency), "".join(amount.split())),
        Fact(
            words.account_label(payment.account_kind, speaks),
            written_account(payment.account, payment.account_kind),
            payment.account,
        ),
    ]
    if payment.bic:
        facts.append(Fact(gettext("BIC"), payment.bic, payment.bic))
    if payment.swish:
        facts.append(Fact(gettext("Swish"), payment.swish, payment.swish))
    payee = payment.payee or document.sender.name
    return (*facts, Fact(gettext("Payee"), payee, payee))
