"""Named lists: all that one has or that are shared, where each leads, and what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from admin.addresses import has_door
from admin.office.hits import Hit
from admin.tables.ledgers import LEDGERS
from admin.tables.naming import NameForm, refusal
from admin.user import require
from dues.access.declare import staff
from dues.access.staff import staff_names
from dues.lists import saved
from dues.lists.errors import ListError
from dues.lists.models import SavedList
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext, reader

doors = Blueprint("saved_lists", __name__, url_prefix="/admin/lists")

_FOUND: Final = 10
WORDS: Final = {view.door: view.words for view in LEDGERS}
"""What the lists are called that names can be kept for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A named list on the page: the list it is of, and whose it is where it is not one's own."""

    saved: SavedList
    ledger: str
    whose: str


@doors.get("/")
@staff()
def page() -> str:
    """Show them all."""
    asks = require()
    found = saved.lists_of(session(), staff_id=asks.id, ledgers=_seen())
    names = staff_names(session(), ids={one.staff_id for one in found})
    shown: Sequence[Shown] = [
        Shown(one, ledger_words(one.ledger), "" if one.staff_id == asks.id else names.get(one.staff_id, ""))
        for one in found
    ]
    return render_template("admin/lists/list.html", lists=shown)


@doors.get("/<uuid:public_id>", endpoint="open_list")
@staff()
def open_list(public_id: UUID) -> Response:
    """Go to the list as it is narrowed by that name."""
    found = _found(public_id)
    more = "&" if found.query else ""
    return redirect(f"{url_for(f'{found.ledger}.index_view')}?{found.query}{more}list={found.uuid}", code=303)


@doors.get("/<uuid:public_id>/edit")
@staff()
def edit(public_id: UUID) -> str:
    """Show what it is called, and for whom it is."""
    found = _own(public_id)
    return _edit(found, NameForm(name=found.name, shared=found.shared))


@doors.post("/<uuid:public_id>/edit")
@staff()
def change(public_id: UUID) -> str | Response:
    """Call it otherwise, share it, or not any more."""
    found, form = _own(public_id), NameForm()
    try:
        saved.change(session(), saved=found, name=str(form.name.data or ""), shared=bool(form.shared.data))
    except ListError as error:
        form.name.errors = [refusal(error)]
        return _edit(found, form)
    commit()
    note(gettext(_("Kept as “%(name)s”."), name=found.name))
    return redirect(url_for("saved_lists.page"), code=303)


@doors.post("/<uuid:public_id>/delete")
@staff()
def delete(public_id: UUID) -> Response:
    """Delete the name; what it showed stays."""
    found = _own(public_id)
    name = found.name
    saved.delete(session(), saved=found)
    commit()
    note(gettext(_("“%(name)s” is not kept any more. What it showed is still there."), name=name))
    return redirect(url_for("saved_lists.page"), code=303)


def named_lists(wanted: str) -> list[Hit]:
    """Return the named lists that are called so, for the page that finds anything."""
    found = saved.called(session(), staff_id=require().id, words=wanted.split(), limit=_FOUND)
    seen = _seen()
    return [
        Hit(one.name, url_for("saved_lists.open_list", public_id=one.uuid), (ledger_words(one.ledger),), "", "list")
        for one in found
        if one.ledger in seen
    ]


def ledger_words(ledger: str) -> str:
    """Return what a list is called, in the reader's language."""
    return reader().gettext(WORDS[ledger])


def _seen() -> list[str]:
    """Return the lists that whoever asks may look at: a name opens none that they could not open without it."""
    return [door for door in WORDS if has_door(f"{door}.index_view")]


def _found(public_id: UUID) -> SavedList:
    found = saved.find_list(session(), staff_id=require().id, public_id=public_id)
    return found if found is not None and found.ledger in _seen() else abort(404)


def _own(public_id: UUID) -> SavedList:
    found = _found(public_id)
    return found if found.staff_id == require().id else abort(404)


def _edit(found: SavedList, form: NameForm) -> str:
    return render_template("admin/lists/edit.html", saved=found, form=form, ledger=ledger_words(found.ledger))
