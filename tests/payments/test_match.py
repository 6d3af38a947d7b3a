"""Payments that waited: each rule books what is certain, and leaves the near case to a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bankfiles.types import Account, Reference
from database.connect import Database, Role
from dues.actor import COMMAND_LINE
from dues.delivery.models import Message
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.journal.verify import prove
from dues.members.models import Membership, MembershipStatus, Person
from dues.payments.match import is_due, start_matching
from dues.payments.match_models import AllocationMatch, Doubt, MatchSuggestion, Rule
from dues.payments.match_rules import DEFAULT, set_places
from dues.payments.models import Allocation, PaymentCase
from dues.payments.take_back import take_back
from dues.runs.models import RunState
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, finished, issued, matched
from tests.payments.test_matching import DAY, PAID
from tests.together import together

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bankfiles.write import Incoming
    from database.connect import OpenSession

KNOWN = Account("IBAN", "SE4550000000058398257466")
SHARED = Account("IBAN", "DE89370400440532013000")


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with members who have been invoiced the same; the first two owe for a second membership, too."""
    found = organisation(session)
    first = [member(session, found, joined_on=DAY, who=person(session, family_name=f"Berg{at}")) for at in range(12)]
    issued(ledger, on=DAY, slice_size=50)
    for one in first[:2]:
        member(session, found, joined_on=DAY, who=session.get_one(Person, one.person_id), group=found.root)
    issued(ledger, on=DAY, slice_size=50)
    return found


@dataclass(frozen=True)
class Owed:
    """A claim, and what may be written of it."""

    claim: int
    reference: str
    number: int
    debtor: int


def all_owed(session: Session) -> list[Owed]:
    wanted = (
        select(Claim.id, PaymentReference.value, Invoice.number, Claim.debtor_id)
        .join(PaymentReference, PaymentReference.claim_id == Claim.id)
        .join(Invoice, Invoice.id == Claim.invoice_id)
    )
    rows = session.execute(wanted.order_by(Claim.id))
    return [Owed(claim, reference, number or 0, debtor) for claim, reference, number, debtor in rows]


def came(ledger: OpenSession, made: Organisation, *payments: Incoming) -> None:
    banked(ledger, camt(made.agreement, payments, on=PAID), on=PAID)


def booked(session: Session) -> set[tuple[Rule, int, int]]:
    """What matching has booked: by which rule, for which claim, how much."""
    session.expire_all()
    wanted = select(AllocationMatch.rule, AllocationMatch.claim_id, Allocation.amount)
    rows = session.execute(wanted.join(Allocation, Allocation.id == AllocationMatch.allocation_id)).all()
    assert len(rows) == len(set(rows))
    return {(rule, claim, amount) for rule, claim, amount in rows}


def suggested(session: Session) -> set[tuple[Rule, int, Doubt]]:
    rows = session.execute(select(MatchSuggestion.rule, MatchSuggestion.claim_id, MatchSuggestion.doubt))
    return {(rule, claim, doubt) for rule, claim, doubt in rows}


def wrong(reference: str, at: int = 3) -> str:
    return f"{reference[:at]}{(int(reference[at]) + 1) % 10}{reference[at + 1 :]}"


def told(references: list[str], *amounts: int) -> tuple[Reference, ...]:
    return tuple(Reference(one, amount) for one, amount in zip(references, amounts or (None, None), strict=True))


def one_for_each_rule(session: Session, ledger: OpenSession, made: Organisation) -> list[Owed]:
    """Let money come of which each payment is found by another rule; what is owed."""
    owing = all_owed(session)
    came(
        ledger,
        made,
        replace(paid(FEE, owing[0].reference), payer_account=KNOWN),
        paid(FEE, owing[2].reference),
        paid(FEE, owing[2].reference),
    )
    settled = session.scalars(select(Allocation.id).where(Allocation.claim_id == owing[2].claim)).one()
    take_back(session, allocation_id=settled, on=PAID, by=COMMAND_LINE)
    came(
        ledger,
        made,
        replace(paid(FEE), payer_account=KNOWN),
        replace(paid(2 * FEE), references=told([owing[3].reference, owing[4].reference], FEE, FEE)),
        replace(paid(FEE), end_to_end_id=owing[5].reference),
        paid(2 * FEE, message=f"{owing[6].reference[:4]} {owing[6].reference[4:]} och {owing[7].reference}"),
        paid(FEE, f"00{owing[8].reference}"),
        paid(FEE, wrong(owing[9].reference)),
        paid(FEE, message=f"Faktura nr {owing[10].number}"),
        paid(FEE, message=f"medlem {owing[11].debtor}"),
        replace(paid(FEE), payer_name="Kim Berg1"),
    )
    return owing


