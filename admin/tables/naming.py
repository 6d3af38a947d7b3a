"""Named lists above a list: which there are, the one that is looked at, and the form that keeps what is shown now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from flask import g, url_for
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from admin.tables.listing import Link
from admin.user import require
from dues.lists import saved
from dues.lists.errors import ListError, NamelessListError, NameTakenError, TooManyListsError
from dues.lists.models import SavedList
from language import gettext_noop as _
from web.house import session
from web.notes import note
from web.speech import gettext


class NameForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a list is called, and for whom it is."""

    name = StringField()
    shared = BooleanField()


@dataclass(frozen=True, slots=True)
class Naming:
    """The named lists of one list. ``here`` is the one that is looked at; ``query`` what is shown now."""

    ledger: str
    lists: Sequence[SavedList]
    here: SavedList | None
    query: str
    form: NameForm

    @property
    def links(self) -> list[Link]:
        """The named lists, each with where it opens."""
        return [Link(one.name, self.address(one.uuid), one is self.here) for one in self.lists]

    @property
    def changed(self) -> bool:
        """Whether the list that is looked at is one's own, and is narrowed to something else than it stands for."""
        return self.here is not None and self.here.staff_id == require().id and self.here.query != self.query

    @property
    def open(self) -> bool:
        """Whether the form shows, because something is wrong in it."""
        return bool(self.form.errors)

    def address(self, public_id: UUID) -> str:
        """Return where a named list opens."""
        return url_for("saved_lists.open_list", public_id=public_id)

    def refused(self, error: ListError) -> "Naming":
        """Return the same with what is wrong beside the box."""
        self.form.name.errors = [refusal(error)]
        return replace(self)


_REFUSALS: Final = {
    NamelessListError: _("Give the list a name."),
    TooManyListsError: _("You have a hundred named lists. Delete one first."),
}


def refusal(error: ListError) -> str:
    """Return why a list cannot be kept, in the reader's language."""
    if isinstance(error, NameTakenError):
        return gettext(_("You have a list called “%(name)s” already."), name=error.name)
    return gettext(_REFUSALS[type(error)])


def naming(ledger: str, here: str, query: str) -> Naming:
    """Gather the named lists of a list, of which one may be looked at: one statement."""
    lists = saved.lists_of(session(), staff_id=require().id, ledgers=[ledger])
    found = next((one for one in lists if str(one.uuid) == here), None)
    # The page has several forms; a refused one keeps what was written.
    g.setdefault("name_form", NameForm())
    return Naming(ledger, lists, found, query, g.name_form)


def keep(form: Naming) -> SavedList:
    """Keep what is narrowed now under a new name, or, where one's own list is looked at, as that. Raises ListError."""
    asks = require()
    if form.here is not None and form.here.staff_id == asks.id:
        saved.narrow(session(), saved=form.here, query=form.query)
        note(gettext(_("“%(name)s” now stands for what is shown here."), name=form.here.name))
        return form.here
    written = form.form
    made = saved.save(
        session(),
        staff_id=asks.id,
        ledger=form.ledger,
        name=str(written.name.data or ""),
        query=form.query,
        shared=bool(written.shared.data),
    )
    note(gettext(_("Kept as “%(name)s”."), name=made.name))
    return made
