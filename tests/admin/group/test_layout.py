"""A group's own layout: where its creditor lets it, until it lays out as the group above again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from database.connect import Role
from documents import Column, Grouping
from dues.groups.layout import layout_of
from dues.groups.models import Creditor, Group
from tests.admin.group.homes import press

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.group.homes import Home
    from tests.portal.town import Town
    from tests.web.browser import Browser

CHOSEN: dict[str, Any] = {
    "columns-0": "1",
    "columns-2": "2",
    "columns-3": "",
    "columns-6": "3",
    "grouping": "component",
}


def lets(town: Town, *, so: bool) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Creditor).where(Creditor.id == town.creditor).values(groups_look=so))


def kept(town: Town) -> dict[str, Any]:
    with town.database.unit_of_work(Role.JOBS) as session:
        return dict(session.scalars(select(Group.layout).where(Group.slug == town.slug)).one())


def test_a_group_lays_out_its_own_way_where_its_creditor_lets_it(leader: Browser, town: Town) -> None:
    address = f"/group/{town.slug}/look/layout/"
    page = leader.get(address)
    assert "Your members are invoiced by" in page.text
    assert not [form for form in page.page.forms if form.method == "POST" and (form.action or "").endswith("/layout/")]
    lets(town, so=True)
    try:
        page = press(leader.get(address), "Save", **CHOSEN)
        assert "The layout is saved" in page.text
        layout = layout_of(kept(town))
        assert layout.columns == (Column.WHAT, Column.PERIOD, Column.AMOUNT)
        assert layout.grouping is Grouping.COMPONENT
        assert "in your look" in leader.get(f"/group/{town.slug}/look/").text
        page = press(leader.get(address), "Save", **{**CHOSEN, "footer": "x" * 101})
        assert page.error_at("footer").startswith("There is room for 3 lines")
        page = press(leader.get(address), "Lay out as the group above")
        assert "as in the group above" in page.text
        assert kept(town) == {}
    finally:
        lets(town, so=False)


def test_a_group_with_books_of_its_own_lays_out_its_own_invoices(
    homes: tuple[Home, Home], come: Callable[..., Browser], town: Town
) -> None:
    home = homes[0]
    page = press(come(home.slug).get(f"/group/{home.slug}/look/layout/"), "Save", **CHOSEN)
    assert "The layout is saved" in page.text
    with town.database.unit_of_work(Role.JOBS) as session:
        creditor = session.get_one(Creditor, home.creditor_id)
        assert layout_of(creditor.layout).grouping is Grouping.COMPONENT
        creditor.layout = {}
