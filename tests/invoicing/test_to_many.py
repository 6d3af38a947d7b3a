"""Who gets what is sent to many: several groups at once, narrowed members, and what an invoice sold before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import age_on, set_clock
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import start_bulk, start_duplicate
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.models import Invoice
from dues.invoicing.one_off import WantedLine
from dues.invoicing.series import make_due, set_up_series
from dues.invoicing.template_errors import EmptyTemplateError
from dues.invoicing.templates import change_template, lines_of
from dues.journal.earnings import income_accounts
from dues.members.models import MembershipStatus, Person
from dues.members.segments import put_into, set_up_segment
from dues.recurrence import Recurrence, Unit
from dues.runs.models import Run, RunState
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import confirmed, finished, issued, undone
from tests.factories.templates import spring_book

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import Database, OpenSession
    from dues.invoicing.template_models import InvoiceTemplate

DAY = dt.date(2026, 3, 10)
JOINED, PAID = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
MONTHLY = Recurrence(1, Unit.MONTH, DAY, day=31)


@pytest.fixture
def made(session: Session) -> Organisation:
    set_clock(session, to=DAY, real=DAY)
    return organisation(session)


@pytest.fixture
def template(session: Session, made: Organisation) -> InvoiceTemplate:
    return spring_book(session, made)


def test_whoever_is_in_several_chosen_groups_gets_it_once(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    both = member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID).person_id
    member(session, made, group=made.south, joined_on=JOINED, paid_through=PAID, who=session.get_one(Person, both))
    south = member(session, made, group=made.south, joined_on=JOINED, paid_through=PAID).person_id
    member(session, made, group=made.root, joined_on=JOINED, paid_through=PAID)
    audience = Audience(made.north.id, also=(made.south.id, made.north.id))
    run = start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE).id
    assert finished(ledger, run).total == 2
    confirmed(ledger, run)
    assert sorted(session.scalars(select(Invoice.payer_id))) == sorted([both, south])
    assert Audience.of(session.get_one(Run, run).params) == audience


def test_members_are_narrowed_as_lists_of_them_are(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    choir = set_up_segment(session, group_id=made.root.id, names={"en": "Choir"})
    young = person(session, born=dt.date(2008, 3, 10), country="NO")
    leap = person(session, born=dt.date(2008, 2, 29), email="")
    unknown = person(session, born=None)
    for who in (young, leap, unknown):
        member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID, who=who)
    late = member(session, made, group=made.north, joined_on=JOINED, paid_through=dt.date(2025, 12, 31), born=None)
    applied = member(session, made, group=made.north, joined_on=DAY)
    put_into(session, person_id=young.id, segment_id=choir.id, from_on=DAY, to_on=None)
    put_into(session, person_id=leap.id, segment_id=choir.id, from_on=JOINED, to_on=DAY - dt.timedelta(days=1))
    north = Audience(made.north.id)
    active = {young.id, leap.id, unknown.id, late.person_id}
    for audience, expected in (
        (replace(north, age_from=18), {young.id, leap.id}),
        (replace(north, age_to=17), set()),
        (replace(north, age_to=18), {young.id, leap.id}),
        (replace(north, segment_id=choir.id), {young.id}),
        (replace(north, country="NO"), {young.id}),
        (replace(north, with_email=False), {leap.id}),
        (north, active),
        (replace(north, status=MembershipStatus.APPLIED), {applied.person_id}),
        (replace(north, status=None), {*active, applied.person_id}),
        (replace(north, paid_before=dt.date(2026, 1, 1)), {late.person_id}),
        (replace(north, paid_after=dt.date(2026, 1, 1)), active - {late.person_id}),
    ):
        run = start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE).id
        finished(ledger, run)
        chosen = set(session.scalars(select(ChargeItem.person_id).where(ChargeItem.run_id == run)))
        assert chosen == expected, audience


@given(
    born=st.dates(dt.date(1930, 1, 1), dt.date(2026, 3, 10)), on=st.dates(dt.date(2026, 3, 10), dt.date(2030, 12, 31))
)
def test_the_database_counts_years_of_age_as_we_do(database: Database, born: dt.date, on: dt.date) -> None:
    with database.engine(Role.JOBS).connect() as connection:
        years = connection.execute(
            text("SELECT extract(year FROM age(cast(:on AS date), cast(:born AS date)))"), {"on": on, "born": born}
        ).scalar_one()
    assert int(years) == age_on(born, on)


def test_what_an_invoice_sold_is_sent_to_others_without_its_fees(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    kim = person(session)
    first = start_bulk(session, template=template, audience=Audience(person_id=kim.id), on=DAY, by=COMMAND_LINE).id
    finished(ledger, first)
    confirmed(ledger, first)
    sold = session.scalars(select(Invoice)).one()
    other = member(session, made, group=made.south, joined_on=JOINED, paid_through=PAID).person_id
    again = start_duplicate(session, invoice=sold, audience=Audience(made.south.id), on=DAY, by=COMMAND_LINE).id
    finished(ledger, again)
    confirmed(ledger, again)
    copy = session.scalars(select(Invoice).where(Invoice.payer_id == other)).one()
    assert (copy.amount, copy.group_id) == (sold.amount, sold.group_id)
    assert copy.number != sold.number
    member(session, made, group=made.north, joined_on=DAY)
    issued(ledger, on=DAY)
    fees = session.scalars(select(Invoice).where(Invoice.payer_id.not_in([kim.id, other]))).one()
    with pytest.raises(EmptyTemplateError):
        start_duplicate(session, invoice=fees, audience=Audience(made.south.id), on=DAY, by=COMMAND_LINE)


def test_a_changed_template_changes_what_is_sent_next_and_no_run_that_was_begun(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    kim = person(session)
    audience = Audience(person_id=kim.id)
    begun = start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE).id
    product_id = lines_of(template)[0].product_id
    account = income_accounts(session, creditor=made.creditor)[0].id
    wanted = [
        WantedLine(Decimal(1), 12500, product_id=product_id),
        WantedLine(Decimal(1), -1000, text="Rebate", account_id=account),
        WantedLine(Decimal(1), 700, text="Bag", account_id=account),
    ]
    template.lines = [template.lines[0], {**template.lines[1], "words": {"en": "Rebate", "sv": "Rabatt"}}]
    change_template(
        session, template_id=template.id, name="Spring", lines=wanted, prices={product_id or 0: 12500}, language="en"
    )
    assert template.name == "Spring"
    assert [dict(line.words) for line in lines_of(template)] == [{}, {"en": "Rebate", "sv": "Rabatt"}, {"en": "Bag"}]
    with pytest.raises(EmptyTemplateError):
        change_template(session, template_id=template.id, name="", lines=wanted, prices={}, language="en")
    later = start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE).id
    for run in (begun, later):
        finished(ledger, run)
        confirmed(ledger, run)
    assert session.scalars(select(Invoice.amount).order_by(Invoice.id)).all() == [24000, 12200]


def test_a_series_keeps_all_of_whom_it_goes_to(session: Session, made: Organisation, template: InvoiceTemplate) -> None:
    audience = Audience(made.north.id, also=(made.south.id,), age_from=18, paid_before=DAY, with_email=True)
    series = set_up_series(session, template=template, audience=audience, calendar=MONTHLY, automatic=True, on=DAY)
    session.flush()
    session.expire(series)
    assert series.audience == audience
    [run] = make_due(session, on=dt.date(2026, 3, 31))
    assert Audience.of(session.get_one(Run, run).params) == audience


def test_what_was_sent_to_many_is_taken_back_in_one_step(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    for _ in range(3):
        member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID)
    run = start_bulk(session, template=template, audience=Audience(made.north.id), on=DAY, by=COMMAND_LINE).id
    finished(ledger, run)
    confirmed(ledger, run)
    ((_, reference, left), *_rest) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(left, reference)], on=DAY), on=DAY)
    undoing = undone(ledger, run, on=DAY)
    assert (undoing.state, undoing.result["credited"]) == (RunState.DONE, 2)
    assert undoing.result["excluded"] == {"paid": 1}
    notes = session.scalars(select(Invoice).where(Invoice.credits_id.is_not(None))).all()
    assert [note.amount for note in notes] == [24000, 24000]
