"""What the demonstration's branches charge: three components, three types, prices by age, group and day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from database.base import Names
from dues.demo.branches import Branch
from dues.groups.models import Creditor, Group
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.members.models import MembershipType
from dues.pricing.models import FeeComponent
from dues.pricing.set_up import add_component, add_price, add_type

NATIONAL: Names = {
    "sv": "Riksavgift",
    "nb": "Landskontingent",
    "nl": "Landelijke contributie",
    "de": "Bundesbeitrag",
    "en": "National fee",
}
LOCAL: Names = {
    "sv": "Lokalavgift",
    "nb": "Lokalkontingent",
    "nl": "Afdelingscontributie",
    "de": "Ortsbeitrag",
    "en": "Local fee",
}
MAGAZINE: Names = {
    "sv": "Medlemstidning",
    "nb": "Medlemsblad",
    "nl": "Ledenblad",
    "de": "Mitgliederzeitschrift",
    "en": "Members' magazine",
}
YOUTH: Names = {
    "sv": "Barn och ungdom",
    "nb": "Barn og ungdom",
    "nl": "Jeugdlid",
    "de": "Kinder und Jugend",
    "en": "Child or youth",
}
ADULT: Names = {"sv": "Vuxen", "nb": "Voksen", "nl": "Volwassen lid", "de": "Erwachsene", "en": "Adult"}
SUPPORTER: Names = {
    "sv": "Stödmedlem",
    "nb": "Støttemedlem",
    "nl": "Steunend lid",
    "de": "Fördermitglied",
    "en": "Supporting member",
}

AGES = (((None, 12), 20), ((13, 17), 40), ((18, 25), 60), ((26, 66), 100), ((67, None), 70))
"""The ages of the national fee, and their percentages of a grown-up's; no age is left out."""
RISE = 110
"""Next calendar year's national fee for grown-ups, in per cent of this year's."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What `set_up_fees` made in a branch."""

    youth: MembershipType
    adult: MembershipType
    supporter: MembershipType
    local: FeeComponent


def set_up_fees(session: Session, *, branch: Branch, group: Group, creditor: Creditor, today: dt.date) -> Fees:
    """Set up a branch's components, types, prices, books and bank agreement."""
    national = add_component(session, group=group, slug="national", names=NATIONAL, beneficiary=group)
    local = add_component(session, group=group, slug="local", names=LOCAL)
    magazine = add_component(session, group=group, slug="magazine", names=MAGAZINE, beneficiary=group)
    components = (national, local, magazine)
    set_up_books(session, creditor=creditor, earnings=[Earning(part.id, part.names) for part in components])
    add_bank(session, creditor=creditor, **branch.agreement)
    fees = _types(session, group, components)
    _national_prices(session, branch, creditor.currency, (national, fees.supporter), today)
    for component, percent in ((local, 50), (magazine, 20)):
        add_price(session, component=component, amount=_share(branch, percent), currency=creditor.currency)
    add_price(session, component=local, amount=_share(branch, 25), currency=creditor.currency, ages=(None, 25))
    return fees


def _types(session: Session, group: Group, components: Sequence[FeeComponent]) -> Fees:
    _, local, _ = components
    youth = add_type(session, group=group, slug="youth", names=YOUTH, components=components, max_age=25, position=1)
    adult = add_type(session, group=group, slug="adult", names=ADULT, components=components, min_age=26, position=2)
    supporter = add_type(
        session,
        group=group,
        slug="supporter",
        names=SUPPORTER,
        components=components,
        calendar=True,
        min_age=18,
        position=3,
    )
    return Fees(youth, adult, supporter, local)


def _national_prices(
    session: Session, branch: Branch, currency: str, charged: tuple[FeeComponent, MembershipType], today: dt.date
) -> None:
    national, supporter = charged
    year_end = dt.date(today.year, 12, 31)
    for ages, percent in AGES:
        add_price(session, component=national, amount=_share(branch, percent), currency=currency, ages=ages)
    add_price(
        session,
        component=national,
        amount=_share(branch, RISE),
        currency=currency,
        ages=(26, 66),
        valid=(year_end + dt.timedelta(days=1), None),
    )
    add_price(session, component=national, amount=_share(branch, 150), currency=currency, membership_type=supporter)


def price_locally(session: Session, *, branch: Branch, fees: Fees, group: Group, percent: int) -> None:
    """Give a local group a price of its own for its part of the fee, in per cent of the branch's national fee."""
    currency = branch.creditor["currency"]
    add_price(session, component=fees.local, amount=_share(branch, percent), currency=currency, group=group)


def _share(branch: Branch, percent: int) -> int:
    """Return a percentage of the branch's price in minor units; whole units come out, or halves of them."""
    return branch.price * percent
