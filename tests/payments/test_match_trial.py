"""A rule tried on the past: what it would have found, what was done, and that nothing is changed by asking."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dues.actor import COMMAND_LINE
from dues.journal.models import Posting
from dues.payments.allocate import allocate
from dues.payments.keep import keep
from dues.payments.match_models import Rule
from dues.payments.match_trial import Done, try_rule, who_received
from dues.payments.models import Payment
from tests.factories.money import paid
from tests.factories.organisation import FEE, Organisation
from tests.factories.runs import matched
from tests.payments.test_match import KNOWN, all_owed, came, made
from tests.payments.test_matching import PAID

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

__all__ = ["made"]


def test_a_rule_is_tried_on_the_past(session: Session, ledger: OpenSession, made: Organisation) -> None:
    owing = all_owed(session)
    came(
        ledger,
        made,
        paid(FEE, owing[2].reference),
        paid(FEE, message=owing[3].reference),
        paid(FEE, message=owing[4].reference),
        paid(FEE, message=owing[5].reference),
        paid(FEE, message=f"{owing[6].reference} {owing[7].reference}"),
        replace(paid(FEE, owing[0].reference), payer_account=KNOWN),
    )
    payments = session.scalars(select(Payment.id).order_by(Payment.id)).all()
    allocate(session, payment_id=payments[2], claim_id=owing[8].claim, amount=None, on=PAID, by=COMMAND_LINE)
    keep(session, payment_id=payments[3], person_id=owing[5].debtor, amount=None, on=PAID, by=COMMAND_LINE)
    before = session.scalar(select(func.count(Posting.id)))

    def tried(rule: Rule) -> list[tuple[int, str, bool, Done]]:
        assert who_received(session, first=PAID, until=PAID) == [made.creditor.id]
        trial = try_rule(session, creditor_id=made.creditor.id, rule=rule, first=PAID, until=PAID)
        assert trial.payments == len(payments)
        return [(one.payment_id, one.number, one.certain, one.done) for one in trial.hits]

    def said(place: int, at: int, done: Done, *, certain: bool = True) -> tuple[int, str, bool, Done]:
        return payments[place], str(owing[at].number), certain, done

    assert tried(Rule.IN_TEXT) == [
        said(2, 4, Done.OTHER),
        said(3, 5, Done.KEPT),
        said(1, 3, Done.WAITS),
        said(4, 6, Done.WAITS, certain=False),
        said(4, 7, Done.WAITS, certain=False),
    ]
    assert tried(Rule.REFERENCE) == [said(0, 2, Done.SAME), said(5, 0, Done.SAME)]
    assert tried(Rule.ACCOUNT) == []  # nothing had been known of the account when it paid
    assert session.scalar(select(func.count(Posting.id))) == before
    matched(ledger, on=PAID)
    assert tried(Rule.IN_TEXT)[2] == said(1, 3, Done.SAME)
    later = PAID + dt.timedelta(days=1)
    assert try_rule(session, creditor_id=made.creditor.id, rule=Rule.IN_TEXT, first=later, until=later).hits == []
