"""A person's details: shown as they are, changed as they should be."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.office.boxes import Boxes
from admin.office.found import details_are_ours, only_pays, person_or_stop
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.members.change import change_details, details_of, fingerprint
from dues.members.errors import ChangedMeanwhileError
from dues.members.models import Person
from dues.members.register import PersonDetails
from dues.overview.person_file import full_name
from language import SUPPORTED, Language
from language import gettext_noop as _
from web.countries import countries
from web.house import commit, session
from web.notes import note
from web.speech import gettext, reader
from web.words import title_first

doors = Blueprint("person_details", __name__, url_prefix="/admin/persons")


class DetailsForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What the boxes hold; ``seen`` is the fingerprint of what they held when they were shown."""

    given_name = StringField()
    family_name = StringField()
    birth = StringField()
    language = StringField()
    email = StringField()
    phone = StringField()
    street = StringField()
    postcode = StringField()
    city = StringField()
    country = StringField()
    seen = HiddenField()


@doors.get("/<uuid:public_id>/details")
@permission(Permission.MEMBERS_EDIT)
def ask(public_id: UUID) -> str:
    """Show the details in their boxes."""
    person = _person(public_id)
    return _page(person, _filled(person))


@doors.post("/<uuid:public_id>/details")
@permission(Permission.MEMBERS_EDIT)
def change(public_id: UUID) -> str | Response | tuple[str, int]:
    """Keep them, unless something is to be corrected or a colleague was quicker."""
    person = _person(public_id)
    form = DetailsForm()
    details = _read(person, form)
    if details is None:
        return _page(person, form)
    try:
        changed = change_details(session(), person_id=person.id, details=details, seen=str(form.seen.data))
    except ChangedMeanwhileError:
        # What they are now is what the next press was shown.
        form.seen.data = fingerprint(details_of(person))
        return _page(person, form, moved=True), 409
    commit()
    words = _("The details of %(name)s are changed.") if changed else _("Nothing was changed: all was there already.")
    note(gettext(words, name=full_name(person)))
    return redirect(addresses.person(public_id), code=303)


def _person(public_id: UUID) -> Person:
    person = person_or_stop(public_id)
    return person if details_are_ours(person) else abort(404)


def _filled(person: Person) -> DetailsForm:
    return DetailsForm(
        formdata=None,
        given_name=person.given_name,
        family_name=person.family_name,
        birth=reader().date(person.birth_date) if person.birth_date else "",
        language=person.language,
        email=person.email,
        phone=person.phone,
        street=person.street,
        postcode=person.postcode,
        city=person.city,
        country=person.country,
        seen=fingerprint(details_of(person)),
    )


def _read(person: Person, form: DetailsForm) -> PersonDetails | None:
    boxes, private = Boxes(form), only_pays(person)
    country = person.country if private else boxes.text("country")
    if not private and country not in countries(reader().code):
        boxes.fault("country", gettext(_("Choose a country.")))
        country = person.country
    language = boxes.text("language")
    if language not in SUPPORTED:
        boxes.fault("language", gettext(_("Choose a language.")))
    details = PersonDetails(
        given_name="" if person.organisation else boxes.name("given_name", _("Write the first name.")),
        family_name=boxes.name("family_name", _("Write the name.")),
        language=language,
        email=boxes.email("email"),
        phone=boxes.phone("phone", country),
        country=country,
    )
    details = replace(details, **_kept(person)) if private else _with_home(boxes, details)
    return details if boxes.hand_over() else None


def _with_home(boxes: Boxes, details: PersonDetails) -> PersonDetails:
    return replace(
        details,
        birth_date=boxes.birth_date("birth", today=today(session())),
        street=boxes.text("street"),
        postcode=boxes.postcode("postcode", details.country),
        city=boxes.text("city"),
    )


def _kept(person: Person) -> dict[str, Any]:
    """What is neither shown nor changed where somebody is known as payer alone."""
    return {name: getattr(person, name) for name in ("birth_date", "street", "postcode", "city")}


def _page(person: Person, form: DetailsForm, *, moved: bool = False) -> str:
    return render_template(
        "admin/person/details.html",
        person=person,
        only_pays=only_pays(person),
        name=full_name(person),
        form=form,
        moved=moved,
        held=details_of(person),
        countries=list(countries(reader().code).items()),
        spoken=[(code, title_first(Language(code).name)) for code in SUPPORTED],
        above={"address": addresses.person(person.uuid), "words": full_name(person)},
    )
