"""How the lines of a document are laid out: which columns, in which order, grouped by what; and what stands around."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What can have a column of its own; what has none and is not empty stands small below the description."""

    WHAT = "what"
    MEMBER = "member"
    PERIOD = "period"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit price"
    VAT = "vat"
    AMOUNT = "amount"


NEEDED: Final = (Column.WHAT, Column.AMOUNT)
"""What no document can do without."""
FOOTER_LINES: Final = 3
FOOTER_LENGTH: Final = 100


class Grouping(StrEnum):
    """What lines are put together by; each group has a heading and a subtotal where there is more than one."""

    NONE = "none"
    MEMBER = "member"
    COMPONENT = "component"


class LogoPlace(StrEnum):
    """On which side of the head the logo stands; the sender's address stands on the other."""

    LEFT = "left"
    RIGHT = "right"


class LayoutError(ValueError):
    """A layout that no page can be set in."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sender's documents are laid out; as it stands here it is the house's own.

    ``footer`` is up to three lines of up to a hundred characters above the sender's own line. Raises `LayoutError`.
    """

    columns: tuple[Column, ...] = (Column.WHAT, Column.QUANTITY, Column.AMOUNT)
    grouping: Grouping = Grouping.NONE
    logo: LogoPlace = LogoPlace.LEFT
    footer: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.columns)) != len(self.columns) or not set(NEEDED) <= set(self.columns):
            raise LayoutError("Columns are named once each, and description and amount among them.")
        if len(self.footer) > FOOTER_LINES or any(len(line) > FOOTER_LENGTH for line in self.footer):
            raise LayoutError(f"The footer has room for {FOOTER_LINES} lines of {FOOTER_LENGTH} characters.")


OWN: Final = Layout()
"""The house's own layout."""
