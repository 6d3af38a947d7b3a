"""Whom a run leaves out, and why."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.groups.models import BankAgreement, Group
from dues.invoicing.models import Invoice, InvoiceItem
from dues.invoicing.queries import outlook
from dues.journal.models import Event, PostingRule
from dues.members.models import Membership, Payer, Person
from dues.pricing.models import PriceRule
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import issued
from tests.invoicing.test_renewal import DAY

Spoil = Callable[[Session, Organisation, Membership], Any]


def no_address(session: Session, _made: Organisation, who: Membership) -> None:
    session.execute(update(Person).where(Person.id == who.person_id).values(email="", street="", postcode=""))


def no_city(session: Session, _made: Organisation, who: Membership) -> None:
    session.execute(update(Person).where(Person.id == who.person_id).values(email="", city=""))


def dead(session: Session, _made: Organisation, who: Membership) -> None:
    session.execute(update(Person).where(Person.id == who.person_id).values(deceased_on=DAY))


def dead_payer(session: Session, _made: Organisation, who: Membership) -> None:
    payer = person(session)
    payer.deceased_on = DAY
    session.add(Payer(person_id=who.person_id, payer_id=payer.id, from_on=DAY))


def no_agreement(session: Session, made: Organisation, _who: Membership) -> None:
    session.execute(update(BankAgreement).where(BankAgreement.id == made.agreement.id).values(preferred=False))


def incomplete_price(session: Session, made: Organisation, _who: Membership) -> None:
    session.execute(delete(PriceRule).where(PriceRule.component_id == made.local.id))


def no_creditor(session: Session, made: Organisation, _who: Membership) -> None:
    session.execute(update(Group).where(Group.id == made.north.id).values(creditor_id=None))


def no_rule(session: Session, made: Organisation, _who: Membership) -> None:
    session.execute(
        delete(PostingRule).where(PostingRule.event == Event.ISSUE, PostingRule.component_id == made.local.id)
    )


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_address, "no address"),
        (no_city, "no address"),
        (dead, "deceased"),
        (dead_payer, "deceased"),
        (no_agreement, "no bank agreement"),
        (incomplete_price, "incomplete price"),
        (no_creditor, "no creditor"),
        (no_rule, "no posting rule"),
    ],
)
def test_who_cannot_be_invoiced_is_left_out_with_the_reason(
    session: Session, ledger: OpenSession, spoil: Spoil, reason: str
) -> None:
    made = organisation(session)
    spoil(session, made, member(session, made, joined_on=DAY))
    run = issued(ledger, on=DAY)
    assert run.result == {"candidates": 1, "issued": 0, "excluded": {reason: 1}}
    assert session.scalars(select(Invoice.id)).all() == []
    assert session.scalars(select(Membership.charged_through)).all() == [None]


def test_who_has_not_paid_the_first_invoice_gets_no_second_one(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    run = issued(ledger, on=dt.date(2027, 3, 1))
    assert run.result == {"candidates": 1, "issued": 0, "excluded": {"first invoice unpaid": 1}}


def test_one_who_is_left_out_does_not_hold_up_the_others(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members = [member(session, made, joined_on=DAY) for _ in range(3)]
    dead(session, made, members[1])
    run = issued(ledger, on=DAY)
    assert (run.result["issued"], run.result["excluded"]) == (2, {"deceased": 1})
    assert session.scalars(select(Invoice.number).order_by(Invoice.number)).all() == [1, 2]


def test_the_preview_tells_amounts_and_reasons(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members = [member(session, made, joined_on=DAY) for _ in range(3)]
    no_address(session, made, members[2])
    run = issued(ledger, on=DAY, confirmed=False)
    found = outlook(session, run_id=run.run_id)
    assert (found.ready, found.amounts, found.excluded) == (2, {"SEK": 100000}, {"no address": 1})
    assert found.single == (100000, "SEK")
    left_out = select(InvoiceItem.membership_id).where(InvoiceItem.reason == "no address")
    assert session.scalars(left_out).all() == [members[2].id]


def test_a_letter_needs_no_email_address(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY, email="")
    assert issued(ledger, on=DAY).result["issued"] == 1
    assert session.scalars(select(InvoiceItem.channel)).all() == ["print"]
