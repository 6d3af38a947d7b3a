"""What is open by age: exact after everything that can happen to a claim, and folded without anybody waiting."""

import datetime as dt

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.invoicing import ageing
from dues.invoicing.ageing import Age, Open, fold_open_claims, open_by_age
from dues.invoicing.models import Claim, OpenClaims, OpenClaimsChange
from dues.journal.verify import prove
from dues.payments.credit_invoice import credit_invoice
from dues.payments.take_back import take_back
from tests.factories.members import member
from tests.factories.money import owed
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued, reminded
from tests.payments.test_allocate import OFFICER, received, use
from tests.together import together

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with three members who have been invoiced, all due on 9 April."""
    found = organisation(session)
    for _ in range(3):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def aged(session: Session, on: dt.date) -> dict[Age, tuple[int, int]]:
    return {one.age: (one.claims, one.amount) for one in open_by_age(session, on=on)}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("days", "age"),
    [
        (-30, Age.NOT_DUE),
        (0, Age.NOT_DUE),
        (1, Age.FIRST_MONTH),
        (30, Age.FIRST_MONTH),
        (31, Age.SECOND_MONTH),
        (60, Age.SECOND_MONTH),
        (61, Age.OLDER),
        (900, Age.OLDER),
    ],
)
def test_a_claim_ages_from_the_day_after_it_was_due(session: Session, days: int, age: Age) -> None:
    assert open_by_age(session, on=DUE + dt.timedelta(days=days)) == [Open(age, "SEK", 3, 3 * FEE)]


def test_a_part_payment_lowers_the_amount_and_a_whole_one_ends_the_claim(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    first, second, _ = (claim for claim, _, _ in owed(ledger))
    use(ledger, received(ledger, made, 12300), first)
    assert aged(session, DAY) == {Age.NOT_DUE: (3, 3 * FEE - 12300)}
    settled = use(ledger, received(ledger, made, FEE), second)
    assert aged(session, DAY) == {Age.NOT_DUE: (2, 2 * FEE - 12300)}
    with ledger() as working, working.begin():
        take_back(working, allocation_id=settled.allocation_id, on=DAY, by=OFFICER)
    assert aged(session, DAY) == {Age.NOT_DUE: (3, 3 * FEE - 12300)}


@pytest.mark.usefixtures("made")
def test_what_is_credited_is_not_open(session: Session, ledger: OpenSession) -> None:
    invoice = session.scalars(select(Claim.invoice_id).order_by(Claim.id)).first() or 0
    with ledger() as working, working.begin():
        credit_invoice(working, invoice_id=invoice, on=DAY, by=OFFICER)
    assert aged(session, DAY) == {Age.NOT_DUE: (2, 2 * FEE)}


@pytest.mark.usefixtures("made")
def test_a_reminder_changes_nothing_of_what_is_open(session: Session, ledger: OpenSession) -> None:
    on = DUE + dt.timedelta(days=11)
    assert reminded(ledger, on=on).result["issued"] == 3
    assert aged(session, on) == {Age.FIRST_MONTH: (3, 3 * FEE)}


def test_folding_leaves_every_figure_as_it_was(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "MANY", 2)
    use(ledger, received(ledger, made, FEE), owed(ledger)[0][0])
    before = aged(session, DAY)
    assert fold_open_claims(session)
    assert session.scalar(select(func.count()).select_from(OpenClaimsChange)) == 0
    assert aged(session, DAY) == before
    assert not fold_open_claims(session)
    for claim, _, left in owed(ledger):
        if left:
            use(ledger, received(ledger, made, FEE), claim)
    assert aged(session, DAY) == {}
    assert fold_open_claims(session)
    assert session.scalar(select(func.count()).select_from(OpenClaims)) == 0


@pytest.mark.usefixtures("made")
def test_a_sum_that_is_not_what_the_claims_say_is_found_out(session: Session) -> None:
    nested = session.begin_nested()
    session.execute(
        text(
            "INSERT INTO open_claims_change (creditor_id, currency, due_on, level, reminded_on, claims, amount)"
            " SELECT creditor_id, currency, due_on, 0, '-infinity', 1, 100 FROM claim LIMIT 1"
        )
    )
    assert prove(session).checks["open_claims_are_claims"] == 1
    nested.rollback()


def test_who_settles_claims_of_one_due_day_waits_for_nobody(committing: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        found = organisation(session)
        for _ in range(2):
            member(session, found, joined_on=DAY)
    opened = committing.opener(Role.JOBS)
    issued(opened, on=DAY)
    with opened() as one, opened() as other:
        first, second = one.scalars(select(Claim).order_by(Claim.id)).all()
        first.dunning_level = 1
        one.flush()
        other.execute(text("SET LOCAL lock_timeout = '1s'"))
        other.get_one(Claim, second.id).dunning_level = 1
        other.flush()
        other.commit()
        one.commit()
    with opened() as session:
        assert prove(session).ok


def test_two_who_fold_at_once_lose_nothing(committing: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "MANY", 1)
    with committing.unit_of_work(Role.JOBS) as session:
        found = organisation(session)
        for _ in range(4):
            member(session, found, joined_on=DAY)
    issued(committing.opener(Role.JOBS), on=DAY, slice_size=1)

    def fold() -> None:
        with committing.unit_of_work(Role.JOBS) as session:
            fold_open_claims(session)

    assert together(fold, fold) == [None, None]
    with committing.opener(Role.JOBS)() as session:
        assert aged(session, DAY) == {Age.NOT_DUE: (4, 4 * FEE)}
        assert prove(session).ok
