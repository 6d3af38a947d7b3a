"""What creditors collected for groups and owe them: seen, settled in one press, and printed for each group."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import read_day, today
from dues.groups.models import Creditor
from dues.settling.errors import OwedMovedError, SettleAheadError
from dues.settling.handed import handed_on
from dues.settling.owed import owed_by, owing_creditors
from dues.settling.settle import due, fingerprint, settle
from dues.settling.statement import Settled, parts_of, settlement, settlements
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext, named, reader

doors = Blueprint("settlements", __name__, url_prefix="/admin/settlements")

_PAST: Final = 50


@doors.get("/")
@permission(Permission.JOURNAL_READ)
def page() -> str:
    """Show what a creditor owes each group of what came through a day, and what was settled before."""
    choices = owing_creditors(session())
    creditor = _chosen(choices)
    through = _through(request.args.get("through", ""))
    owed = owed_by(session(), creditor_id=creditor.id, through=through) if creditor else []
    wanted = due(owed, currency=creditor.currency) if creditor else []
    past = settlements(session(), creditor_id=creditor.id, limit=_PAST) if creditor else []
    total = sum(one.owed for one in wanted)
    return render_template(
        "admin/settlements/page.html",
        creditors=choices,
        creditor=creditor,
        through=through,
        today=today(session()),
        owed=owed,
        groups=len(wanted),
        seen=fingerprint(wanted),
        **_words(creditor, groups=len(wanted), total=total),
        past=past,
        handed=handed_on(session(), creditor_id=creditor.id, through=through) if creditor else [],
        may_settle=require().may(Permission.SETTLEMENTS_POST),
        actors=Actors.of(session(), [one.actor for one in past]),
    )


@doors.post("/")
@permission(Permission.SETTLEMENTS_POST)
def press() -> Response:
    """Settle what was seen; where something else is owed by now, nothing happens."""
    creditor = _chosen(owing_creditors(session()))
    if creditor is None:
        abort(404)
    creditor_id, through = creditor.id, _through(request.form.get("through", ""))
    back = redirect(url_for("settlements.page", creditor=creditor.uuid, through=through.isoformat()), code=303)
    try:
        done = settle(
            session(),
            creditor_id=creditor_id,
            through=through,
            on=today(session()),
            by=require().actor,
            seen=request.form.get("seen", ""),
        )
    except OwedMovedError:
        session().rollback()
        note(gettext(_("What is owed has changed since you looked. Nothing was settled; look again.")), tone="warn")
        return back
    except SettleAheadError:
        session().rollback()
        note(gettext(_("Settle through today or an earlier day. Nothing was settled.")), tone="warn")
        return back
    total = money_words(sum(one.amount for one in done), creditor.currency)
    commit()
    words = reader().ngettext(
        "Settled %(amount)s with %(num)s group.", "Settled %(amount)s with %(num)s groups.", len(done), amount=total
    )
    note(words)
    return back


@doors.get("/<uuid:public_id>")
@permission(Permission.JOURNAL_READ)
def statement(public_id: UUID) -> str:
    """Show a settlement with a group, to be printed."""
    found = settlement(session(), public_id=public_id)
    if found is None:
        abort(404)
    return statement_page(
        found, back=url_for("settlements.page", creditor=found.creditor.uuid), words=gettext(_("Settled with groups"))
    )


def statement_page(found: Settled, *, back: str, words: str) -> str:
    """Return the page of a settlement, at the desk or in a group's house."""
    return render_template(
        "admin/settlements/statement.html",
        found=found,
        parts=parts_of(session(), settlement_id=found.id),
        back=back,
        back_words=words,
        named=named,
    )


def _words(creditor: Creditor | None, *, groups: int, total: int) -> dict[str, str]:
    """Return what settling leads to, and what its button says."""
    if creditor is None:
        return {"happens": "", "button": ""}
    said = {"amount": money_words(total, creditor.currency), "creditor": creditor.name}
    happens = reader().ngettext(
        "%(amount)s is booked as owed to %(num)s group. It leaves the result of %(creditor)s at once.",
        "%(amount)s is booked as owed to %(num)s groups. It leaves the result of %(creditor)s at once.",
        groups,
        **said,
    )
    button = reader().ngettext(
        "Settle %(amount)s with %(num)s group", "Settle %(amount)s with %(num)s groups", groups, **said
    )
    return {"happens": happens, "button": button}


def _chosen(choices: Sequence[Creditor]) -> Creditor | None:
    """Return the creditor that is asked for, else the first."""
    wanted = request.values.get("creditor", "")
    return next((one for one in choices if str(one.uuid) == wanted), choices[0] if choices else None)


def _through(written: str) -> dt.date:
    """Return the day that is written, today where none is."""
    try:
        return read_day(written)
    except ValueError:
        return today(session())
