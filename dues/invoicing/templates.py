"""Templates: lines that a group sends more than once, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.turns import take_turn
from dues.editing import held
from dues.groups.models import Group
from dues.invoicing.one_off import WantedLine
from dues.invoicing.template_errors import EmptyTemplateError, NameTakenError
from dues.invoicing.template_models import InvoiceTemplate

MOST: Final = 500
"""Templates that are listed at once."""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line of a template; without ``unit_price`` a product costs what it costs on the day."""

    quantity: Decimal
    unit_price: int | None
    product_id: int | None
    words: Mapping[str, str]
    account_id: int | None


def save_template(
    session: Session, *, group: Group, name: str, lines: Sequence[WantedLine], prices: Mapping[int, int], language: str
) -> InvoiceTemplate:
    """Keep lines as a template of a group.

    ``prices`` are those of the library by product, in minor units: a line that has the library's price follows it from
    then on, another keeps its own. ``language`` is that of lines in words of their own. Raises EmptyTemplateError and
    NameTakenError.
    """
    called = " ".join(name.split())
    if not called or not lines:
        raise EmptyTemplateError
    take_turn(session, f"template {group.id}")
    there = select(InvoiceTemplate.id).where(InvoiceTemplate.group_id == group.id, InvoiceTemplate.name == called)
    if session.scalar(there) is not None:
        raise NameTakenError(called)
    kept = [_kept(line, prices, language) for line in lines]
    template = InvoiceTemplate(group_id=group.id, name=called, lines=kept)
    session.add(template)
    session.flush()
    return template


def retire_template(session: Session, *, template_id: int, retired: bool = True) -> InvoiceTemplate:
    """Offer a template no more, or again; what was made of it stays. Raises GoneError."""
    template = held(session, InvoiceTemplate, template_id)
    template.active = not retired
    session.flush()
    return template


def find_template(session: Session, *, public_id: UUID) -> InvoiceTemplate | None:
    """Return a template by the id in its address."""
    return session.scalar(select(InvoiceTemplate).where(InvoiceTemplate.uuid == public_id))


def templates(session: Session, *, group_id: int | None = None) -> Sequence[tuple[InvoiceTemplate, Group]]:
    """Return the templates that whoever asks may see, those in use first; of one group alone where it is given."""
    wanted = select(InvoiceTemplate, Group).join(Group, Group.id == InvoiceTemplate.group_id)
    if group_id is not None:
        wanted = wanted.where(InvoiceTemplate.group_id == group_id, InvoiceTemplate.active)
    rows = session.execute(wanted.order_by(InvoiceTemplate.active.desc(), InvoiceTemplate.name).limit(MOST))
    return [(template, group) for template, group in rows]


def lines_of(template: InvoiceTemplate) -> list[TemplateLine]:
    """Return a template's lines."""
    return [read_line(line) for line in template.lines]


def read_line(line: Mapping[str, Any]) -> TemplateLine:
    """Return a line as it was kept."""
    return TemplateLine(Decimal(line["quantity"]), line["price"], line["product"], line["words"], line["account"])


def _kept(line: WantedLine, prices: Mapping[int, int], language: str) -> dict[str, Any]:
    follows = line.product_id is not None and prices.get(line.product_id) == line.unit_price
    return {
        "quantity": str(line.quantity),
        "price": None if follows else line.unit_price,
        "product": line.product_id,
        "words": {} if line.product_id is not None else {language: line.text},
        "account": line.account_id,
    }
