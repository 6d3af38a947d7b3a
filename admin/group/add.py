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
from dues.dates import add_months, age_on, today
from dues.invoicing.way import number_of
from dues.loop.errors import ChargedAlreadyError, JoinError, NotJoinableError
from dues.loop.join import Joined, join
from dues.loop.offers import Offer, Place, offers, place
from dues.members.belonging import holder, reached_by
from dues.members.register import OF_AGE, PersonDetails
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web import born
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext, named, reader

doors: Blueprint = group_doors("group_add", "/members/new")

_FARTHEST = 12
"""Months from today within which a membership may start."""


class AddForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Who joins, as what, and who pays where somebody else does; ``seen`` is the price that was shown."""

    kind = StringField()
    starts = StringField()
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
    starts: dt.date

    @property
    def invoiced_on(self) -> dt.date:
        """The first day on which it is invoiced, which may have been long ago."""
        return self.starts - dt.timedelta(days=self.offer.lead_days)

    @property
    def price(self) -> str:
        """The price as the page says it; nobody is added at one that was not shown."""
        return money_words(self.offer.price.minor, self.offer.price.currency) if self.offer.price else ""

    @property
    def seen(self) -> str:
        """What the form carries of it."""
        price = self.offer.price.minor if self.offer.price else ""
        return f"{self.offer.type_id}={price}@{self.starts.isoformat()}"


@doors.get("/")
@permission(Permission.MEMBERS_EDIT)
def ask() -> str:
    """Show the empty boxes; a group that takes nobody says so."""
    at = _place()
    return _closed() if at is None else _page(at, AddForm(formdata=None, starts=today(session()).isoformat()))


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
            starts=application.starts,
            by_hand=True,
        )
    except ChargedAlreadyError as error:
        session().rollback()
        return _page(at, _charged_already(form, error))
    except JoinError:  # what is offered changed between the page and the press
        session().rollback()
        return _page(at, form, _read(at, form))
    return _added(application, joined)


def _charged_already(form: AddForm, error: ChargedAlreadyError) -> AddForm:
    boxes, through = Boxes(form), reader().long_date(error.through)
    words = gettext(_("An earlier membership is charged through %(day)s. Choose a later day."), day=through)
    boxes.fault("starts", words)
    boxes.hand_over()
    return form


def _added(application: Application, joined: Joined) -> Response:
    name = f"{application.person.given_name} {application.person.family_name}"
    who, run_id = holder(session(), membership=joined.membership).uuid, joined.run_id
    back = redirect(addresses.person(who) or addresses.address("group_members.people", q=name), code=303)
    if run_id is None:
        note(gettext(_("%(name)s is a member already. Nothing was added."), name=name), tone="warn")
        return back
    commit(then=lambda: house().wake.prompt_run(run_id))
    note(gettext(_follows(application), name=name, day=reader().long_date(application.invoiced_on)))
    return back


def _follows(application: Application) -> str:
    """What happens by itself after somebody was added."""
    if application.offer.price is None or not application.offer.price.minor:
        return _("%(name)s is a member. There is nothing to pay.")
    if application.invoiced_on > today(session()):
        return _("%(name)s is a member. The invoice is made by itself on %(day)s.")
    return _("%(name)s is a member. The invoice is being written.")


def _place() -> Place | None:
    try:
        return place(session(), group=this_group().slug, by_hand=True)
    except NotJoinableError:
        return None


def _read(at: Place, form: AddForm) -> Application | None:
    boxes, on = Boxes(form), today(session())
    birth = boxes.birth_date("birth", today=on)
    if birth is None:
        boxes.fault("birth", gettext(_("Write the birth date as day, month and year, for example 27 3 2015.")))
    starts = _starts(boxes, on)
    offer = _offer(boxes, offers(session(), at=at, on=starts, born=birth), birth)
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
    return Application(offer, person, payer, starts) if boxes.hand_over() and offer is not None else None


def _starts(boxes: Boxes, on: dt.date) -> dt.date:
    """Return the day from which somebody is to be a member; today where the box is empty or cannot be read."""
    if not boxes.text("starts"):
        return on
    day = boxes.day("starts", _("Choose the day from which the membership runs."))
    if day is not None and not add_months(on, -_FARTHEST) <= day <= add_months(on, _FARTHEST):
        boxes.fault("starts", gettext(_("Choose a day that lies at most a year back or ahead.")))
        return on
    return day or on


def _offer(boxes: Boxes, offered: Sequence[Offer], birth: dt.date | None) -> Offer | None:
    chosen = next((offer for offer in offered if str(offer.type_id) == boxes.text("kind")), None)
    if chosen is None:
        boxes.fault("kind", gettext(_("Choose a membership.")))
    elif birth is not None and not chosen.is_for(chosen.age_of(birth)):
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
        offers=offers(session(), at=at, on=on if application is None else application.starts, born=_born(form, on)),
        application=application,
        number="" if application is None else _number(at, application),
        on=on,
        known=[] if application is None else _known(application),
        above=_above(),
        named=named,
    )


def _number(at: Place, application: Application) -> str:
    """Return where the invoice goes as a text message, were there no e-mail address; or nothing."""
    payer = application.payer or application.person
    return number_of(session(), phone=payer.phone, creditor_id=at.creditor.id)


def _known(application: Application) -> list[tuple[str, str]]:
    """Return who of this house has the e-mail address already, each by their name and where their file is."""
    found = reached_by(session(), email=application.person.email, below=this_group().path)
    return [(full_name(one), addresses.person(one.uuid)) for one in found]


def _born(form: AddForm, on: dt.date) -> dt.date | None:
    try:
        return born.read(str(form.birth.data or ""), today=on)
    except born.BirthDateError:
        return None


def _closed() -> str:
    return render_template("group/members/closed.html", group=this_group(), above=_above())


def _above() -> dict[str, str]:
    return {"address": addresses.address("group_members.people"), "words": gettext("Members")}
