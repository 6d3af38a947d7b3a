"""What every generated view is: sealed where Flask-Admin is open, and shut where it says nothing of who may pass."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, url_for
from flask_admin.model import BaseModelView
from flask_wtf import FlaskForm

from admin.tables.columns import Column
from admin.tables.filters import Filter
from admin.tables.listing import Link, Listing, Tab, Wanted, read_wanted
from admin.tables.theme import CREATE, EDIT, LIST, expose
from admin.user import clerk
from dues.access.permissions import Permission
from dues.paging import Page
from language import gettext_noop as _
from web.speech import reader

Doors = Mapping[str, Permission]
"""Every exposed method of a view, and what it asks for."""


class TableView(BaseModelView):  # type: ignore[misc]  # Flask-Admin publishes no types
    """A view of one table. Use SetupView or LedgerView; nothing else is let in.

    ``door`` is the endpoint's first part ("types" in "types.index_view"), ``address`` where it stands, ``words`` its
    heading and ``about`` a sentence on what it holds. ``tabs`` are saved views, ``search`` says what the search box
    takes (there is none where it is empty), ``orders`` name what an index serves (with a hyphen for falling), the
    usual one
    first, ``nothing`` is said of an empty table, ``beside`` names doors of other lists that belong to this
    one. All words are marked for translation.
    """

    door: ClassVar[str]
    address: ClassVar[str]
    words: ClassVar[str]
    about: ClassVar[str] = ""
    doors: ClassVar[Doors] = {}
    columns: ClassVar[tuple[Column, ...]]
    tabs: ClassVar[Sequence[Tab]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    search: ClassVar[str] = ""
    orders: ClassVar[Sequence[str]] = ()
    nothing: ClassVar[str] = _("There is nothing here yet.")
    beside: ClassVar[Sequence[tuple[str, str]]] = ()

    _urls: list[tuple[str, str, Sequence[str]]]

    can_create = can_edit = can_delete = can_view_details = can_export = False
    create_modal = edit_modal = details_modal = False
    form_base_class = FlaskForm
    form = FlaskForm
    list_template, create_template, edit_template = LIST, CREATE, EDIT

    def __init__(self) -> None:
        self.column_list = [column.key for column in self.columns]
        self.column_labels = {column.key: column.words for column in self.columns}
        super().__init__(None, name=self.words, endpoint=self.door, url=self.address)
        self._urls = [one for one in self._urls if self._has_address(one[1])]

    def _has_address(self, name: str) -> bool:
        """Whether a method is our own, and what the view allows; of Flask-Admin's own none has an address."""
        allowed = {"create_view": self.can_create, "edit_view": self.can_edit, "delete_view": self.can_delete}
        ours = getattr(type(self), name) is not getattr(BaseModelView, name, None)
        return ours and bool(allowed.get(name, True))

    def read(self, wanted: Wanted) -> Page[Any]:
        """Return a page of rows, read by a function of the domain."""
        raise NotImplementedError

    def ordered(self, wanted: Wanted) -> Wanted:
        """Return what is wanted in the order that an index serves for it; the order that was asked for, usually."""
        return wanted

    def link(self, row: Any) -> str:
        """Return where a row leads, nothing where it leads nowhere."""
        raise NotImplementedError

    @expose("/")
    def index_view(self) -> str:
        """Show a page of the list."""
        return self.page(self.wanted())

    def wanted(self, query: str | None = None) -> Wanted:
        """Return what the address asks for, or what another one says after its question mark."""
        asked = read_wanted(tabs=self.tabs, filters=self.filters, orders=self.orders, query=query)
        return self.ordered(asked)

    def page(self, wanted: Wanted, **more: Any) -> str:
        """Return the list's page as it is wanted."""
        return str(self.render(self.list_template, listing=self.listing(wanted, self.read(wanted)), **more))

    def listing(self, wanted: Wanted, page: Page[Any]) -> Listing:
        """Return everything that the list's page says."""
        return Listing(f"{self.door}.index_view", wanted, page, self.tabs, self.filters, self.columns)

    def scaffold_list_columns(self) -> list[str]:
        """Return the names of the columns."""
        return list(self.column_list)

    def scaffold_sortable_columns(self) -> dict[str, str]:
        """Return the columns that can be sorted, and by what."""
        return {column.key: column.order for column in self.columns if column.order}

    @property
    def heading(self) -> str:
        """The view's name in the reader's language."""
        return reader().gettext(self.words)

    @property
    def told(self) -> str:
        """What the view holds, in the reader's language."""
        return reader().gettext(self.about) if self.about else ""

    @property
    def search_words(self) -> str:
        """What the search box takes, in the reader's language."""
        return reader().gettext(self.search) if self.search else ""

    @property
    def neighbours(self) -> list[Link]:
        """The other lists that belong to this one."""
        return [Link(reader().gettext(words), url_for(door)) for door, words in self.beside]

    @property
    def nothing_words(self) -> str:
        """What is said of an empty table, in the reader's language."""
        return reader().gettext(self.nothing)

    def may(self, name: str) -> bool:
        """Tell whether whoever asks may use one of the view's doors."""
        found = clerk()
        return found is not None and name in self.doors and found.may(self.doors[name])

    def _handle_view(self, name: str, **_values: object) -> None:
        """Shut what is not declared; whoever may pass was asked at the door already, and is asked again here."""
        if not self.may(name):
            abort(404)

    def _run_view(self, view: Callable[..., Any], *args: object, **values: object) -> object:
        """Run a method. Flask-Admin's own way hides a TypeError behind another one."""
        return view(self, *args, **values)
