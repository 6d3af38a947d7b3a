"""From a bank's file to ledger and membership: one payment for several, several for one, one too many."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import event, select

from bankfiles.types import Account, Reference
from dues.dates import add_months
from dues.delivery.models import Message
from dues.invoicing.models import Claim, ClaimEnd, Invoice
from dues.members.models import Person
from dues.payments.candidates import candidates
from dues.payments.case import read_case
from dues.payments.decide import Share, decide, undo_decision
from dues.payments.models import CaseReason, Payment
from dues.payments.pile import Wanted, pile
from tests.factories.members import member
from tests.factories.money import banked, bgmax, camt, owed, paid
from tests.factories.organisation import FEE
from tests.factories.runs import issued, matched, reminded
from tests.payments.outcomes import (
    DAY,
    LATER,
    PAID,
    THROUGH,
    credit_of,
    first_waiting,
    invoiced,
    mt940,
    ocr,
    paid_through,
    stands,
    waits,
)
from tests.payments.test_allocate import OFFICER
from tests.payments.test_credit_part import proven
from tests.payments.test_matching import in_the_bank

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

SETTLED = (0, ClaimEnd.PAID)
OPEN = (FEE, None)


def test_bgmax_one_transfer_for_three_invoices_settles_all_three(session: Session, ledger: OpenSession) -> None:
    """Three memberships of which each has its invoice, and one payment that names them without amounts."""
    made = invoiced(session, ledger)
    references = tuple(Reference(reference) for _, reference, _ in owed(ledger))
    banked(ledger, bgmax(made.agreement, [replace(paid(3 * FEE), references=references)], on=PAID), on=PAID)
    assert stands(session) == [OPEN] * 3
    assert matched(ledger, on=PAID).result["by"] == {"several": 1}
    assert (stands(session), waits(session)) == ([SETTLED] * 3, [])
    assert {paid_through(session, claim) for claim, _, _ in owed(ledger)} == {THROUGH}


def test_bgmax_parts_that_the_payer_named_go_where_they_were_meant(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger)
    (_, one, _), (_, two, _), _ = owed(ledger)
    parts = (Reference(one, FEE), Reference(two, FEE))
    banked(ledger, bgmax(made.agreement, [replace(paid(2 * FEE), references=parts)], on=PAID), on=PAID)
    matched(ledger, on=PAID)
    assert stands(session) == [SETTLED, SETTLED, OPEN]


def test_bgmax_two_invoice_numbers_with_a_plus_between_are_both_paid(session: Session, ledger: OpenSession) -> None:
    """As people write where there is no agreement on OCR."""
    made = invoiced(session, ledger)
    one, two, _ = session.scalars(select(Invoice.number).order_by(Invoice.id))
    banked(ledger, bgmax(made.agreement, [paid(2 * FEE, message=f"Faktura {one}+{two}")], on=PAID), on=PAID)
    assert matched(ledger, on=PAID).result["by"] == {"number": 1}
    assert (stands(session), waits(session)) == ([SETTLED, SETTLED, OPEN], [])


def test_mt940_one_pays_for_themselves_and_somebody_else(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger, "DE")
    (first, one, _), (second, two, _), (third, _, _) = owed(ledger)
    banked(ledger, mt940(made.agreement, [paid(2 * FEE, message=f"{one} und {two}")]), on=PAID, name="s.sta")
    matched(ledger, on=PAID)
    assert stands(session) == [SETTLED, SETTLED, OPEN]
    assert [paid_through(session, claim) for claim in (first, second, third)] == [THROUGH, THROUGH, None]
    assert in_the_bank(session, made, "EUR") == 2 * FEE


def test_ocr_giro_pays_for_two_but_not_enough(session: Session, ledger: OpenSession) -> None:
    """One is booked whole and the other in part, as a person decides; who is not paid for is not extended."""
    made = invoiced(session, ledger, "NO")
    (first, kid, _), (second, _, _), _ = owed(ledger)
    banked(ledger, ocr(made.agreement, [paid(2 * FEE - 100, kid)]), on=PAID, name="ocr.txt")
    assert matched(ledger, on=PAID).result["matched"] == 0
    assert waits(session) == [(CaseReason.TOO_MUCH, 2 * FEE - 100)]
    shares = [Share(claim_id=first, amount=FEE), Share(claim_id=second, amount=FEE - 100)]
    with ledger() as own, own.begin():
        decide(own, payment_id=first_waiting(own), shares=shares, seen=0, on=LATER, by=OFFICER)
    assert stands(session) == [SETTLED, (100, None), OPEN]
    assert [paid_through(session, claim) for claim in (first, second)] == [THROUGH, None]


def test_camt_names_two_and_brings_too_little_for_both(session: Session, ledger: OpenSession) -> None:
    """The oldest is paid first, and what the second lacks stays open: only the first is extended."""
    made = invoiced(session, ledger)
    (first, one, _), (second, two, _), _ = owed(ledger)
    came = replace(paid(2 * FEE - 100), references=(Reference(one), Reference(two)))
    banked(ledger, camt(made.agreement, [came], on=PAID), on=PAID)
    assert matched(ledger, on=PAID).result["by"] == {"several": 1}
    assert stands(session) == [SETTLED, (100, None), OPEN]
    assert [paid_through(session, claim) for claim in (first, second)] == [THROUGH, None]


def test_ocr_giro_many_payments_for_one_invoice_settle_it_with_the_last(session: Session, ledger: OpenSession) -> None:
    """A part is a decision; one reminder asks for the rest, which settles by itself when it comes."""
    made = invoiced(session, ledger, "NO", members=1)
    ((claim, kid, _),) = owed(ledger)
    banked(ledger, ocr(made.agreement, [paid(FEE - 300, kid)]), on=PAID, name="1.txt")
    assert waits(session) == [(CaseReason.TOO_LITTLE, FEE - 300)]
    with ledger() as own, own.begin():
        decide(own, payment_id=first_waiting(own), shares=[Share(claim_id=claim)], seen=0, on=PAID, by=OFFICER)
    assert (stands(session), paid_through(session, claim)) == ([(300, None)], None)
    kinds = select(Message.kind).where(Message.kind != "invoice")
    assert "reminder" not in session.scalars(kinds).all()
    assert reminded(ledger, on=add_months(PAID, 2)).result["issued"] == 1
    banked(ledger, ocr(made.agreement, [paid(300, kid)], on=LATER), on=LATER, name="2.txt")
    assert (stands(session), paid_through(session, claim)) == ([SETTLED], THROUGH)


def test_camt_the_same_reference_twice_in_one_day_is_a_double_payment(session: Session, ledger: OpenSession) -> None:
    """Two numbers of the bank are two payments; the second is never used for the same invoice, whoever looks again."""
    made = invoiced(session, ledger)
    (claim, reference, _), *_ = owed(ledger)
    twins = [paid(FEE, reference), paid(FEE, reference)]
    banked(ledger, camt(made.agreement, twins, on=PAID), on=PAID)
    matched(ledger, on=PAID)
    assert waits(session) == [(CaseReason.ALREADY_PAID, FEE)]
    assert in_the_bank(session, made) == 2 * FEE
    keeper = session.get_one(Claim, claim).debtor_id
    with ledger() as own, own.begin():
        done = decide(
            own, payment_id=first_waiting(own), shares=[Share(person_id=keeper)], seen=0, on=LATER, by=OFFICER
        )
    assert (credit_of(session), waits(session)) == ([FEE], [])
    with ledger() as own, own.begin():
        undo_decision(own, payment_id=done.payment_id, first=done.first, last=done.last, on=LATER, by=OFFICER)
    assert (credit_of(session), stands(session)[0]) == ([], SETTLED)
    assert proven(session)


def test_camt_who_paid_for_another_before_is_known_by_the_claim_and_not_by_their_own_ways(
    session: Session, ledger: OpenSession
) -> None:
    """A grandmother who is no member pays for a child: her account leads to the child's next invoice."""
    made = invoiced(session, ledger, members=1)
    hers = Account("IBAN", "SE4550000000058398257466")
    ((claim, reference, _),) = owed(ledger)
    told = partial(replace, payer_account=hers, payer_name="Mormor Svea")
    banked(ledger, camt(made.agreement, [told(paid(FEE, reference))], on=PAID), on=PAID)
    child = session.get_one(Claim, claim).debtor_id
    second = member(session, made, joined_on=DAY, who=session.get_one(Person, child), group=made.south)
    issued(ledger, on=DAY, memberships=[second.id])
    banked(ledger, camt(made.agreement, [told(paid(FEE))], on=LATER), on=LATER)
    assert matched(ledger, on=LATER).result["by"] == {"account": 1}
    assert stands(session) == [SETTLED] * 2


