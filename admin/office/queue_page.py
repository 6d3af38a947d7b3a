"""The page of the workbench: a part of the pile on the left, one case on the right."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import render_template

from admin import addresses
from admin.office import queue_words as words
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import Part, case_or_stop
from admin.user import require
from dues import dates
from dues.invoicing.standing import Owed, settlement
from dues.payments.candidates import Candidate, candidates
from dues.payments.case import Case
from dues.payments.evidence import Evidence, Fact
from dues.payments.models import CaseReason
from dues.payments.outcome import outcomes
from dues.payments.pile import MOST, Waiting, accounts, before, how_many, last_check, pile, previous_case
from dues.payments.presence import Colleague, attend
from web import states
from web.house import commit, house, session
from web.states import State

_ROWS: Final = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate as the page shows it: its place among the keys, facts in words, what booking leads to."""

    candidate: Candidate
    place: int
    facts: tuple[str, ...]
    state: State | None
    happens: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as the page shows it: whose it may be, which one is chosen, and who else looks at it."""

    case: Case
    shown: tuple[Shown, ...]
    chosen: Shown | None
    colleagues: Sequence[Colleague]
    actors: Actors
    reference: Sequence[tuple[str, bool]]
    reference_note: str
    advice: str
    account: str


def page(here: Part, found: Case | None, *, choice: str = "", warning: str = "") -> str:
    """Return the workbench with a case, or with the first of the pile where none is named.

    ``warning`` says why nothing was booked.
    """
    rows = _rows(here)
    on_pile = found is None
    if on_pile and rows:
        found = case_or_stop(rows[0].payment_id)
    elif found is not None and found.waits and found.payment_id not in {row.payment_id for row in rows[:_ROWS]}:
        here = Part(here.wanted, found.payment_id - 1)
        rows = _rows(here)
    return render_template(
        "admin/queue/page.html",
        here=here,
        rows=rows[:_ROWS],
        opened=opened_case(found, choice=choice) if found is not None else None,
        on_pile=on_pile,
        warning=warning,
        words=words,
        addresses=addresses,
        **_way(here, rows, found),
        **_filter(here, rows),
    )


def _rows(here: Part) -> list[Waiting]:
    """Return a page of the pile and one row more, which tells that it goes on."""
    return pile(session(), here.wanted, after=here.after, limit=_ROWS + 1)


def opened_case(found: Case, *, choice: str) -> Opened:
    """Read whose a case may be and what follows, and note that somebody looks at it."""
    colleagues = attend(session(), payment_id=found.payment_id, staff_id=require().id) if found.waits else []
    commit()  # a sign of life, which colleagues are to see now; nothing of the books is touched by looking
    maybe = candidates(session(), found, chosen=choice) if found.waits and found.unallocated > 0 else []
    shown = _shown(found, maybe)
    chosen = next((one for one in shown if one.candidate.key == choice), shown[0] if shown else None)
    slip = _slip(chosen)
    return Opened(
        case=found,
        shown=shown,
        chosen=chosen,
        colleagues=colleagues,
        actors=Actors.of(session(), [found.closed_by, *(use.actor for use in found.uses)]),
        reference=words.marked(found.reference, slip) if found.reference else [],
        reference_note=words.reference_note(found, slip),
        advice=words.advice(found),
        account=words.account(found.scheme, found.account),
    )


def _slip(chosen: Shown | None) -> Evidence | None:
    if chosen is None:
        return None
    return next((one for one in chosen.candidate.evidence if one.fact is Fact.SLIP), None)


def _shown(found: Case, maybe: Sequence[Candidate]) -> tuple[Shown, ...]:
    foretold = outcomes(session(), found, maybe)
    on = dates.today(session())
    return tuple(
        Shown(
            candidate=one,
            place=place,
            facts=tuple(words.evidence_words(fact, found) for fact in one.evidence),
            state=_state(one, on=on),
            happens=words.consequences(found, one, foretold[one.key]),
        )
        for place, one in enumerate(maybe, start=1)
    )


def _state(one: Candidate, *, on: dt.date) -> State | None:
    if one.claim_id is None or one.due_on is None:
        return None
    owed = Owed(amount=one.amount, open_amount=one.open_amount, due_on=one.due_on, ended=None)
    return states.settlement(settlement(owed, on=on))


def _way(here: Part, rows: Sequence[Waiting], found: Case | None) -> dict[str, str]:
    """Return the ways on: the cases before and behind this one, and the pages of the pile."""
    ids = [row.payment_id for row in rows]
    way = {"previous": "", "following": "", "newer": "", "older": ""}
    if found is not None:
        behind = [payment_id for payment_id in ids if payment_id > found.payment_id]
        ahead = [payment_id for payment_id in ids if payment_id < found.payment_id][-1:]
        if not ahead and here.after:
            ahead = [one for one in [previous_case(session(), here.wanted, before=found.payment_id)] if one]
        way["following"] = here.case(behind[0]) if behind else ""
        way["previous"] = here.case(ahead[0]) if ahead else ""
    if len(rows) > _ROWS:
        way["older"] = here.pile(after=ids[_ROWS - 1])
    if here.after and ids:
        start = before(session(), here.wanted, first=ids[0], limit=_ROWS)
        way["newer"] = here.pile(after=start) if start is not None else ""
    return way


def _filter(here: Part, rows: Sequence[Waiting]) -> dict[str, object]:
    whole = not here.after and len(rows) <= _ROWS
    count = len(rows) if whole else how_many(session(), here.wanted)
    checked = last_check(session()) if not count else None
    return {
        "count": min(count, MOST),
        "more": count > MOST,
        "reasons": [(reason.value, words.reason_words(reason)) for reason in CaseReason],
        "accounts": [
            (one.agreement_id, f"{one.creditor}: {words.account(one.scheme, one.number)} {one.currency}")
            for one in accounts(session(), path=here.wanted.path)
        ],
        "checked": checked.astimezone(house().settings.time_zone) if checked else None,
        "money_words": money_words,
    }
