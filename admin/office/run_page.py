"""What the page of a run shows: where it comes from, its preview with what changed, and what came of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from admin import addresses
from admin.group.here import known_here
from admin.office import run_words
from admin.office.actors import Actors
from admin.office.audience_words import chosen_words
from admin.office.charge_links import charge_links
from admin.office.run_found import may_start, may_steer, may_undo
from admin.office.run_moved import Difference, compared_with, moved_words
from admin.office.run_undone import Undoing, undoing_of, undone_address
from dues.actor import AUTOMATIC
from dues.collection import remind
from dues.dates import today
from dues.groups.find import currencies, group_names
from dues.invoicing import bulk, charge_file, charge_run, issue, take_in, undo
from dues.invoicing.audience import Audience
from dues.invoicing.items import AS_IT_SHOULD_BE, FREE, Row, to_mend
from dues.invoicing.undo_queries import books_open_from, undoings
from dues.lists import export
from dues.members.types import type_names
from dues.payments import book, match
from dues.payments.queries import file_address
from dues.payments.refunds import order as refund_order
from dues.runs.models import Axis, Run, RunPreview, RunState, RunSum
from dues.runs.preview import largest, preview_of, sums
from web.house import house, session
from web.speech import gettext, named, ngettext, pgettext, reader
from web.states import State

TOP: Final = 10
"""Types and groups that are named at once."""

MEND: Final = 10
"""Rows to mend that are named at once."""


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a run as the macro draws it."""

    name: str
    state: State
    words: str
    done: int
    total: int
    moving: bool
    live: str
    poll: str
    state_key: str

    @property
    def percent(self) -> str:
        """The share done, for who sees no bar."""
        return f"{100 * self.done // self.total} %" if self.total else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A reason for leaving rows out: in words, how many, where they are listed, and whether somebody can mend it."""

    words: str
    count: int
    address: str
    mendable: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a breakdown: what it is called, how many, and minor units of a currency."""

    words: str
    items: int
    amount: int
    currency: str
    address: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done, before it is confirmed."""

    fingerprint: str
    items: int
    amounts: dict[str, int]
    channels: dict[str, int]
    moved: Sequence[str]
    confirmed: bool
    difference: Difference | None
    types: Sequence[Share]
    more_types: bool
    levels: Sequence[Share]
    groups: Sequence[Share]
    more_groups: bool
    ahead: bool
    samples: int
    books_open_from: dt.date | None
    free: int = 0
    """Memberships whose period is reserved without an invoice."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page of a run shows."""

    name: str
    about: str
    card: Card
    preview: Preview | None
    left_out: Sequence[LeftOut]
    amounts: dict[str, int]
    links: Sequence[tuple[str, str]]
    chosen: Sequence[str] = ()
    """Who was chosen to get an invoice, piece by piece."""
    mend: Sequence[Row] = field(default=())
    steers: bool = False
    starts: bool = False
    undoes: bool = False
    undoing: Undoing | None = None
    goes_on: bool = True
    """Whether what is left out may be run again."""


def page_of(run: Run) -> Page:
    """Gather the page of a run in a fixed number of statements."""
    steers, undoing = may_steer(run), undoings(session(), runs=[run.id]).get(run.id)
    return Page(
        name=run_words.name(run),
        about=_about(run),
        card=_card(run, undoing),
        preview=_preview(run) if run.state in (RunState.READY, RunState.DISCARDED) else None,
        left_out=_left_out(run),
        amounts=_amounts(run),
        links=_links(run),
        chosen=chosen_words(Audience.of(run.params)) if run.kind == bulk.KIND else (),
        mend=to_mend(session(), run_id=run.id, limit=MEND) if run.to_mend and run.kind == issue.KIND else (),
        steers=steers,
        starts=steers and may_start(run.kind),
        undoes=may_undo(run),
        undoing=undoing_of(undoing),
        goes_on=run.kind not in charge_run.KINDS,
    )


