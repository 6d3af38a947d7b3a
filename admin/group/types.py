"""Membership types of a group's own, beside those of the groups above it."""

from flask import abort, redirect, render_template
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.tables.fields import Choice, Names, Number, Tick
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.editing import MissingError
from dues.groups.errors import SlugError
from dues.groups.models import Group
from dues.members.models import MembershipType
from dues.pricing.errors import AgesError, NameTakenError
from dues.pricing.own_types import change_own_type, set_own_type, types_here
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, named

doors = group_doors("group_types", "/look/types")


class TypeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """A type of the group's own."""

    like = Choice(
        _("Charged like"),
        choices=lambda: [(str(one.id), named(one.names)) for one in types_here(session(), group=_group())],
        hint=_("It is made of the same parts, runs as long, and renews as this one does."),
    )
    names = Names(_("Name"))
    min_age = Number(_("From age"), optional=True, most=150)
    max_age = Number(_("Up to age"), optional=True, most=150)
    joinable = Tick(_("One can join with it"))


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """Show the types that hold here."""
    group = _group()
    rows = [
        (
            named(one.names),
            _ages(one),
            door("group_types.ask", type_id=one.id) if group.own_prices and one.group_id == group.id else "",
        )
        for one in types_here(session(), group=group)
    ]
    return render_template("group/look/types.html", rows=rows, may_set=group.own_prices)


@doors.get("/new")
@permission(Permission.GROUP_LOOK)
def begin() -> str:
    """Ask for a new one."""
    _allowed()
    return _page(TypeForm(formdata=None, data={"joinable": True}), None)


@doors.post("/new")
@permission(Permission.GROUP_LOOK)
def add() -> str | Response:
    """Add it."""
    _allowed()
    return _saved(TypeForm(), None)


@doors.get("/<int:type_id>")
@permission(Permission.GROUP_LOOK)
def ask(type_id: int) -> str:
    """Show one of the group's own."""
    kind = _own(type_id)
    kept = {name: getattr(kind, name) for name in ("names", "min_age", "max_age", "joinable")}
    return _page(TypeForm(formdata=None, data=kept), kind)


@doors.post("/<int:type_id>")
@permission(Permission.GROUP_LOOK)
def change(type_id: int) -> str | Response:
    """Change it."""
    form = TypeForm()
    form.like.optional = True
    return _saved(form, _own(type_id))


def _saved(form: TypeForm, kind: MembershipType | None) -> str | Response:
    if not form.validate():
        return _page(form, kind)
    type_id, group_id = kind.id if kind else None, this_group().id
    ages = {"min_age": form.min_age.data, "max_age": form.max_age.data}
    said = {"group_id": group_id, "names": form.names.data, "joinable": form.joinable.data, **ages}
    try:
        if type_id is None:
            set_own_type(session(), like=int(form.like.data), **said)
        else:
            change_own_type(session(), type_id=type_id, **said)
    except AgesError:
        return _refused(form, type_id, "max_age", gettext(_("The highest age lies below the lowest.")))
    except NameTakenError:
        return _refused(form, type_id, "names", gettext(_("You have a type of this name already.")))
    except (MissingError, SlugError):
        return _refused(form, type_id, "names", gettext(_("Write a name in one language at least.")))
    commit()
    note(gettext(_("The membership type is saved.")))
    return redirect(door("group_types.page"), code=303)


def _refused(form: TypeForm, type_id: int | None, field: str, words: str) -> str:
    begin_anew()
    form[field].errors = [words]
    return _page(form, None if type_id is None else _own(type_id))


def _group() -> Group:
    return session().scalars(select(Group).where(Group.id == this_group().id)).one()


def _allowed() -> None:
    if not _group().own_prices:
        abort(404)


def _own(type_id: int) -> MembershipType:
    """Return a type of the group's own; another one is not there."""
    _allowed()
    found = session().get(MembershipType, type_id) if type_id < 1 << 63 else None
    if found is None or found.group_id != this_group().id:
        abort(404)
    return found


def _ages(kind: MembershipType) -> str:
    if kind.min_age is not None and kind.max_age is not None:
        return gettext(_("%(first)s to %(last)s years"), first=kind.min_age, last=kind.max_age)
    if kind.max_age is not None:
        return gettext(_("up to %(last)s years"), last=kind.max_age)
    return gettext(_("from %(first)s years"), first=kind.min_age) if kind.min_age is not None else ""


def _page(form: TypeForm, kind: MembershipType | None) -> str:
    fields = [form.names, form.min_age, form.max_age, form.joinable]
    return render_template(
        "group/form.html",
        heading=named(kind.names) if kind else gettext(_("A membership type of our own")),
        about=gettext(_("For your group and those below it.")),
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=fields if kind else [form.like, *fields],
        back=door("group_types.page"),
        back_words=gettext(_("Our membership types")),
        save=gettext(_("Save")),
    )
