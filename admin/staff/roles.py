"""Roles: those of the house to look at, and own ones, ticked together."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import g
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from admin.setup.setting import Setting, faults
from admin.staff.words import MAY
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names, Text, WordedField
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault
from admin.user import require
from dues.access.errors import BuiltInRoleError, RoleNameError
from dues.access.models import StaffRole
from dues.access.permissions import Permission
from dues.access.roles import all_roles, offer_role, permissions_of
from dues.folding import plain_word
from dues.paging import Page
from language import gettext_noop as _
from web.house import session
from web.notes import note
from web.speech import gettext, named


class Ticks(WordedField):
    """Some of a few things; the value is their keys."""

    kind = "ticks"

    @property
    def parts(self) -> Sequence[tuple[str, str, bool]]:
        """Key, words, and whether it is ticked."""
        return [(one.value, gettext(words), one.value in (self.data or ())) for one, words in MAY.items()]

    @property
    def first_id(self) -> str:
        """The first box."""
        return f"{self.id}-{next(iter(MAY)).value}"

    @property
    def said(self) -> str:
        """What is ticked, in words."""
        return ", ".join(words for _key, words, ticked in self.parts if ticked)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what is ticked; what is no permission is left out."""
        self.data = [one for one in valuelist if one in {permission.value for permission in Permission}]


class RoleForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a role is made of."""

    names = Names(_("Name"))
    slug = Text(_("Short name"), optional=True, width="short", hint=_("Small letters, digits and hyphens."))
    permissions = Ticks(_("Whoever has it may"))


class RolesView(Setting):
    """What one can be at the desk."""

    edits = Permission.ROLES_EDIT
    doors: ClassVar[Doors] = {
        "index_view": Permission.STAFF_READ,
        "create_view": Permission.ROLES_EDIT,
        "edit_view": Permission.STAFF_READ,
    }
    sensitive = True
    door = "roles"
    address = "/admin/setup/roles"
    words = _("Roles")
    about = _("What staff may do. A role is given to somebody in a group, and holds there and below.")
    shelf = _("The organisation")
    new_words = _("Add a role of your own")
    columns = (
        Column("name", _("Name"), lambda row: named(row.names)),
        Column("kind", _("Made by"), lambda row: gettext(_("The program")) if row.built_in else gettext(_("Us"))),
        Column("may", _("May do"), lambda row: gettext(_("%(count)s things"), count=len(_may(row)))),
    )
    form = RoleForm
    fixed = ("slug",)
    faults = faults(
        "names",
        {
            RoleNameError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
            BuiltInRoleError: Fault("slug", _("A role of the program is called so. Choose another short name.")),
        },
    )

    def read(self, _wanted: Wanted) -> Page[StaffRole]:
        """Return all roles."""
        return Page(all_roles(session()))

    def one(self, key: str) -> StaffRole | None:
        """Return a role by its short name."""
        found = next((role for role in all_roles(session()) if role.slug == key), None)
        g.own_role = found is not None and not found.built_in
        return found

    def key_of(self, row: StaffRole) -> str:
        """Return the short name."""
        return row.slug

    def called(self, row: StaffRole) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: StaffRole) -> Mapping[str, Any]:
        """Return a role as its form shows it."""
        return {"names": dict(row.names), "slug": row.slug, "permissions": _may(row)}

    def add(self, form: Any) -> StaffRole:
        """Make a role; one that may do what its maker may not waits for a second person."""
        slug = form.slug.data or plain_word(named(form.names.data))
        self._offer(slug, form)
        return StaffRole(slug=slug, names=dict(form.names.data))

    def change(self, row: StaffRole, form: Any) -> None:
        """Change an own role."""
        self._offer(row.slug, form)

    def _offer(self, slug: str, form: Any) -> None:
        asks = require()
        made = offer_role(
            session(),
            slug=slug,
            names=form.names.data,
            permissions=form.permissions.data,
            by=asks.id,
            giver=asks.rights,
        )
        g.waits = made is not None

    @property
    def editable(self) -> bool:
        """Roles of the program are looked at."""
        return super().editable and bool(g.get("own_role", True))

    @property
    def why_only_read(self) -> str:
        """Roles of the program stay as they are."""
        if g.get("own_role", True):
            return super().why_only_read
        return gettext(_("This role comes with the program. Make one of your own beside it."))

    def _done(self, words: str) -> Response:
        answer = super()._done(words)
        if g.get("waits"):
            note(gettext(_("This role may do what you may not. It waits until a second person agrees.")), tone="warn")
        return answer


def _may(role: StaffRole) -> list[str]:
    return permissions_of(session(), role_id=role.id)
