"""A person's memberships: another one added, one invoiced now."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.office.boxes import Boxes
from admin.office.found import below, membership_or_stop, person_or_stop
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.find import find_joinable
from dues.invoicing.issue import start_issue
from dues.loop.errors import JoinError, NoPriceError, NotJoinableError, NotOfferedError, PayerNeededError, WrongAgeError
from dues.loop.join import admit, needs_payer
from dues.loop.offers import Offer, Place, offers, place
from dues.members.models import Person
from dues.overview.person_file import full_name, memberships
from dues.overview.steps import ahead, membership_steps
from dues.pricing.queries import holder_of
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.number_of import number_of
from web.speech import gettext, named

doors = Blueprint("person_membership", __name__, url_prefix="/admin/persons")

_GROUPS = 20


class MembershipForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Which membership."""

    kind = StringField()


@doors.get("/<uuid:public_id>/memberships/new")
@permission(Permission.MEMBERS_EDIT)
def choose(public_id: UUID) -> str:
    """Ask for the group first: those of the person are near, all others are found by name."""
    person = person_or_stop(public_id)
    wanted = request.args.get("q", "").strip()[:200]
    own = {held.group_slug: held.group for held in memberships(session(), person_id=person.id, below=below())}
    return render_template(
        "admin/person/group.html",
        person=person,
        above=_above(person),
        wanted=wanted,
        own=own if not wanted else {},
        found=find_joinable(session(), wanted=wanted, limit=_GROUPS, below=below(), by_hand=True),
        most=_GROUPS,
    )


@doors.get("/<uuid:public_id>/memberships/new/<group>")
@permission(Permission.MEMBERS_EDIT)
def ask(public_id: UUID, group: str) -> str:
    """Show what one can be there, and what it costs this person."""
    person = person_or_stop(public_id)
    return _page(person, _place(group), MembershipForm(formdata=None))


@doors.post("/<uuid:public_id>/memberships/new/<group>")
@permission(Permission.MEMBERS_EDIT)
def add(public_id: UUID, group: str) -> str | Response:
    """Add it, and have it invoiced."""
    person = person_or_stop(public_id)
    at, form = _place(group), MembershipForm()
    boxes = Boxes(form)
    kind = boxes.text("kind", _("Choose a membership."))
    if not kind.isdecimal():
        boxes.fault("kind", gettext(_("Choose a membership.")))
    if not boxes.hand_over():
        return _page(person, at, form)
    try:
        joined = admit(
            session(),
            person_id=person.id,
            group=group,
            type_id=number_of(kind) or 0,
            on=today(session()),
            by=require().actor,
        )
    except JoinError as error:
        form.kind.errors = [_refusal(error)]
        return _page(person, at, form)
    return _added(person, at, joined.run_id)


def _added(person: Person, at: Place, run_id: int | None) -> Response:
    back = redirect(addresses.person(person.uuid), code=303)
    if run_id is None:
        note(gettext(_("The membership was there already. Nothing was added.")), tone="warn")
        return back
    commit(then=lambda: house().wake.prompt_run(run_id))
    note(gettext(_("%(name)s is a member of %(group)s. The invoice is being written."), **_names(person, at)))
    return back


def _names(person: Person, at: Place) -> dict[str, str]:
    return {"name": full_name(person), "group": at.group.name}


@doors.post("/<uuid:public_id>/memberships/<uuid:membership>/invoice")
@permission(Permission.INVOICES_ISSUE)
def issue(public_id: UUID, membership: UUID) -> Response:
    """Have the next stretch invoiced now, by a run for this membership alone, if it is due to be."""
    person = person_or_stop(public_id)
    held = membership_or_stop(person, membership)
    on = today(session())
    step = membership_steps(session(), memberships=[held.id], at=ahead(session(), today=on))[held.id]
    if step.since is None or step.since > on:
        note(gettext(_("There is nothing to invoice today.")), tone="warn")
        return redirect(addresses.person(public_id), code=303)
    run_id = start_issue(session(), on=on, by=require().actor, memberships=[held.id], confirmed=True).id
    commit(then=lambda: house().wake.prompt_run(run_id))
    note(gettext(_("The invoice for %(type)s is being written."), type=named(held.type_names)))
    return redirect(addresses.person(public_id), code=303)


def _place(group: str) -> Place:
    try:
        found = place(session(), group=group, by_hand=True)
    except NotJoinableError:
        abort(404)
    return found if found.group.path.startswith(below()) else abort(404)


def _page(person: Person, at: Place, form: MembershipForm) -> str:
    on = today(session())
    holder = holder_of(session(), person_id=person.id, on=on, currency=at.creditor.currency)
    offered = offers(session(), at=at, on=on, born=person.birth_date, holder=holder)
    return render_template(
        "admin/person/membership.html",
        person=person,
        name=full_name(person),
        at=at,
        form=form,
        offers=[(offer, _why_not(offer, person)) for offer in offered],
        needs_payer=needs_payer(session(), person, on=on),
        on=on,
        above=_above(person),
        named=named,
    )


def _why_not(offer: Offer, person: Person) -> str:
    """Why somebody cannot have an offer, nothing where they can."""
    if person.birth_date is not None and not offer.is_for(offer.age_of(person.birth_date)):
        return gettext(_("For other ages."))
    if offer.lowest is None:
        return gettext(_("No complete price on this day."))
    return "" if offer.price is not None else gettext(_("The price follows the age: write the birth date down first."))


def _refusal(error: JoinError) -> str:
    texts: dict[type[JoinError], str] = {
        NotOfferedError: _("This group does not offer that membership. Choose another one."),
        WrongAgeError: _("This membership is for other ages. Choose another one, or check the birth date."),
        NoPriceError: _("This membership has no price for this person. Choose another one, or check the birth date."),
        PayerNeededError: _("A member under 18 needs an adult who pays."),
    }
    return gettext(texts.get(type(error), _("This person cannot become a member.")))


def _above(person: Person) -> dict[str, str]:
    return {"address": addresses.person(person.uuid), "words": full_name(person)}
