"""Permissions, standings and roles in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from dues.access.people import Held, Standing
from dues.access.permissions import Permission
from language import gettext_noop as _
from web.speech import gettext, named, reader
from web.states import State

MAY: Final[Mapping[Permission, str]] = {
    Permission.DESK_USE: _("Use the desk"),
    Permission.MEMBERS_READ: _("See persons and memberships"),
    Permission.MEMBERS_EDIT: _("Add, change and end memberships and persons"),
    Permission.INVOICES_READ: _("See invoices and claims"),
    Permission.INVOICES_ISSUE: _("Issue invoices"),
    Permission.INVOICES_CREDIT: _("Credit invoices"),
    Permission.INVOICES_SEND: _("Send invoices again"),
    Permission.PAYMENTS_READ: _("See payments"),
    Permission.PAYMENTS_ALLOCATE: _("Decide what payments are used for"),
    Permission.PAYMENTS_RECEIVE: _("Register money received by hand"),
    Permission.BANK_FILES_READ: _("See bank files"),
    Permission.BANK_FILES_IMPORT: _("Take bank files in"),
    Permission.REMINDERS_RUN: _("Send reminders"),
    Permission.CLAIMS_HOLD: _("Pause reminders"),
    Permission.MESSAGES_READ: _("See what was sent"),
    Permission.MESSAGES_SEND: _("Send messages"),
    Permission.JOURNAL_READ: _("See the books"),
    Permission.JOURNAL_CLOSE: _("Close the books"),
    Permission.SETTLEMENTS_POST: _("Settle with groups what was collected for them"),
    Permission.RUNS_READ: _("See renewals and runs"),
    Permission.RUNS_STEER: _("Start, pause and resume runs"),
    Permission.SETUP_READ: _("See what is set up"),
    Permission.SETUP_EDIT: _("Change groups and creditors"),
    Permission.PRICES_EDIT: _("Change membership types and prices"),
    Permission.TEXTS_EDIT: _("Change texts of mails and documents"),
    Permission.SCHEDULE_EDIT: _("Change what begins by itself"),
    Permission.LIMITS_EDIT: _("Set limits above which two persons are needed"),
    Permission.REFUNDS_APPROVE: _("Agree to refunds"),
    Permission.ACCOUNTS_CHANGE: _("Change the accounts that money comes to"),
    Permission.GROUP_USE: _("Use the pages of a group"),
    Permission.GROUP_LOOK: _("Change the look of a group"),
    Permission.GROUPS_OPEN: _("Open new groups"),
    Permission.STAFF_READ: _("See the staff and their roles"),
    Permission.STAFF_EDIT: _("Invite staff, give and end roles"),
    Permission.AUDIT_READ: _("See who changed what"),
    Permission.ROLES_EDIT: _("Make roles of your own"),
}
"""What each permission lets somebody do."""

_STANDINGS: Final[Mapping[Standing, tuple[str, str, str]]] = {
    Standing.INVITED: (_("Invited"), "hold", "envelope"),
    Standing.ACTIVE: (_("At work"), "good", "check"),
    Standing.DISABLED: (_("Let in no more"), "quiet", "cross"),
}


def may_words(permissions: list[str]) -> list[str]:
    """Return what some permissions let somebody do, in the order of the house."""
    return [gettext(words) for permission, words in MAY.items() if permission.value in permissions]


def standing_state(standing: Standing) -> State:
    """Return how somebody stands as a badge."""
    words, tone, picture = _STANDINGS[standing]
    return State("staff", gettext(words), tone, picture)


def place_words(group: str) -> str:
    """Return where a role holds."""
    if not group:
        return gettext(_("in the whole organisation"))
    return gettext(_("in %(group)s and below"), group=group)


def days_words(held: Held, on: dt.date) -> str:
    """Return from when to when a role holds, seen from a day."""
    first = reader().date(held.from_on)
    if held.to_on is None:
        return (
            gettext(_("since %(first)s"), first=first) if held.begun(on) else gettext(_("from %(first)s"), first=first)
        )
    return gettext(_("from %(first)s through %(last)s"), first=first, last=reader().date(held.to_on))


def role_words(held: Held) -> str:
    """Return a role and where it holds, in one line."""
    return f"{named(held.names)}, {place_words(held.group)}"
