"""What the demonstration's branches sell beside fees: a songbook, a shirt and a course, with their country's VAT."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from database.base import Names
from dues.demo.branches import Branch
from dues.groups.models import Group
from dues.pricing.products import ProductTerms, set_up_product

PIECE: Names = {"sv": "styck", "nb": "stykk", "nl": "stuk", "de": "Stück", "en": "piece"}
PERSON: Names = {"sv": "person", "nb": "person", "nl": "persoon", "de": "Person", "en": "person"}
SONGBOOK: Names = {"sv": "Sångbok", "nb": "Sangbok", "nl": "Liedbundel", "de": "Liederbuch", "en": "Songbook"}
SHIRT: Names = {"sv": "Tröja", "nb": "Trøye", "nl": "T-shirt", "de": "T-Shirt", "en": "T-shirt"}
COURSE: Names = {
    "sv": "Helgkurs",
    "nb": "Helgekurs",
    "nl": "Weekendcursus",
    "de": "Wochenendkurs",
    "en": "Weekend course",
}


@dataclass(frozen=True, slots=True)
class _Article:
    """A product: ``percent`` is of a grown-up's national fee, ``rates`` are basis points of VAT by country."""

    number: str
    names: Names
    unit: Names
    percent: int
    rates: Mapping[str, int]


ARTICLES = (
    _Article("10", SONGBOOK, PIECE, 40, {"SE": 600, "NO": 0, "NL": 900, "DE": 700}),
    _Article("20", SHIRT, PIECE, 60, {"SE": 2500, "NO": 2500, "NL": 2100, "DE": 1900}),
    _Article("30", COURSE, PERSON, 200, {}),
)


def set_up_shop(session: Session, *, branch: Branch, group: Group) -> None:
    """Give a branch its products; its books stand already."""
    currency = branch.creditor["currency"]
    for article in ARTICLES:
        terms = ProductTerms(
            names=article.names,
            prices={currency: branch.price * article.percent},
            unit=article.unit,
            vat_rate=article.rates.get(branch.country, 0),
        )
        set_up_product(session, group_id=group.id, number=article.number, terms=terms)
