"""Pages of long lists: whatever is wished for, walking on shows every row that fits, once and in order."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import and_, delete, event, insert, select

from dues import paging
from dues.folding import folded
from dues.members.models import Person, PersonWord
from dues.paging import Page, Place, Walk, Wish, found, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

# Each example fills the register anew.
REFILLED: Final = [HealthCheck.function_scoped_fixture]
FEW: Final = 3
STRETCH: Final = 4
WALKS: Final = [
    Walk(Person, ("name_key", "id"), "uuid", stretch=STRETCH),
    Walk(Person, ("name_key", "id"), "uuid", descending=True, stretch=STRETCH),
    Walk(Person, ("id",), "id", stretch=STRETCH),
    Walk(Person, ("id",), "uuid", descending=True, stretch=STRETCH),
]


@dataclass(frozen=True)
class Asked:
    """A wish in two forms: for the database, and for a person in hand."""

    wish: Wish
    fits: Any


ASKED: Final = [
    Asked(found(lambda table: table.country == "NO"), lambda one: one.country == "NO"),
    Asked(found(lambda table: table.country == "SE"), lambda one: one.country == "SE"),
    Asked(Wish(lambda table: table.city == "B"), lambda one: one.city == "B"),
    # What finds more than is wished for.
    Asked(
        Wish(
            lambda table: and_(table.phone == "1", table.country.in_(["NO", "NL"])),
            found=lambda table: table.country.in_(["NO", "NL"]),
            exact=False,
        ),
        lambda one: one.phone == "1" and one.country in {"NO", "NL"},
    ),
]
PERSONS: Final = st.lists(
    st.tuples(*(st.sampled_from(choices) for choices in ("abc", ["SE", "NO", "NL"], "AB", "12"))), max_size=12
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "FEW", FEW)


def fill(session: Session, persons: list[tuple[str, str, str, str]]) -> None:
    session.execute(delete(PersonWord))
    session.execute(delete(Person))
    rows = [
        {
            "family_name": name,
            "name_key": folded(name),
            "language": "en",
            "country": country,
            "city": city,
            "phone": phone,
        }
        for name, country, city, phone in persons
    ]
    if rows:
        session.execute(insert(Person), rows)
    session.expunge_all()


def walked(session: Session, walk: Walk, wishes: list[Wish], rows: int) -> list[Page[Any]]:
    """Every page from the first on."""
    pages, at = [], None
    while True:
        page = read_page(session, walk, at=at, wishes=wishes, rows=rows)
        pages.append(page)
        assert len(page.rows) <= rows
        if not page.after:
            return pages
        assert len(pages) < 40, "walking in a circle"
        at = Place(page.after)


def expected(session: Session, walk: Walk, asked: list[Asked]) -> list[int]:
    everybody = sorted(session.scalars(select(Person)), key=lambda one: tuple(getattr(one, name) for name in walk.key))
    fitting = [one.id for one in everybody if all(one_asked.fits(one) for one_asked in asked)]
    return fitting[::-1] if walk.descending else fitting


@settings(max_examples=40, suppress_health_check=REFILLED)
@given(
    persons=PERSONS,
    walk=st.sampled_from(WALKS),
    asked=st.lists(st.sampled_from(ASKED), unique=True, max_size=3),
    rows=st.integers(1, 5),
)
def test_walking_on_shows_all_that_fits_once_and_in_order(
    session: Session, persons: list[tuple[str, str, str, str]], walk: Walk, asked: list[Asked], rows: int
) -> None:
    fill(session, persons)
    pages = walked(session, walk, [one.wish for one in asked], rows)
    shown = [one.id for page in pages for one in page.rows]
    assert shown == expected(session, walk, asked)


@settings(max_examples=40, suppress_health_check=REFILLED)
@given(
    persons=PERSONS,
    walk=st.sampled_from(WALKS),
    asked=st.lists(st.sampled_from(ASKED), unique=True, max_size=2),
    rows=st.integers(1, 4),
)
def test_walking_back_shows_what_comes_before(
    session: Session, persons: list[tuple[str, str, str, str]], walk: Walk, asked: list[Asked], rows: int
) -> None:
    fill(session, persons)
    wishes, whole = [one.wish for one in asked], expected(session, walk, asked)
    first, *later = walked(session, walk, wishes, rows)
    assert not first.before
    for page in later:
        if not page.rows:
            continue
        back = read_page(session, walk, at=Place(page.before, backwards=True), wishes=wishes, rows=rows)
        ids = [one.id for one in back.rows]
        here = whole.index(page.rows[0].id)
        at_the_beginning = ids == [one.id for one in first.rows] and not back.before
        assert at_the_beginning or ids == whole[max(here - len(ids), 0) : here]


def test_a_page_that_looked_in_vain_says_so_and_leads_on(session: Session) -> None:
    fill(session, [("a", "SE", "A", "1")] * 6 + [("b", "SE", "B", "1")])
    page = read_page(session, WALKS[0], at=None, wishes=[ASKED[2].wish])
    assert (list(page.rows), page.unfinished, bool(page.after)) == ([], True, True)
    page = read_page(session, WALKS[0], at=Place(page.after), wishes=[ASKED[2].wish])
    assert ([one.family_name for one in page.rows], page.unfinished, page.after) == (["b"], False, "")


@pytest.mark.parametrize("mark", ["nobody", "", "1", "-1", "9" * 30, "00000000-0000-0000-0000-000000000001"])
@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("backwards", [True, False])
def test_a_mark_that_means_nothing_is_the_beginning(
    session: Session, walk: Walk, mark: str, *, backwards: bool
) -> None:
    fill(session, [("a", "SE", "A", "1"), ("b", "SE", "A", "1")])
    session.execute(delete(Person).where(Person.id == 1))
    page = read_page(session, walk, at=Place(mark, backwards=backwards))
    assert len(page.rows) == 2


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*values: Any) -> None:
        statements.append(values[2])

    event.listen(session.connection(), "before_cursor_execute", note)
    yield statements
    event.remove(session.connection(), "before_cursor_execute", note)


def test_a_page_costs_the_same_few_statements_whatever_it_shows(session: Session) -> None:
    fill(session, [("a", "NO", "B", "1")] * 10)
    session.flush()
    with counted(session) as few:
        read_page(session, WALKS[0], at=None, wishes=[one.wish for one in ASKED], rows=2)
    fill(session, [("a", "NO", "B", "1")] * 60)
    with counted(session) as many:
        read_page(session, WALKS[0], at=None, wishes=[one.wish for one in ASKED], rows=40)
    assert len(few) == len(many) <= len(ASKED) + 2
