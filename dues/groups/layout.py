"""Keeps how a creditor's documents are laid out; payees freeze it, so that what was issued stays as it was."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from documents import Column, Grouping, Layout, LayoutError, LogoPlace
from dues.editing import EditingError, held
from dues.groups.models import Creditor, Group


class LayoutRefusedError(EditingError):
    """A layout that no page can be set in: columns that are missing, or a footer that is too long."""


def layout_of(kept: Mapping[str, Any]) -> Layout:
    """Return a layout as it was kept; the house's own where nothing was."""
    if not kept:
        return Layout()
    return Layout(
        columns=tuple(Column(one) for one in kept["columns"]),
        grouping=Grouping(kept["grouping"]),
        logo=LogoPlace(kept["logo"]),
        footer=tuple(kept["footer"]),
    )


def kept_layout(layout: Layout) -> dict[str, Any]:
    """Return a layout as it is kept: nothing for the house's own."""
    return {} if layout == Layout() else _in_full(layout)


def _in_full(layout: Layout) -> dict[str, Any]:
    return {
        "columns": [one.value for one in layout.columns],
        "grouping": layout.grouping.value,
        "logo": layout.logo.value,
        "footer": list(layout.footer),
    }


def written_layout(*, columns: list[Column], grouping: Grouping, logo: LogoPlace, footer: str) -> Layout:
    """Return a layout as a form says it, the footer a text of lines. Raises LayoutRefusedError."""
    lines = tuple(line for line in (" ".join(one.split()) for one in footer.splitlines()) if line)
    try:
        return Layout(tuple(columns), grouping, logo, lines)
    except LayoutError as error:
        raise LayoutRefusedError(str(error)) from error


def set_group_layout(session: Session, *, group_id: int, layout: Layout | None) -> None:
    """Lay out a group's documents so from the next on, or, with None, as the nearest group above has it.

    The house's own layout is kept in full here: it may be meant to differ from what holds above. Raises an
    EditingError.
    """
    held(session, Group, group_id).layout = {} if layout is None else _in_full(layout)
    session.flush()


def set_layout(session: Session, *, creditor_id: int, layout: Layout, groups_look: bool) -> None:
    """Lay out a creditor's documents so from the next on; ``groups_look`` lets its groups look their own way.

    Raises an EditingError.
    """
    creditor = held(session, Creditor, creditor_id)
    creditor.layout = kept_layout(layout)
    creditor.groups_look = groups_look
    session.flush()
