"""Lists taken out: the rows of the list, once each, as people's spreadsheets read them; deleted in time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select, text

from dues.invoicing.invoice_list import invoices
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.invoicing.models import Invoice, InvoiceKind
from dues.lists.errors import NotAColumnError
from dues.lists.ledgers import LEDGERS
from dues.lists.models import Export, ExportPiece, Format
from dues.lists.narrowed import stored, wanted_of
from dues.lists.pieces import erase_old
from dues.members.models import Person
from dues.members.person_list import PersonsWanted
from dues.members.roll import RollWanted
from dues.runs.drive import drive
from dues.runs.models import RunState
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished, issued, outcome
from tests.factories.year import JOINED, year
from tests.lists.taking import DAY, begun, content, lines, outcome_of, sheet, taken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession


@pytest.fixture
def made(ledger: OpenSession) -> Organisation:
    """An organisation with 25 members who are invoiced."""
    with ledger() as session, session.begin():
        found = organisation(session)
        for number in range(25):
            who = person(session, given_name="Kim", family_name=f"Lind{number:02}")
            member(session, found, joined_on=JOINED, who=who)
        session.expunge_all()
    issued(ledger, on=JOINED, slice_size=100)
    return found


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("rows", [1, 4, 25, 100])
def test_a_table_has_every_row_of_the_list_once_in_its_order(ledger: OpenSession, session: Session, rows: int) -> None:
    found = taken(ledger, "invoices", InvoicesWanted(), slice_size=rows)
    listed = invoices(session, InvoicesWanted(), on=DAY, at=None, rows=100).rows
    assert [line["Number"] for line in found] == [str(one.number) for one in listed]
    assert {line["Payer"] for line in found} == {f"Kim Lind{number:02}" for number in range(25)}
    one = found[0]
    assert (one["Issued"], one["Status"], one["Currency"]) == ("2026-03-10", "Overdue", "SEK")
    assert one["Amount"] == one["Left to pay"]
    assert one["Amount"].count(".") == 1
    assert one["Reference"].isdigit()


@pytest.mark.usefixtures("made")
def test_a_spreadsheet_has_days_numbers_and_only_the_chosen_columns(ledger: OpenSession) -> None:
    chosen = ["amount", "due", "payer"]
    export, run = begun(ledger, "invoices", InvoicesWanted(), columns=chosen, written_as=Format.XLSX, slice_size=7)
    kept, ended = outcome_of(ledger, export, run)
    heads, *rows = sheet(ledger, export)
    assert heads == ("Payer", "Due", "Amount")
    assert len(rows) == kept.rows == ended.done == ended.total == 25
    assert kept.size == len(content(ledger, export))
    payer, due, amount = rows[0]
    assert payer.startswith("Kim Lind")
    assert isinstance(due, dt.datetime)
    assert Decimal(str(amount)) > 0


@pytest.mark.usefixtures("made")
def test_a_table_is_written_as_the_spreadsheets_of_its_reader_read_it(ledger: OpenSession) -> None:
    export, run = begun(ledger, "invoices", InvoicesWanted(), language="sv")
    finished(ledger, run)
    found = lines(ledger, export, separator=";")
    assert "," in found[0]["Belopp"]
    assert found[0]["Status"] == "Förfallen"


def test_what_people_write_is_no_formula(ledger: OpenSession, made: Organisation) -> None:
    with ledger() as session, session.begin():
        member(session, made, joined_on=JOINED, who=person(session, given_name="=1+1", family_name="Zorn"))
        session.expunge_all()
    found = taken(ledger, "persons", PersonsWanted(search="Zorn"))
    assert [line["First name"] for line in found] == ["'=1+1"]


def test_every_list_that_can_be_taken_out_can(ledger: OpenSession, session: Session) -> None:
    year(ledger)
    for name, one in LEDGERS.items():
        wanted: Any = one.wanted(below=_root(session)) if name == "members" else one.wanted()
        export, run = begun(ledger, name, wanted, slice_size=3)
        kept, ended = outcome_of(ledger, export, run)
        assert ended.state is RunState.DONE, name
        assert kept.rows == len(lines(ledger, export)) == one.count(session, wanted, DAY) > 0, name
        numbers = [line["Number"] for line in lines(ledger, export) if name in {"persons", "payments"}]
        assert len(numbers) == len(set(numbers)), name


def _root(session: Session) -> str:
    return str(session.scalar(text("SELECT path FROM groups ORDER BY id LIMIT 1")))


def test_a_roll_is_written_in_slices_too(ledger: OpenSession, made: Organisation) -> None:
    found = taken(ledger, "members", RollWanted(below=made.root.path), slice_size=4)
    assert [line["Family name"] for line in found] == [f"Lind{number:02}" for number in range(25)]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_whoever_goes_on_after_a_stop_doubles_and_forgets_nothing(ledger: OpenSession, after: int) -> None:
    class StruckError(Exception):
        """Whoever drove is gone."""

    looks = iter(range(after))

    def watch(_progress: object) -> None:
        if next(looks, None) is None:
            raise StruckError

    export, run = begun(ledger, "invoices", InvoicesWanted(), written_as=Format.XLSX, slice_size=4)
    with pytest.raises(StruckError):
        drive(ledger, run, watch=watch)
    assert outcome(ledger, run).state is not RunState.DONE
    finished(ledger, run)
    _heads, *rows = sheet(ledger, export)
    assert len(rows) == len({row[0] for row in rows}) == 25


def test_a_slice_costs_the_same_however_long_the_list_is(ledger: OpenSession, session: Session) -> None:
    with ledger() as own, own.begin():
        found = organisation(own)
        for _ in range(40):
            member(own, found, joined_on=JOINED)
        own.expunge_all()
    issued(ledger, on=JOINED, slice_size=100)
    said = [0]
    bind = session.connection()

    def say(*_of: object) -> None:
        said[-1] += 1

    event.listen(bind, "before_cursor_execute", say)
    dearest = []
    for rows in (5, 20, 40):
        _export, run = begun(ledger, "invoices", InvoicesWanted(settled="open"), slice_size=rows)
        said[:] = [0]
        drive(ledger, run, watch=lambda _progress: said.append(0))
        dearest.append(max(said))
    event.remove(bind, "before_cursor_execute", say)
    assert dearest[0] == dearest[1] == dearest[2] < 40


def test_a_row_that_is_gone_does_not_begin_the_list_anew(ledger: OpenSession, made: Organisation) -> None:
    export, run = begun(ledger, "members", RollWanted(below=made.north.path), slice_size=5)
    looks = iter(range(100))

    class PauseError(Exception):
        """Long enough to change something."""

    def watch(_progress: object) -> None:
        if next(looks) == 1:
            raise PauseError

    with pytest.raises(PauseError):
        drive(ledger, run, watch=watch)
    with ledger() as session, session.begin():
        moved = session.scalars(select(Person).where(Person.family_name == "Lind04")).one()
        session.execute(
            text("UPDATE membership SET group_id = :other WHERE person_id = :who"),
            {"other": made.south.id, "who": moved.id},
        )
    finished(ledger, run)
    names = [line["Family name"] for line in lines(ledger, export)]
    assert names == [f"Lind{number:02}" for number in range(25)]


@pytest.mark.usefixtures("made")
def test_a_file_is_deleted_when_its_time_is_over_and_what_was_searched_for_with_it(ledger: OpenSession) -> None:
    export, run = begun(ledger, "invoices", InvoicesWanted(search="Kim"))
    finished(ledger, run)
    with ledger() as session, session.begin():
        assert erase_old(session, days=7) == 0
        session.execute(text("UPDATE export SET ready_at = now() - interval '8 days'"))
        assert erase_old(session, days=7) == 1
        session.expire_all()
        gone = session.get_one(Export, export)
        assert (gone.wanted, gone.rows) == ({}, 25)
        assert gone.erased_at is not None
        assert session.scalar(select(func.count()).select_from(ExportPiece)) == 0


def test_columns_that_a_list_has_not_are_refused(ledger: OpenSession) -> None:
    with pytest.raises(NotAColumnError):
        begun(ledger, "invoices", InvoicesWanted(), columns=["number", "salary"])


def test_what_is_wanted_comes_back_from_the_database_as_it_was() -> None:
    wanted = InvoicesWanted(
        search="Kim", settled="open", kind=InvoiceKind.INVOICE, type_id=7, issued_from=DAY, level=0, descending=False
    )
    assert wanted_of(InvoicesWanted, stored(wanted)) == wanted
    assert wanted_of(InvoicesWanted, {"least": "250", "by_due": "yes"}) == InvoicesWanted(least=250, by_due=True)


@pytest.mark.usefixtures("made")
def test_the_audit_log_says_who_took_what_out_and_not_whom_they_searched_for(
    ledger: OpenSession, session: Session
) -> None:
    _export, run = begun(ledger, "invoices", InvoicesWanted(search="Kim"), slice_size=4)
    finished(ledger, run)
    rows = session.execute(
        text(
            "SELECT c.verb, c.actor, c.columns, v.content::text FROM audit_change c JOIN audit_value v"
            " ON v.change_id = c.id WHERE c.relation = 'export' ORDER BY c.id"
        )
    ).all()
    assert [row.verb for row in rows] == ["added", "changed"]
    assert "wanted" in rows[0].columns
    assert "rows" in rows[1].columns
    assert "Kim" not in "".join(row.content for row in rows)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 25
