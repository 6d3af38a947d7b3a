"""What stands behind links when the public screens are looked at: an invoice in each of its states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import select, update

from database.connect import Role
from dues.actor import COMMAND_LINE, VISITOR
from dues.dates import set_clock
from dues.groups.models import BankAgreement, Creditor, Group, Overpaid
from dues.invoicing.access import create_links, derive_code, token_hash
from dues.invoicing.instalments import Plan
from dues.invoicing.models import AccessLink, Claim, Invoice, PaymentReference
from dues.loop.join import join
from dues.members.register import PersonDetails
from dues.payments.allocate import allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.gifts.funds import add_fund
from dues.payments.models import PaymentCase
from dues.payments.overpaid import set_overpaid
from dues.payments.reissue import Anew, reissue
from tests.factories.money import banked, camt, paid
from tests.factories.runs import finished, reminded
from tests.portal.town import TODAY, Town, build_town
from tests.screens.still import stand_still

if TYPE_CHECKING:
    from database.connect import Database, OpenSession

EARLIER: Final = TODAY - dt.timedelta(days=50)
SECRET: Final = "a key of the tests that derives the codes of links"
ADDRESS: Final = "alva@example.org"


@dataclass(frozen=True)
class PublicScene:
    """A town, and the tokens of links by what they lead to."""

    town: Town
    links: dict[str, str]

    def code(self, token: str) -> str:
        """Read the code as the mail would say it."""
        with self.town.database.opener(Role.JOBS)() as session:
            link = session.get_one(AccessLink, token_hash(token))
            assert link.code_sent_at is not None
            return derive_code(link.token_hash, link.code_sent_at, SECRET)


def set_public_scene(database: Database, *, country: str = "SE", colour: str = "#f5c400") -> PublicScene:
    """Build it: some joined fifty days ago, some today; money came for two of them, one was credited."""
    town = build_town(database, country=country, sensitive=country == "NL")
    open_session = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Group).where(Group.slug == town.slug).values(colour=colour))
        session.execute(update(Creditor).values(phone="+46 8 123 456 00"))
    late, settled, taken_back = (_joined(town, name, on=EARLIER) for name in ("Late", "Paid", "Credited"))
    open_now, part = (_joined(town, name, on=TODAY) for name in ("Open", "Part"))
    _pay(open_session, settled, amount=50000)
    _pay(open_session, part, amount=15000)
    with database.unit_of_work(Role.JOBS) as session:
        case = session.scalars(select(PaymentCase).where(PaymentCase.closed_at.is_(None))).one()
        allocate(
            session,
            payment_id=case.payment_id,
            claim_id=_claim(open_session, part)[0],
            amount=None,
            on=TODAY,
            by=COMMAND_LINE,
        )
        note = credit_invoice(session, invoice_id=taken_back, on=TODAY, by=COMMAND_LINE)
    reminded(open_session, on=TODAY)
    stand_still(database)
    shown = {"open": open_now, "part": part, "late": late, "paid": settled, "credited": taken_back, "note": note}
    shown |= {"parts": _in_parts(town), "inviting": _inviting(town)}
    return PublicScene(town, _links(town, shown))


def _in_parts(town: Town) -> int:
    """Let a parent pay in three instalments, and return the id of the invoice that says so."""
    whole = _joined(town, "Parts", on=TODAY)
    plan = Plan(3, TODAY + dt.timedelta(days=30))
    with town.database.unit_of_work(Role.JOBS) as session:
        return reissue(session, anew=Anew(whole, plan.first_on, uuid4(), plan), on=TODAY, by=COMMAND_LINE).id


def _inviting(town: Town) -> int:
    """Let the invoice of somebody who joins invite to pay more, and return its id."""
    with town.database.unit_of_work(Role.JOBS) as session:
        names = ({"en": "the choir's new organ", "sv": "körens nya orgel"}, {"en": "young singers"})
        funds = [add_fund(session, creditor_id=town.creditor, names=one).id for one in names]
        rule = {"creditor_id": town.creditor, "overpaid": Overpaid.ASK, "fund_id": funds[0], "tolerance": 0}
        set_overpaid(session, invites=True, **rule)  # type: ignore[arg-type]  # one rule, set twice
    invoice = _joined(town, "Inviting", on=TODAY)
    with town.database.unit_of_work(Role.JOBS) as session:
        set_overpaid(session, **rule)  # type: ignore[arg-type]
    return invoice


def _joined(town: Town, name: str, *, on: dt.date) -> int:
    """Let a parent's child join on a day, and return the id of the invoice."""
    details = PersonDetails(
        given_name="Alva",
        family_name=f"Lindqvist-{name}",
        language="en",
        country="SE",
        birth_date=dt.date(1980, 5, 17),
        email=ADDRESS,
        street="Ekvägen 1",
        postcode="753 20",
        city="Uppsala",
    )
    with town.database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=on, real=on)
        run_id = join(
            session, group=town.slug, type_id=town.member_type, person=details, payer=None, on=on, by=VISITOR
        ).run_id
    assert run_id is not None
    finished(town.database.opener(Role.JOBS), run_id)
    with town.database.opener(Role.JOBS)() as session:
        return session.scalars(select(Invoice.id).where(Invoice.run_id == run_id)).one()


def _claim(open_session: OpenSession, invoice_id: int) -> tuple[int, str]:
    wanted = select(Claim.id, PaymentReference.value).join(PaymentReference, PaymentReference.claim_id == Claim.id)
    with open_session() as session:
        return tuple(session.execute(wanted.where(Claim.invoice_id == invoice_id)).one())  # type: ignore[return-value]


def _pay(open_session: OpenSession, invoice_id: int, *, amount: int) -> None:
    with open_session() as session:
        agreement = session.scalars(select(BankAgreement)).one()
    banked(open_session, camt(agreement, [paid(amount, _claim(open_session, invoice_id)[1])], on=TODAY), on=TODAY)


def _links(town: Town, shown: dict[str, int]) -> dict[str, str]:
    with town.database.unit_of_work(Role.JOBS) as session:
        tokens = create_links(session, wanted=[(invoice, ADDRESS) for invoice in shown.values()])
    return dict(zip(shown, tokens, strict=True))
