"""Templates of invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dues.invoicing.one_off import WantedLine
from dues.invoicing.templates import save_template
from dues.journal.earnings import income_accounts
from tests.factories.products import product

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.invoicing.template_models import InvoiceTemplate
    from tests.factories.organisation import Organisation


def spring_book(session: Session, made: Organisation) -> InvoiceTemplate:
    """Keep a template of the organisation's root: two books at 125 that follow the library, and 10 off."""
    book = product(session, made.root)
    account = income_accounts(session, creditor=made.creditor)[0].id
    lines = [
        WantedLine(Decimal(2), 12500, product_id=book.id),
        WantedLine(Decimal(1), -1000, text="Rebate", account_id=account),
    ]
    return save_template(
        session, group=made.root, name="  Spring  book ", lines=lines, prices={book.id: 12500}, language="en"
    )
