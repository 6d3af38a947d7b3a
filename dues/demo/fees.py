"""What the demonstration's branches charge: components and types, prices by age, group, day and income, a discount."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from database.base import Names
from dues.demo.branches import Branch
from dues.groups.models import Creditor, Group
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.members.models import MembershipType, Proration, Segment
from dues.members.segments import set_up_segment
from dues.pricing.discounts import Discounted, set_discount
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

PROFESSIONAL: Names = {
    "sv": "Yrkesverksam",
    "nb": "Yrkesaktiv",
    "nl": "Beroepslid",
    "de": "Berufstätige",
    "en": "Professional",
}
BY_INCOME: Names = {
    "sv": "Avgift efter inkomst",
    "nb": "Kontingent etter inntekt",
    "nl": "Contributie naar inkomen",
    "de": "Beitrag nach Einkommen",
    "en": "Fee by income",
}
SUBSCRIBER: Names = {
    "sv": "Prenumerant",
    "nb": "Abonnent",
    "nl": "Abonnee",
    "de": "Abonnent",
    "en": "Subscriber",
}
STUDENT: Names = {"sv": "Student", "nb": "Student", "nl": "Student", "de": "Studierende", "en": "Student"}
PENSIONER: Names = {
    "sv": "Pensionär",
    "nb": "Pensjonist",
    "nl": "Gepensioneerde",
    "de": "Rentner",
    "en": "Pensioner",
}
LOYAL = 1500
"""What is taken off for subscribers, in basis points."""
OF_INCOME = 50
"""What professionals pay of what they earn, in basis points."""

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
    professional: MembershipType
    local: FeeComponent
    subscriber: Segment


def set_up_fees(session: Session, *, branch: Branch, group: Group, creditor: Creditor, today: dt.date) -> Fees:
    """Set up a branch's components, types, prices, books and bank agreement."""
    national = add_component(session, group=group, slug="national", names=NATIONAL, beneficiary=group)
    local = add_component(session, group=group, slug="local", names=LOCAL)
    magazine = add_component(session, group=group, slug="magazine", names=MAGAZINE, beneficiary=group)
    income = add_component(session, group=group, slug="income", names=BY_INCOME, beneficiary=group)
    components = (national, local, magazine, income)
    set_up_books(session, creditor=creditor, earnings=[Earning(part.id, part.names) for part in components])
    add_bank(session, creditor=creditor, **branch.agreement)
    fees = _types(session, group, components, _segments(session, group))
    _national_prices(session, branch, creditor.currency, (national, fees.supporter), today)
    for component, percent in ((local, 50), (magazine, 20)):
        add_price(session, component=component, amount=_share(branch, percent), currency=creditor.currency)
    bounds = (OF_INCOME, _share(branch, 100), _share(branch, 400))
    add_price(session, component=income, amount=_share(branch, 150), currency=creditor.currency, of_income=bounds)
    add_price(session, component=local, amount=_share(branch, 25), currency=creditor.currency, ages=(None, 25))
    return fees


def _segments(session: Session, group: Group) -> Segment:
    """Name the branch's segments, and take something off for one of them."""
    subscriber, *_others = (
        set_up_segment(session, group_id=group.id, names=names, slug=slug)
        for slug, names in (("subscriber", SUBSCRIBER), ("student", STUDENT), ("pensioner", PENSIONER))
    )
    discounted = Discounted(group.id, SUBSCRIBER, share=LOYAL, segment_id=subscriber.id, position=1)
    set_discount(session, discounted=discounted)
    return subscriber


def _types(session: Session, group: Group, everything: Sequence[FeeComponent], subscriber: Segment) -> Fees:
    *components, income = everything
    _, local, magazine = components
    youth = add_type(session, group=group, slug="youth", names=YOUTH, components=components, max_age=25, position=1)
    adult = add_type(session, group=group, slug="adult", names=ADULT, components=components, min_age=26, position=2)
    supporter = add_type(
        session,
        group=group,
        slug="supporter",
        names=SUPPORTER,
        components=components,
        calendar=True,
        proration=Proration.MONTH,
        min_age=18,
        position=3,
    )
    professional = add_type(
        session,
        group=group,
        slug="professional",
        names=PROFESSIONAL,
        components=(income, local, magazine),
        min_age=18,
        position=4,
    )
    return Fees(youth, adult, supporter, professional, local, subscriber)


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
