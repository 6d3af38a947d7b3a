"""The members of a group: the list by name, narrowed and paged, to look at, to print, and to take along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from admin import addresses
from admin.group import visit
from admin.group.here import group_doors, this_group
from admin.office import standings
from admin.tables.taking import Taking, begin, begun, taking
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.lists.errors import NotAColumnError
from dues.members.roll import COUNTED, RollWanted, going_on, narrowings, roll
from dues.overview.group_day import newest
from language import pgettext_noop as _p
from web.house import session
from web.number_of import number_of
from web.speech import gettext, named, ngettext, pgettext, reader

doors = group_doors("group_members", "/members")

ROWS: Final = 50
_LIST: Final = "members"
"""What the domain calls the list when it is taken out."""
ON_PAPER: Final = 2000
"""Rows of a list to print; who has more narrows it, or takes it along."""
_STANDINGS: Final = (
    ("", _p("members", "Members")),
    ("applied", _p("membership", "Applied")),
    ("resting", _p("membership", "Resting")),
    ("ended", _p("membership", "Ended")),
    ("all", _p("members", "All")),
)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it stands there."""

    values: Mapping[str, str]

    def wanted(self) -> RollWanted:
        """Return it as the roll is asked; what cannot be read narrows nothing."""
        kind = self.values.get("type", "")
        return RollWanted(
            below=this_group().path,
            search=self.values.get("q", ""),
            standing=self.values.get("standing", ""),
            type_id=number_of(kind),
            group=_uuid(self.values.get("group", "")),
            new_since=visit.before() if "new" in self.values else None,
            joined_from=newest(today(session())) if "new" in self.values else None,
        )

    def address(self, endpoint: str, **changes: Any) -> str:
        """Return where the same is asked with some changes."""
        return url_for(endpoint, **{**self.values, **changes})


def asked(query: Mapping[str, str] | None = None) -> Asked:
    """Read the address, or what another one says after its question mark."""
    given: Mapping[str, str] = request.args if query is None else query
    written = {name: " ".join(given.get(name, "")[:_LONGEST].split()) for name in _NARROWED}
    return Asked({name: value for name, value in written.items() if value})


_NARROWED: Final = ("q", "standing", "type", "group", "new")


@doors.get("/")
@permission(Permission.MEMBERS_READ)
def people() -> str:
    """List them."""
    return _list(asked(), taking=taking(_LIST))


def _list(of: Asked, *, taking: Taking) -> str:
    here = this_group()
    after = _uuid(request.args.get("after", ""))
    found = roll(session(), of.wanted(), after=after, limit=ROWS + 1)
    members = going_on(session(), below=here.path)
    return render_template(
        "group/members/list.html",
        rows=found[:ROWS],
        asked=of.values,
        members=members,
        many=members >= COUNTED,
        tabs=[
            (_said(words), of.address(".people", standing=key or None), of.values.get("standing", "") == key)
            for key, words in _STANDINGS
        ],
        narrowings=narrowings(session(), below=here.path),
        older=of.address(".people", after=found[ROWS - 1].public_id) if len(found) > ROWS else "",
        first=of.address(".people") if after else "",
        to_print=of.address(".paper"),
        taking=taking,
        query=urlencode(of.values),
        standings=standings,
        addresses=addresses,
        named=named,
        group=here,
    )


@doors.get("/print")
@permission(Permission.MEMBERS_READ)
def paper() -> str:
    """Show the whole list as it is printed."""
    found = roll(session(), asked().wanted(), limit=ON_PAPER + 1)
    return render_template(
        "group/members/paper.html",
        rows=found[:ON_PAPER],
        more=len(found) > ON_PAPER,
        about=ngettext(
            "%(num)s membership on %(day)s",
            "%(num)s memberships on %(day)s",
            min(len(found), ON_PAPER),
            day=reader().long_date(today(session())),
        ),
        back=asked().address(".people"),
        named=named,
        group=this_group(),
    )


@doors.post("/export")
@permission(Permission.MEMBERS_READ)
def take_out() -> str | Answer:
    """Begin to write the whole list, as it is narrowed, into a file."""
    of, form = asked(dict(parse_qsl(request.form.get("query", "")))), taking(_LIST)
    try:
        export = begin(form, wanted=of.wanted(), said=_told(of), path=this_group().path)
    except NotAColumnError:
        return _list(of, taking=form.refused())
    return begun(form, export)


def _told(of: Asked) -> list[str]:
    """Return what the list is narrowed to, in words."""
    found = narrowings(session(), below=this_group().path)
    types = {str(key): named(names) for key, names in found.types}
    groups = {str(key): name for key, name in found.groups}
    standing = next((_said(words) for key, words in _STANDINGS[1:] if key == of.values.get("standing")), "")
    search = f"“{of.values['q']}”" if "q" in of.values else ""
    new = gettext("New since your last visit") if "new" in of.values else ""
    narrowed = (types.get(of.values.get("type", ""), ""), groups.get(of.values.get("group", ""), ""))
    return [words for words in (standing, search, *narrowed, new) if words]


def _said(words: tuple[str, str]) -> str:
    return pgettext(*words)


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
