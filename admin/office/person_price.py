"""Why a membership costs what it costs: the prices that hold, which won and why, and what it would be otherwise."""

import datetime as dt
from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, render_template, request

from admin import addresses
from admin.office.boxes import tidy
from admin.office.found import below, membership_or_stop, person_or_stop
from admin.office.price_words import facts, part_words
from admin.setup.fields import meant
from admin.setup.finding import groups
from admin.tables.filters import UnreadableFilterError
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.overview.person_file import full_name
from dues.overview.price_file import Asked, price_file
from dues.pricing.lists import all_types
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named

doors = Blueprint("person_price", __name__, url_prefix="/admin/persons")


@doors.get("/<uuid:public_id>/memberships/<uuid:membership>/price")
@permission(Permission.INVOICES_READ)
def page(public_id: UUID, membership: UUID) -> str:
    """Explain the price of the next period, or of what is asked."""
    person = person_or_stop(public_id)
    held = membership_or_stop(person, membership)
    kinds = [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_types(session())]
    form = _form()
    asked = _asked(form, {value for value, _words in kinds})
    found = price_file(session(), person=person, membership_id=held.id, asked=asked, on=today(session()))
    return render_template(
        "admin/person/price.html",
        form=form,
        held=held,
        person=person,
        asked=asked,
        kinds=kinds,
        found=found,
        facts=facts(found) if found else [],
        parts=[part_words(found, part) for part in found.explanation.parts] if found else [],
        named=named,
        above={"address": addresses.person(person.uuid), "words": full_name(person)},
    )


def _form() -> dict[str, SimpleNamespace]:
    return {
        name: SimpleNamespace(id=name, name=name, data=tidy(request.args.get(name))[:200], errors=[])
        for name in ("on", "group", "type")
    }


def _asked(form: dict[str, SimpleNamespace], kinds: set[str]) -> Asked:
    """Read the boxes; what cannot be read is told beside its box, and left out."""
    on, group_id, type_id = None, None, None
    if form["on"].data:
        try:
            on = dt.date.fromisoformat(form["on"].data)
            on = on if dt.date(1900, 1, 1) <= on < dt.date(2200, 1, 1) else None
        except ValueError:
            pass
        if on is None:
            form["on"].errors = [gettext(_("Choose a day."))]
    if form["group"].data and not below():
        try:
            group_id = meant(groups, form["group"].data).id
        except UnreadableFilterError as error:
            form["group"].errors = [str(error)]
    if form["type"].data in kinds:
        type_id = int(form["type"].data)
    return Asked(on, group_id, type_id)