def _about(run: Run) -> str:
    begun = run.created_at.astimezone(house().settings.time_zone)
    at = {"day": reader().long_date(begun.date()), "time": f"{begun:%H:%M}"}
    if run.actor == str(AUTOMATIC):
        started = gettext("Started by the clock on %(day)s at %(time)s", **at)
    else:
        started = gettext("Started on %(day)s at %(time)s", **at)
    who = "" if run.actor == str(AUTOMATIC) else Actors.of(session(), [run.actor]).words(run.actor)
    return " · ".join(part for part in (started, who, scope_words(run)) if part)


def scope_words(run: Run) -> str:
    """Return which groups a run is over."""
    if run.kind not in (issue.KIND, undo.KIND) or run.params.get("memberships"):
        return ""
    path = str(run.params.get("scope") or "")
    if not path:
        return gettext("all groups")
    group = int(path.rstrip(".").rpartition(".")[2])
    return gettext("%(group)s and below", group=group_names(session(), ids=[group]).get(group, ""))


def _card(run: Run, undoing: Run | None) -> Card:
    moving = run.state in (RunState.PREPARING, RunState.WORKING)
    return Card(
        name=_card_name(run),
        state=run_words.state(run, undoing),
        words=_card_words(run),
        done=run.done,
        total=run.total,
        moving=moving or run.state in (RunState.PAUSED, RunState.FAILED),
        live=addresses.door("run_watch.events", public_id=run.uuid) if moving else "",
        poll=addresses.door("run_watch.progress", public_id=run.uuid) if moving else "",
        state_key=run.state.value,
    )


def _card_name(run: Run) -> str:
    match run.state:
        case RunState.READY:
            return gettext("The preview is ready")
        case RunState.DISCARDED:
            return gettext("The preview was put aside")
        case RunState.DONE:
            return pgettext("heading of a run", "Result")
        case RunState.FAILED:
            return gettext("It could not go on")
        case _:
            return run_words.phase(reader(), run.kind, run.phase)


def _card_words(run: Run) -> str:
    match run.state:
        case RunState.READY:
            return gettext("Nothing has been done yet. Look at it, then confirm it or put it aside.")
        case RunState.DISCARDED:
            return gettext("Nothing was done, and nobody was written to.")
        case RunState.DONE:
            return gettext("%(result)s.", result=run_words.result(run))
        case RunState.PREPARING:
            return ""
        case _:
            return run_words.progress(reader(), done=run.done, total=run.total, left=None)


def _preview(run: Run) -> Preview | None:
    kept = preview_of(session(), run_id=run.id)
    if kept is None:
        return None
    found = sums(session(), run_id=run.id, axes=[Axis.TOTAL, Axis.CHANNEL, Axis.LEVEL, Axis.REASON])
    types = largest(session(), run_id=run.id, axis=Axis.TYPE, limit=TOP + 1)
    groups = largest(session(), run_id=run.id, axis=Axis.GROUP, limit=TOP + 1)
    channels: dict[str, int] = {}
    for one in found:
        if one.axis is Axis.CHANNEL:
            channels[one.key] = channels.get(one.key, 0) + one.items
    return Preview(
        fingerprint=kept.fingerprint,
        items=run.total,
        amounts={one.currency: one.amount for one in found if one.axis is Axis.TOTAL},
        channels=channels,
        moved=moved_words(run.kind, kept.moved),
        confirmed=bool(kept.moved and kept.moved.get("confirmed")),
        difference=_difference(run, kept),
        types=_types(types[:TOP]),
        more_types=len(types) > TOP,
        levels=[_level(one) for one in found if one.axis is Axis.LEVEL],
        groups=group_shares(run, groups[:TOP]),
        more_groups=len(groups) > TOP,
        ahead=run.business_day > today(session()),
        samples=len(kept.content.get("samples", [])),
        books_open_from=books_open_from(session(), run_id=run.id, on=today(session())) if run.undoes_id else None,
        free=kept.content.get("free", 0)
        + sum(one.items for one in found if one.axis is Axis.REASON and one.key == FREE),
    )


def _difference(run: Run, kept: RunPreview) -> Difference | None:
    if run.kind != issue.KIND or kept.compared_id is None:
        return None
    return compared_with(run, kept)


