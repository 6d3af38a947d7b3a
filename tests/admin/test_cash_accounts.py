"""Money received by hand at the desk: proven, and never taken for an account of a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import CASH, BankAgreement
from dues.invoicing.models import Claim
from dues.journal.verify import prove
from dues.members.models import Person
from dues.payments.account_list import bank_account, bank_accounts
from tests.factories.unmatched import owing

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser

PROOFS = ("account_days_are_payments", "payment_days_are_payments", "bank_is_imported_money", "payment_is_its_uses")


def test_cash_is_proven_and_no_account_of_a_bank(desk: Browser, town: Town) -> None:
    one = owing(town)
    opened = town.database.opener(Role.JOBS)
    with opened() as session:
        owes = select(Person.uuid).join(Claim, Claim.debtor_id == Person.id).where(Claim.id == one.claim)
        person = session.scalars(owes).one()
    desk.get(f"/admin/persons/{person}/receive")
    desk.submit(form=[form.get("id") for form in desk.page.forms if form.method == "POST"].index("receive"))
    assert desk.heading.startswith("Receipt ")
    with opened() as session:
        assert session.get_one(Claim, one.claim).ended == "paid"
        checks = prove(session).checks
        assert {name: checks[name] for name in PROOFS} == dict.fromkeys(PROOFS, 0)
        cash = session.scalars(select(BankAgreement).where(BankAgreement.scheme == CASH)).one()
        told = bank_accounts(session, missing=False, at=None)
        assert cash.id not in {account.id for account in told.rows}
        assert cash.id in {account.id for account in bank_accounts(session, missing=False, at=None, cash=True).rows}
        assert bank_account(session, agreement_id=cash.id) is None
    desk.get(f"/admin/reconciliation/?account={cash.id}", status=404)
