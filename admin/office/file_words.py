"""What bank files say for themselves: how far they are, what was refused and why, and what became of payments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from admin.addresses import address
from admin.office.amounts import sum_words
from admin.office.became_words import became_words
from admin.office.queue_words import reason_words
from dues.payments.files import Entered, File, Progress
from dues.payments.models import Refusal
from dues.payments.refunds.reports import FORMAT as REPORT
from language import gettext_noop as _
from web.house import house
from web.speech import gettext, pgettext, reader
from web.states import State

_MOVING: Final = frozenset({Progress.READING, Progress.BOOKING})
_TONES: Final[Mapping[Progress, tuple[str, str]]] = {
    Progress.READING: ("info", "run"),
    Progress.BOOKING: ("info", "run"),
    Progress.BOOKED: ("good", "full"),
    Progress.STOPPED: ("warn", "warn"),
    Progress.REFUSED: ("bad", "cross"),
}


def moves(found: File) -> bool:
    """Tell whether a file's row changes by itself soon."""
    return found.progress in _MOVING


def state(found: File) -> State:
    """Return how far a file is."""
    said = {
        Progress.READING: pgettext("bank file", "Reading"),
        Progress.BOOKING: pgettext("bank file", "Booking"),
        Progress.BOOKED: pgettext("bank file", "Booked"),
        Progress.STOPPED: pgettext("bank file", "Stopped"),
        Progress.REFUSED: pgettext("bank file", "Refused"),
    }
    tone, picture = _TONES[found.progress]
    if found.progress is Progress.BOOKED and found.unmatched:
        return State("file", pgettext("bank file", "Booked"), "good", "half")
    return State("file", said[found.progress], tone, picture)


def came(found: File) -> str:
    """Return when a file came, day and time of day."""
    at = found.recorded_at.astimezone(house().settings.time_zone)
    return f"{reader().date(at.date())} {at:%H:%M}"


def outcome(found: File) -> str:
    """Return in a sentence what became of a file."""
    if found.progress is Progress.REFUSED:
        return gettext(_("Refused, nothing is booked: %(reason)s"), reason=found.error)
    if found.progress is Progress.READING:
        return gettext(_("Received. It is large, so it is read first; nothing is booked before all of it is checked."))
    if found.progress is Progress.STOPPED:
        return gettext(_("Booking has stopped. What is booked is right; the rest waits."))
    if is_report(found):
        return gettext(
            _("The bank's report on refunds that were ordered. Its page says which were accepted or refused.")
        )
    counted = reader().ngettext("%(number)s payment", "%(number)s payments", found.payments, number=_n(found.payments))
    if found.sums:
        counted = gettext(_("%(payments)s, %(amount)s"), payments=counted, amount=sum_words(found.sums))
    if found.progress is Progress.BOOKING:
        return gettext(_("%(payments)s: being booked now."), payments=counted)
    words = _("%(payments)s: %(matched)s matched, %(unmatched)s without an invoice.")
    return gettext(words, payments=counted, matched=_n(found.matched), unmatched=_n(found.unmatched))


def is_report(found: File) -> bool:
    """Tell whether a file says what became of orders, and brings no money."""
    return found.format == REPORT


_TABLES: Final = (".csv", ".txt", ".xlsx")
_ADVICE: Final[Mapping[Refusal, str]] = {
    Refusal.TEST: _(
        "The bank made it for trying out the connection; no money belongs to it. Ask the bank for the file with the "
        "real payments."
    ),
    Refusal.STRANGE: _(
        "Is the account yours? Enter it among the bank agreements, with the number that the file gives, and take the "
        "file in again. Otherwise the file was meant for somebody else: tell the bank."
    ),
    Refusal.FOREIGN: _(
        "Choose another format where you fetch files from the bank: camt.053, camt.054 or BgMax. A table (CSV, XLSX) "
        "can be taken in once its page says which column is which; a list for people (PDF, picture) cannot."
    ),
    Refusal.DAMAGED: _(
        "Fetch the file anew from the bank, or ask the bank about the place named. What came before is not touched."
    ),
    Refusal.CONTRADICTS: _(
        "Look up the payment in your account at the bank, and ask the bank which of the two is right. What came "
        "before is not touched."
    ),
    Refusal.LARGE: _("Let the bank make several files of it, one for each day or week, and take them in one by one."),
}


def may_be_table(found: File) -> bool:
    """Tell whether a file that no format knows may be a table, by its name."""
    return found.refusal is Refusal.FOREIGN and found.name.lower().endswith(_TABLES)


def advice(found: File) -> str:
    """Return what somebody does about a file that was refused."""
    return gettext(_ADVICE[found.refusal or Refusal.DAMAGED])


def known(found: File) -> str:
    """Return what is said of a file that had come before."""
    words = _("Nothing is booked twice: this was taken in on %(day)s as %(name)s.")
    at = found.recorded_at.astimezone(house().settings.time_zone)
    return gettext(words, day=reader().long_date(at.date()), name=found.name)


def fate(one: Entered) -> str:
    """Return in a few words what became of a payment that is used for no invoice."""
    if one.open_case and one.reason is not None:
        return reason_words(one.reason)
    if one.became is not None:
        return became_words(one.became)
    if one.kept:
        return gettext(_("Kept as credit"))
    if one.invoices:
        return ""
    return gettext(_("Not booked yet") if one.reason is None else _("Closed"))


def size(found: File) -> str:
    """Return how large a file is."""
    if found.size >= 1 << 20:
        return gettext(_("%(number)s MB"), number=_n(round(found.size / (1 << 20))))
    return gettext(_("%(number)s kB"), number=_n(max(1, round(found.size / 1024))))


@dataclass(frozen=True, slots=True)
class RunCard:
    """A file's run as the macro draws it."""

    name: str
    state: State
    state_key: str
    done: int
    total: int
    percent: str
    moving: bool
    words: str
    live: str
    poll: str
    page: str


def run_card(found: File) -> RunCard | None:
    """Return how far a file's run is; nothing where it has none, or where its result says all."""
    if found.run is None or found.progress in (Progress.BOOKED, Progress.REFUSED):
        return None
    share = found.done * 100 // found.total if found.total else 0
    said = gettext(
        _("%(done)s of %(total)s payments. You may leave this page."), done=_n(found.done), total=_n(found.total)
    )
    if found.progress is Progress.READING:
        said = gettext(_("The file is being read and checked. You may leave this page."))
    if found.progress is Progress.STOPPED:
        said = outcome(found)
    return RunCard(
        name=gettext(_("Reading the file") if found.progress is Progress.READING else _("Booking payments")),
        state=state(found),
        state_key=found.progress.value,
        done=found.done,
        total=found.total,
        percent=f"{share} %",
        moving=found.progress is Progress.BOOKING,
        words=said,
        live=address("run_watch.events", public_id=found.run) if moves(found) else "",
        poll=address("run_watch.progress", public_id=found.run) if moves(found) else "",
        page=address("runs.run", public_id=found.run),
    )


def _n(number: int) -> str:
    return reader().number(number)
