"""The same lines to many: a template to the members of a group, or to one person, as one run."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.actor import Actor
from dues.groups.models import Group
from dues.invoicing.charge_run import charging, start_charging
from dues.invoicing.freeze import freeze_texts
from dues.invoicing.template_errors import NotBelowError, RetiredError
from dues.invoicing.template_models import InvoiceTemplate
from dues.invoicing.templates import TemplateLine, read_line
from dues.pricing.models import Product
from dues.runs.models import Run

KIND: Final = "bulk"
"""The kind of run that sends the same lines to many."""
_GONE: Final = {"en": "–"}


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets it: one person, or the active members of a group.

    With ``below`` those of the groups below are taken along, with ``type_id`` only members of that type. Whoever has
    several memberships gets it once.
    """

    group_id: int | None = None
    below: bool = True
    type_id: int | None = None
    person_id: int | None = None


def start_bulk(
    session: Session,
    *,
    template: InvoiceTemplate,
    audience: Audience,
    on: dt.date,
    by: Actor,
    confirmed: bool = False,
    key: str = "",
    series_id: int | None = None,
) -> Run:
    """Start a run that invoices a template's lines, as they are now, to an audience; the template's group sends it.

    A ``key`` starts one run, however often it is asked with. Raises RetiredError, and NotBelowError for members of a
    group that is not the sender's.
    """
    sender = session.get_one(Group, template.group_id)
    check_audience(session, template=template, audience=audience)
    if key:
        take_turn(session, f"bulk {key}")
        there = session.scalar(select(Run).where(Run.kind == KIND, Run.params["key"].astext == key))
        if there is not None:
            return there
    params: dict[str, Any] = {
        "key": key,
        "template": template.id,
        "name": template.name,
        "series": series_id,
        "lines": template.lines,
        "sender": sender.id,
        "group": audience.group_id,
        "below": audience.below,
        "type": audience.type_id,
        "person": audience.person_id,
    }
    return start_charging(session, kind=KIND, params=params, on=on, by=by, path=sender.path, confirmed=confirmed)


def check_audience(session: Session, *, template: InvoiceTemplate, audience: Audience) -> None:
    """Refuse what cannot be sent: raise RetiredError and NotBelowError."""
    if not template.active:
        raise RetiredError(template.name)
    if audience.group_id is not None:
        sender, group = session.get_one(Group, template.group_id), session.get_one(Group, audience.group_id)
        if not group.path.startswith(sender.path):
            raise NotBelowError


def _stage(session: Session, run: Run) -> bool:
    """Want each line for everybody of the audience."""
    wanted = run.params
    lines = [read_line(line) for line in wanted["lines"]]
    texts = freeze_texts(session, texts=_texts(session, lines))
    columns = {
        "texts": [texts[at, 0] for at in range(len(lines))],
        "products": [line.product_id for line in lines],
        "quantities": [line.quantity for line in lines],
        "prices": [line.unit_price for line in lines],
        "accounts": [line.account_id for line in lines],
    }
    who = {"sender": wanted["sender"], "group": wanted["group"], "below": wanted["below"], "type": wanted["type"]}
    values = {**columns, **who, "person": wanted["person"]}
    found = session.execute(statement("dues/invoicing/sql/bulk_wanted.sql"), values).scalar_one()
    return bool(found)


def _texts(session: Session, lines: list[TemplateLine]) -> dict[tuple[int, int], dict[str, Any]]:
    """Return what each line prints, by language."""
    ids = {line.product_id for line in lines if line.product_id is not None}
    products = {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(ids)))}
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for at, line in enumerate(lines):
        if line.product_id is None:
            found[at, 0] = {"component": dict(line.words)}
        else:
            product = products.get(line.product_id)  # one that was removed has no price either: the run says so
            unit = {"unit": dict(product.unit)} if product and product.unit else {}
            found[at, 0] = {"component": dict(product.names) if product else _GONE, **unit}
    return found


WORK: Final = charging(_stage)
