"""Gifts: two funds of a branch, what members gave for them, and a rule that makes gifts of what is paid too much."""

from collections.abc import Sequence
from typing import Final

from bankfiles.write import Incoming
from database.base import Names
from dues.demo.paperwork.bank import waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.groups.models import Overpaid
from dues.members.models import Person
from dues.payments.gifts.funds import add_fund
from dues.payments.gifts.give import give
from dues.payments.keep import keep
from dues.payments.overpaid import set_overpaid

SCHOLARSHIPS: Final[Names] = {
    "sv": "Stipendier för unga röster",
    "nb": "Stipend til unge stemmer",
    "nl": "Beurzen voor jonge stemmen",
    "de": "Stipendien für junge Stimmen",
    "en": "Scholarships for young voices",
}
PIANO: Final[Names] = {
    "sv": "Flygelfonden",
    "nb": "Flygelfondet",
    "nl": "Vleugelfonds",
    "de": "Flügelfonds",
    "en": "The piano fund",
}
_TOLERANCE: Final = 10
"""Cents that are written off."""


def open_both(office: Office, choir: Choir) -> Sequence[int]:
    """Open two funds of the choir's creditor, and return them."""
    with office.desk() as session:
        return [add_fund(session, creditor_id=choir.creditor_id, names=names).id for names in (SCHOLARSHIPS, PIANO)]


def give_what_is_too_much(office: Office, choir: Choir, fund_id: int) -> None:
    """Let what is paid too much be a gift from now on, and write off what differs by some cents."""
    with office.desk() as session:
        set_overpaid(
            session,
            creditor_id=choir.creditor_id,
            overpaid=Overpaid.GIFT,
            fund_id=fund_id,
            tolerance=_TOLERANCE,
        )


def gift(office: Office, choir: Choir, *, of: int, amount: int, text: str) -> Incoming:
    """Return the payment of a gift by one of the adults, by their place among them."""
    return Incoming(amount, bank_reference=f"9{choir.adults[of]:09}", text=text, payer_name=_name(office, choir, of))


def give_it(office: Office, choir: Choir, fund_id: int, *, of: int, amount: int, ago: int) -> None:
    """Book the payment of a gift by one of the adults for a fund."""
    person_id, on = choir.adults[of], office.ago(ago)
    name = _name(office, choir, of)
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=name)
        keep(session, payment_id=payment_id, person_id=person_id, amount=None, on=on, by=office.by)
        give(
            session,
            creditor_id=choir.creditor_id,
            person_id=person_id,
            fund_id=fund_id,
            amount=amount,
            currency="SEK",
            on=on,
            by=office.by,
            payment_id=payment_id,
        )


def _name(office: Office, choir: Choir, of: int) -> str:
    with office.open_session() as session:
        person = session.get_one(Person, choir.adults[of])
        return f"{person.given_name} {person.family_name}".strip()
