"""A preview that somebody has seen: it is issued as it was seen, or shown anew with what has moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from database.connect import Role
from dues.dates import set_clock
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Invoice, InvoiceItem
from dues.journal.verify import verify
from dues.members.models import CoveredBy, Membership, MembershipStatus, Payer, Person, StatusChange
from dues.pricing.models import PriceRule
from dues.pricing.set_up import add_price
from dues.runs.errors import AnotherPreviewError, NotReadyError
from dues.runs.models import Axis, Run, RunPreview, RunState
from dues.runs.preview import sums
from dues.runs.start import confirm, discard, preview_again
from tests.factories.members import member, person
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, finished, issued, outcome
from tests.invoicing.test_renewal import DAY
from tests.together import together

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import Database, OpenSession

LATER = DAY + dt.timedelta(days=3)
Move = Callable[["Session", Organisation, Membership], object]


def previewed(session: Session, ledger: OpenSession, many: int = 3) -> tuple[Organisation, Outcome, list[Membership]]:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    who = [member(session, made, joined_on=DAY) for _ in range(many)]
    return made, issued(ledger, on=DAY, confirmed=False), who


def fingerprint(session: Session, run_id: int) -> str:
    return session.scalars(select(RunPreview.fingerprint).where(RunPreview.run_id == run_id)).one()


def confirmed_as_seen(open_session: OpenSession, run_id: int, seen: str | None = None) -> Outcome:
    with open_session() as session, session.begin():
        confirm(session, run_id=run_id, seen=seen or fingerprint(session, run_id))
    return finished(open_session, run_id)


def moved(session: Session, run_id: int) -> dict[str, object]:
    session.expire_all()
    return session.get_one(RunPreview, run_id).moved or {}


def invoices(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Invoice)) or 0


def test_what_was_seen_is_issued(session: Session, ledger: OpenSession) -> None:
    made, run, _ = previewed(session, ledger)
    member(session, made, joined_on=DAY)  # has come since, and is another run's business
    done = confirmed_as_seen(ledger, run.run_id)
    assert (done.state, done.result["issued"], invoices(session)) == (RunState.DONE, 3, 3)


def leaves(session: Session, _made: Organisation, who: Membership) -> None:
    who.status, who.ended_on = MembershipStatus.LEFT, DAY
    session.add(StatusChange(membership_id=who.id, from_on=DAY, status=who.status, actor="job:test"))


def dies(session: Session, _made: Organisation, who: Membership) -> None:
    session.get_one(Person, who.person_id).deceased_on = DAY


def loses_every_address(session: Session, _made: Organisation, who: Membership) -> None:
    session.execute(update(Person).where(Person.id == who.person_id).values(email="", street="", postcode=""))


def gets_letters(session: Session, _made: Organisation, who: Membership) -> None:
    session.get_one(Person, who.person_id).email = ""


def is_paid_for(session: Session, _made: Organisation, who: Membership) -> None:
    session.add(Payer(person_id=who.person_id, payer_id=person(session).id, from_on=DAY))


def moves_to_the_south(_session: Session, made: Organisation, who: Membership) -> None:
    who.group_id = made.south.id


def costs_more(session: Session, made: Organisation, _who: Membership) -> None:
    session.execute(update(PriceRule).where(PriceRule.component_id == made.national.id).values(amount=40000))


def is_split_another_way(session: Session, made: Organisation, _who: Membership) -> None:
    for component, amount in ((made.national, 35000), (made.local, 15000)):
        session.execute(update(PriceRule).where(PriceRule.component_id == component.id).values(amount=amount))


def is_due_later(session: Session, made: Organisation, _who: Membership) -> None:
    session.get_one(Creditor, made.creditor.id).payment_days = 60


def looks_different(session: Session, made: Organisation, _who: Membership) -> None:
    session.get_one(Group, made.root.id).colour = "#123456"


MOVES: list[tuple[Move, dict[str, int]]] = [
    (leaves, {"gone": 1}),
    (dies, {"gone": 1}),
    (loses_every_address, {"gone": 1}),
    (gets_letters, {"other": 1}),
    (is_paid_for, {"other": 1}),
    (costs_more, {"price": 3}),
    (is_split_another_way, {"other": 3}),
    (is_due_later, {"other": 3}),
    (looks_different, {"other": 3}),
]


@pytest.mark.parametrize(("move", "told"), MOVES)
def test_when_the_ground_moves_nothing_is_issued_and_what_moved_is_told(
    session: Session, ledger: OpenSession, move: Move, told: dict[str, int]
) -> None:
    made, run, who = previewed(session, ledger)
    seen = fingerprint(session, run.run_id)
    move(session, made, who[1])
    again = confirmed_as_seen(ledger, run.run_id)
    assert (again.state, invoices(session)) == (RunState.READY, 0)
    expected = {"gone": 0, "new": 0, "price": 0, "other": 0} | told
    assert moved(session, run.run_id) == expected | {"confirmed": True, "day": None, "before": {"SEK": [3, 3 * FEE]}}
    assert again.total == 3 - told.get("gone", 0)
    with pytest.raises(AnotherPreviewError):
        confirmed_as_seen(ledger, run.run_id, seen)
    done = confirmed_as_seen(ledger, run.run_id)
    assert (done.state, invoices(session)) == (RunState.DONE, again.total)


def test_who_was_charged_by_another_run_is_not_issued_silently(session: Session, ledger: OpenSession) -> None:
    _, run, who = previewed(session, ledger)
    issued(ledger, on=DAY, memberships=[who[0].id])
    again = confirmed_as_seen(ledger, run.run_id)
    assert (again.state, again.total, invoices(session)) == (RunState.READY, 2, 1)
    assert moved(session, run.run_id)["gone"] == 1


def test_a_price_by_age_follows_a_corrected_birth_date(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    add_price(session, component=made.local, amount=5000, currency="SEK", ages=(None, 17))
    who = member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    session.get_one(Person, who.person_id).birth_date = dt.date(2015, 1, 1)
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.READY
    assert moved(session, run.run_id)["price"] == 1
    assert session.scalars(select(InvoiceItem.amount)).all() == [35000]


def test_a_move_to_another_group_with_its_own_price_is_told(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    add_price(session, component=made.local, amount=10000, currency="SEK", group=made.south)
    who = member(session, made, joined_on=DAY)
    run = issued(ledger, on=DAY, confirmed=False)
    moves_to_the_south(session, made, who)
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.READY
    assert moved(session, run.run_id)["price"] == 1


def test_a_set_up_that_changes_nobodys_invoice_does_not_stop_it(session: Session, ledger: OpenSession) -> None:
    made, run, _ = previewed(session, ledger)
    add_price(session, component=made.local, amount=1, currency="SEK", group=made.south)
    done = confirmed_as_seen(ledger, run.run_id)
    assert (done.state, done.result["issued"]) == (RunState.DONE, 3)
    assert [one.items for one in sums(session, run_id=run.run_id, axes=[Axis.TOTAL])] == [3]


def test_a_preview_of_a_day_that_has_passed_is_made_anew_for_today(session: Session, ledger: OpenSession) -> None:
    _, run, _ = previewed(session, ledger)
    set_clock(session, to=LATER, real=LATER)
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.READY
    told = moved(session, run.run_id)
    assert (told["day"], told["gone"], told["price"], told["other"]) == (DAY.isoformat(), 0, 0, 0)
    assert session.get_one(Run, run.run_id).business_day == LATER
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.DONE
    dated = session.execute(select(Invoice.issued_on, Invoice.due_on).distinct()).all()
    assert dated == [(LATER, LATER + dt.timedelta(days=30))]


def test_a_day_still_to_come_may_be_confirmed_days_later(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    member(session, made, joined_on=DAY)
    run = issued(ledger, on=LATER, confirmed=False)
    set_clock(session, to=LATER, real=LATER)
    assert confirmed_as_seen(ledger, run.run_id).state is RunState.DONE


def test_a_preview_is_made_anew_on_request_when_rows_were_mended(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    who = member(session, made, joined_on=DAY)
    loses_every_address(session, made, who)
    run = issued(ledger, on=DAY, confirmed=False)
    left_out = [(one.key, one.items) for one in sums(session, run_id=run.run_id, axes=[Axis.REASON])]
    assert (run.total, left_out) == (0, [("no address", 1)])
    session.get_one(Person, who.person_id).email = "found@example.org"
    with ledger() as other, other.begin():
        preview_again(other, run_id=run.run_id)
    assert finished(ledger, run.run_id).total == 1
    assert moved(session, run.run_id)["new"] == 1
    assert sums(session, run_id=run.run_id, axes=[Axis.REASON]) == []


def test_a_preview_is_summed_up_by_what_people_ask(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    for group, email in ((made.north, None), (made.north, ""), (made.south, None)):
        member(session, made, joined_on=DAY, group=group, email=email)
    run = issued(ledger, on=DAY, confirmed=False)
    found = {
        (one.axis, one.key): (one.currency, one.items, one.amount)
        for one in sums(session, run_id=run.run_id, axes=list(Axis))
    }
    assert found == {
        (Axis.TOTAL, ""): ("SEK", 3, 3 * FEE),
        (Axis.CHANNEL, "email"): ("SEK", 2, 2 * FEE),
        (Axis.CHANNEL, "print"): ("SEK", 1, FEE),
        (Axis.TYPE, str(made.member_type.id)): ("SEK", 3, 3 * FEE),
        (Axis.GROUP, str(made.north.id)): ("SEK", 2, 2 * FEE),
        (Axis.GROUP, str(made.south.id)): ("SEK", 1, FEE),
    }
    assert len(session.get_one(RunPreview, run.run_id).content["samples"]) == 3


def test_a_preview_is_compared_with_the_run_that_charged_most_of_them_last(
    session: Session, ledger: OpenSession
) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session, covered_by=CoveredBy.ISSUE)
    stays, too, goes = (member(session, made, joined_on=DAY) for _ in range(3))
    big = issued(ledger, on=DAY)
    later = member(session, made, joined_on=DAY + dt.timedelta(days=2))
    issued(ledger, on=DAY + dt.timedelta(days=2))
    leaves(session, made, goes)
    costs_more(session, made, stays)
    year = DAY + dt.timedelta(days=368)
    new = member(session, made, joined_on=year)
    run = issued(ledger, on=year, confirmed=False)
    preview = session.get_one(RunPreview, run.run_id)
    assert preview.compared_id == big.run_id
    axes = [Axis.NEW, Axis.GONE, Axis.CHANGED]
    found = {one.axis: (one.items, one.amount) for one in sums(session, run_id=run.run_id, axes=axes)}
    assert found == {Axis.NEW: (2, 2 * (FEE + 10000)), Axis.GONE: (1, -FEE), Axis.CHANGED: (2, 20000)}
    compared = preview.content["compared"]
    assert compared["steps"] == [["SEK", FEE, FEE + 10000, 2]]
    rows = select(InvoiceItem.seq, InvoiceItem.membership_id).where(InvoiceItem.run_id == run.run_id)
    whose = dict(session.execute(rows).all())
    assert {whose[seq] for seq in compared["new"]} == {later.id, new.id}
    assert {whose[seq]: before for seq, before in compared["changed"]} == {stays.id: FEE, too.id: FEE}


def test_over_one_group_only_that_group_is_compared(session: Session, ledger: OpenSession) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session, covered_by=CoveredBy.ISSUE)
    member(session, made, joined_on=DAY)
    gone = member(session, made, joined_on=DAY, group=made.south)
    everything = issued(ledger, on=DAY)
    leaves(session, made, gone)
    run = issued(ledger, on=DAY + dt.timedelta(days=365), group=made.north.slug, confirmed=False)
    assert session.get_one(RunPreview, run.run_id).compared_id == everything.run_id
    assert sums(session, run_id=run.run_id, axes=[Axis.NEW, Axis.GONE, Axis.CHANGED]) == []


def test_two_presses_at_once_confirm_once(committing: Database) -> None:
    opened, run_id, seen = _waiting(committing)

    def press() -> None:
        with committing.unit_of_work(Role.JOBS) as session:
            confirm(session, run_id=run_id, seen=seen)

    errors = [one for one in together(press, press, press) if one is not None]
    assert [type(one) for one in errors] == [NotReadyError] * 2
    assert finished(opened, run_id).result["issued"] == 5


def test_confirming_and_discarding_at_once_do_one_of_both(committing: Database) -> None:
    winners = set()
    opened, run_id, seen = _waiting(committing)
    for turn in range(20):
        with committing.unit_of_work(Role.JOBS) as session:
            session.get_one(Run, run_id).state = RunState.READY

        def press() -> bool:
            with committing.unit_of_work(Role.JOBS) as session:
                confirm(session, run_id=run_id, seen=seen)
            return True

        def not_now() -> bool:
            with committing.unit_of_work(Role.JOBS) as session:
                return discard(session, run_id=run_id)

        works = [press, not_now] if turn % 2 else [not_now, press]
        found = together(*works)
        state = outcome(opened, run_id).state
        done = [one for one in found if one is True]
        assert len(done) == 1, found
        assert state in (RunState.WORKING, RunState.DISCARDED)
        winners.add(state)
        if len(winners) == 2:
            break


def test_two_drivers_of_a_moved_preview_make_it_anew_once(committing: Database) -> None:
    opened, run_id, seen = _waiting(committing)
    with committing.unit_of_work(Role.JOBS) as session:
        confirm(session, run_id=run_id, seen=seen)
        session.execute(update(PriceRule).values(amount=PriceRule.amount + 100))
    assert not [one for one in together(*[partial(finished, opened, run_id)] * 2) if isinstance(one, Exception)]
    with opened() as session:
        preview = session.get_one(RunPreview, run_id)
        assert (preview.edition, (preview.moved or {})["price"]) == (2, 5)
        assert session.get_one(Run, run_id).state is RunState.READY
    with opened() as session:
        assert verify(session).ok


def _waiting(database: Database) -> tuple[OpenSession, int, str]:
    opened = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=DAY, real=DAY)
        made = organisation(session)
        for _ in range(5):
            member(session, made, joined_on=DAY)
    run_id = issued(opened, on=DAY, confirmed=False).run_id
    with opened() as session:
        return opened, run_id, fingerprint(session, run_id)
