"""Runs that ask for fees in parts, by the rules of a creditor: which rule holds, what is written, and what moved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from dues.dates import set_clock
from dues.editing import GoneError
from dues.invoicing.instalment_errors import PartsError, RuleTakenError, ShortReferencesError
from dues.invoicing.instalment_models import InstalmentRule, PartUnit
from dues.invoicing.instalment_rules import Ruled, add_rule, change_rule, end_rule, rules
from dues.invoicing.items import Wanted, rows
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.journal.models import Posting
from dues.journal.verify import prove
from dues.members.models import CoveredBy, MembershipType
from dues.pricing.set_up import add_price
from dues.runs.models import RunState
from dues.settling.owed import owed_by
from tests.factories.members import member
from tests.factories.money import banked, camt, paid
from tests.factories.organisation import FEE, LOCAL_FEE, NATIONAL_FEE, Organisation, organisation
from tests.factories.runs import issued, undone
from tests.invoicing.test_ground import confirmed_as_seen

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def rule(session: Session, made: Organisation, **changes: object) -> InstalmentRule:
    """A rule of three monthly parts from 100 on, unless it says otherwise."""
    said = {"creditor_id": made.creditor.id, "least": 10_000, "parts": 3, **changes}
    return add_rule(session, ruled=Ruled(**said))  # type: ignore[arg-type]


def parts(session: Session) -> list[tuple[int | None, int, dt.date, int]]:
    """Each claim: number of its invoice, place, day and amount."""
    wanted = select(Invoice.number, Claim.position, Claim.due_on, Claim.amount).join(
        Invoice, Invoice.id == Claim.invoice_id
    )
    found = session.execute(wanted.order_by(Invoice.number, Claim.position))
    return [(number, place, day, amount) for number, place, day, amount in found]


def proven(session: Session) -> bool:
    found = prove(session)
    assert found.ok, {name: broken for name, broken in found.checks.items() if broken}
    return True


def test_a_run_asks_for_fees_in_parts(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made)
    for _ in range(5):
        member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY)
    assert run.result["issued"] == 5
    thirds = [(DUE, 16667), (dt.date(2026, 5, 9), 16667), (dt.date(2026, 6, 9), 16666)]
    assert parts(session) == [
        (number, place, day, amount) for number in range(1, 6) for place, (day, amount) in enumerate(thirds, start=1)
    ]
    assert session.scalar(select(func.count()).select_from(PaymentReference)) == 5 * 4
    assert len(set(session.scalars(select(PaymentReference.value)))) == 5 * 4
    first = session.scalars(select(Claim.id).order_by(Claim.id)).first()
    on_first = session.execute(select(Posting.component_id, Posting.amount).where(Posting.claim_id == first)).all()
    assert on_first == [(made.national.id, 16667)]
    assert proven(session)


def test_of_rules_the_types_own_and_then_the_highest_amount_holds(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    rule(session, made, parts=2)
    rule(session, made, least=FEE, parts=4)
    rule(session, made, least=FEE + 1, parts=5)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    assert len(parts(session)) == 4
    rule(session, made, type_id=made.member_type.id, parts=6, every=2, unit=PartUnit.WEEK)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    newest = [day for number, _, day, _ in parts(session) if number == 2]
    assert newest == [DUE + dt.timedelta(weeks=2 * place) for place in range(6)]
    assert proven(session)


def test_below_the_amount_nothing_changes_and_no_statement_is_added(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    rule(session, made, least=FEE + 1)
    seen: list[str] = []
    connection: Connection = session.connection()

    def look(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", look)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    event.remove(connection, "before_cursor_execute", look)
    assert parts(session) == [(1, 1, DUE, FEE)]
    assert not any("part_reference_for" in one for one in seen)
    assert proven(session)


def test_some_are_asked_at_once_and_some_in_parts_by_one_run(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    add_price(session, component=made.local, amount=LOCAL_FEE + 1, currency="SEK", group=made.south)
    rule(session, made, least=FEE + 1)
    for group in (made.north, made.south, made.north, made.south):
        member(session, made, joined_on=DAY, group=group)
    issued(ledger, on=DAY)
    counts = [sum(number == one for number, *_ in parts(session)) for one in range(1, 5)]
    assert sorted(counts) == [1, 1, 3, 3]
    assert proven(session)


def test_what_came_of_parts_falls_on_the_first_lines(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    wanted = select(PaymentReference.value).where(PaymentReference.whole)
    whole = session.scalars(wanted).one()
    for amount, owed in ((NATIONAL_FEE, 0), (LOCAL_FEE, LOCAL_FEE)):
        banked(ledger, camt(made.agreement, [paid(amount, whole)], on=DUE), on=DUE)
        found = owed_by(session, creditor_id=made.creditor.id, through=DUE)
        assert sum(one.owed for one in found) == owed
        assert proven(session)


def test_a_preview_says_in_how_many_parts_and_a_rule_that_moved_is_told(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    first = rule(session, made)
    member(session, made, joined_on=DAY)
    set_clock(session, to=DAY, real=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    shown = rows(session, run_id=run.run_id, wanted=Wanted(), after=0, limit=5)
    assert [one.parts for one in shown] == [3]
    change_rule(session, rule_id=first.id, ruled=Ruled(made.creditor.id, 10_000, 2))
    session.flush()
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.READY
    assert [one.parts for one in rows(session, run_id=run.run_id, wanted=Wanted(), after=0, limit=5)] == [2]
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.DONE
    assert len(parts(session)) == 2
    assert proven(session)


def test_a_run_in_parts_is_undone(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made)
    for _ in range(3):
        member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY)
    reference = session.scalars(
        select(PaymentReference.value)
        .join(Claim, Claim.id == PaymentReference.claim_id)
        .where(Claim.position == 2, PaymentReference.whole.is_(False))
        .order_by(Claim.id)
    ).first()
    banked(ledger, camt(made.agreement, [paid(16667, reference or "")], on=DUE), on=DUE)
    set_clock(session, to=DUE, real=DUE)
    done = undone(ledger, run.run_id, on=DUE)
    assert session.scalar(select(func.count()).where(Invoice.kind == "credit note")) == 2
    assert done.state is RunState.DONE
    assert proven(session)


def test_the_first_part_covers_where_the_type_says(session: Session, ledger: OpenSession, made: Organisation) -> None:
    rule(session, made)
    session.get_one(MembershipType, made.member_type.id).covered_by = CoveredBy.FIRST_PART
    who = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    reference = session.scalars(
        select(PaymentReference.value)
        .join(Claim, Claim.id == PaymentReference.claim_id)
        .where(Claim.position == 1, PaymentReference.whole.is_(False))
    ).one()
    banked(ledger, camt(made.agreement, [paid(16667, reference)], on=DUE), on=DUE)
    session.refresh(who)
    assert (who.status, who.paid_through) == ("active", dt.date(2027, 3, 9))
    assert proven(session)


def test_what_is_no_rule_is_refused(session: Session, made: Organisation) -> None:
    kept = rule(session, made)
    for wrong in ({"parts": 1}, {"parts": 13}, {"every": 0}, {"least": 2}):
        with pytest.raises(PartsError):
            rule(session, made, **wrong)
    with pytest.raises(RuleTakenError):
        rule(session, made, parts=4)
    with pytest.raises(GoneError):
        add_rule(session, ruled=Ruled(10**9, 10_000, 3))
    end_rule(session, rule_id=kept.id)
    assert rules(session) == []
    with pytest.raises(GoneError):
        end_rule(session, rule_id=kept.id)
    rule(session, made, parts=4)
    assert [one.rule.parts for one in rules(session)] == [4]


def test_references_without_room_for_parts_refuse_the_rule(session: Session, made: Organisation) -> None:
    made.agreement.reference_length = 6
    session.flush()
    with pytest.raises(ShortReferencesError):
        rule(session, made)
