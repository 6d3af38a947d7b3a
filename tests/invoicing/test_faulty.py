"""Rows that cannot be written, numbers that run out, people who left: what becomes of the run and of the others."""

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.groups.models import BankAgreement, NumberSeries, NumberVoid
from dues.invoicing.errors import NumberTooLongError
from dues.invoicing.models import FeePeriod, FeePeriodState, InvoiceItem
from dues.members.models import CoveredBy, Membership, MembershipStatus, StatusChange
from dues.runs.models import Run, RunError, RunState
from tests.factories.members import member
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import confirmed, issued
from tests.invoicing.test_renewal import DAY
from tests.invoicing.test_run import members, numbers


def spoil(session: Session, victim: Membership, *, table: str = "invoice", column: str = "payer_id") -> None:
    """Let the database refuse one person's invoice, or another row that names them, as a broken row would."""
    named = victim.person_id if column == "payer_id" else victim.id
    session.execute(
        text(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF new.{column} = {named} THEN RAISE EXCEPTION 'this row is broken'; END IF; "
            "RETURN new; END $$"
        )
    )
    session.execute(text("RESET ROLE"))
    session.execute(
        text(f"CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()")
    )
    session.execute(text("SET ROLE kontingent_jobs"))


def mend(session: Session, *, table: str = "invoice") -> None:
    session.execute(text("RESET ROLE"))
    session.execute(text(f"DROP TRIGGER broken ON {table}"))
    session.execute(text("SET ROLE kontingent_jobs"))


@pytest.mark.parametrize("covered_by", CoveredBy)
def test_a_faulty_row_is_left_out_and_the_others_are_written(
    session: Session, ledger: OpenSession, covered_by: CoveredBy
) -> None:
    made = organisation(session, covered_by=covered_by)
    everybody = members(session, made, 8)
    victim = everybody[4]
    spoil(session, victim)
    run = issued(ledger, on=DAY)
    assert (run.state, run.result["issued"]) == (RunState.DONE, 7)
    assert run.result["excluded"] == {"this row is broken": 1}
    assert run.result["amounts"] == {str(made.creditor.id): 7 * FEE}
    void = session.scalars(select(NumberVoid).where(NumberVoid.series == "invoice")).one()
    assert (void.reason, void.run_id) == ("this row is broken", run.run_id)
    assert sorted([*numbers(session), void.number]) == list(range(1, 9))
    assert session.scalars(select(RunError.reason)).all() == ["this row is broken"]
    assert session.scalars(select(InvoiceItem.state).where(InvoiceItem.membership_id == victim.id)).one() == "void"
    periods = session.scalars(select(FeePeriod.state).where(FeePeriod.membership_id == victim.id)).all()
    assert periods == [FeePeriodState.RELEASED] * 2
    left = session.get_one(Membership, victim.id, populate_existing=True)
    assert (left.charged_through, left.paid_through) == (None, None)
    mend(session)
    again = issued(ledger, on=DAY)
    assert (again.result["candidates"], again.result["issued"]) == (1, 1)
    assert max(numbers(session)) == 9


def test_a_row_that_cannot_be_reserved_is_left_out_and_takes_no_number(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    everybody = members(session, made, 8)
    victim = everybody[4]
    spoil(session, victim, table="fee_period", column="membership_id")
    run = issued(ledger, on=DAY)
    assert (run.state, run.result["issued"]) == (RunState.DONE, 7)
    assert run.result["excluded"] == {"this row is broken": 1}
    assert numbers(session) == list(range(1, 8))
    assert session.scalars(select(NumberVoid.number)).all() == []
    assert session.scalars(select(RunError.reason)).all() == ["this row is broken"]
    assert session.get_one(Membership, victim.id, populate_existing=True).charged_through is None
    mend(session, table="fee_period")
    assert issued(ledger, on=DAY).result["issued"] == 1


def test_who_left_since_the_preview_is_left_out(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    gone = members(session, made, 2)[0]
    run = issued(ledger, on=DAY, confirmed=False)
    session.get_one(Membership, gone.id).ended_on = DAY
    assert confirmed(ledger, run.run_id).result["excluded"] == {"no member any more": 1}


def test_who_is_active_is_activated_once(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, covered_by=CoveredBy.ISSUE)
    victim = members(session, made, 1)[0]
    spoil(session, victim)
    issued(ledger, on=DAY)
    mend(session)
    issued(ledger, on=DAY)
    steps = session.scalars(select(StatusChange.status).order_by(StatusChange.id)).all()
    assert steps == [MembershipStatus.APPLIED, MembershipStatus.ACTIVE]


def short_of_numbers(session: Session, made: Organisation, next_number: int) -> None:
    """Let the series stand where only a few numbers fit references of seven digits."""
    session.execute(update(BankAgreement).where(BankAgreement.id == made.agreement.id).values(reference_length=7))
    session.add(NumberSeries(creditor_id=made.creditor.id, series="invoice", next_number=next_number))
    session.flush()
    session.execute(
        text(
            "INSERT INTO number_void (creditor_id, series, number, reason) "
            "SELECT :creditor, 'invoice', n, 'before' FROM generate_series(1, :last) n"
        ),
        {"creditor": made.creditor.id, "last": next_number - 1},
    )


def test_numbers_too_long_for_their_references_stop_a_run_before_it_begins(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session)
    who = members(session, made, 3)[0]
    short_of_numbers(session, made, 9998)
    with pytest.raises(NumberTooLongError, match=r"Invoice number 10000 .* longer references"):
        issued(ledger, on=DAY)
    run = session.scalars(select(Run)).one()
    assert run.state is RunState.FAILED
    assert run.error is not None
    assert "longer references" in run.error
    assert session.get_one(Membership, who.id).charged_through is None
    assert session.scalar(select(func.count()).select_from(FeePeriod)) == 0


def test_numbers_taken_since_the_preview_stop_it_too(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members(session, made, 2)
    short_of_numbers(session, made, 9998)
    run = issued(ledger, on=DAY, confirmed=False)
    member(session, made, joined_on=DAY, group=made.south)
    assert issued(ledger, on=DAY, group=made.south.slug).result["issued"] == 1
    with pytest.raises(NumberTooLongError):
        confirmed(ledger, run.run_id)
    assert session.scalars(select(Membership.charged_through).where(Membership.group_id == made.north.id)).all() == [
        None,
        None,
    ]


def test_a_row_that_meets_a_full_series_is_void_and_the_others_are_written(
    session: Session, ledger: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = organisation(session)
    members(session, made, 4)
    short_of_numbers(session, made, 9998)
    # As if numbers were taken in the moment between the check and the numbering.
    monkeypatch.setattr("dues.invoicing.issue._refuse_long_numbers", lambda *_: None)
    run = issued(ledger, on=DAY)
    assert run.result["issued"] == 2
    assert sum(run.result["excluded"].values()) == 2
