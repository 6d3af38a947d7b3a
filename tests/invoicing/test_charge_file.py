"""Tables of lines become invoices: whom a line means, what it charges, and that a table is accepted whole or not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.invoicing.charge_columns import Reading, guessed
from dues.invoicing.charge_errors import (
    ChargedBeforeError,
    ChargeFileError,
    DueDayError,
    NoPersonColumnError,
    NoSystemError,
    NothingSoldError,
    UnknownColumnError,
)
from dues.invoicing.charge_file import charge_table, faults, keep_table, reading_of, table_of
from dues.invoicing.charge_models import ChargeFile, ChargeItem
from dues.invoicing.models import Claim, FrozenText, Invoice, InvoiceLine
from dues.journal.earnings import income_accounts
from dues.members.models import ExternalId
from dues.runs.models import RunState
from dues.runs.preview import preview_of
from dues.runs.start import confirm, discard
from tests.factories.members import person
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import Outcome, finished

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 3, 10)
HEAD = "Medlemsnummer;E-post;Externt id;Artikel;Text;Antal;Pris;Konto\n"


@pytest.fixture
def made(session: Session) -> Organisation:
    set_clock(session, to=DAY, real=DAY)
    return organisation(session)


def previewed(ledger: OpenSession, made: Organisation, content: str, **how: str) -> Outcome:
    with ledger() as session, session.begin():
        file = keep_table(session, content=content.encode(), name="lines.csv", group=made.root, by=COMMAND_LINE)
        kept = reading_of(session, file=file, table=table_of(file)).stored()
        run_id = charge_table(
            session, file=file, reading=Reading.of({**kept, "system": "crm", **how}), on=DAY, by=COMMAND_LINE
        ).id
    return finished(ledger, run_id)


def confirmed(ledger: OpenSession, run_id: int) -> Outcome:
    with ledger() as session, session.begin():
        kept = preview_of(session, run_id=run_id)
        assert kept is not None
        confirm(session, run_id=run_id, seen=kept.fingerprint)
    return finished(ledger, run_id)


def told(ledger: OpenSession, run: Outcome) -> list[tuple[int | None, str, str, str]]:
    with ledger() as session:
        found = faults(session, run_id=run.run_id)
        return [(one.line, one.column, one.value, one.reason % one.said) for one in found]


def test_persons_are_found_by_number_email_and_external_id(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    kim, robin, alex = (person(session, email=f"{name}@example.org") for name in ("kim", "robin", "alex"))
    session.add(ExternalId(kind="person", system="crm", external="X-1", entity=alex.uuid))
    product(session, made.root)
    code = income(session, made)
    run = previewed(
        ledger,
        made,
        HEAD
        + f"{kim.id};;;10;;2;;\n"
        + f";Robin@example.org;;;Läger;1,5;1 000,25;{code}\n"
        + ";;X-1;10;Songbook for Alex;;100;\n"
        + f"{kim.id};kim@example.org;;;Rabatt;;-50;{code}\n",
        due_on="2026-04-30",
    )
    assert (run.state, run.total) == (RunState.READY, 3), told(ledger, run)
    assert confirmed(ledger, run.run_id).result["issued"] == 3
    found = session.execute(select(Invoice.payer_id, Invoice.amount, Invoice.due_on).order_by(Invoice.number)).all()
    due = dt.date(2026, 4, 30)
    assert [tuple(one) for one in found] == [(kim.id, 20000, due), (robin.id, 150038, due), (alex.id, 10000, due)]
    said = session.execute(
        select(InvoiceLine.amount, FrozenText.content["component"]).join(
            FrozenText, FrozenText.id == InvoiceLine.text_id
        )
    ).all()
    assert {amount: words.get("sv") for amount, words in said} == {
        25000: "Songbook sv",
        150038: "Läger",
        10000: "Songbook for Alex",
        -5000: "Rabatt",
    }


def test_one_fault_refuses_the_whole_table_and_all_faults_are_told(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    kim, _twin, _other = person(session), person(session, email="x@example.org"), person(session, email="X@example.org")
    product(session, made.root)
    run = previewed(
        ledger,
        made,
        HEAD
        + f"{kim.id};;;10;;1;;\n"
        + "999999;;;10;;;;\n"
        + ";x@example.org;;10;;;;\n"
        + ";;;10;;;;\n"
        + f"{kim.id};x@example.org;;10;;;;\n"
        + f"{kim.id};;;77;;;;\n"
        + f"{kim.id};;;;Camp;0;1,234;3010\n"
        + f"{kim.id};;;;Camp;;5;1234\n"
        + "abc;;;10;;;;\n",
    )
    assert (run.state, run.result["refused"], run.result["faults"]) == (RunState.DONE, True, 9)
    assert [(line, column, value) for line, column, value, _ in told(ledger, run)] == [
        (3, "Medlemsnummer", "999999"),
        (4, "E-post", "x@example.org"),
        (5, "Medlemsnummer", ""),
        (6, "E-post", "x@example.org"),
        (7, "Artikel", "77"),
        (8, "Pris", "1,234"),
        (8, "Antal", "0"),
        (9, "Konto", "1234"),
        (10, "Medlemsnummer", "abc"),
    ]
    reasons = [reason for *_, reason in told(ledger, run)]
    assert "2 persons have this e-mail address. Name the person by number." in reasons
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0


def test_the_same_table_is_not_charged_twice_and_columns_are_remembered(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    kim = person(session)
    product(session, made.root)
    content = f"Who;What\n{kim.id};10\n"
    how = Reading(columns={"number": "Who", "product": "What"})
    with ledger() as opened, opened.begin():
        file = keep_table(opened, content=content.encode(), name="a.csv", group=made.root, by=COMMAND_LINE)
        assert reading_of(opened, file=file, table=table_of(file)).columns == {}
        run_id = charge_table(opened, file=file, reading=how, on=DAY, by=COMMAND_LINE).id
    finished(ledger, run_id)
    with ledger() as opened, opened.begin(), pytest.raises(ChargedBeforeError):
        keep_table(opened, content=content.encode(), name="b.csv", group=made.root, by=COMMAND_LINE)
    confirmed(ledger, run_id)
    with ledger() as opened, opened.begin():
        with pytest.raises(ChargedBeforeError):
            keep_table(opened, content=content.encode(), name="b.csv", group=made.root, by=COMMAND_LINE)
        other = keep_table(
            opened, content=content.replace(";10", ";11").encode(), name="c.csv", group=made.root, by=COMMAND_LINE
        )
        assert reading_of(opened, file=other, table=table_of(other)).columns == how.columns


def test_what_no_number_of_ours_holds_is_too_much_and_the_rest_is_charged(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    kim, robin = person(session), person(session)
    code = income(session, made)
    lines = f"{kim.id};;;;Camp;1;100;{code}\n{robin.id};;;;Castle;999999;9999999999,99;{code}\n"
    lines += f"{robin.id};;;;Castles;999999;9999999999,99;{code}\n" * 9
    run = previewed(ledger, made, HEAD + lines)
    assert run.state is RunState.READY, told(ledger, run)
    left_out = session.execute(select(ChargeItem.person_id, ChargeItem.reason).order_by(ChargeItem.seq)).all()
    assert [tuple(one) for one in left_out] == [(kim.id, None), (robin.id, "too much")]
    assert confirmed(ledger, run.run_id).result["issued"] == 1


def test_a_preview_that_was_put_aside_may_come_again(session: Session, ledger: OpenSession, made: Organisation) -> None:
    kim = person(session)
    product(session, made.root)
    content = HEAD + f"{kim.id};;;10;;;;\n"
    first = previewed(ledger, made, content)
    with ledger() as opened, opened.begin():
        discard(opened, run_id=first.run_id)
    assert previewed(ledger, made, content).state is RunState.READY
    assert session.scalar(select(func.count()).select_from(ChargeFile)) == 2


@pytest.mark.parametrize(
    ("reading", "error"),
    [
        (Reading(columns={"product": "B"}), NoPersonColumnError),
        (Reading(columns={"number": "A"}), NothingSoldError),
        (Reading(columns={"number": "A", "text": "B"}), NothingSoldError),
        (Reading(columns={"external": "A", "product": "B"}), NoSystemError),
        (Reading(columns={"number": "C", "product": "B"}), UnknownColumnError),
        (Reading(columns={"number": "A", "product": "B"}, due_on="2026-03-09"), DueDayError),
        (Reading(columns={"number": "A", "product": "B"}, due_on="2031-03-11"), DueDayError),
        (Reading(columns={"number": "A", "product": "B"}, due_on="9999-12-31"), DueDayError),
        (Reading(columns={"number": "A", "product": "B"}, due_on="soon"), DueDayError),
    ],
)
def test_a_reading_that_cannot_be_is_refused(
    session: Session, made: Organisation, reading: Reading, error: type[ChargeFileError]
) -> None:
    file = keep_table(session, content=b"A;B\n1;2\n", name="a.csv", group=made.root, by=COMMAND_LINE)
    with pytest.raises(error):
        charge_table(session, file=file, reading=reading, on=DAY, by=COMMAND_LINE)


@pytest.mark.parametrize(
    "header",
    [
        "Member number;E-mail;Product;Text;Quantity;Price;Account",
        "Medlemsnummer;E-post;Artikel;Benämning;Antal;Belopp;Konto",
        "Medlemsnummer;E-post;Varenummer;Beskrivelse;Antall;Beløp;Konto",
        "Lidnummer;E-mail;Artikelnummer;Omschrijving;Aantal;Bedrag;Rekening",
        "Mitgliedsnummer;E-Mail;Artikelnummer;Bezeichnung;Menge;Betrag;Konto",
    ],
)
def test_columns_are_guessed_in_five_languages(header: str) -> None:
    names = header.split(";")
    fields = ("number", "email", "product", "text", "quantity", "price", "account")
    assert guessed(names) == dict(zip(fields, names, strict=True))


def test_many_lines_take_as_many_statements_as_few(session: Session, ledger: OpenSession, made: Organisation) -> None:
    product(session, made.root)
    counts = []
    for size in (2, 60):
        everybody = [person(session) for _ in range(size)]
        seen: list[str] = []
        engine = session.get_bind().engine

        def count(*about: object, seen: list[str] = seen) -> None:
            seen.append(str(about[2]))

        event.listen(engine, "before_cursor_execute", count)
        run = previewed(ledger, made, HEAD + "".join(f"{one.id};;;10;Nr {one.id};;;\n" for one in everybody))
        confirmed(ledger, run.run_id)
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert session.scalar(select(func.count()).select_from(Claim)) == 62


def income(session: Session, made: Organisation) -> str:
    return income_accounts(session, creditor=made.creditor)[0].code
