"""The page of everything that can be set up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from flask import abort, current_app, url_for
from flask_admin import BaseView

from admin.tables.base import Doors
from admin.tables.setup_view import SetupView
from admin.tables.theme import INDEX, expose
from admin.user import clerk
from dues.access.permissions import Permission
from language import gettext_noop as _
from web.speech import reader


@dataclass(frozen=True, slots=True)
class Shelved:
    """A line on a shelf: where it leads, what it is called, and what it is for."""

    address: str
    heading: str
    told: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A page that belongs on a shelf and is no view of a table; its words are translated when it is shown."""

    shelf: str
    door: str
    asks: Permission
    heading: str
    told: str


BESIDE: Final = (
    Beside(
        _("Money"),
        "payer_rule.listed",
        Permission.PAYMENTS_READ,
        _("Rules for payers"),
        _("Whose money from an account, or with some words, is. They are made from payments that wait."),
    ),
)


class SetupIndex(BaseView):  # type: ignore[misc]  # Flask-Admin publishes no types
    """Shelves of what can be set up, each thing with a sentence on what it is for."""

    door: ClassVar[str] = "setup"
    doors: ClassVar[Doors] = {"index": Permission.SETUP_READ}

    def __init__(self, views: Sequence[SetupView]) -> None:
        self._shown = views
        super().__init__(name="Set up", endpoint=self.door, url="/admin/setup")

    @expose("/")
    def index(self) -> str:
        """Show the shelves."""
        return str(self.render(INDEX, shelves=list(self._shelves().items())))

    def _shelves(self) -> Mapping[str, list[Shelved]]:
        shelves: dict[str, list[Shelved]] = {}
        for view in self._shown:
            if view.shelf and view.may("index_view"):
                line = Shelved(url_for(f"{view.door}.index_view"), view.heading, view.told)
                shelves.setdefault(reader().gettext(view.shelf), []).append(line)
        found = clerk()
        for one in BESIDE:
            if found is not None and found.may(one.asks) and one.door in current_app.view_functions:
                line = Shelved(url_for(one.door), reader().gettext(one.heading), reader().gettext(one.told))
                shelves.setdefault(reader().gettext(one.shelf), []).append(line)
        return shelves

    def _handle_view(self, name: str, **_values: object) -> None:
        found = clerk()
        if found is None or name not in self.doors or not found.may(self.doors[name]):
            abort(404)
