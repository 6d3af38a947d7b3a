"""Groups: where they stand in the tree, what they are called, and how they look."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import Response, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select

from admin.office.changes import card
from admin.setup import finding
from admin.setup.fields import Colour, Pick, Picture
from admin.setup.looks import look_of
from admin.setup.setting import Setting, faults
from admin.shell import reading_choices
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice, Names, Text, Tick
from admin.tables.listing import Tab, Wanted
from admin.tables.setup_view import Fault, doors_of
from admin.tables.theme import expose
from dues.access.permissions import Permission
from dues.folding import plain_word
from dues.groups.change import change_group, refuse_group, remove_group
from dues.groups.errors import (
    ColourError,
    LogoKindError,
    LogoSizeError,
    LogoUnsafeError,
    SlugError,
    SlugTakenError,
)
from dues.groups.establish import DEFAULT_COLOUR, add_group
from dues.groups.find import organisation
from dues.groups.lists import ListedGroup, groups_page
from dues.groups.logos import LARGEST, keep_logo
from dues.groups.look import colour_of
from dues.groups.models import Creditor, Group, Logo
from dues.paging import Page
from language import gettext_noop as _
from web.countries import countries
from web.house import session
from web.speech import gettext, reader

LOOK_FAULTS: Final[Mapping[type[Exception], Fault]] = {
    ColourError: Fault("colour", _("Write # and six digits, for example #0b5c62.")),
    LogoSizeError: Fault(
        "logo",
        lambda _error: gettext(_("The picture is larger than %(most)s kB. Save a smaller one."), most=LARGEST // 1000),
    ),
    LogoUnsafeError: Fault(
        "logo",
        _(
            "This SVG does more than show a picture: it has scripts, or fetches something. Save it as "
            "plain SVG, or as PNG."
        ),
    ),
    LogoKindError: Fault(
        "logo", _("This is no PNG or SVG picture that can be shown and printed. Choose another file.")
    ),
}
"""Why a colour or a logo is refused, wherever one is chosen."""


class GroupForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a group is made of."""

    name = Text(_("Name"))
    slug = Text(
        _("Short name"),
        optional=True,
        width="short",
        hint=_(
            "Its page for joining is at /join/ and this. Small letters, digits and hyphens; made from the "
            "name when left empty. Links to an earlier short name stop working."
        ),
    )
    parent = Pick(
        _("Belongs to"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("The group above it. This cannot be changed later."),
    )
    language = Choice(
        _("Language"), choices=reading_choices, hint=_("What its members are written to in, unless they chose another.")
    )
    country = Choice(_("Country"), choices=lambda: list(countries(reader().code).items()))
    joinable = Tick(_("One can join it"), hint=_("It is found on the first page, and has a page for joining."))
    colour = Colour(
        _("Colour"),
        hint=_(
            "For its pages, mails and documents. Where it could not be read, a darker or lighter one is "
            "used: it is shown beside after saving."
        ),
    )
    logo = Picture(_("Logo"), hint=_("PNG or plain SVG, at most 40 kB. Without one, that of the group above is shown."))
    no_logo = Tick(_("Take the logo away"))
    own_prices = Tick(
        _("May set prices of its own"),
        hint=_("Its administrators then say what its own part of the fee costs; the other parts stay as they are."),
    )
    welcome = Names(_("Welcome"), lines=True, optional=True, hint=_("What stands first on its page for joining."))


class GroupsView(Setting):
    """Every group of the organisation."""

    door = "groups"
    address = "/admin/setup/groups"
    words = _("Groups")
    about = _("The tree of the organisation: who belongs to whom, what each is called and how it looks.")
    shelf = _("The organisation")
    new_words = _("Add a group")
    columns = (
        Column("name", _("Name"), lambda row: row.group.name),
        Column("above", _("Belongs to")),
        Column("slug", _("Short name"), lambda row: row.group.slug),
        Column("creditor", _("Owed to")),
        Column("joinable", _("One can join"), lambda row: row.group.joinable),
    )
    tabs = (Tab("", _("All")), Tab("joinable", _("One can join")), Tab("creditors", _("With books of their own")))
    search = _("Beginning of the name, or short name")
    form = GroupForm
    fixed = ("parent",)
    edit_template = "admin/setup/group.html"
    takes_files = True
    can_delete = True
    doors: ClassVar[Doors] = doors_of(
        Permission.SETUP_EDIT, opens=Permission.GROUPS_OPEN, suggest=Permission.SETUP_READ
    )
    faults = faults(
        "name",
        {
            SlugTakenError: Fault("slug", _("Another group has this short name. Choose another one.")),
            SlugError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
            **LOOK_FAULTS,
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedGroup]:
        """Return a page of groups."""
        return groups_page(session(), beginning=wanted.search, view=wanted.view, at=wanted.place)

    def one(self, key: str) -> Group | None:
        """Return a group by its public id."""
        return session().scalar(select(Group).where(Group.uuid == UUID(key)))

    def key_of(self, row: Group | ListedGroup) -> str:
        """Return the public id."""
        return str(row.uuid if isinstance(row, Group) else row.group.uuid)

    def called(self, row: Group) -> str:
        """Return the name."""
        return row.name

    def defaults(self) -> Mapping[str, Any]:
        """A new group is most often one of the first one's own country and language."""
        return {"colour": DEFAULT_COLOUR, "language": reader().code, "country": _home()}

    def filled(self, row: Group) -> Mapping[str, Any]:
        """Return a group as its form shows it."""
        kept = ("name", "slug", "language", "country", "joinable", "colour", "own_prices", "welcome")
        return {
            **{name: getattr(row, name) for name in kept},
            "parent": finding.group(row.parent_id),
            "logo_id": row.logo_id,
        }

    def add(self, form: Any) -> Group:
        """Add a group below another; only the first one of all stands alone."""
        said = self._said_of(form)
        refuse_group({"name": said["name"], "language": said["language"]})
        parent = session().get_one(Group, form.parent.picked) if form.parent.picked else None
        group = add_group(
            session(),
            parent=parent,
            **{**said, "slug": said["slug"] or plain_word(said["name"]), "colour": colour_of(said["colour"])},
        )
        if form.logo.data:
            group.logo_id = keep_logo(session(), content=form.logo.data)
        return group

    def change(self, row: Group, form: Any) -> None:
        """Change a group."""
        said = {**self._said_of(form), "slug": form.slug.data or row.slug}
        if form.logo.data:
            said["logo_id"] = keep_logo(session(), content=form.logo.data)
        elif form.no_logo.data:
            said["logo_id"] = None
        change_group(session(), group_id=row.id, **said)

    def _said_of(self, form: Any) -> dict[str, Any]:
        names = ("name", "slug", "language", "country", "joinable", "colour", "own_prices", "welcome")
        return {name: form[name].data for name in names}

    def remove(self, row: Group) -> None:
        """Take a group away."""
        remove_group(session(), group_id=row.id)

    def create_form(self) -> Any:
        """Whoever adds a group says where it belongs, unless it is the first."""
        form = super().create_form()
        form.parent.optional = not organisation(session())
        return form

    def fields(self, form: Any) -> list[Any]:
        """There is nothing to take away from a group without a logo."""
        has_logo = hasattr(form, "row") and form.row.logo_id is not None
        return [field for field in super().fields(form) if has_logo or field.name != "no_logo"]

    def panel(self, form: Any) -> Mapping[str, Any]:
        """Show how the colour is used, and the logo."""
        if not hasattr(form, "row"):
            return {}
        digest = session().scalar(select(Logo.digest).where(Logo.id == form.row.logo_id))
        logo = url_for("look.logo", digest=digest) if digest else ""
        books = session().scalar(select(Creditor.id).where(Creditor.group_id == form.row.id))
        about = [("group", form.row.id), *([("creditor", books)] if books else [])]
        return {"looks": look_of(form.row.colour), "logo": logo, "name": form.row.name, "changes": card(*about)}

    @expose("/suggest/")
    def suggest(self) -> Response:
        """Offer groups to a script."""
        return finding.offered(finding.groups)


def _home() -> str:
    country = session().scalar(select(Group.country).where(Group.parent_id.is_(None)).order_by(Group.id).limit(1))
    return country or "SE"
