"""A template to many, and again and again: who gets it, that it happens once, and what is caught up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import start_bulk
from dues.invoicing.models import Invoice, InvoiceLine
from dues.invoicing.one_off import WantedLine
from dues.invoicing.series import end_series, make_due, rest_series, runs_of, set_up_series
from dues.invoicing.template_errors import (
    EmptyTemplateError,
    NameTakenError,
    NoDayLeftError,
    NotBelowError,
    RetiredError,
)
from dues.invoicing.templates import lines_of, retire_template, save_template
from dues.recurrence import Recurrence, Unit
from dues.runs.models import Run, RunState
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import confirmed, finished, outcome
from tests.factories.templates import spring_book

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession
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


def runs(session: Session) -> list[Run]:
    session.expire_all()
    return list(session.scalars(select(Run).order_by(Run.id)))


def test_a_template_follows_the_library_and_keeps_prices_of_its_own(
    session: Session, made: Organisation, template: InvoiceTemplate
) -> None:
    assert template.name == "Spring book"
    assert [line.unit_price for line in lines_of(template)] == [None, -1000]
    one = WantedLine(Decimal(1), 100, text="Camp", account_id=1)
    with pytest.raises(NameTakenError):
        save_template(session, group=made.root, name="Spring book", lines=[one], prices={}, language="en")
    for name, lines in (("", [one]), ("Camp", [])):
        with pytest.raises(EmptyTemplateError):
            save_template(session, group=made.root, name=name, lines=lines, prices={}, language="en")


def test_members_get_it_once_and_nobody_else_does(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    kim = member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID).person_id
    member(session, made, group=made.south, joined_on=JOINED, paid_through=PAID)
    member(session, made, group=made.north, joined_on=DAY)  # has only applied
    person(session)
    audience = Audience(made.north.id)
    first = start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE, key="once").id
    assert start_bulk(session, template=template, audience=audience, on=DAY, by=COMMAND_LINE, key="once").id == first
    assert finished(ledger, first).state is RunState.READY
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0
    confirmed(ledger, first)
    invoice = session.scalars(select(Invoice)).one()
    assert (invoice.payer_id, invoice.amount, invoice.group_id) == (kim, 24000, made.root.id)
    lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    assert [line.amount for line in lines] == [25000, -1000]


def test_who_is_below_is_left_out_where_only_the_group_is_meant(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID)
    every, own = Audience(made.root.id), Audience(made.root.id, below=False)
    whole = start_bulk(session, template=template, audience=every, on=DAY, by=COMMAND_LINE).id
    alone = start_bulk(session, template=template, audience=own, on=DAY, by=COMMAND_LINE).id
    assert finished(ledger, whole).total == 1
    assert finished(ledger, alone).result == {"refused": True}


def test_what_cannot_be_sent_is_refused(session: Session, made: Organisation, template: InvoiceTemplate) -> None:
    one = WantedLine(Decimal(1), 100, text="Camp", account_id=1)
    local = save_template(session, group=made.south, name="Camp", lines=[one], prices={}, language="en")
    with pytest.raises(NotBelowError):
        start_bulk(session, template=local, audience=Audience(made.north.id), on=DAY, by=COMMAND_LINE)
    retire_template(session, template_id=template.id)
    with pytest.raises(RetiredError):
        start_bulk(session, template=template, audience=Audience(made.root.id), on=DAY, by=COMMAND_LINE)


def test_each_day_of_a_series_is_made_once_and_missed_ones_are_caught_up(
    session: Session, ledger: OpenSession, template: InvoiceTemplate
) -> None:
    kim = person(session)
    series = set_up_series(
        session, template=template, audience=Audience(person_id=kim.id), calendar=MONTHLY, automatic=True, on=DAY
    )
    assert series.next_on == dt.date(2026, 3, 31)
    assert make_due(session, on=dt.date(2026, 3, 30)) == []
    first = make_due(session, on=dt.date(2026, 3, 31))
    assert len(first) == 1
    assert make_due(session, on=dt.date(2026, 3, 31)) == []
    later = dt.date(2026, 6, 2)
    missed = make_due(session, on=later)
    assert [day for day, _ in runs_of(session, series_id=series.id)] == [
        dt.date(2026, 5, 31),
        dt.date(2026, 4, 30),
        dt.date(2026, 3, 31),
    ]
    set_clock(session, to=later, real=later)
    for run in (*first, *missed):
        assert finished(ledger, run).state is RunState.DONE
    assert session.scalars(select(Invoice.payer_id)).all() == [kim.id] * 3


def test_what_is_left_open_waits_for_a_person(
    session: Session, ledger: OpenSession, made: Organisation, template: InvoiceTemplate
) -> None:
    member(session, made, group=made.north, joined_on=JOINED, paid_through=PAID)
    set_up_series(
        session, template=template, audience=Audience(made.root.id), calendar=MONTHLY, automatic=False, on=DAY
    )
    [run] = make_due(session, on=dt.date(2026, 3, 31))
    assert finished(ledger, run).state is RunState.READY
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0
    assert outcome(ledger, run).total == 1


def test_a_pause_lets_days_pass_and_an_end_is_for_good(
    session: Session, made: Organisation, template: InvoiceTemplate
) -> None:
    who = Audience(made.root.id)
    series = set_up_series(session, template=template, audience=who, calendar=MONTHLY, automatic=True, on=DAY)
    rest_series(session, series_id=series.id, rests=True, on=DAY)
    assert make_due(session, on=dt.date(2026, 5, 1)) == []
    rest_series(session, series_id=series.id, rests=False, on=dt.date(2026, 5, 1))
    assert series.next_on == dt.date(2026, 5, 31)
    end_series(session, series_id=series.id)
    assert make_due(session, on=dt.date(2027, 1, 1)) == []
    over = Recurrence(1, Unit.MONTH, DAY, dt.date(2026, 3, 20), day=31)
    with pytest.raises(NoDayLeftError):
        set_up_series(session, template=template, audience=who, calendar=over, automatic=True, on=DAY)
