"""A template that asks for more than an invoice may is refused when it is kept."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from dues.groups.models import Group
from dues.invoicing.one_off import WantedLine
from dues.invoicing.one_off_errors import TooMuchError
from dues.invoicing.templates import save_template
from dues.journal.earnings import income_accounts
from tests.factories.organisation import organisation


def test_more_than_an_invoice_may_ask_for_is_no_template(session: Session) -> None:
    made = organisation(session)
    account = income_accounts(session, creditor=made.creditor)[0].id
    lines = [WantedLine(Decimal(999999), 10**13, text="Castle", account_id=account)]
    group = session.get_one(Group, made.root.id)
    with pytest.raises(TooMuchError):
        save_template(session, group=group, name="Huge", lines=lines, prices={}, language="sv")
