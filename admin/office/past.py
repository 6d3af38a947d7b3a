"""The card "What happened": what is planned on top, filters by theme, a page at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import abort, request, url_for

from admin import addresses
from admin.office.happenings import Event, events
from admin.office.steps import planned
from dues.access.permissions import Permission
from dues.overview.next_step import Step
from dues.overview.timeline import Place, Subject, Theme, UnreadableKeyError, timeline
from language import gettext_noop as _
from web.house import house, session
from web.speech import gettext

_ANCHOR: Final = "happened"
_THEMES: Final[Mapping[Theme, str]] = {
    Theme.MEMBERSHIP: _("Membership"),
    Theme.INVOICES: _("Invoices"),
    Theme.MONEY: _("Money"),
    Theme.REMINDERS: _("Reminders"),
    Theme.MESSAGES: _("Messages"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the filters, and where it leads."""

    words: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What the card shows; ``older`` and ``newest`` are where the rest is, nothing where there is none."""

    events: tuple[Event, ...]
    choices: tuple[Choice, ...]
    older: str
    newest: str


_MAY: Final[Mapping[Theme, Permission]] = {
    Theme.MEMBERSHIP: Permission.MEMBERS_READ,
    Theme.INVOICES: Permission.INVOICES_READ,
    Theme.MONEY: Permission.PAYMENTS_READ,
    Theme.REMINDERS: Permission.INVOICES_READ,
    Theme.MESSAGES: Permission.MESSAGES_READ,
}


def themes_shown() -> tuple[Theme, ...]:
    """Return the themes that whoever asks may read about."""
    return tuple(theme for theme in Theme if addresses.may(_MAY[theme]))


def past(of: Subject, *, steps: Iterable[Step], themes: Iterable[Theme], here: UUID | int) -> Past:
    """Read what the address asks for: ``show`` names a theme, ``after`` the last happening that was seen."""
    offered = tuple(themes)
    theme = _theme(offered)
    after = _after()
    shown = timeline(
        session(), of=of, zone=house().settings.time_zone, themes=[theme] if theme else offered, after=after
    )
    coming = planned(steps) if theme is None and after is None else []
    return Past(
        events=(*coming, *events(shown.happenings, here=here)),
        choices=_choices(offered, theme),
        older=_here(theme, after=str(shown.older)) if shown.older else "",
        newest=_here(theme) if after else "",
    )


def _theme(offered: tuple[Theme, ...]) -> Theme | None:
    wanted = request.args.get("show")
    return next((theme for theme in offered if theme.value == wanted), None)


def _after() -> Place | None:
    written = request.args.get("after")
    if not written:
        return None
    try:
        return Place.read(written)
    except UnreadableKeyError:
        abort(404)


def _choices(offered: tuple[Theme, ...], theme: Theme | None) -> tuple[Choice, ...]:
    everything = Choice(gettext("Everything"), _here(None), theme is None)
    return (everything, *(Choice(gettext(_THEMES[one]), _here(one), one is theme) for one in offered))


def _here(theme: Theme | None, *, after: str | None = None) -> str:
    return url_for(
        request.endpoint or "",
        **(request.view_args or {}),
        show=theme.value if theme else None,
        after=after,
        _anchor=_ANCHOR,
    )
