"""What is written once and sent to many, as screens show it: a template, an invoice it came from, and a preview."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from dues.actor import COMMAND_LINE
from dues.groups.models import Creditor, Group
from dues.invoicing.audience import Audience
from dues.invoicing.bulk import start_bulk
from dues.invoicing.one_off import Wanted, WantedLine
from dues.invoicing.one_off_write import issue_one_off
from dues.invoicing.templates import save_template
from dues.journal.earnings import income_accounts
from dues.members.models import Membership, MembershipStatus
from dues.pricing.products import for_sale
from dues.runs.models import Run
from tests.factories.runs import finished

if TYPE_CHECKING:
    from database.connect import OpenSession

_KEY: Final = UUID(int=37)


def send(open_session: OpenSession, *, on: dt.date) -> tuple[UUID, UUID, UUID]:
    """Write an invoice for one, keep its lines as a template, and have that previewed for many; return their ids."""
    with open_session() as session, session.begin():
        homes = select(Creditor.group_id).where(Creditor.country == "SE")
        root = session.scalars(select(Group).where(Group.id.in_(homes)).order_by(Group.id)).first()
        assert root is not None
        creditor = session.get_one(Creditor, root.creditor_id)
        product = for_sale(session, group=root, currency=creditor.currency)[0]
        account = income_accounts(session, creditor=creditor)[0].id
        lines = [
            WantedLine(Decimal(2), product.price, product_id=product.id),
            WantedLine(Decimal(1), 15000, text="Kursavgift", account_id=account),
        ]
        below = select(Group.id).where(Group.path.op("^@")(root.path))
        active = select(Membership.person_id).where(
            Membership.group_id.in_(below), Membership.status == MembershipStatus.ACTIVE
        )
        person = session.scalars(active.order_by(Membership.id)).first() or 0
        wanted = Wanted(person, root.id, on + dt.timedelta(days=30), lines)
        invoice = issue_one_off(session, wanted=wanted, key=_KEY, on=on, by=COMMAND_LINE).uuid
        prices = {product.id: product.price}
        template = save_template(
            session, group=root, name="Vårkurs", lines=lines, prices=prices, language=root.language
        )
        local = session.scalars(
            select(Group.id).where(Group.path.op("^@")(root.path), Group.id != root.id).order_by(Group.id).limit(2)
        ).all()
        audience = Audience(local[0], also=tuple(local[1:]), age_from=18)
        run_id = start_bulk(session, template=template, audience=audience, on=on, by=COMMAND_LINE).id
        found = template.uuid
    finished(open_session, run_id)
    with open_session() as session:
        return found, invoice, session.get_one(Run, run_id).uuid
