"""Splits a payment over several claims and persons, and finds somebody else it may be for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from admin import addresses
from admin.addresses import door
from admin.office.amounts import money_words
from admin.office.bench import Part, case_or_stop, part, whole
from admin.office.found import below
from admin.office.queue import Page, settle
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.payments.candidates import Candidate, candidates, named_candidates
from dues.payments.case import Case
from dues.payments.decide import Share
from dues.payments.evidence import Fact
from dues.payments.seek import seek
from language import gettext_noop as _
from language.currencies import decimals
from web.house import session
from web.speech import gettext, reader

doors = Blueprint("split", __name__, url_prefix="/admin/queue")

_MOST: Final = 50
"""Rows of a split; who pays for more sends a list."""

_POINTED: Final = frozenset({Fact.REFERENCE, Fact.LISTED, Fact.IN_TEXT, Fact.NUMBER})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a split: for whom, and how much of the payment, as it was written and in minor units."""

    candidate: Candidate
    minor: int
    written: str
    error: str = ""


@doors.get("/<int:payment_id>/split")
@permission(Permission.PAYMENTS_ALLOCATE)
def split(payment_id: int) -> str | Response:
    """Show a payment's parts; without any, those that it seems to be for."""
    found, here = case_or_stop(payment_id), part()
    if not found.waits or found.unallocated <= 0:
        return redirect(here.case(payment_id), code=303)
    named = _named()
    rows = _rows(found, named) if named else _proposed(found)
    return _page(here, found, rows)


@doors.post("/<int:payment_id>/split")
@permission(Permission.PAYMENTS_ALLOCATE)
def change(payment_id: int) -> Page:
    """Book a split of which nothing is left over; or count it, add to it, or take a row away."""
    found, here = case_or_stop(payment_id), part()
    rows = _written(found)
    wanted = request.form.get("do", "count")
    if wanted.startswith("drop-"):
        rows = [row for row in rows if row.candidate.key != wanted.removeprefix("drop-")]
    if wanted == "rest":
        rows = _with_rest(found, rows)
    if any(row.error for row in rows):
        return _page(here, found, rows, tried=True)
    if wanted == "find":
        return redirect(door("split.find", **_values(here, found), to="split", row=_as_named(rows)), code=303)
    if wanted == "book":
        return _book(here, found, rows)
    return redirect(door("split.split", **_values(here, found), row=_as_named(rows)), code=303)


@doors.get("/<int:payment_id>/find")
@permission(Permission.PAYMENTS_READ)
def find(payment_id: int) -> str:
    """Find somebody by name, e-mail address, invoice number or reference."""
    found, here = case_or_stop(payment_id), part()
    wanted = request.args.get("find", "").strip()[:200]
    hits = seek(session(), words=wanted, creditor_id=found.creditor_id, currency=found.currency, path=below())
    return render_template(
        "admin/queue/find.html",
        here=here,
        found=found,
        wanted=wanted,
        hits=hits,
        rows=request.args.getlist("row")[:_MOST],
        to_split=request.args.get("to") == "split",
        addresses=addresses,
        choose=lambda key: _chosen(here, found, key),
        money_words=money_words,
    )


def _chosen(here: Part, found: Case, key: str) -> str:
    """Return where choosing somebody leads: to the case, or back to the split with a row more."""
    if request.args.get("to") != "split":
        return here.case(found.payment_id, choice=key)
    rows = [row for row in request.args.getlist("row")[:_MOST] if row.partition(":")[0] != key]
    return door("split.split", **_values(here, found), row=[*rows, key])


def _book(here: Part, found: Case, rows: Sequence[Row]) -> Page:
    used = [row for row in rows if row.minor]
    if not used or sum(row.minor for row in used) != found.unallocated:
        return _page(here, found, rows, tried=True)
    shares = [
        Share(
            claim_id=row.candidate.claim_id,
            person_id=row.candidate.person_id if row.candidate.claim_id is None else None,
            amount=row.minor,
            open_seen=whole(request.form.get(f"open-{row.candidate.key}", "")) or None,
        )
        for row in used
    ]
    return settle(here, found, shares, told=reader().join([_told(row) for row in used]))


def _told(row: Row) -> str:
    one = row.candidate
    if one.claim_id is None:
        return gettext(_("credit for %(name)s"), name=one.name)
    return gettext(_("invoice %(number)s"), number=one.number)


