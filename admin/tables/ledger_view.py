"""LedgerView: a long list that is read, searched and narrowed, by key in both directions, and never changed here."""

from typing import Any, ClassVar

from flask import redirect, request
from werkzeug.wrappers import Response

from admin.tables.base import TableView
from admin.tables.listing import Wanted
from admin.tables.naming import Naming, keep, naming
from admin.tables.taking import Taking, begin, begun, taking
from admin.tables.theme import expose
from dues.access.scope import EVERYWHERE
from dues.lists.errors import ListError, NotAColumnError
from dues.paging import Page
from web.house import commit


class LedgerView(TableView):
    """A list of a table with many rows: read-only, nothing counted, each row a way to its own page.

    What it is narrowed to can be kept under a name, and taken out of the house where ``takes_out`` says what the
    domain calls the list.
    """

    takes_out: ClassVar[str] = ""

    def __init_subclass__(cls, **more: Any) -> None:
        """Let whoever may look at a list keep it and take it out, too."""
        super().__init_subclass__(**more)
        looks = cls.doors["index_view"]
        cls.doors = {**cls.doors, "keep": looks, **({"take_out": looks} if cls.takes_out else {})}

    def _has_address(self, name: str) -> bool:
        return super()._has_address(name) and (name != "take_out" or bool(self.takes_out))

    def asked(self, wanted: Wanted) -> Any:
        """Return what is wanted as the domain is asked for it."""
        raise NotImplementedError

    def page(self, wanted: Wanted, **more: Any) -> str:
        """Return the list's page, with the lists that are kept and what can be taken out."""
        query = self.listing(wanted, Page([])).query
        more.setdefault("naming", naming(self.door, wanted.saved, query))
        more.setdefault("taking", taking(self.takes_out) if self.takes_out else None)
        return super().page(wanted, query=query, **more)

    @expose("/keep", methods=["POST"])
    def keep(self) -> str | Response:
        """Keep what the list is narrowed to under a name."""
        wanted = self.wanted(request.form.get("query", ""))
        form: Naming = naming(self.door, request.form.get("list", ""), self.listing(wanted, Page([])).query)
        try:
            saved = keep(form)
        except ListError as error:
            return self.page(wanted, naming=form.refused(error))
        public_id = saved.uuid
        commit()
        return redirect(form.address(public_id), code=303)

    @expose("/take-out", methods=["POST"])
    def take_out(self) -> str | Response:
        """Begin to write the list, as it is narrowed, into a file."""
        wanted = self.wanted(request.form.get("query", ""))
        said = [one.words for one in self.listing(wanted, Page([])).told]
        form: Taking = taking(self.takes_out)
        try:
            export = begin(form, wanted=self.asked(wanted), said=said, path=EVERYWHERE)
        except NotAColumnError:
            return self.page(wanted, taking=form.refused())
        return begun(form, export)
