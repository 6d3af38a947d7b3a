"""Keeps how a creditor's documents are laid out; payees freeze it, so that what was issued stays as it was."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from documents import Column, Grouping, Layout, LayoutError, LogoPlace
from dues.editing import EditingError, held
from dues.groups.models import Creditor


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
    if layout == Layout():
        return {}
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


def set_layout(session: Session, *, creditor_id: int, layout: Layout, groups_look: bool) -> None:
    """Lay out a creditor's documents so from the next on; ``groups_look`` lets its groups look their own way.

    Raises an EditingError.
    """
    creditor = held(session, Creditor, creditor_id)
    creditor.layout = kept_layout(layout)
    creditor.groups_look = groups_look
    session.flush()
