"""What is said of banks' servers: how the last visit went, and what somebody does about it."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from admin.ledgers import cells
from documents import written_account
from dues.invoicing.document import ACCOUNT_KINDS
from dues.payments.source_models import BankSource, Trouble
from dues.payments.sources import ListedSource
from language import gettext_noop as _
from web.house import house
from web.speech import gettext, pgettext, reader
from web.states import State

_TROUBLES: Final[Mapping[Trouble, str]] = {
    Trouble.UNREACHABLE: _(
        "The server does not answer. Look at its name and port; perhaps the bank must let this machine's address in."
    ),
    Trouble.HOST_KEY: _(
        "The server shows another key than the one that was agreed to. Nothing was sent to it. Ask the bank whether it "
        "has a new one; if not, somebody else answers in its place."
    ),
    Trouble.LOGIN: _("The bank's server does not let us in. Look at user name, password and key."),
    Trouble.FOLDER: _("There is no such folder on the bank's server, or we may not look into it."),
    Trouble.INTERRUPTED: _("The connection broke off. It is tried again by itself."),
    Trouble.SECRET: _(
        "The password cannot be opened: this installation's secret key has changed. Write the password again."
    ),
}


def trouble(found: Trouble) -> str:
    """Return what went wrong, and what to do."""
    return gettext(_TROUBLES[found])


def state(source: BankSource) -> State:
    """Return how a bank's server stands."""
    if source.host_key is None:
        return State("source", pgettext("bank's server", "Key not agreed to"), "hold", "warn")
    if source.trouble is not None:
        return State("source", pgettext("bank's server", "Does not work"), "bad", "cross")
    if not source.active:
        return State("source", pgettext("bank's server", "Rests"), "quiet", "bars")
    return State("source", pgettext("bank's server", "Works"), "good", "check")


def badge_of(source: BankSource) -> Markup:
    """Return the same as a badge of a list."""
    return cells.badges([state(source)])


def account(row: ListedSource) -> str:
    """Return the account's number as it is written."""
    return str(written_account(row.number, ACCOUNT_KINDS[row.scheme]))


def moment(at: dt.datetime | None) -> str:
    """Return a moment, day and time of day."""
    if at is None:
        return "–"
    there = at.astimezone(house().settings.time_zone)
    return f"{reader().date(there.date())} {there:%H:%M}"


def what_goes() -> str:
    """Return what happens when a bank's server is taken away."""
    return gettext(_("No file is fetched from there any more. Those that came stay, with all that was booked."))
