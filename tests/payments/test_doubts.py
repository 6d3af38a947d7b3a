"""What a person should look at before relying on a file is said with it."""

import datetime as dt

from sqlalchemy.orm import Session

from database.connect import OpenSession
from tests.factories.money import camt, paid, taken
from tests.factories.organisation import organisation
from tests.payments.test_matching import PAID


def test_payments_left_out_because_they_look_alike_are_named(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    alike = paid(100, bank_reference="", message="the same")
    first = taken(ledger, camt(made.agreement, [alike], on=PAID, number=1), on=PAID, name="first.xml")
    second = taken(ledger, camt(made.agreement, [alike], on=PAID, number=2), on=PAID, name="second.xml")
    assert (first.duplicate, first.warnings) == (0, ())
    assert second.duplicate == 1
    assert "1 payments were left out" in second.warnings[0]


def test_a_payment_booked_on_a_later_day_is_named(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    file = camt(made.agreement, [paid(100, bank_reference="1")], on=PAID)
    accepted = taken(ledger, file, on=PAID - dt.timedelta(days=1))
    assert "1 payments are booked on a later day" in accepted.warnings[0]
