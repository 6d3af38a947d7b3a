"""Invoices of another system: taken in as they were issued there, never sent, and collected and undone here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select, text

from documents import ReferenceKind
from dues.actor import COMMAND_LINE
from dues.collection.document import reminder_documents
from dues.collection.models import Reminder
from dues.dates import set_clock
from dues.delivery.models import Message
from dues.groups.models import NumberVoid
from dues.invoicing.charge_columns import TAKEN_IN, Reading, guessed
from dues.invoicing.charge_errors import (
    ChargedBeforeError,
    ChargeFileError,
    NoAmountColumnError,
    NoDaysError,
    NoNumberColumnError,
    NoSourceError,
    QuotedError,
)
from dues.invoicing.charge_file import TAKE_IN, keep_table, reading_of, table_of
from dues.invoicing.elsewhere_models import Elsewhere
from dues.invoicing.models import Claim, ClaimEnd, Invoice, InvoiceKind, InvoiceLine, PaymentReference
from dues.invoicing.take_in_file import known_sources, take_table_in
from dues.journal.earnings import income_accounts
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.payments.credit_invoice import Terms, credit_invoice, credit_now
from dues.runs.models import RunState, RunSum
from tests.factories.members import member, person
from tests.factories.money import banked, camt, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import Outcome, finished, issued, reminded, undone
from tests.invoicing.test_charge_file import confirmed, told

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.members.models import Person

DAY = dt.date(2026, 3, 10)
HEAD = "Fakturanummer;Medlemsnummer;Fakturadatum;Förfallodatum;OCR;Belopp;Betalt;Text\n"


@pytest.fixture
def made(session: Session) -> Organisation:
    set_clock(session, to=DAY, real=DAY)
    return organisation(session)


@pytest.fixture
def kim(session: Session) -> Person:
    return person(session, given_name="Kim", family_name="Ek", email="kim@example.org")


def previewed(ledger: OpenSession, made: Organisation, content: str, **how: str) -> Outcome:
    with ledger() as session, session.begin():
        file = keep_table(
            session, content=content.encode(), name="old.csv", group=made.root, by=COMMAND_LINE, kind=TAKE_IN
        )
        kept = reading_of(session, file=file, table=table_of(file)).stored()
        reading = Reading.of({**kept, "source": "Old register", "quoted": "ocr", **how})
        run_id = take_table_in(session, file=file, reading=reading, on=DAY, by=COMMAND_LINE).id
    return finished(ledger, run_id)


def taken(ledger: OpenSession, made: Organisation, content: str, **how: str) -> Outcome:
    run = previewed(ledger, made, content, **how)
    assert run.state is RunState.READY, told(ledger, run)
    return confirmed(ledger, run.run_id)


def bill(
    kim: Person, number: str = "F-2025/117", ocr: str = "1234567897", amount: str = "300,00", more: str = ""
) -> str:
    return f"{number};{kim.id};2025-11-01;2025-12-01;{ocr};{amount};{more};\n"


def claim_of(session: Session, number: str) -> Claim:
    session.expire_all()
    wanted = select(Claim).join(Invoice, Invoice.id == Claim.invoice_id).where(Invoice.called == number)
    return session.scalars(wanted.order_by(Claim.id.desc())).first() or pytest.fail(number)


def left_out(session: Session, run: Outcome) -> dict[str, int]:
    wanted = select(RunSum.key, RunSum.items).where(RunSum.run_id == run.run_id, RunSum.axis == "reason")
    return {reason: items for reason, items in session.execute(wanted)}  # noqa: C416 -- rows are no pairs to mypy


def booked(session: Session, event: str) -> list[tuple[str, str, int]]:
    debit, credit = Account.__table__.alias(), Account.__table__.alias()
    wanted = (
        select(debit.c.role, credit.c.role, Posting.amount)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(debit, debit.c.id == Posting.debit_account_id)
        .join(credit, credit.c.id == Posting.credit_account_id)
        .where(Entry.event == event)
    )
    return [tuple(row) for row in session.execute(wanted.order_by(Posting.id))]


def test_an_invoice_is_taken_in_as_it_was_issued_and_never_sent(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    run = previewed(ledger, made, HEAD + bill(kim))
    assert (run.state, run.total) == (RunState.READY, 1), told(ledger, run)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0
    assert confirmed(ledger, run.run_id).result["issued"] == 1
    invoice = session.scalars(select(Invoice)).one()
    assert (invoice.number, invoice.printed, invoice.called) == (None, "F-2025/117", "F-2025/117")
    assert (invoice.issued_on, invoice.due_on) == (dt.date(2025, 11, 1), dt.date(2025, 12, 1))
    assert (invoice.amount, invoice.payer_name) == (30000, "Kim Ek")
    known = session.scalars(select(Elsewhere)).one()
    assert (known.system, known.reference, known.reference_kind) == ("Old register", "1234567897", "ocr")
    assert session.scalars(select(PaymentReference.value)).all() == ["1234567897"]
    assert session.scalars(select(Message.id)).all() == []
    assert booked(session, "take-in") == [("receivable", "opening", 30000)]
    assert known_sources(session) == ["Old register"]


def test_rows_of_one_number_are_lines_of_one_invoice_and_may_be_booked_as_revenue(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    product(session, made.root)
    income = income_accounts(session, creditor=made.creditor)[0].code
    head = "Invoice number;Member number;Issued;Due;Reference;Amount;Text;Product;Account\n"
    content = (
        head
        + f"77;{kim.id};01.11.2025;01.12.2025;;200;Camp;;{income}\n"
        + "77;;01.11.2025;01.12.2025;;-50;Rebate;;\n"
        + f"77;{kim.id};01.11.2025;01.12.2025;;100;;10;\n"
    )
    taken(ledger, made, content, dates="day first", quoted="text")
    assert session.scalars(select(InvoiceLine.amount).order_by(InvoiceLine.position)).all() == [20000, -5000, 10000]
    assert claim_of(session, "77").amount == 25000
    assert booked(session, "take-in") == [
        ("receivable", "income", 20000),
        ("opening", "receivable", 5000),
        ("receivable", "income", 10000),
    ]
    assert session.scalars(select(PaymentReference.value)).all() == ["77"]  # without a reference it is its number


def test_what_had_been_paid_is_not_owed_any_more(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    content = HEAD + bill(kim, more="100") + bill(kim, "F-2", "18", more="300,00")
    taken(ledger, made, content)
    part, whole = claim_of(session, "F-2025/117"), claim_of(session, "F-2")
    assert (part.amount, part.open_amount, part.ended) == (30000, 20000, None)
    assert (whole.open_amount, whole.ended, whole.ended_on) == (0, ClaimEnd.PAID, DAY)
    assert booked(session, "paid elsewhere") == [("opening", "receivable", 10000), ("opening", "receivable", 30000)]


def test_money_finds_it_by_the_reference_that_was_printed(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    taken(ledger, made, HEAD + bill(kim, ocr="0001234567897"))
    banked(ledger, camt(made.agreement, [paid(30000, "1234567897")], on=DAY), on=DAY)
    claim = claim_of(session, "F-2025/117")
    assert (claim.open_amount, claim.ended) == (0, ClaimEnd.PAID)


def test_it_is_reminded_of_and_the_reminder_says_which_invoice_of_which_system(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    taken(ledger, made, HEAD + bill(kim))
    assert reminded(ledger, on=DAY).done == 1
    reminder = session.scalars(select(Reminder.id)).one()
    document = reminder_documents(session, reminders=[reminder])[reminder]
    assert "F-2025/117" in document.lines[0].text
    assert "Old register" in document.lines[0].text
    assert document.payment is not None
    assert (document.payment.reference, document.payment.reference_kind) == ("1234567897", ReferenceKind.OCR)
    assert session.scalars(select(Message.kind)).all() == ["reminder"]


def test_the_same_number_is_recognised_and_the_rest_of_the_table_is_taken_in(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    taken(ledger, made, HEAD + bill(kim))
    with pytest.raises(ChargedBeforeError):
        previewed(ledger, made, HEAD + bill(kim))
    more = HEAD + bill(kim, "f2025-117", "26") + bill(kim, "F-2", "18") + bill(kim, "F-3", "1234567897")
    run = previewed(ledger, made, more)
    assert (run.state, run.total) == (RunState.READY, 1), told(ledger, run)
    assert left_out(session, run) == {"taken in before": 1, "reference taken": 1}
    assert confirmed(ledger, run.run_id).result["issued"] == 1
    dearer = previewed(ledger, made, HEAD + bill(kim, amount="301"))
    assert (dearer.total, left_out(session, dearer)) == (0, {"taken in otherwise": 1})
    # Another system may have given the same number.
    other = previewed(ledger, made, HEAD + bill(kim, ocr="34"), source="Shop")
    assert (other.state, other.total) == (RunState.READY, 1)


def test_faults_are_told_by_line_and_column_and_nothing_is_taken_in(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    good = f"{kim.id};2025-11-01;2025-12-01"
    rows = (
        f";{good};18;1;;\n"
        f"A;{kim.id};soon;2025-12-01;18;1;;\n"
        f"B;{kim.id};2025-12-02;2025-12-01;26;1;;\n"
        f"C;{good};27;1;;\n"
        f"D;{good};34;-5;;\n"
        f"E;{good};42;5;6;\n"
        f"F;{good};59;5;;\n"
        f"F;999;2025-11-01;2025-12-01;59;5;;\n"
        f"G;{good};59;5;;\n"
        f"H;999999;2025-11-01;2025-12-01;67;5;;\n"
    )
    run = previewed(ledger, made, HEAD + rows)
    assert run.result["refused"] is True
    assert [(line, column) for line, column, *_ in told(ledger, run)] == [
        (2, "Fakturanummer"),
        (3, "Fakturadatum"),
        (4, "Förfallodatum"),
        (5, "OCR"),
        (6, "Belopp"),
        (7, "Betalt"),
        (9, "Medlemsnummer"),
        (10, "OCR"),
        (11, "Medlemsnummer"),
    ]
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0


def test_a_reference_that_our_own_invoices_will_come_to_is_left_out(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    agreement = made.agreement
    shape = (agreement.reference_kind.value, agreement.reference_length, agreement.length_digit, 40)
    coming = session.scalar(select(func.payment_reference_for(*shape))) or ""
    run = previewed(ledger, made, HEAD + bill(kim, ocr=coming), quoted=shape[0])
    assert run.total == 0
    assert session.scalars(select(RunSum.key).where(RunSum.axis == "reason")).all() == ["reference to come"]


def test_it_is_credited_whole_or_in_part_and_may_then_be_taken_in_anew(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    taken(ledger, made, HEAD + bill(kim, more="100"))
    invoice_id = claim_of(session, "F-2025/117").invoice_id
    with ledger() as opened, opened.begin():
        credit_now(opened, invoice_id, {1: 5000}, Terms(on=DAY, by=COMMAND_LINE))
    assert claim_of(session, "F-2025/117").open_amount == 15000
    with ledger() as opened, opened.begin():
        note_id = credit_invoice(opened, invoice_id=invoice_id, on=DAY, by=COMMAND_LINE)
    note = session.get_one(Invoice, note_id)
    assert (note.kind, note.number, note.printed) == (InvoiceKind.CREDIT_NOTE, 2, None)
    taken(ledger, made, HEAD + bill(kim, amount="250"))
    assert claim_of(session, "F-2025/117").open_amount == 25000
    assert sorted(session.scalars(select(Elsewhere.nth))) == [0, 1]
    banked(ledger, camt(made.agreement, [paid(25000, "1234567897")], on=DAY), on=DAY)
    assert claim_of(session, "F-2025/117").ended is ClaimEnd.PAID


def test_a_run_is_undone_in_one_step_and_the_same_table_may_come_again(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    content = HEAD + bill(kim) + bill(kim, "F-2", "18") + bill(kim, "F-3", "26", more="1")
    run = taken(ledger, made, content)
    back = undone(ledger, run.run_id, on=DAY)
    assert (back.result["credited"], back.result["excluded"]) == (2, {"part-paid": 1})
    assert claim_of(session, "F-2").ended is ClaimEnd.CREDITED
    assert session.scalars(select(Message.id)).all() == []
    again = taken(ledger, made, content)
    assert (again.result["issued"], again.result["excluded"]) == (2, {"taken in before": 1})


def test_numbers_of_ours_have_no_gap_beside_those_of_others(
    session: Session, ledger: OpenSession, made: Organisation, kim: Person
) -> None:
    member(session, made, joined_on=DAY)
    taken(ledger, made, HEAD + bill(kim, "1", "18") + bill(kim, "2", "26"))
    issued(ledger, on=DAY)
    ours = session.execute(select(Invoice.number, Invoice.printed).order_by(Invoice.id)).all()
    assert [tuple(one) for one in ours] == [(None, "1"), (None, "2"), (1, None)]


def test_a_faulty_row_is_left_out_and_its_voucher_is_explained(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    everybody = [person(session) for _ in range(5)]
    session.execute(
        text(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF new.payer_id = {everybody[2].id} THEN RAISE EXCEPTION 'this row is broken'; END IF; "
            "RETURN new; END $$"
        )
    )
    session.execute(text("RESET ROLE"))
    session.execute(
        text("CREATE TRIGGER broken BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()")
    )
    session.execute(text("SET ROLE kontingent_jobs"))
    rows = "".join(bill(one, f"N{one.id}", "", more="1") for one in everybody)
    run = taken(ledger, made, HEAD + rows)
    assert (run.result["issued"], run.result["excluded"]) == (4, {"this row is broken": 1})
    assert session.scalars(select(NumberVoid.series)).all() == ["entry"]


def test_many_invoices_take_as_many_statements_as_few(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    taken(ledger, made, HEAD + bill(person(session), "first", ""))  # opens the account
    counts = []
    for size in (2, 60):
        everybody = [person(session) for _ in range(size)]
        seen: list[str] = []
        engine = session.get_bind().engine

        def count(*about: object, seen: list[str] = seen) -> None:
            seen.append(str(about[2]))

        event.listen(engine, "before_cursor_execute", count)
        taken(ledger, made, HEAD + "".join(bill(one, f"S{one.id}", "", more="1") for one in everybody))
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    opening = session.scalars(select(Account.code).where(Account.role == AccountRole.OPENING)).all()
    assert opening == ["2999"]


FULL = {"invoice": "A", "number": "B", "issued": "C", "due": "D", "price": "E"}


@pytest.mark.parametrize(
    ("columns", "how", "error"),
    [
        ({**FULL, "invoice": ""}, {}, NoNumberColumnError),
        ({**FULL, "issued": ""}, {}, NoDaysError),
        ({**FULL, "price": ""}, {}, NoAmountColumnError),
        (FULL, {"source": " "}, NoSourceError),
        (FULL, {"source": "x" * 61}, NoSourceError),
        ({**FULL, "reference": "F"}, {"quoted": ""}, QuotedError),
    ],
)
def test_a_reading_that_cannot_be_is_refused(
    session: Session, made: Organisation, columns: dict[str, str], how: dict[str, str], error: type[ChargeFileError]
) -> None:
    content = b"A;B;C;D;E;F\n1;2;3;4;5;6\n"
    file = keep_table(session, content=content, name="a.csv", group=made.root, by=COMMAND_LINE, kind=TAKE_IN)
    said = {what: name for what, name in columns.items() if name}
    with pytest.raises(error):
        take_table_in(
            session, file=file, reading=Reading.of({"columns": said, "source": "Old", **how}), on=DAY, by=COMMAND_LINE
        )


@pytest.mark.parametrize(
    "header",
    [
        "Invoice number;Member number;Issue date;Due date;Reference;Amount;Already paid",
        "Fakturanummer;Medlemsnummer;Fakturadatum;Förfallodatum;OCR-nummer;Belopp;Inbetalt",
        "Fakturanr;Medlemsnr;Fakturadato;Forfallsdato;KID;Beløp;Innbetalt",
        "Factuurnummer;Lidnummer;Factuurdatum;Vervaldatum;Betalingskenmerk;Bedrag;Betaald",
        "Rechnungsnummer;Mitgliedsnummer;Rechnungsdatum;Fälligkeitsdatum;Referenz;Betrag;Bezahlt",
    ],
)
def test_columns_are_guessed_in_five_languages(header: str) -> None:
    names = header.split(";")
    fields = ("invoice", "number", "issued", "due", "reference", "price", "paid")
    assert guessed(names, TAKEN_IN) == dict(zip(fields, names, strict=True))
