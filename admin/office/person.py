"""The file of a person: who it is, memberships, what is open, what happens next, and what happened."""

from uuid import UUID

from flask import Blueprint, render_template

from admin import addresses
from admin.office import standings
from admin.office.changes import card
from admin.office.found import person_or_stop
from admin.office.past import past, themes_shown
from admin.office.person_segments import stretch_words
from admin.office.reasons import case_words
from admin.office.steps import said, said_of
from admin.office.tongues import tongue_alone
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import age_on, today
from dues.members.models import Person
from dues.members.paying import gets_one_invoice
from dues.members.segments import segments_of
from dues.overview.person_file import bills, family, full_name, memberships, sums, waiting_payments
from dues.overview.steps import ahead, debtor_steps, membership_steps
from dues.overview.timeline import Subject
from web.house import session
from web.speech import gettext, named, reader

doors = Blueprint("person", __name__, url_prefix="/admin/persons")


@doors.get("/<uuid:public_id>")
@permission(Permission.MEMBERS_READ)
def file(public_id: UUID) -> str:
    """Show the file."""
    person = person_or_stop(public_id)
    on = today(session())
    held = memberships(session(), person_id=person.id)
    runs = ahead(session(), today=on)
    renewals = membership_steps(session(), memberships=[one.id for one in held], at=runs)
    owing = debtor_steps(session(), person_id=person.id, at=runs)
    steps = [*owing, *renewals.values()] if require().may(Permission.INVOICES_READ) else []
    return render_template(
        "admin/person/file.html",
        person=person,
        name=full_name(person),
        about=_about(person, age=age_on(person.birth_date, on) if person.birth_date else None),
        family=(relatives := family(session(), person_id=person.id, on=on)),
        one_invoice=bool(relatives.pays_for) and gets_one_invoice(session(), payer=person, on=on),
        memberships=held,
        renewals=renewals,
        next_step=said_of(steps),
        sums=sums(session(), person_id=person.id, on=on),
        waiting=waiting_payments(session(), person_id=person.id),
        bills=bills(session(), person_id=person.id),
        past=past(Subject(person_id=person.id), steps=steps, themes=themes_shown(), here=person.uuid),
        changes=card(("person", person.id)),
        segments=segments_of(session(), person_id=person.id),
        stretch_words=stretch_words,
        on=on,
        standings=standings,
        addresses=addresses,
        said=said,
        named=named,
        case_words=case_words,
        tongue=tongue_alone,
    )


def _about(person: Person, *, age: int | None) -> list[str]:
    """The line under the name: number, birth date and age."""
    parts = [gettext("Number %(number)s", number=person.id)]
    if person.birth_date is not None and age is not None:
        born = reader().long_date(person.birth_date)
        parts.append(
            reader().ngettext("Born %(born)s, %(num)s year old", "Born %(born)s, %(num)s years old", age, born=born)
        )
    if person.organisation:
        parts.append(gettext("Organisation"))
    if person.deceased_on is not None:
        parts.append(gettext("Died %(day)s", day=reader().long_date(person.deceased_on)))
    return parts
