"""A list as it was asked for and as it is shown: saved view, search, filters, order, place, and its addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from admin.tables.columns import Column, shown
from admin.tables.filters import Filter, Given, read_all
from dues.paging import Page, Place
from language import gettext_noop as _
from web.speech import gettext, reader

SEARCH: Final = "q"
VIEW: Final = "view"
ORDER: Final = "sort"
SAVED: Final = "list"
_AFTER: Final = "after"
_BEFORE: Final = "before"
_LONGEST: Final = 200
_LONGEST_QUERY: Final = 8_000


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view; the first of a list has an empty ``key`` and shows everything.

    ``words`` are marked for translation; where they are one word, its context says what there are several of.
    """

    key: str
    words: str | tuple[str, str]

    @property
    def label(self) -> str:
        """The view's name in the reader's language."""
        return reader().gettext(self.words) if isinstance(self.words, str) else reader().pgettext(*self.words)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for. ``order`` is the key of an order, ``descending`` its direction.

    ``sorted_by`` is what the address says of it, nothing where that is the usual order. ``saved`` names the list that
    somebody has kept, and from which they came.
    """

    view: str
    search: str
    given: Given
    order: str
    descending: bool
    place: Place | None
    sorted_by: str = ""
    saved: str = ""

    @property
    def values(self) -> Mapping[str, Any]:
        """The filters' values by their keys."""
        return self.given.values


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead; ``here`` is what one looks at."""

    words: str
    address: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; ``sort`` is what aria-sort says, ``address`` where the head leads."""

    words: str
    number: bool
    sort: str
    address: str


def read_wanted(
    *, tabs: Sequence[Tab], filters: Sequence[Filter], orders: Sequence[str], query: str | None = None
) -> Wanted:
    """Read the address of the request, or what an address says after its question mark.

    What is not known is as if it were not there: also what somebody has kept is read no other way.
    """
    asked: Mapping[str, str] = request.args if query is None else dict(parse_qsl(query[:_LONGEST_QUERY]))
    view = asked.get(VIEW, "")
    usual = orders[0] if orders else ""
    known = asked.get(ORDER, "").removeprefix("-") in {order.removeprefix("-") for order in orders}
    order = asked[ORDER] if ORDER in asked and known else usual
    return Wanted(
        view=view if view in {tab.key for tab in tabs} else "",
        search=asked.get(SEARCH, "").strip()[:_LONGEST],
        given=read_all(filters, asked),
        order=order.removeprefix("-"),
        descending=order.startswith("-"),
        place=_place(asked),
        sorted_by="" if order == usual else order,
        saved=asked.get(SAVED, "")[:_LONGEST],
    )


def _place(asked: Mapping[str, str]) -> Place | None:
    if asked.get(_AFTER):
        return Place(asked[_AFTER][:_LONGEST])
    return Place(asked[_BEFORE][:_LONGEST], backwards=True) if asked.get(_BEFORE) else None


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything a list's page says; ``fixed`` are the parts of its address that name what it is a list of."""

    door: str
    wanted: Wanted
    page: Page[Any]
    tabs: Sequence[Tab]
    filters: Sequence[Filter]
    columns: Sequence[Column]
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def address(self, **changes: str) -> str:
        """Return the address of the same list with some arguments changed; it begins at the first page again."""
        kept = {**self._narrowing, SAVED: self.wanted.saved}
        kept.update(changes)
        return _url(self.door, kept, self.fixed)

    @property
    def query(self) -> str:
        """What the list is narrowed to and how it is ordered, as it stands in an address, from the first page on."""
        return urlencode({name: value for name, value in self._narrowing.items() if value})

    @property
    def _narrowing(self) -> Mapping[str, str]:
        wanted = self.wanted
        return {VIEW: wanted.view, SEARCH: wanted.search, ORDER: wanted.sorted_by, **wanted.given.written}

    @property
    def first(self) -> str:
        """Where the list begins, for who is not there."""
        return self.address() if self.wanted.place else ""

    @property
    def newer(self) -> str:
        """The page before."""
        return self.address(**{_BEFORE: self.page.before}) if self.page.before else ""

    @property
    def older(self) -> str:
        """The page after."""
        return self.address(**{_AFTER: self.page.after}) if self.page.after else ""

    @property
    def views(self) -> list[Link]:
        """The saved views; search and filters stay when one goes from one to another."""
        return [Link(tab.label, self.address(**{VIEW: tab.key}), tab.key == self.wanted.view) for tab in self.tabs]

    @property
    def chips(self) -> list[Link]:
        """What narrows the list, each with the address at which it does not."""
        found = []
        if self.wanted.search:
            found.append(Link(f"“{self.wanted.search}”", self.address(**{SEARCH: ""})))
        for one in self.filters:
            if one.key in self.wanted.values:
                said = one.say(self.wanted.values[one.key])
                words = f"{one.label}: {said}" if said else one.label
                found.append(Link(words, self.address(**{one.key: ""})))
        return found

    @property
    def told(self) -> list[Link]:
        """What is shown, in words: the saved view, and what narrows it."""
        view = [one for one in self.views[1:] if one.here]
        return [*view, *self.chips]

    @property
    def plain(self) -> str:
        """The same view without search and filters."""
        return _url(self.door, {VIEW: self.wanted.view}, self.fixed)

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for that another view of the same list does not."""
        return bool(self.wanted.search or self.wanted.given.written)

    @property
    def kept(self) -> Mapping[str, str]:
        """What the search form keeps without showing it: view and order."""
        kept = {VIEW: self.wanted.view, ORDER: self.wanted.sorted_by, SAVED: self.wanted.saved}
        return {name: value for name, value in kept.items() if value}

    @property
    def heads(self) -> list[Head]:
        """The columns' heads."""
        return [self._head(column) for column in self.columns]

    def cells(self, row: object) -> list[object]:
        """Return what stands in a row's cells."""
        return [shown(column.cell(row) if column.cell else getattr(row, column.key)) for column in self.columns]

    def _head(self, column: Column) -> Head:
        words = reader().gettext(column.words)
        if not column.order:
            return Head(words, column.number, "", "")
        here = column.order == self.wanted.order
        turned = "" if here and self.wanted.descending else "-"
        sort = ("descending" if self.wanted.descending else "ascending") if here else "none"
        return Head(
            words, column.number, sort, self.address(**{ORDER: turned + column.order if here else column.order})
        )

    @property
    def unfinished(self) -> str:
        """What is said when a stretch was looked through without filling the page."""
        if not self.page.unfinished:
            return ""
        if self.page.rows:
            return gettext(_("There may be more further on. Go to the next page to look on."))
        return gettext(_("Nothing found in this stretch of the list. Go to the next page to look on."))


def _url(door: str, arguments: Mapping[str, str], fixed: Mapping[str, Any]) -> str:
    """Return an address; blank arguments are left out."""
    given: dict[str, Any] = {name: value for name, value in arguments.items() if value}
    return url_for(door, **given, **fixed)
