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
from dues.groups.below import at_or_below
from dues.groups.models import Group
from dues.invoicing.one_off import MOST as MOST_TOTAL
from dues.invoicing.one_off import WantedLine
from dues.invoicing.one_off_errors import TooMuchError
from dues.invoicing.template_errors import EmptyTemplateError, NameTakenError
from dues.invoicing.template_models import InvoiceTemplate
from dues.money import times

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
    called = _free_name(session, group.id, name, lines)
    kept = [_kept(line, prices, {}, language) for line in lines]
    template = InvoiceTemplate(group_id=group.id, name=called, lines=kept)
    session.add(template)
    session.flush()
    return template


def change_template(
    session: Session,
    *,
    template_id: int,
    name: str,
    lines: Sequence[WantedLine],
    prices: Mapping[int, int],
    language: str,
) -> InvoiceTemplate:
    """Change what a template is called and holds, for what is made of it from then on.

    Runs keep the lines they were begun with, and series send the new ones on their next day. Words that stay the same
    in one language keep what they say in the others. Raises what `save_template` raises, and GoneError.
    """
    template = held(session, InvoiceTemplate, template_id)
    called = _free_name(session, template.group_id, name, lines, but=template.id)
    known = {said: line.words for line in lines_of(template) for said in line.words.values()}
    template.name, template.lines = called, [_kept(line, prices, known, language) for line in lines]
    session.flush()
    return template


def retire_template(session: Session, *, template_id: int, retired: bool = True) -> InvoiceTemplate:
    """Offer a template no more, or again; what was made of it stays. Raises GoneError."""
    template = held(session, InvoiceTemplate, template_id)
    template.active = not retired
    session.flush()
    return template


def find_template(session: Session, *, public_id: UUID, below: str = "") -> InvoiceTemplate | None:
    """Return a template by the id in its address; of a group with the path ``below``, or of one below it."""
    wanted = select(InvoiceTemplate).where(InvoiceTemplate.uuid == public_id)
    return session.scalar(wanted.where(at_or_below(InvoiceTemplate.group_id, below)) if below else wanted)


def templates(
    session: Session, *, group_id: int | None = None, below: str = ""
) -> Sequence[tuple[InvoiceTemplate, Group]]:
    """Return the templates that whoever asks may see, those in use first.

    With ``group_id`` those in use of one group alone, with ``below`` those of a path and of all below it.
    """
    wanted = select(InvoiceTemplate, Group).join(Group, Group.id == InvoiceTemplate.group_id)
    if group_id is not None:
        wanted = wanted.where(InvoiceTemplate.group_id == group_id, InvoiceTemplate.active)
    if below:
        wanted = wanted.where(Group.path.op("^@")(below))
    rows = session.execute(wanted.order_by(InvoiceTemplate.active.desc(), InvoiceTemplate.name).limit(MOST))
    return [(template, group) for template, group in rows]


def lines_of(template: InvoiceTemplate) -> list[TemplateLine]:
    """Return a template's lines."""
    return [read_line(line) for line in template.lines]


def read_line(line: Mapping[str, Any]) -> TemplateLine:
    """Return a line as it was kept."""
    return TemplateLine(Decimal(line["quantity"]), line["price"], line["product"], line["words"], line["account"])


def kept_line(line: TemplateLine) -> dict[str, Any]:
    """Return a line as it is kept; read by `read_line`."""
    return {
        "quantity": str(line.quantity),
        "price": line.unit_price,
        "product": line.product_id,
        "words": dict(line.words),
        "account": line.account_id,
    }


def _free_name(
    session: Session, group_id: int, name: str, lines: Sequence[WantedLine], *, but: int | None = None
) -> str:
    """Return a name as it is kept, for a template that may have it."""
    called = " ".join(name.split())
    if not called or not lines:
        raise EmptyTemplateError
    if sum(abs(times(line.quantity, line.unit_price)) for line in lines) > MOST_TOTAL:
        raise TooMuchError
    take_turn(session, f"template {group_id}")
    there = select(InvoiceTemplate.id).where(InvoiceTemplate.group_id == group_id, InvoiceTemplate.name == called)
    if session.scalar(there.where(InvoiceTemplate.id.is_distinct_from(but))) is not None:
        raise NameTakenError(called)
    return called


def _kept(
    line: WantedLine, prices: Mapping[int, int], known: Mapping[str, Mapping[str, str]], language: str
) -> dict[str, Any]:
    follows = line.product_id is not None and prices.get(line.product_id) == line.unit_price
    words = {} if line.product_id is not None else known.get(line.text, {language: line.text})
    price = None if follows else line.unit_price
    return kept_line(TemplateLine(line.quantity, price, line.product_id, words, line.account_id))
