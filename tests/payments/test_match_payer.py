"""Somebody who pays for very many: of all that they owe, matching looks at what a payment may be for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bankfiles.types import Account
from dues.invoicing.models import Claim, ClaimEnd
from dues.payments.allocate import allocate
from dues.payments.match_models import MatchSuggestion
from dues.payments.models import Payment
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import issued, matched
from tests.payments.outcomes import DAY, LATER, PAID
from tests.payments.test_allocate import OFFICER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

TOWN = Account("IBAN", "SE4550000000058398257466")


def test_the_one_that_fits_is_found_among_many_and_of_many_alike_a_few_are_suggested(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session)
    town = person(session, family_name="Stad")
    for _ in range(55):
        member(session, made, joined_on=DAY, payer=town)
    issued(ledger, on=DAY, slice_size=60)
    (oldest, _, _), *_, (_, reference, _) = owed(ledger)
    came = [replace(paid(FEE, reference), payer_account=TOWN), paid(100)]
    banked(ledger, camt(made.agreement, came, on=PAID), on=PAID)
    part = session.scalars(select(Payment.id).where(Payment.amount == 100)).one()
    with ledger() as own, own.begin():
        allocate(own, payment_id=part, claim_id=oldest, amount=None, on=PAID, by=OFFICER)
    again = [replace(paid(amount), payer_account=TOWN) for amount in (FEE - 100, FEE)]
    banked(ledger, camt(made.agreement, again, on=LATER), on=LATER)
    assert matched(ledger, on=LATER).result == {"matched": 1, "unmatched": 1, "by": {"account": 1}}
    assert session.get_one(Claim, oldest).ended is ClaimEnd.PAID
    assert session.scalar(select(func.count()).select_from(MatchSuggestion)) == 5
