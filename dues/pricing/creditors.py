"""Founds creditors with all their books need: where every fee component and product they can charge is booked."""

from typing import Unpack

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dues.editing import GoneError
from dues.groups.creditors import refuse_creditor
from dues.groups.establish import CreditorDetails, make_creditor
from dues.groups.models import Creditor, Group
from dues.journal.chart import Earning, set_up_books
from dues.pricing.models import FeeComponent, Product


def found_creditor(session: Session, *, group_id: int, **details: Unpack[CreditorDetails]) -> Creditor:
    """Give a group books of its own, with an income account for whatever is charged in it, above it or below.

    Raises AlreadyCreditorError, OrgNumberError and an EditingError.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True})
    if group is None:
        raise GoneError("groups")
    details.setdefault("country", group.country)
    details["org_number"] = refuse_creditor(details) or details["org_number"]
    creditor = make_creditor(session, group=group, **details)
    set_up_books(session, creditor=creditor, earnings=_earnings(session, group))
    return creditor


def _earnings(session: Session, group: Group) -> list[Earning]:
    around = select(Group.id).where(or_(Group.path.op("^@")(group.path), func.starts_with(group.path, Group.path)))
    components = session.scalars(
        select(FeeComponent).where(FeeComponent.group_id.in_(around)).order_by(FeeComponent.id)
    )
    products = session.scalars(select(Product).where(Product.group_id.in_(around)).order_by(Product.id))
    return [
        *(Earning(component.id, component.names) for component in components),
        *(Earning(None, product.names, product_id=product.id) for product in products),
    ]
