"""A new group in five minutes: its place, its name, its look, its account, its join page, its first administrator."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.group.account import REFERENCES, USUAL
from admin.setup import finding
from admin.setup.agreements import ACCOUNT_FAULTS, schemes
from admin.setup.fields import Colour, Email, Pick, Picture
from admin.setup.groups import LOOK_FAULTS
from admin.setup.money import currency_choices
from admin.shell import reading_choices
from admin.tables.fields import Choice, Lines, Text, Tick
from admin.tables.setup_view import Fault
from admin.user import require
from dues.access.declare import permission
from dues.access.errors import StaffKnownError
from dues.access.grants import offer
from dues.access.invitations import invite
from dues.access.models import Approval, Staff
from dues.access.permissions import Permission
from dues.access.roles import role_id
from dues.dates import today
from dues.delivery.staff_mail import post_invitation
from dues.editing import EditingError
from dues.folding import folded, plain_word
from dues.groups.account_of import account_of
from dues.groups.change import refuse_group
from dues.groups.errors import GroupsError, OrgNumberError, SlugError, SlugTakenError
from dues.groups.establish import DEFAULT_COLOUR, add_group
from dues.groups.logos import keep_logo
from dues.groups.look import colour_of
from dues.groups.models import Group, ReferenceKind
from dues.payments.agreements import offer_agreement
from dues.pricing.creditors import found_creditor
from language import gettext_noop as _
from web import postal
from web.countries import countries
from web.house import absolute, begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("open_group", __name__, url_prefix="/admin/groups")

_ROLE: Final = "group-administrator"
_OWN: Final = ("own_name", "org_number", "street", "postcode", "city", "email", "number")
_ASKED_OF_OWN: Final = (*_OWN, "currency", "sensitive", "scheme")
_FAULTS: Final = {
    SlugTakenError: Fault("slug", _("Another group has this short name. Choose another one.")),
    SlugError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
    OrgNumberError: Fault("org_number", _("This is no organisation number of that country. Check its digits.")),
    **LOOK_FAULTS,
    **ACCOUNT_FAULTS,
}


class OpenForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """All that a new group begins with."""

    parent = Pick(_("Belongs to"), find=finding.groups, source="groups.suggest", hint=_("The group above it."))
    name = Text(_("Name"))
    slug = Text(
        _("Short name"),
        optional=True,
        width="short",
        hint=_("Its page for joining is at /join/ and this. Made from the name when left empty."),
    )
    language = Choice(_("Language"), choices=reading_choices, hint=_("What its members are written to in."))
    country = Choice(_("Country"), choices=lambda: list(countries(reader().code).items()))
    colour = Colour(_("Colour"), hint=_("For its pages, mails and documents. Its administrators can change it."))
    logo = Picture(_("Logo"), hint=_("PNG or plain SVG, at most 40 kB. Without one, that of the group above is shown."))
    joinable = Tick(_("One can join it"), hint=_("It is found on the first page, and has a page for joining."))
    welcome = Lines(_("Welcome"), optional=True, hint=_("What stands first on that page, in the group's language."))
    own_prices = Tick(_("May set prices of its own"), hint=_("For its own part of the fee only."))
    own_books = Tick(
        _("It has books and an account of its own"),
        hint=_("Otherwise its members pay to the nearest group above that has, and its part is settled with it."),
    )
    own_name = Text(_("Name on documents"), optional=True)
    org_number = Text(_("Organisation number"), optional=True, width="short")
    currency = Choice(_("Currency"), choices=currency_choices)
    street = Text(_("Street and number"), optional=True)
    postcode = Text(_("Postcode"), optional=True, width="short")
    city = Text(_("Town or city"), optional=True)
    email = Email(_("E-mail"), optional=True, hint=_("Members who reply to a mail write here."))
    sensitive = Tick(
        _("Membership is sensitive"),
        hint=_("For unions, faith and health: mails then hold a link and a code, and no word of membership."),
    )
    scheme = Choice(_("Kind of account"), choices=schemes)
    number = Text(_("Number"), optional=True, width="short", hint=_("Its check digits are proved."))
    admin_name = Text(_("Name of the first administrator"), optional=True)
    admin_email = Email(
        _("Their e-mail address"), optional=True, hint=_("They get a link to choose a password, and the group's house.")
    )


_PARTS: Final = (
    (_("Where and what"), ("parent", "name", "slug", "language", "country")),
    (_("Look"), ("colour", "logo")),
    (_("Join page"), ("joinable", "welcome")),
    (_("Who looks after it"), ("admin_name", "admin_email", "own_prices")),
    (
        _("Money"),
        (
            "own_books",
            "own_name",
            "org_number",
            "currency",
            "street",
            "postcode",
            "city",
            "email",
            "sensitive",
            "scheme",
            "number",
        ),
    ),
)


@doors.get("/new")
@permission(Permission.GROUPS_OPEN)
def ask() -> str:
    """Ask for all of it on one page."""
    country = session().scalar(select(Group.country).where(Group.parent_id.is_(None)).order_by(Group.id).limit(1))
    data = {
        "language": reader().code,
        "country": country or "SE",
        "colour": DEFAULT_COLOUR,
        "joinable": True,
        "scheme": USUAL.get(country or "SE", "IBAN"),
        "currency": {"SE": "SEK", "NO": "NOK"}.get(country or "SE", "EUR"),
    }
    return _page(OpenForm(formdata=None, data=data))


@doors.post("/new")
@permission(Permission.GROUPS_OPEN)
def press() -> str | Response:
    """Open the group, all of it or nothing."""
    form = OpenForm()
    if not form.validate() or not _whole(form):
        return _page(form)
    try:
        group, waits = _opened(form)
    except (GroupsError, EditingError) as error:
        fault = next((one for kind, one in _FAULTS.items() if isinstance(error, kind)), None)
        begin_anew()
        if fault is None:
            raise
        form[fault.field if fault.field in form else "number"].errors = [fault.words(error)]
        return _page(form)
    public_id, name, invited = group.uuid, group.name, bool(form.admin_email.data)
    commit(then=house().wake.messages)
    note(gettext(_("“%(name)s” is open."), name=name))
    if waits:
        note(gettext(_("“%(name)s” is open. What needs a second person waits until somebody agrees."), name=name))
    return redirect(url_for("open_group.opened", public_id=public_id, invited=1 if invited else None), code=303)


@doors.get("/<uuid:public_id>/opened")
@permission(Permission.GROUPS_OPEN)
def opened(public_id: UUID) -> str:
    """Show the link for joining, and what happens next."""
    group = session().scalar(select(Group).where(Group.uuid == public_id))
    if group is None:
        abort(404)
    sees = require().may(Permission.GROUP_USE, group.path)
    return render_template(
        "admin/groups/opened.html",
        group=group,
        account=account_of(session(), group_id=group.id),
        join=absolute(url_for("join.ask", slug=group.slug)) if group.joinable else "",
        invited=bool(request.args.get("invited")),
        home=url_for("group_home.page", group_slug=group.slug) if sees else "",
    )


def _whole(form: OpenForm) -> bool:
    """Tell whether books of its own, and the first administrator, are said in whole; what is missing is marked."""
    wanted = [*(_OWN if form.own_books.data else ()), *(("admin_name",) if form.admin_email.data else ())]
    wanted += ["admin_email"] if form.admin_name.data else []
    missing = [name for name in wanted if not form[name].data]
    for name in missing:
        form[name].errors = [gettext(_("Fill this in."))]
    if form.own_books.data and form.postcode.data:
        try:
            form.postcode.data = postal.postcode(form.postcode.data, form.country.data)
        except postal.PostcodeError as error:
            words = _("Write the postcode as it stands in addresses, for example %(example)s.")
            form.postcode.errors = [gettext(words, example=error.example)]
            return False
    return not missing


def _opened(form: OpenForm) -> tuple[Group, bool]:
    """Do all of it in one transaction; tell whether something of it waits for a second person."""
    name, language = form.name.data, form.language.data
    refuse_group({"name": name, "language": language})
    welcome = (form.welcome.data or "").strip()
    group = add_group(
        session(),
        name=name,
        slug=form.slug.data or plain_word(name),
        parent=session().get_one(Group, form.parent.picked),
        language=language,
        country=form.country.data,
        joinable=form.joinable.data,
        colour=colour_of(form.colour.data),
        welcome={language: welcome} if welcome else {},
        own_prices=form.own_prices.data,
    )
    if form.logo.data:
        group.logo_id = keep_logo(session(), content=form.logo.data)
    waits = _found(form, group) if form.own_books.data else False
    waits |= _invited(form, group) if form.admin_email.data else False
    session().flush()
    return group, waits


def _found(form: OpenForm, group: Group) -> bool:
    """Give the group books and an account of its own; that members pay there waits for a second person."""
    said: dict[str, Any] = {
        name: form[name].data for name in ("org_number", "currency", "street", "postcode", "city", "email", "sensitive")
    }
    creditor = found_creditor(session(), group_id=group.id, name=form.own_name.data, country=group.country, **said)
    kind: ReferenceKind = REFERENCES[form.scheme.data]
    _agreement, waits = offer_agreement(
        session(),
        creditor_id=creditor.id,
        by=require().actor,
        proposer=require().id,
        on=today(session()),
        first_waits=True,
        scheme=form.scheme.data,
        number=form.number.data,
        reference_kind=kind,
    )
    return waits is not None


def _invited(form: OpenForm, group: Group) -> bool:
    """Invite the first administrator, and give them the group; what the giver does not hold waits."""
    asks, email = require(), form.admin_email.data
    try:
        staff, invitation = invite(
            session(),
            name=form.admin_name.data,
            email=email,
            language=group.language,
            now=dt.datetime.now(dt.UTC),
            secret=house().settings.signing_key(),
        )
        post_invitation(session(), invitation=invitation, staff=staff, by=asks.actor)
    except StaffKnownError:  # somebody who works here already looks after it, too
        staff = session().scalars(select(Staff).where(Staff.email_key == folded(email))).one()
    given = offer(
        session(),
        staff_id=staff.id,
        role_id=role_id(session(), _ROLE),
        group_id=group.id,
        from_on=today(session()),
        by=asks.id,
        giver=asks.rights,
    )
    return isinstance(given, Approval)


def _page(form: OpenForm) -> str:
    return render_template(
        "admin/groups/new.html",
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        of_own_books=_ASKED_OF_OWN,
        parts=[(gettext(words), [form[name] for name in names]) for words, names in _PARTS],
    )
