"""Runs that charge lines: what is previewed is what is written, and what becomes of rows that cannot be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text

from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.delivery.models import Channel, Message
from dues.groups.models import NumberVoid
from dues.invoicing.charge_models import ChargeItem
from dues.invoicing.charge_run import charging, start_charging
from dues.invoicing.freeze import freeze_texts
from dues.invoicing.models import Claim, Invoice, InvoiceLine
from dues.journal.earnings import income_accounts
from dues.members.models import Payer, Person
from dues.pricing.models import ProductPrice
from dues.runs.drive import bind
from dues.runs.models import Axis, Run, RunState
from dues.runs.preview import preview_of, sums
from dues.runs.start import confirm
from tests.factories.members import person
from tests.factories.organisation import Organisation, organisation
from tests.factories.products import product
from tests.factories.runs import finished, outcome

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

DAY = dt.date(2026, 3, 10)
DUE = dt.date(2026, 4, 9)
KIND = "charge test"


def stage(session: Session, run: Run) -> bool:
    """The lines lie in the run itself: text, and the columns of `charge_wanted`."""
    lines: list[dict[str, Any]] = run.params["lines"]
    texts = freeze_texts(session, texts={(at, 0): {"component": {"en": one["text"]}} for at, one in enumerate(lines)})
    for at, one in enumerate(lines):
        session.execute(
            text(
                "INSERT INTO charge_wanted (place, person_id, group_id, due_on, product_id, text_id, quantity,"
                " unit_price, account_id) VALUES (:place, :person, :group, :due, :product, :words, :quantity, :price,"
                " :account)"
            ),
            {
                "place": at,
                "person": one["person"],
                "group": one["group"],
                "due": one.get("due"),
                "product": one.get("product"),
                "words": texts[at, 0],
                "quantity": one.get("quantity", 1),
                "price": one.get("price"),
                "account": one.get("account"),
            },
        )
    return bool(lines)


bind(KIND, charging(stage))


def charged(ledger: OpenSession, lines: list[dict[str, Any]], *, confirmed: bool = True, slice_size: int = 3) -> int:
    with ledger() as session, session.begin():
        run_id = start_charging(
            session,
            kind=KIND,
            params={"lines": lines},
            on=DAY,
            by=COMMAND_LINE,
            confirmed=confirmed,
            slice_size=slice_size,
        ).id
    finished(ledger, run_id)
    return run_id


@pytest.fixture
def made(session: Session) -> Organisation:
    set_clock(session, to=DAY, real=DAY)
    return organisation(session)


@pytest.fixture
def account(session: Session, made: Organisation) -> int:
    return income_accounts(session, creditor=made.creditor)[0].id


def test_lines_of_one_person_are_one_invoice_and_the_payer_gets_it(
    session: Session, ledger: OpenSession, made: Organisation, account: int
) -> None:
    kim, robin = person(session), person(session, email="")
    session.add(Payer(person_id=kim.id, payer_id=robin.id, from_on=dt.date(2026, 1, 1)))
    book = product(session, made.root)
    run_id = charged(
        ledger,
        [
            {"text": "Songbook", "person": kim.id, "group": made.north.id, "product": book.id, "quantity": "2.5"},
            {"text": "Rebate", "person": kim.id, "group": made.north.id, "price": -1001, "account": account},
            {"text": "Camp", "person": robin.id, "group": made.south.id, "price": 5000, "account": account},
        ],
    )
    run = outcome(ledger, run_id)
    assert (run.state, run.result["issued"], run.result["excluded"]) == (RunState.DONE, 2, {})
    first, second = session.scalars(select(Invoice).order_by(Invoice.number)).all()
    assert (first.number, first.payer_id, first.amount, first.group_id) == (1, robin.id, 30249, made.north.id)
    assert (second.number, second.payer_id, second.amount, second.group_id) == (2, robin.id, 5000, made.south.id)
    lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.invoice_id, InvoiceLine.position)).all()
    assert [(line.position, line.person_id, line.amount, line.member_name) for line in lines] == [
        (1, kim.id, 31250, f"Kim {kim.family_name}"),
        (2, kim.id, -1001, f"Kim {kim.family_name}"),
        (1, robin.id, 5000, ""),
    ]
    assert session.scalars(select(Claim.open_amount).order_by(Claim.id)).all() == [30249, 5000]
    messages = session.scalars(select(Message).order_by(Message.id)).all()
    assert [(one.kind, one.channel, one.person_id) for one in messages] == [("invoice", "print", robin.id)] * 2


def test_who_cannot_be_charged_is_left_out_and_told_why(
    session: Session, ledger: OpenSession, made: Organisation, account: int
) -> None:
    gone, lost, fine = person(session), person(session, email=""), person(session)
    gone.deceased_on, lost.city = DAY, ""
    hidden = product(session, made.south, number="20")
    cheap = product(session, made.root, number="30", currency="NOK")

    def line(who: Person, **more: object) -> dict[str, Any]:
        return {"text": "Camp", "person": who.id, "group": made.north.id, "price": 5000, "account": account, **more}

    others = [person(session) for _ in range(6)]
    run_id = charged(
        ledger,
        [
            line(gone),
            line(lost),
            line(others[0], price=0),
            line(others[1], price=-1),
            line(others[2], due="2026-03-09"),
            line(others[3], product=hidden.id, account=None),
            line(others[4], product=cheap.id, price=None, account=None),
            line(others[5], account=None),
            line(fine),
        ],
    )
    assert outcome(ledger, run_id).result["excluded"] == {
        "deceased": 1,
        "no address": 1,
        "zero amount": 1,
        "less than zero": 1,
        "due day has passed": 1,
        "not sold here": 1,
        "no price": 1,
        "no posting rule": 1,
    }
    assert session.scalars(select(Invoice.payer_id)).all() == [fine.id]


def test_the_preview_is_what_is_written(
    session: Session, ledger: OpenSession, made: Organisation, account: int
) -> None:
    everybody = [person(session) for _ in range(7)]
    lines = [
        {"text": "Camp", "person": one.id, "group": made.north.id, "price": 5000 + at, "account": account}
        for at, one in enumerate(everybody)
    ]
    run_id = charged(ledger, lines, confirmed=False)
    assert outcome(ledger, run_id).state is RunState.READY
    shown = session.execute(select(ChargeItem.payer_id, ChargeItem.amount, ChargeItem.due_on)).all()
    assert {one.due_on for one in shown} == {DAY + dt.timedelta(days=made.creditor.payment_days)}
    (total,) = sums(session, run_id=run_id, axes=[Axis.TOTAL])
    assert (total.items, total.amount) == (7, 35021)
    _confirm(ledger, run_id)
    assert outcome(ledger, run_id).result["issued"] == 7
    written = session.execute(select(Invoice.payer_id, Invoice.amount, Invoice.due_on)).all()
    assert sorted(written) == sorted(shown)
    assert session.scalars(select(Invoice.number).order_by(Invoice.number)).all() == list(range(1, 8))


def test_if_a_price_moved_since_it_was_looked_at_nothing_is_issued(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    kim, book = person(session), product(session, made.root)
    book_id = book.id
    lines = [{"text": "Songbook", "person": kim.id, "group": made.north.id, "product": book.id}]
    run_id = charged(ledger, lines, confirmed=False)
    with ledger() as changing, changing.begin():
        changing.get_one(ProductPrice, (book_id, "SEK")).amount = 13000
    _confirm(ledger, run_id)
    assert outcome(ledger, run_id).state is RunState.READY
    with ledger() as looking:
        kept = preview_of(looking, run_id=run_id)
        assert kept is not None
        assert kept.moved is not None
        assert (kept.moved["confirmed"], kept.moved["price"], kept.moved["new"]) == (True, 1, 0)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 0
    _confirm(ledger, run_id)
    assert session.scalars(select(Invoice.amount)).all() == [13000]


def test_a_faulty_row_is_left_out_with_its_number_and_the_others_are_written(
    session: Session, ledger: OpenSession, made: Organisation, account: int
) -> None:
    everybody = [person(session) for _ in range(8)]
    victim = everybody[4]
    session.execute(
        text(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF new.payer_id = {victim.id} THEN RAISE EXCEPTION 'this row is broken'; END IF; "
            "RETURN new; END $$"
        )
    )
    session.execute(text("RESET ROLE"))
    session.execute(
        text("CREATE TRIGGER broken BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()")
    )
    session.execute(text("SET ROLE kontingent_jobs"))
    lines = [
        {"text": "Camp", "person": one.id, "group": made.north.id, "price": 5000, "account": account}
        for one in everybody
    ]
    run_id = charged(ledger, lines)
    assert outcome(ledger, run_id).result["excluded"] == {"this row is broken": 1}
    void = session.scalars(select(NumberVoid).where(NumberVoid.series == "invoice")).one()
    numbers = [int(number) for number in session.scalars(select(Invoice.called))]
    assert sorted([*numbers, void.number]) == list(range(1, 9))


def _confirm(ledger: OpenSession, run_id: int) -> None:
    with ledger() as session, session.begin():
        kept = preview_of(session, run_id=run_id)
        assert kept is not None
        confirm(session, run_id=run_id, seen=kept.fingerprint)
    finished(ledger, run_id)


def test_who_has_only_a_mobile_is_charged_by_text(
    session: Session, ledger: OpenSession, made: Organisation, account: int
) -> None:
    made.creditor.sms = True
    kim = person(session, email="")
    kim.phone, kim.street, kim.postcode, kim.city = "+46701740605", "", "", ""
    session.flush()
    charged(ledger, [{"person": kim.id, "group": made.north.id, "text": "Hall", "price": 5000, "account": account}])
    assert session.scalar(select(Message.address).where(Message.channel == Channel.SMS)) == "+46701740605"
