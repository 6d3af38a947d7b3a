"""A choir in Switzerland with books in francs: whoever joins gets an invoice with a QR-bill.

The account number is the example that the IBAN registry publishes.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from dues.demo.fees import ADULT, LOCAL, YOUTH
from dues.demo.paperwork.bank import came, owed
from dues.demo.paperwork.office import Office
from dues.demo.tree import WELCOME
from dues.groups.establish import AgreementTerms, CreditorDetails, add_group, make_creditor
from dues.groups.models import Group, Logo, ReferenceKind
from dues.invoicing.models import Invoice
from dues.journal.chart import Earning, add_bank, set_up_books
from dues.loop.join import Joiner, join_together
from dues.members.models import MembershipType
from dues.members.register import PersonDetails
from dues.pricing.set_up import add_component, add_price, add_type
from dues.runs.drive import drive

NAME: Final = "Demochor Basel"
SLUG: Final = "schweiz-demochor-basel"
CREDITOR: Final[CreditorDetails] = {
    "name": "Kontingent Demo Basel",
    "org_number": "CHE-000.000.000",
    "currency": "CHF",
    "street": "Beispielgasse 1",
    "postcode": "4051",
    "city": "Basel",
    "email": "basel@kontingent.example",
    "sensitive": False,
    "one_invoice": True,
}
ACCOUNT: Final[AgreementTerms] = {
    "scheme": "IBAN",
    "number": "CH93 0076 2011 6238 5295 7",
    "reference_kind": ReferenceKind.RF,
    "reference_length": 12,
}
_TYPES: Final = select(MembershipType.slug, MembershipType.id)
_GROWN: Final = 18
_HOUSEHOLDS: Final = (
    (("Regula", "Zürcher", 44, "Rebgasse 12"), ("Lea", "Zürcher", 15, "Rebgasse 12")),
    (("Beat", "Brunner", 61, "Spalenberg 7"),),
    (("Noémie", "Favre", 29, "Klybeckstrasse 40"),),
    (("Urs", "Gerber", 52, "Steinenvorstadt 3"),),
)


def found(office: Office, *, ago: int) -> None:
    """Open the choir, and let four households join it."""
    on = office.ago(ago)
    with office.desk() as session:
        root = session.scalars(select(Group).where(Group.parent_id.is_(None))).one()
        group = add_group(
            session,
            name=NAME,
            slug=SLUG,
            parent=root,
            language="de",
            country="CH",
            joinable=True,
            colour="#8c2f39",
            welcome={code: words.format(name=NAME) for code, words in WELCOME.items()},
            logo=session.get(Logo, root.logo_id),
        )
        creditor = make_creditor(session, group=group, **CREDITOR)
        part = add_component(session, group=group, slug="local", names=LOCAL)
        set_up_books(session, creditor=creditor, earnings=[Earning(part.id, part.names)])
        add_bank(session, creditor=creditor, **ACCOUNT)
        youth = add_type(session, group=group, slug="youth", names=YOUTH, components=[part], max_age=25, position=1)
        add_type(session, group=group, slug="adult", names=ADULT, components=[part], min_age=26, position=2)
        add_price(session, component=part, amount=12000, currency="CHF")
        add_price(session, component=part, amount=6000, currency="CHF", membership_type=youth)
    for days, household in enumerate(_HOUSEHOLDS):
        _join(office, household, on=on + dt.timedelta(days=days))


def some_pay(office: Office, *, ago: int) -> None:
    """Let all but the last household pay."""
    with office.open_session() as session:
        creditor_id = session.scalars(select(Group.creditor_id).where(Group.slug == SLUG)).one() or 0
    claims = owed(office, Invoice.creditor_id == creditor_id)
    came(office, [claim.paid() for claim in claims[:-1]], creditor_id, ago=ago)


def _join(office: Office, household: Sequence[tuple[str, str, int, str]], *, on: dt.date) -> None:
    people = [_details(given, family, age, street, on) for given, family, age, street in household]
    with office.desk() as session:
        group = session.scalars(select(Group.id).where(Group.slug == SLUG)).one()
        types = dict(session.execute(_TYPES.where(MembershipType.group_id == group)).all())
        joiners = [
            Joiner(types["adult" if age >= _GROWN else "youth"], person)
            for person, (_, _, age, _) in zip(people, household, strict=True)
        ]
        payer = people[0] if len(people) > 1 else None
        run_id = join_together(session, group=SLUG, people=joiners, payer=payer, on=on, by=office.by).run_id
    if run_id is not None:
        drive(office.open_session, run_id)
    office.post(on)


def _details(given: str, family: str, age: int, street: str, on: dt.date) -> PersonDetails:
    return PersonDetails(
        given_name=given,
        family_name=family,
        language="de",
        country="CH",
        birth_date=on.replace(year=on.year - age, month=3, day=14),
        email=f"{given}.{family}@example.org".lower().translate(str.maketrans("üé", "ue")) if age >= _GROWN else "",
        street=street,
        postcode="4051",
        city="Basel",
        consented=True,
    )
