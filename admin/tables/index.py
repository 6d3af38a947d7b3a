"""The page of everything that can be set up."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from flask import abort
from flask_admin import BaseView

from admin.tables.base import Doors
from admin.tables.setup_view import SetupView
from admin.tables.theme import INDEX, expose
from admin.user import clerk
from dues.access.permissions import Permission
from web.speech import reader


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

    def _shelves(self) -> Mapping[str, list[SetupView]]:
        shelves: dict[str, list[SetupView]] = {}
        for view in self._shown:
            if view.shelf and view.may("index_view"):
                shelves.setdefault(reader().gettext(view.shelf), []).append(view)
        return shelves

    def _handle_view(self, name: str, **_values: object) -> None:
        found = clerk()
        if found is None or name not in self.doors or not found.may(self.doors[name]):
            abort(404)
