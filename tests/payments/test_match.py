"""Payments that waited: each rule books what is certain, and leaves the near case to a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bankfiles.types import Reference
from dues.actor import COMMAND_LINE
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Membership, MembershipStatus, Person
from dues.payments.match_models import AllocationMatch, Doubt, MatchSuggestion, Rule
from dues.payments.match_rules import set_places
from dues.payments.models import Allocation, PaymentCase
from dues.payments.take_back import take_back
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued, matched
from tests.payments.test_matching import DAY, PAID

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bankfiles.write import Incoming
    from database.connect import OpenSession

KNOWN = "SE4550000000058398257466"


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with three members who have been invoiced the same."""
    found = organisation(session)
    for name in ("Åberg", "Berg", "Cederberg"):
        member(session, found, joined_on=DAY, who=person(session, family_name=name))
    issued(ledger, on=DAY)
    return found


def came(ledger: OpenSession, made: Organisation, *payments: Incoming) -> None:
    banked(ledger, camt(made.agreement, payments, on=PAID), on=PAID)


def booked(session: Session) -> list[tuple[Rule, int, int]]:
    """What matching has booked: by which rule, for which claim, how much."""
    session.expire_all()
    wanted = select(AllocationMatch.rule, AllocationMatch.claim_id, Allocation.amount)
    rows = session.execute(wanted.join(Allocation, Allocation.id == AllocationMatch.allocation_id))
    return [(rule, claim, amount) for rule, claim, amount in rows.all()]


def suggested(session: Session) -> set[tuple[Rule, int, Doubt]]:
    rows = session.execute(select(MatchSuggestion.rule, MatchSuggestion.claim_id, MatchSuggestion.doubt))
    return {(rule, claim, doubt) for rule, claim, doubt in rows}


def wrong(reference: str, at: int = 3) -> str:
    return f"{reference[:at]}{(int(reference[at]) + 1) % 10}{reference[at + 1 :]}"


def numbers(session: Session) -> dict[int, int]:
    """The invoice's number by claim."""
    rows = session.execute(select(Claim.id, Invoice.number).join(Invoice, Invoice.id == Claim.invoice_id))
    return {claim: int(number or 0) for claim, number in rows}


def test_a_reference_typed_in_the_text_is_booked_as_an_officer_would(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    came(ledger, made, paid(FEE, message=f"Avgift ocr {reference[:4]} {reference[4:]} tack"))
    assert matched(ledger, on=PAID).result == {"matched": 1, "unmatched": 0, "by": {"in text": 1}}
    assert booked(session) == [(Rule.IN_TEXT, claim, FEE)]
    assert session.get_one(Claim, claim).ended == "paid"
    debtor = session.get_one(Claim, claim).debtor_id
    membership = session.scalars(select(Membership).where(Membership.person_id == debtor)).one()
    assert membership.status is MembershipStatus.ACTIVE
    case = session.scalars(select(PaymentCase)).one()
    assert (case.unallocated, case.closed_by) == (0, str(COMMAND_LINE))
    assert matched(ledger, on=PAID).total == 0
    assert len(booked(session)) == 1


@pytest.mark.parametrize("rule", list(Rule))
def test_what_is_certain_is_booked_by_its_rule(
    session: Session, ledger: OpenSession, made: Organisation, rule: Rule
) -> None:
    (one, first, _), (two, second, _), _ = owed(ledger)
    number, debtor = numbers(session)[one], session.get_one(Claim, one).debtor_id
    both = (Reference(first), Reference(second))
    payment = {
        Rule.SEVERAL: replace(paid(2 * FEE), references=both),
        Rule.COLLECTION: replace(paid(FEE), end_to_end_id=first),
        Rule.IN_TEXT: paid(2 * FEE, message=f"{first} och {second}"),
        Rule.ZEROS: paid(FEE, f"00{first}"),
        Rule.DIGIT: paid(FEE, wrong(first)),
        Rule.NUMBER: paid(FEE, message=f"Faktura nr {number}"),
        Rule.MEMBER: paid(FEE, message=f"medlem {debtor}"),
        Rule.ACCOUNT: replace(paid(FEE), payer_account=KNOWN),
        Rule.NAME: replace(paid(FEE), payer_name="Kim Åberg"),
        Rule.REFERENCE: paid(FEE, "4567890"),
    }[rule]
    if rule is Rule.REFERENCE:
        came(ledger, made, paid(FEE, first))
        settled = session.scalars(select(Allocation.id)).one()
        came(ledger, made, paid(FEE, first))
        take_back(session, allocation_id=settled, on=PAID, by=COMMAND_LINE)
    elif rule is Rule.ACCOUNT:
        came(ledger, made, replace(paid(FEE, first), payer_account=KNOWN))
        member(session, made, joined_on=DAY, who=session.get_one(Person, debtor))
        issued(ledger, on=DAY)
        one = owed(ledger)[-1][0]
        came(ledger, made, payment)
    else:
        came(ledger, made, payment)
    matched(ledger, on=PAID)
    if rule is Rule.NAME:
        assert booked(session) == []
        assert suggested(session) == {(Rule.NAME, one, Doubt.WEAK)}
    else:
        expected = {(rule, one, FEE)} | ({(rule, two, FEE)} if rule in {Rule.SEVERAL, Rule.IN_TEXT} else set())
        assert set(booked(session)) == expected


@pytest.mark.parametrize("rule", list(Rule))
def test_the_near_case_is_left_to_a_person(
    session: Session, ledger: OpenSession, made: Organisation, rule: Rule
) -> None:
    (one, first, _), (_two, second, _), _ = owed(ledger)
    number, debtor = numbers(session)[one], session.get_one(Claim, one).debtor_id
    account = replace(paid(FEE), payer_account=KNOWN)
    near = {
        Rule.REFERENCE: (paid(FEE - 1, first),),
        Rule.SEVERAL: (
            replace(paid(2 * FEE), references=(Reference(first), Reference("4567890"))),
            replace(paid(2 * FEE + 1), references=(Reference(first), Reference(second))),
            replace(paid(FEE), references=(Reference(first, FEE), Reference(second, FEE))),
        ),
        Rule.COLLECTION: (replace(paid(FEE - 1), end_to_end_id=first),),
        Rule.IN_TEXT: (paid(FEE, message=f"{first} eller {second}"),),
        Rule.ZEROS: (paid(FEE + 1, f"00{first}"),),
        Rule.DIGIT: (paid(FEE - 1, wrong(first)), paid(FEE, wrong(wrong(first, 2), 5))),
        Rule.NUMBER: (paid(FEE - 1, message=f"Faktura {number}"), paid(FEE, message=f"avgift {number}")),
        Rule.MEMBER: (paid(FEE - 1, message=f"medlem {debtor}"),),
        Rule.ACCOUNT: (
            replace(paid(FEE, first), payer_account=KNOWN),
            replace(paid(FEE, second), payer_account=KNOWN),
            account,
        ),
        Rule.NAME: (replace(paid(FEE - 1), payer_name="Kim Åberg"),),
    }[rule]
    came(ledger, made, *near)
    assert matched(ledger, on=PAID).result["matched"] == 0
    assert booked(session) == []
