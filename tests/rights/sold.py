"""What groups sell beside fees, for the proof of rights: a product of their own, and an invoice that names none."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from dues.groups.models import Creditor, Group
from dues.invoicing.one_off import Wanted, WantedLine
from dues.invoicing.one_off_write import issue_one_off
from dues.journal.earnings import income_accounts
from dues.pricing.products import ProductTerms, set_up_product

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.actor import Actor


def own_product(session: Session, group: Group) -> None:
    """Let a group have a product of its own."""
    terms = ProductTerms(names={"en": f"Quxcap {group.slug}"}, prices={"SEK": 4500}, unit={})
    set_up_product(session, group_id=group.id, number="1", terms=terms)


def sell(session: Session, *, group_id: int, person_id: int, on: dt.date, by: Actor) -> None:
    """Let a group sell somebody something in words of its own."""
    group = session.get_one(Group, group_id)
    account = income_accounts(session, creditor=session.get_one(Creditor, group.creditor_id))[0]
    line = WantedLine(Decimal(1), 4500, text="Quxkit", account_id=account.id)
    wanted = Wanted(person_id, group_id, on + dt.timedelta(days=30), [line])
    issue_one_off(session, wanted=wanted, key=uuid.uuid4(), on=on, by=by)
