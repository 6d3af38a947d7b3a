"""Products for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dues.pricing.products import ProductTerms, set_up_product

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.groups.models import Group
    from dues.pricing.models import Product


def product(
    session: Session,
    group: Group,
    *,
    number: str = "10",
    name: str = "Songbook",
    price: int = 12500,
    currency: str = "SEK",
    vat_rate: int = 0,
    account: str = "",
    active: bool = True,
) -> Product:
    """Add a product to a group's library."""
    terms = ProductTerms(
        names={"en": name, "sv": f"{name} sv"},
        prices={currency: price},
        unit={"en": "piece"},
        vat_rate=vat_rate,
        account=account,
        active=active,
    )
    return set_up_product(session, group_id=group.id, number=number, terms=terms)
