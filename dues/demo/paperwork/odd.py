"""A day at a Swedish choir's bank on which nearly everything needs somebody, and what was decided of some of it."""

from dataclasses import dataclass
from typing import Final

from bankfiles.types import Reference
from bankfiles.write import Incoming
from dues.demo.paperwork.bank import Owed, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.payments.allocate import allocate
from dues.payments.payer_rules import Ruled, apply_rules, make_rule
from dues.payments.take_back import take_back

TOWN: Final = "Exempelstads kommun"
TICKETS: Final = "Biljettkassan Exempel AB"
QUARTET: Final = "Kvartetten Exempel"
TOWNS_ACCOUNT: Final = "BG 991-2346"
_LESS: Final = 5000
_UNKNOWN: Final = "771100002642"


@dataclass(frozen=True, slots=True)
class Odd:
    """Claims that odd payments are for: one paid by now, one credited, and one whose reference is mistyped."""

    paid: Owed
    credited: Owed
    mistyped: Owed


def payments(odd: Odd) -> list[Incoming]:
    """Return payments that wait for most reasons there are, and some that no member sent."""
    return [
        odd.paid.paid(),
        odd.credited.paid(),
        odd.mistyped.paid(more=-_LESS, reference=odd.mistyped.mistyped),
        Incoming(35_000, bank_reference="5001", references=(Reference(_UNKNOWN),), payer_name="Kim Exempel"),
        Incoming(0, bank_reference="5002", text="Meddelande utan belopp", payer_name="Robin Exempel"),
        Incoming(45_000, bank_reference="5003", text="Julkonserten", payer_name=QUARTET),
        Incoming(240_000, bank_reference="5004", text="Bidrag 2026 B", payer_name=TOWN),
        tickets(118_000, "5005"),
    ]


def tickets(amount: int, number: str) -> Incoming:
    """Return what a shop hands over for tickets, which is no member's."""
    return Incoming(amount, bank_reference=number, text="Konsertbiljetter", payer_name=TICKETS)


def nobodys(office: Office, choir: Choir, *, ago: int) -> None:
    """Make a rule of what the shop pays: it is not ours, now and later."""
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=TICKETS)
        make_rule(session, ruled=Ruled(payment_id, words="konsertbiljetter"), by=office.by)
        apply_rules(session, creditor_id=choir.creditor_id, on=office.ago(ago), by=office.by)


def think_again(office: Office, choir: Choir, claim: Owed, *, ago: int) -> None:
    """Book a payment for somebody whose it is not, and take that back."""
    on = office.ago(ago)
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=QUARTET)
        used = allocate(
            session, payment_id=payment_id, claim_id=claim.claim_id, amount=_LESS, on=on, by=office.by
        ).allocation_id
        take_back(session, allocation_id=used, on=on, by=office.by)
    office.post(on)
