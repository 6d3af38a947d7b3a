"""The audit log in words: what somebody changed, from what to what; and the card "Changes" of a page."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from admin import addresses
from admin.office.actors import Actors
from admin.office.change_names import fact, thing
from admin.user import clerk
from dues.access.permissions import Permission
from dues.access.scope import EVERYWHERE
from dues.audit.models import ChangeKind, Verb
from dues.audit.read import ChangeRow, ChangesWanted, Subject, changes
from dues.overview.referred import Name, Thing, referred
from language import gettext_noop as _
from web.house import house, session
from web.speech import gettext, named, ngettext, reader

_CARD: Final = 10
"""Lines on a page about one thing; the list of all shows the rest."""

_REFERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("person_id", "payer_id", "debtor_id"), "person"),
    **dict.fromkeys(("group_id", "parent_id", "beneficiary_id"), "group"),
    **dict.fromkeys(("invoice_id", "credits_id", "replaces_id"), "invoice"),
    **dict.fromkeys(("bank_account_id", "debit_account_id", "credit_account_id"), "account"),
    "creditor_id": "creditor",
    "type_id": "type",
    "component_id": "component",
    "product_id": "product",
    "agreement_id": "agreement",
    "claim_id": "claim",
    "membership_id": "membership",
    "role_id": "role",
    **dict.fromkeys(("staff_id", "proposed_by", "decided_by"), "staff"),
}
"""Columns that hold the id of a thing with a name."""

_AMOUNTS: Final = frozenset({"amount", "balance", "unallocated", "refund_limit", "write_off_limit"})
_FIRST: Final = ("person", "invoice", "group", "creditor", "members", "staff", "type", "component", "run", "books")
"""Whom or what a line names first, where it is about several."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words; ``facts`` are sentences, ``whose`` names the thing it is about, ``address`` leads there."""

    row: ChangeRow
    at: str
    by: str
    what: str
    facts: Sequence[str]
    whose: str
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """The part "Changes" of a page; ``rest`` leads to all of them."""

    lines: Sequence[Told]
    rest: str


def card(*about: Subject, kinds: ChangeKind | None = None) -> Card | None:
    """Return the newest changes of a thing, None for whoever may not read the log."""
    if not reads_the_log():
        return None
    page = changes(session(), ChangesWanted(about=about, kind=kinds), rows=_CARD)
    more = addresses.address("audit.index_view", about=said_subject(about[0])) if page.after or page.unfinished else ""
    return Card(told(page.rows), more)


def reads_the_log() -> bool:
    """Tell whether whoever asks may read what the database shows them of the log.

    The wall shows those who see everything all of it: for them the permission must hold everywhere, too.
    """
    found = clerk()
    if found is None or not found.may(Permission.AUDIT_READ):
        return False
    return not found.rights.sees_all or EVERYWHERE in found.rights.where(Permission.AUDIT_READ).paths


def said_subject(about: Subject) -> str:
    """Return a subject as an address writes it."""
    return f"{about[0]}:{about[1]}"


def told(rows: Sequence[ChangeRow]) -> list[Told]:
    """Put lines into words; all names are read in a few statements."""
    names = referred(session(), (thing for row in rows for thing in _things(row)))
    actors = Actors.of(session(), (row.actor for row in rows))
    return [_told(row, names, actors) for row in rows]


def _things(row: ChangeRow) -> Iterable[Thing]:
    yield from row.subjects
    for column, pair in (row.values or {}).items():
        for value in pair:
            if column in _REFERS and isinstance(value, int):
                yield (_REFERS[column], value)


def _told(row: ChangeRow, names: Mapping[Thing, Name], actors: Actors) -> Told:
    subject = min(row.subjects, key=_rank, default=None)
    name = names.get(subject) if subject else None
    return Told(
        row=row,
        at=_moment(row.at),
        by=actors.words(row.actor),
        what=_what(row),
        facts=_facts(row, names),
        whose=_called(name) if name else "",
        address=_address(subject, name) if subject and name else "",
    )


def _rank(subject: Subject) -> tuple[int, int]:
    return (_FIRST.index(subject[0]) if subject[0] in _FIRST else len(_FIRST), subject[1])


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(house().settings.time_zone)
    return f"{reader().date(local.date())} {local:%H:%M}"


