"""A member added by whoever looks after the group: the boxes, then what follows at which price, then the press."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.office.amounts import money_words
from admin.office.boxes import Boxes
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import age_on, today
from dues.loop.errors import JoinError, NotJoinableError
from dues.loop.join import join
from dues.loop.offers import Offer, Place, offers, place
from dues.members.register import OF_AGE, PersonDetails
from language import gettext_noop as _
from web import born
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named

doors: Blueprint = group_doors("group_add", "/members/new")


class AddForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Who joins, as what, and who pays where somebody else does; ``seen`` is the price that was shown."""

    kind = StringField()
    given_name = StringField()
    family_name = StringField()
    birth = StringField()
    email = StringField()
    phone = StringField()
    street = StringField()
    postcode = StringField()
    city = StringField()
    payer_given_name = StringField()
    payer_family_name = StringField()
    payer_email = StringField()
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Application:
    """What a faultless form says."""

    offer: Offer
    person: PersonDetails
    payer: PersonDetails | None

    @property
    def price(self) -> str:
        """The price as the page says it; nobody is added at one that was not shown."""
        return money_words(self.offer.price.minor, self.offer.price.currency) if self.offer.price else ""

    @property
    def seen(self) -> str:
        """What the form carries of it."""
        return f"{self.offer.type_id}={self.offer.price.minor if self.offer.price else ''}"


@doors.get("/")
@permission(Permission.MEMBERS_EDIT)
def ask() -> str:
    """Show the empty boxes; a group that takes nobody says so."""
    at = _place()
    return _closed() if at is None else _page(at, AddForm(formdata=None))


@doors.post("/")
@permission(Permission.MEMBERS_EDIT)
def add() -> str | Response:
    """Show what follows; pressed again, add the member and have the invoice written."""
    at, form = _place(), AddForm()
    if at is None:
        return _closed()
    application = _read(at, form)
    if application is None or form.seen.data != application.seen:
        return _page(at, form, application)
    try:
        joined = join(
            session(),
            group=at.group.slug,
            type_id=application.offer.type_id,
            person=application.person,
            payer=application.payer,
            on=today(session()),
            by=require().actor,
        )
    except JoinError:  # what is offered changed between the page and the press
        session().rollback()
        return _page(at, form, _read(at, form))
    return _added(application, joined.run_id)


def _added(application: Application, run_id: int | None) -> Response:
    name = f"{application.person.given_name} {application.person.family_name}"
    back = redirect(addresses.address("group_members.people", q=name), code=303)
    if run_id is None:
        note(gettext(_("%(name)s is a member already. Nothing was added."), name=name), tone="warn")
        return back
    commit(then=lambda: house().wake.prompt_run(run_id))
    note(gettext(_("%(name)s is a member. The invoice is being written."), name=name))
    return back


def _place() -> Place | None:
    try:
        return place(session(), group=this_group().slug)
    except NotJoinableError:
        return None


def _read(at: Place, form: AddForm) -> Application | None:
    boxes, on = Boxes(form), today(session())
    birth = boxes.birth_date("birth", today=on)
    if birth is None:
        boxes.fault("birth", gettext(_("Write the birth date as day, month and year, for example 27 3 2015.")))
    offer = _offer(boxes, offers(session(), at=at, on=on, born=birth), birth, on)
    address = (
        boxes.text("street", _("Write the street and number.")),
        boxes.postcode("postcode", at.group.country),
        boxes.text("city", _("Write the town or city.")),
    )
    payer = _payer(boxes, at, address, needed=birth is not None and age_on(birth, on) < OF_AGE)
    person = PersonDetails(
        given_name=boxes.name("given_name", _("Write the first name.")),
        family_name=boxes.name("family_name", _("Write the family name.")),
        language=at.group.language,
        country=at.group.country,
        birth_date=birth,
        email=boxes.email("email"),
        phone=boxes.phone("phone", at.group.country),
        street=address[0],
        postcode=address[1],
        city=address[2],
    )
    return Application(offer, person, payer) if boxes.hand_over() and offer is not None else None


def _offer(boxes: Boxes, offered: Sequence[Offer], birth: dt.date | None, on: dt.date) -> Offer | None:
    chosen = next((offer for offer in offered if str(offer.type_id) == boxes.text("kind")), None)
    if chosen is None:
        boxes.fault("kind", gettext(_("Choose a membership.")))
    elif birth is not None and not chosen.is_for(age_on(birth, on)):
        boxes.fault(
            "kind", gettext(_("This membership is for other ages. Choose another one, or check the birth date."))
        )
    elif birth is not None and chosen.price is None:
        boxes.fault("kind", gettext(_("This membership has no price at this age. Choose another one.")))
    return chosen


def _payer(boxes: Boxes, at: Place, address: tuple[str, str, str], *, needed: bool) -> PersonDetails | None:
    """Return who pays where somebody else does: an adult for a child, who lives with them."""
    if not needed and not any(boxes.text(f"payer_{part}") for part in ("given_name", "family_name", "email")):
        return None
    return PersonDetails(
        given_name=boxes.name("payer_given_name", _("Write the first name of whoever pays.")),
        family_name=boxes.name("payer_family_name", _("Write the family name of whoever pays.")),
        language=at.group.language,
        country=at.group.country,
        email=boxes.email("payer_email"),
        street=address[0],
        postcode=address[1],
        city=address[2],
    )


def _page(at: Place, form: AddForm, application: Application | None = None) -> str:
    on = today(session())
    if application is not None:
        form.seen.data = application.seen
    return render_template(
        "group/members/add.html",
        group=this_group(),
        creditor=at.creditor,
        form=form,
        offers=offers(session(), at=at, on=on, born=_born(form, on)),
        application=application,
        above=_above(),
        named=named,
    )


def _born(form: AddForm, on: dt.date) -> dt.date | None:
    try:
        return born.read(str(form.birth.data or ""), today=on)
    except born.BirthDateError:
        return None


def _closed() -> str:
    return render_template("group/members/closed.html", group=this_group(), above=_above())


def _above() -> dict[str, str]:
    return {"address": addresses.address("group_members.people"), "words": gettext("Members")}