def _types(found: Sequence[RunSum]) -> list[Share]:
    types = type_names(session(), ids=[int(one.key) for one in found])
    return [
        Share(named(kind.names), one.items, one.amount, one.currency, fact=kind.group if len(types) > 1 else "")
        for one in found
        if (kind := types.get(int(one.key))) is not None
    ]


def _level(one: RunSum) -> Share:
    words = gettext("Reminder %(level)s", level=one.key)
    return Share(words, one.items, one.amount, one.currency)


def group_shares(run: Run, found: Sequence[RunSum]) -> list[Share]:
    """Return the groups of some sums with where their rows are listed."""
    names = group_names(session(), ids=[int(one.key) for one in found])
    return [
        Share(
            words=names.get(int(one.key), ""),
            items=one.items,
            amount=one.amount,
            currency=one.currency,
            address=addresses.door("run_rows.rows", public_id=run.uuid, group=one.key),
        )
        for one in found
    ]


def _left_out(run: Run) -> list[LeftOut]:
    """What is left out: as the preview found it, or, at the end, as it turned out."""
    counts: dict[str, int] = run.result.get("excluded") or {
        one.key: one.items for one in sums(session(), run_id=run.id, axes=[Axis.REASON])
    }
    mendable = {reason for reason in counts if _mendable(run.kind, reason)}
    ordered = sorted(counts.items(), key=lambda item: (item[0] not in mendable, -item[1], item[0]))
    return [
        LeftOut(
            words=run_words.reason(reason),
            count=count,
            address=addresses.door("run_rows.left_out", public_id=run.uuid, reason=reason),
            mendable=reason in mendable,
        )
        for reason, count in ordered
    ]


def _mendable(kind: str, reason: str) -> bool:
    if kind == remind.KIND:
        return reason in remind.TO_MEND
    return reason not in (undo.AS_IT_SHOULD_BE if kind == undo.KIND else AS_IT_SHOULD_BE)


def _amounts(run: Run) -> dict[str, int]:
    """What was issued, by currency."""
    by_creditor: dict[str, Any] = run.result.get("amounts") or {}
    codes = currencies(session(), creditors=[int(creditor) for creditor in by_creditor])
    found: dict[str, int] = {}
    for creditor, amount in by_creditor.items():
        code = codes.get(int(creditor), "")
        found[code] = found.get(code, 0) + int(amount)
    return dict(sorted(found.items()))


_WRITES: Final = frozenset({RunState.WORKING, RunState.PAUSED, RunState.DONE, RunState.FAILED})
"""How a run stands that may have issued something."""


def _links(run: Run) -> list[tuple[str, str]]:
    """Where what came of a run can be looked at: words and address."""
    links: list[tuple[str, str]] = []
    if run.undoes_id is not None:
        links.append((gettext("Look at the run that is undone"), undone_address(run)))
    if run.kind == book.KIND:
        public_id = file_address(session(), file_id=int(run.params["file"]))
        file = addresses.address("bank_files.file", public_id=public_id) if public_id else ""
        queue = addresses.address("queue.pile") if run.result.get("unmatched") else ""
        links += [(gettext("Look at the file"), file), (gettext("Find their invoices"), queue)]
    if run.kind == match.KIND and run.result.get("unmatched"):
        links.append((gettext("Find their invoices"), addresses.address("queue.pile")))
    if run.kind in (charge_file.KIND, take_in.KIND):
        links += charge_links(run)
    if run.kind == refund_order.KIND:
        links.append((gettext("Look at the files"), addresses.address("refund_orders.page")))
    if (
        run.kind not in (book.KIND, match.KIND, export.KIND, refund_order.KIND)
        and run.state is not RunState.PREPARING
        and run.total
    ):
        words = (
            ngettext("Look at the one row", "Look at all %(num)s rows", run.total)
            if run.state in (RunState.READY, RunState.DISCARDED)
            else gettext("Look at the rows")
        )
        links.append((words, addresses.door("run_rows.rows", public_id=run.uuid)))
    if run.kind in {issue.KIND, take_in.KIND, *charge_run.KINDS} and run.state in _WRITES:
        invoices = addresses.address("invoices.index_view", run=run.uuid) if known_here() is None else ""
        links.append((gettext("Find its invoices"), invoices))
    return [(words, where) for words, where in links if where]
