"""What is kept of each bank file by day: what came in, counted once, and nothing of what left."""

import datetime as dt

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.journal.verify import prove
from dues.payments.models import PaymentDay
from tests.factories.money import camt, paid, taken
from tests.factories.organisation import organisation

DAY = dt.date(2026, 3, 20)
NEXT = DAY + dt.timedelta(days=1)


def days(session: Session) -> list[tuple[dt.date, str, int, int]]:
    found = select(PaymentDay.booked_on, PaymentDay.currency, PaymentDay.payments, PaymentDay.received)
    return list(session.execute(found.order_by(PaymentDay.file_id, PaymentDay.booked_on, PaymentDay.currency)).all())


def test_a_file_is_summed_by_day_without_what_left(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    taken(ledger, camt(made.agreement, [paid(50000), paid(20000), paid(-7000)], on=DAY), on=NEXT)
    assert days(session) == [(DAY, "SEK", 2, 70000)]
    taken(ledger, camt(made.agreement, [paid(100)], on=DAY, currency="EUR"), on=NEXT, name="eur.xml")
    assert days(session) == [(DAY, "SEK", 2, 70000), (DAY, "EUR", 1, 100)]


def test_a_payment_in_two_files_is_counted_once(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    twice = paid(50000, bank_reference="ONE")
    taken(ledger, camt(made.agreement, [twice], on=DAY), on=NEXT)
    taken(ledger, camt(made.agreement, [twice, paid(30000)], on=DAY), on=NEXT, name="again.xml")
    assert days(session) == [(DAY, "SEK", 1, 50000), (DAY, "SEK", 1, 30000)]


def test_a_day_that_is_not_what_the_payments_say_is_found_out(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    taken(ledger, camt(made.agreement, [paid(50000)], on=DAY), on=NEXT)
    nested = session.begin_nested()
    session.execute(
        text("INSERT INTO payment_day VALUES (1000000, :creditor, 'SEK', '2026-03-20', 1, 100)"),
        {"creditor": made.creditor.id},
    )
    assert prove(session).checks["payment_days_are_payments"] == 1
    nested.rollback()
