"""A camp for the young: a template, sent to many as one run, paid by most of them, and reminded of."""

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select

from bankfiles.write import Incoming
from dues.collection import remind
from dues.collection.hold import hold_invoice
from dues.collection.models import HoldReason
from dues.demo.paperwork.bank import Owed, came, owed
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.lines import COURSE, Own, library, lines
from dues.demo.paperwork.office import Office
from dues.groups.models import Group
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import start_bulk
from dues.invoicing.models import Claim, Invoice
from dues.invoicing.templates import save_template
from dues.payments.allocate import allocate
from dues.payments.models import CaseReason, PaymentCase

NAME: Final = "Körläger"
BUS: Final = Own("Buss tur och retur", 40)
A_LITTLE: Final = 5000
_ODD: Final[Sequence[Callable[[Owed], Incoming]]] = (
    lambda claim: claim.paid(reference=claim.mistyped),
    lambda claim: claim.paid(more=A_LITTLE),
    lambda claim: claim.paid(more=-2 * A_LITTLE),
    lambda claim: claim.paid(reference="", text="körläger"),
)
"""How one pays so that somebody has to look."""


def invite(office: Office, choir: Choir, *, ago: int) -> int:
    """Keep what the camp costs as a template, send it to all who are young, and return the run."""
    on = office.ago(ago)
    with office.desk() as session:
        wanted = lines(session, choir, [(COURSE, 1), (BUS, 1)])
        group = session.get_one(Group, choir.group_id)
        prices, language = library(session, choir), choir.language
        template = save_template(session, group=group, name=NAME, lines=wanted, prices=prices, language=language)
        session.expunge(template)
    audience = Audience(group_id=choir.group_id, type_id=choir.youth_type)
    run_id = office.run(lambda session: start_bulk(session, template=template, audience=audience, on=on, by=office.by))
    office.post(on)
    return run_id


def most_pay(office: Office, choir: Choir, run_id: int, *, ago: int) -> None:
    """Let half of them pay as they should, four in ways that need somebody, and the others not at all."""
    claims = owed(office, Invoice.run_id == run_id)
    half = len(claims) // 2
    payments = [claim.paid() for claim in claims[:half]]
    payments += [pay(claim) for pay, claim in zip(_ODD, claims[half:-2], strict=False)]
    came(office, payments, choir.creditor_id, ago=ago)


def decide(office: Office, choir: Choir, *, ago: int) -> None:
    """Book what was too much: the rest becomes credit. The others wait for whoever opens the workbench."""
    too_much = (PaymentCase.creditor_id == choir.creditor_id) & (PaymentCase.reason == CaseReason.TOO_MUCH)
    wanted = select(PaymentCase.payment_id, Claim.id).join(Claim, Claim.id == PaymentCase.claim_id).where(too_much)
    with office.desk() as session:
        for payment_id, claim_id in session.execute(wanted.order_by(PaymentCase.payment_id)).all():
            allocate(session, payment_id=payment_id, claim_id=claim_id, amount=None, on=office.ago(ago), by=office.by)


def somebody_complains(office: Office, run_id: int, *, ago: int) -> None:
    """Hold what one of them does not want to pay, until it is cleared up."""
    claims = owed(office, Invoice.run_id == run_id)
    with office.desk() as session:
        for claim in claims[-1:]:
            hold_invoice(
                session,
                invoice_id=claim.invoice_id,
                reason=HoldReason.COMPLAINT,
                until=office.ago(-20),
                note="Ill in the week of the camp; asks whether it has to be paid all the same.",
                on=office.ago(ago),
                by=office.by,
            )


def remind_all(office: Office, *, ago: int) -> None:
    """Remind everybody who is late."""
    on = office.ago(ago)
    office.run(lambda session: remind.start_reminders(session, on=on, by=office.by))
    office.post(on)