def test_too_much_is_listed_by_itself(session: Session, ledger: OpenSession) -> None:
    made = invoiced(session, ledger)
    (_, one, _), (_, two, _), _ = owed(ledger)
    came = [paid(FEE + 50, one), paid(FEE - 50, two), paid(FEE)]
    banked(ledger, bgmax(made.agreement, came, on=PAID), on=PAID)
    over = pile(session, Wanted(reason=CaseReason.TOO_MUCH), limit=9)
    assert [(one.unallocated, one.currency) for one in over] == [(FEE + 50, "SEK")]


def test_using_a_payment_asks_the_database_equally_often_however_much_is_owed(
    session: Session, ledger: OpenSession
) -> None:
    made = invoiced(session, ledger, members=2)
    asked: list[int] = []
    for _ in range(2):
        claim, reference, _ = owed(ledger)[-1]
        banked(ledger, camt(made.agreement, [paid(FEE + 50, reference)], on=PAID), on=PAID)
        asked.append(_statements(session, ledger, claim))
        for _ in range(9):
            member(session, made, joined_on=DAY)
        issued(ledger, on=DAY, slice_size=50)
    assert asked[0] == asked[1] < 80


def _statements(session: Session, ledger: OpenSession, claim: int) -> int:
    """How many statements it takes to read the newest case, its candidates, and to use its money for a claim."""
    payment = session.scalars(select(Payment.id).order_by(Payment.id.desc())).first() or 0
    connection = session.connection()
    heard: list[str] = []

    def hear(*told: object) -> None:
        heard.append(str(told[2]))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        with ledger() as own, own.begin():
            case = read_case(own, payment_id=payment)
            assert case is not None
            candidates(own, case)
            decide(own, payment_id=payment, shares=[Share(claim_id=claim)], seen=0, on=LATER, by=OFFICER)
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    return len(heard)