def _page(here: Part, found: Case, rows: Sequence[Row], *, tried: bool = False) -> str:
    rest = found.unallocated - sum(row.minor for row in rows)
    return render_template(
        "admin/queue/split.html",
        here=here,
        found=found,
        rows=rows,
        rest=rest,
        keeper=_keeper(rows) if rest > 0 else None,
        decimals=decimals(found.currency),
        faults=tried and _faults(found, rows, rest),
        money_words=money_words,
    )


def _faults(found: Case, rows: Sequence[Row], rest: int) -> list[tuple[str, str]]:
    """Return what is to be corrected, each with the id of the box it stands beside."""
    faults = [(f"amount-{place}", row.error) for place, row in enumerate(rows) if row.error]
    if faults or not rest:
        return faults
    at = "amount-0" if rows else "more"
    if rest > 0:
        words = _("%(amount)s has no place yet. Raise an amount or add somebody.")
        return [(at, gettext(words, amount=money_words(rest, found.currency)))]
    words = _("The parts are %(amount)s more than came. Lower an amount.")
    return [(at, gettext(words, amount=money_words(-rest, found.currency)))]


def _keeper(rows: Sequence[Row]) -> Candidate | None:
    """Return whose credit the rest may become: the first in the table who does not keep some of it already."""
    keep = {row.candidate.person_id for row in rows if row.candidate.claim_id is None}
    return next((row.candidate for row in rows if row.candidate.person_id not in keep), None)


def _with_rest(found: Case, rows: list[Row]) -> list[Row]:
    """Return the rows and one more for what has no place yet, as credit."""
    keeper, rest = _keeper(rows), found.unallocated - sum(row.minor for row in rows)
    if keeper is None or rest <= 0:
        return rows
    return [*rows, *_rows(found, [(f"credit-{keeper.person}", rest)])]


def _named() -> list[tuple[str, int | None]]:
    """Return the rows that the address names: a candidate's key, and how much where that is said."""
    named = [row.partition(":") for row in request.args.getlist("row")[:_MOST]]
    return [(key, whole(minor) if mark else None) for key, mark, minor in named]


def _as_named(rows: Sequence[Row]) -> list[str]:
    return [f"{row.candidate.key}:{row.minor}" for row in rows]


def _rows(found: Case, named: Sequence[tuple[str, int | None]]) -> list[Row]:
    """Return rows by their keys; one without an amount gets what it can of what is left."""
    known = {one.key: one for one in named_candidates(session(), found, keys=[key for key, _ in named])}
    left = found.unallocated - sum(minor or 0 for key, minor in named if key in known)
    rows: list[Row] = []
    for key, said in dict(named).items():
        if key not in known:
            continue
        one = known[key]
        minor = said
        if minor is None:
            minor = max(0, min(left, one.open_amount) if one.claim_id is not None else left)
            left -= minor
        rows.append(_row(one, minor))
    return rows


def _proposed(found: Case) -> list[Row]:
    """Return the claims that the payer pointed at, or the one that was chosen."""
    chosen = request.args.get("choice", "")
    maybe = candidates(session(), found, chosen=chosen)
    pointed = [one for one in maybe if one.claim_id is not None and {fact.fact for fact in one.evidence} & _POINTED]
    begun = pointed if len(pointed) > 1 else [one for one in maybe if one.key == chosen] or maybe[:1]
    return _rows(found, [(one.key, None) for one in begun])


def _written(found: Case) -> list[Row]:
    """Read the rows of the form; what cannot be read stays as it was written, with what to do about it."""
    keys = request.form.getlist("row")[:_MOST]
    amounts = request.form.getlist("amount")[:_MOST]
    known = {one.key: one for one in named_candidates(session(), found, keys=keys)}
    return [_read(found, known[key], amount) for key, amount in zip(keys, amounts, strict=False) if key in known]


def _read(found: Case, one: Candidate, written: str) -> Row:
    try:
        row = replace(_row(one, typed_amount(written, found.currency)), written=written.strip())
    except UnreadableAmountError:
        return Row(one, 0, written[:40], gettext(_("Write the amount as digits, for example 250.00.")))
    if one.claim_id is not None and row.minor > one.open_amount:
        words = _("Invoice %(number)s has only %(amount)s open. Add its payer for the rest, as credit.")
        return replace(
            row, error=gettext(words, number=one.number, amount=money_words(one.open_amount, found.currency))
        )
    return row


def _row(one: Candidate, minor: int) -> Row:
    return Row(one, minor, reader().amount(minor, one.currency) if minor else "")


def _values(here: Part, found: Case) -> dict[str, Any]:
    return {"payment_id": found.payment_id, **here.values}
