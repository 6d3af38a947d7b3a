"""The same lines to many: a template, or what an invoice sells, to members of groups or to one person, as one run."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.sql import statement
from database.turns import take_turn
from dues.actor import Actor
from dues.groups.models import Group
from dues.invoicing.audience import Audience
from dues.invoicing.charge_run import charging, start_charging
from dues.invoicing.freeze import freeze_texts
from dues.invoicing.models import Invoice
from dues.invoicing.repeat import repeatable
from dues.invoicing.template_errors import EmptyTemplateError, NotBelowError, RetiredError
from dues.invoicing.template_models import InvoiceTemplate
from dues.invoicing.templates import TemplateLine, kept_line, read_line
from dues.pricing.models import Product
from dues.runs.models import Run

KIND: Final = "bulk"
"""The kind of run that sends the same lines to many."""
_GONE: Final = {"en": "–"}


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent to many, as it is now: whose lines under which name, and what they were taken from.

    ``number`` is that of the invoice whose lines they are, None for those of a template.
    """

    group_id: int
    lines: list[dict[str, Any]]
    name: str = ""
    template_id: int | None = None
    series_id: int | None = None
    number: int | None = None


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
    check_audience(session, template=template, audience=audience)
    what = Sending(template.group_id, template.lines, template.name, template.id, series_id)
    return _start(session, what, audience, on=on, by=by, confirmed=confirmed, key=key)


def start_duplicate(
    session: Session, *, invoice: Invoice, audience: Audience, on: dt.date, by: Actor, key: str = ""
) -> Run:
    """Start a run that invoices what an issued invoice sells to an audience; the group that sent it sends these.

    A ``key`` starts one run, however often it is asked with. Raises EmptyTemplateError for an invoice of fees alone,
    and NotBelowError for members of a group that is not the sender's.
    """
    lines = repeatable(session, invoice=invoice).lines
    if not lines:
        raise EmptyTemplateError
    _refuse_others(session, invoice.group_id, audience)
    what = Sending(invoice.group_id, [kept_line(line) for line in lines], number=invoice.number)
    return _start(session, what, audience, on=on, by=by, confirmed=False, key=key)


def check_audience(session: Session, *, template: InvoiceTemplate, audience: Audience) -> None:
    """Refuse what cannot be sent: raise RetiredError and NotBelowError."""
    if not template.active:
        raise RetiredError(template.name)
    _refuse_others(session, template.group_id, audience)


def _refuse_others(session: Session, sender_id: int, audience: Audience) -> None:
    """Raise NotBelowError where a chosen group is neither the sender nor below it."""
    sender = session.get_one(Group, sender_id)
    wanted = audience.groups
    within = select(func.count()).select_from(Group).where(Group.id.in_(wanted), Group.path.op("^@")(sender.path))
    if session.scalar(within) != len(wanted):
        raise NotBelowError


def _start(
    session: Session, what: Sending, audience: Audience, *, on: dt.date, by: Actor, confirmed: bool, key: str
) -> Run:
    sender = session.get_one(Group, what.group_id)
    if key:
        take_turn(session, f"bulk {key}")
        there = session.scalar(select(Run).where(Run.kind == KIND, Run.params["key"].astext == key))
        if there is not None:
            return there
    params: dict[str, Any] = {
        "key": key,
        "template": what.template_id,
        "name": what.name,
        "number": what.number,
        "series": what.series_id,
        "lines": what.lines,
        "sender": sender.id,
        **audience.kept(),
    }
    return start_charging(session, kind=KIND, params=params, on=on, by=by, path=sender.path, confirmed=confirmed)


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
    audience = Audience.of(wanted)
    who = {**audience.kept(), "groups": audience.groups, "sender": wanted["sender"], "on": run.business_day}
    found = session.execute(statement("dues/invoicing/sql/bulk_wanted.sql"), {**columns, **who}).scalar_one()
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
