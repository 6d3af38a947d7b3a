"""Gifts: to funds in their own currency, by the rule for what is paid too much, told in the year they were given."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from documents import Party
from documents.gifts import GiftStatement, Given, render_gifts
from dues.groups.models import Overpaid
from dues.invoicing.models import Claim, ClaimEnd
from dues.journal.models import AccountRole
from dues.payments.gifts.funds import FundInUseError, add_fund, change_fund
from dues.payments.gifts.give import ClosedFundError, give, take_gift_back
from dues.payments.gifts.identities import WrongIdentityError
from dues.payments.gifts.models import DonorIdentity
from dues.payments.gifts.yearly import donors, gifts_of, keep_identity, reported
from dues.payments.keep import keep
from dues.payments.models import Credit, Payment
from dues.payments.overpaid import NoFundError, set_overpaid
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import Organisation
from tests.payments.test_matching import PAID
from tests.payments.test_refunds import LATER, OFFICER, balance, made, overpaid

__all__ = ["made"]


def test_a_fund_takes_gifts_in_its_own_currency_alone(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    fund = add_fund(session, creditor_id=made.creditor.id, names={"en": "Organ"})
    session.commit()
    banked(ledger, camt(made.agreement, [paid(50_00)], on=PAID, currency="EUR"), on=PAID)
    debtor = session.get_one(Claim, owed(ledger)[0][0]).debtor_id
    payment = session.scalars(select(Payment.id)).one()
    keep(session, payment_id=payment, person_id=debtor, amount=None, on=PAID, by=OFFICER)
    given = {"creditor_id": made.creditor.id, "person_id": debtor, "fund_id": fund.id, "amount": 50_00}
    with pytest.raises(ClosedFundError):
        give(session, currency="EUR", on=PAID, by=OFFICER, **given)


def test_a_gift_by_rule_is_told_in_its_year(session: Session, ledger: OpenSession, made: Organisation) -> None:
    fund = add_fund(session, creditor_id=made.creditor.id, names={"en": "Organ", "sv": "Orgel"})
    with pytest.raises(NoFundError):
        set_overpaid(session, creditor_id=made.creditor.id, overpaid=Overpaid.GIFT, fund_id=None, tolerance=0)
    set_overpaid(session, creditor_id=made.creditor.id, overpaid=Overpaid.GIFT, fund_id=fund.id, tolerance=0)
    with pytest.raises(FundInUseError):
        change_fund(session, fund_id=fund.id, names=fund.names, closed=True)
    session.commit()
    claim = session.get_one(Claim, overpaid(ledger, made, 250_00))
    assert (claim.ended, balance(session, AccountRole.GIFT)) == (ClaimEnd.PAID, 250_00)
    told: Any = {"creditor_id": made.creditor.id, "year": PAID.year}
    (donor,) = donors(session, **told)
    assert (donor.person_id, donor.amount, donor.identified) == (claim.debtor_id, 250_00, False)
    whose: Any = {"creditor_id": made.creditor.id, "person_id": claim.debtor_id}
    kept: Any = {**whose, "country": "SE", "secret": "s", "by": "x"}
    with pytest.raises(WrongIdentityError):
        keep_identity(session, written="8803200017", **kept)
    keep_identity(session, written="880320-0016", **kept)
    (row,) = reported(session, secret="s", **told)
    assert (row.identity, row.amount) == ("880320-0016", 250_00)
    assert b"880320" not in session.scalars(select(DonorIdentity.sealed)).one()
    (gift,) = gifts_of(session, person_id=claim.debtor_id, **told)
    document = GiftStatement(
        "sv", Party("Riks"), Party("Kim Ek"), PAID.year, "SEK", [Given(gift.on, "Orgel", gift.amount)], LATER
    )
    assert render_gifts(document).startswith(b"%PDF")
    take_gift_back(session, gift_id=gift.id, on=LATER, by=OFFICER)
    assert (donors(session, **told), balance(session, AccountRole.GIFT)) == ([], 0)
    assert session.scalars(select(Credit.balance)).all() == [250_00]
    give(session, fund_id=fund.id, amount=50_00, currency="SEK", on=LATER, by=OFFICER, **whose)
    assert balance(session, AccountRole.GIFT) == 50_00
    (gift,) = gifts_of(session, person_id=claim.debtor_id, **told)
    take_gift_back(session, gift_id=gift.id, on=LATER.replace(year=LATER.year + 1), by=OFFICER)
    next_year = {**told, "year": told["year"] + 1}
    for year in (told, next_year):
        assert (donors(session, **year), reported(session, secret="s", **year)) == ([], [])