def test_what_is_certain_is_booked_by_its_rule_as_an_officer_would(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    owing = one_for_each_rule(session, ledger, made)
    set_places(session, creditor_id=made.creditor.id, wanted={**DEFAULT, Rule.ZEROS: 0})
    by = {
        "reference": 1,
        "several": 1,
        "collection": 1,
        "in text": 1,
        "digit": 1,
        "number": 1,
        "member": 1,
        "account": 1,
    }
    first = matched(ledger, on=PAID)
    assert first.result == {"matched": 8, "unmatched": 3, "by": by}
    assert booked(session) == {
        (Rule.REFERENCE, owing[2].claim, FEE),
        (Rule.SEVERAL, owing[3].claim, FEE),
        (Rule.SEVERAL, owing[4].claim, FEE),
        (Rule.COLLECTION, owing[5].claim, FEE),
        (Rule.IN_TEXT, owing[6].claim, FEE),
        (Rule.IN_TEXT, owing[7].claim, FEE),
        (Rule.DIGIT, owing[9].claim, FEE),
        (Rule.NUMBER, owing[10].claim, FEE),
        (Rule.MEMBER, owing[11].claim, FEE),
        (Rule.ACCOUNT, owing[12].claim, FEE),
    }
    assert suggested(session) == {(Rule.NAME, owing[at].claim, Doubt.WEAK) for at in (1, 13)}
    membership = session.scalars(select(Membership).where(Membership.person_id == owing[6].debtor)).one()
    assert membership.status is MembershipStatus.ACTIVE
    receipts = session.scalars(select(Message.person_id).where(Message.kind == "receipt")).all()
    assert receipts.count(owing[6].debtor) == 1
    # A rule that is switched on again clears what waited for it, and only that; a third look finds nothing.
    set_places(session, creditor_id=made.creditor.id, wanted=DEFAULT)
    assert matched(ledger, on=PAID).result == {"matched": 1, "unmatched": 2, "by": {"zeros": 1}}
    assert (Rule.ZEROS, owing[8].claim, FEE) in booked(session)
    assert matched(ledger, on=PAID).result == {"matched": 0, "unmatched": 2}


def test_the_near_case_is_left_to_a_person(session: Session, ledger: OpenSession, made: Organisation) -> None:
    owing = all_owed(session)
    one, two = owing[2], owing[3]
    came(
        ledger,
        made,
        replace(paid(FEE, owing[10].reference), payer_account=SHARED),
        replace(paid(FEE, owing[11].reference), payer_account=SHARED),
        replace(paid(FEE, owing[0].reference), payer_account=KNOWN),
    )
    came(
        ledger,
        made,
        paid(FEE - 1, one.reference),
        replace(paid(2 * FEE), references=told([one.reference, "4567890"])),
        replace(paid(2 * FEE + 1), references=told([one.reference, two.reference])),
        replace(paid(2 * FEE), references=told([one.reference, two.reference], FEE + 1, FEE - 1)),
        replace(paid(FEE - 1), end_to_end_id=one.reference),
        paid(FEE, message=f"{one.reference} eller {two.reference}"),
        paid(FEE + 1, f"00{one.reference}"),
        paid(FEE - 1, wrong(one.reference)),
        paid(FEE, wrong(wrong(one.reference, 2), 5)),
        paid(FEE - 1, message=f"Faktura {one.number}"),
        paid(FEE, message=f"avgift {one.number}"),
        paid(FEE, message=f"medlem {owing[1].debtor}"),
        replace(paid(FEE), payer_account=SHARED),
        replace(paid(FEE + 1), payer_account=KNOWN),
        replace(paid(FEE), payer_name="Kim Berg4"),
    )
    outcome = matched(ledger, on=PAID)
    assert booked(session) == set()
    assert outcome.result["matched"] == 0
    doubts = suggested(session)
    assert (Rule.IN_TEXT, two.claim, Doubt.SEVERAL_FIT) in doubts
    assert (Rule.SEVERAL, one.claim, Doubt.INCOMPLETE) in doubts
    assert (Rule.ZEROS, one.claim, Doubt.OTHER_AMOUNT) in doubts
    assert (Rule.NUMBER, one.claim, Doubt.WEAK) in doubts
    assert (Rule.MEMBER, owing[13].claim, Doubt.SEVERAL_FIT) in doubts
    assert (Rule.ACCOUNT, owing[12].claim, Doubt.OTHER_AMOUNT) in doubts


def test_what_a_person_took_back_and_what_came_twice_is_not_booked_by_itself(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    one = all_owed(session)[2]
    came(ledger, made, paid(FEE, message=one.reference), paid(FEE, message=one.reference))
    assert is_due(session)
    assert matched(ledger, on=PAID).result["matched"] == 1
    assert not is_due(session)
    again = matched(ledger, on=PAID)
    assert (again.total, again.result["matched"]) == (1, 0)
    settled = session.scalars(select(Allocation.id)).one()
    take_back(session, allocation_id=settled, on=PAID, by=COMMAND_LINE)
    assert matched(ledger, on=PAID).result["by"] == {"in text": 1}
    assert len(session.scalars(select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None))).all()) == 1


def test_two_looks_at_once_book_once(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        for _ in range(4):
            member(session, made, joined_on=DAY)
        agreement = made.agreement
        session.flush()
        session.expunge(agreement)
    issued(opened, on=DAY)
    references = [reference for _, reference, _ in owed(opened)]
    banked(opened, camt(agreement, [paid(FEE, message=one) for one in references], on=PAID), on=PAID)
    runs = []
    for _ in range(2):
        with committing.unit_of_work(Role.JOBS) as session:
            run = start_matching(session, on=PAID, by=COMMAND_LINE, slice_size=2)
            run.state = RunState.WORKING  # so that the second look is not the first one again
            runs.append(run.id)
    done = together(*[partial(finished, opened, run) for run in runs])
    assert sum(one.result["matched"] for one in done if isinstance(one, Outcome)) == len(references), done
    assert [left for _, _, left in owed(opened)] == [0] * len(references)
    with committing.unit_of_work(Role.JOBS) as session:
        assert prove(session).ok