def _what(row: ChangeRow) -> str:
    words = thing(row.relation)
    if row.touched > 1 and row.last_key is not None:
        return _of_many(row, words)
    return gettext(_WHAT[row.verb], thing=words)


def _of_many(row: ChangeRow, words: str) -> str:
    if row.verb is Verb.ADDED:
        return ngettext("Added: %(thing)s, %(num)s row", "Added: %(thing)s, %(num)s rows", row.touched, thing=words)
    if row.verb is Verb.REMOVED:
        return ngettext("Removed: %(thing)s, %(num)s row", "Removed: %(thing)s, %(num)s rows", row.touched, thing=words)
    return ngettext("Changed: %(thing)s, %(num)s row", "Changed: %(thing)s, %(num)s rows", row.touched, thing=words)


_WHAT: Final[Mapping[Verb, str]] = {
    Verb.ADDED: _("Added: %(thing)s"),
    Verb.CHANGED: _("Changed: %(thing)s"),
    Verb.REMOVED: _("Removed: %(thing)s"),
    Verb.ERASED: _("Erased: %(thing)s"),
}


def _facts(row: ChangeRow, names: Mapping[Thing, Name]) -> list[str]:
    """One sentence for each column; where the values were erased or never kept, that it changed."""
    return [_fact(row, column, names) for column in sorted(row.columns, key=lambda one: fact(row.relation, one))]


def _fact(row: ChangeRow, column: str, names: Mapping[Thing, Name]) -> str:
    words = fact(row.relation, column)
    if row.verb is Verb.ERASED:
        return ngettext("The values of %(num)s line", "The values of %(num)s lines", row.touched)
    if row.values is None or column not in row.values:
        return gettext(_("%(fact)s changed"), fact=words)
    was, becomes = (value_words(row, column, value, names) for value in row.values[column])
    if row.verb is not Verb.CHANGED:
        return gettext(_("%(fact)s: %(value)s"), fact=words, value=becomes or was)
    if not was:
        return gettext(_("%(fact)s set to %(to)s"), fact=words, to=becomes)
    if not becomes:
        return gettext(_("%(fact)s taken away; it was %(was)s"), fact=words, was=was)
    return gettext(_("%(fact)s changed from %(was)s to %(to)s"), fact=words, was=was, to=becomes)


def value_words(row: ChangeRow, column: str, value: object, names: Mapping[Thing, Name]) -> str:
    """Return a value as people write it: a name for an id, days and amounts as the reader writes them."""
    if value is None or value in ("", {}, []):
        return ""
    if isinstance(value, bool):
        return gettext(_("Yes")) if value else gettext(_("No"))
    if column in _REFERS and isinstance(value, int):
        name = names.get((_REFERS[column], value))
        return _called(name) if name else gettext(_("number %(number)s"), number=value)
    if column in _AMOUNTS and isinstance(value, int):
        return _amount(row, value)
    if isinstance(value, Mapping):
        return _of_several(value)
    return _day(value) if isinstance(value, str) else str(value)


def _amount(row: ChangeRow, minor: int) -> str:
    currency = next((one for one in (row.values or {}).get("currency", ()) if isinstance(one, str)), "")
    if currency:
        return f"{reader().amount(minor, currency)}\N{NO-BREAK SPACE}{currency}"
    return reader().number(Decimal(minor) / 100)


def _of_several(value: Mapping[str, object]) -> str:
    """A name in several languages, or what a run is run for."""
    return " · ".join(f"{key}: {one}" for key, one in value.items() if one not in (None, "", []))


def _day(written: str) -> str:
    """A day or a moment as the reader writes it; anything else as it is."""
    try:
        if len(written) == len("2026-03-10"):
            return reader().date(dt.date.fromisoformat(written))
        at = dt.datetime.fromisoformat(written)
    except ValueError:
        return written
    return _moment(at) if at.tzinfo else written


def _called(name: Name) -> str:
    return named(name.names) if name.names is not None else name.words


def _address(subject: Subject, name: Name) -> str:
    lead = {"person": addresses.person, "invoice": addresses.invoice, "group": addresses.group, "run": addresses.run}
    lead["members"] = addresses.group
    return lead[subject[0]](name.public_id) if subject[0] in lead and name.public_id else ""
