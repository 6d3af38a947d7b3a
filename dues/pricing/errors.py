"""Refusals of fee components, membership types and prices."""

import datetime as dt

from dues.editing import EditingError


class PricingError(EditingError):
    """What is charged cannot be set up as asked."""


class NameTakenError(PricingError):
    """The group has a component or a type with this short name; ``slug`` is the name."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"{slug!r} is taken in this group.")
        self.slug = slug


class NoComponentsError(PricingError):
    """A membership of no components would cost nothing and never be charged."""

    def __init__(self) -> None:
        super().__init__("A membership needs at least one part of a fee.")


class ForeignComponentError(PricingError):
    """A component is none of the type's own group nor of any above it."""

    def __init__(self) -> None:
        super().__init__("A part of this fee belongs to another part of the organisation.")


class TermError(PricingError):
    """A term of so many months cannot follow the calendar."""

    def __init__(self, months: int, *, calendar: bool) -> None:
        super().__init__(
            "Terms of the calendar have 1, 3, 6 or 12 months." if calendar else "Terms have 1 to 120 months."
        )
        self.months = months
        self.calendar = calendar


class AgesError(PricingError):
    """The highest age lies below the lowest, or an age is none."""

    def __init__(self) -> None:
        super().__init__("The highest age lies below the lowest.")


class DaysError(PricingError):
    """The last day lies before the first, or one of them in no time that we count with."""

    def __init__(self) -> None:
        super().__init__("The last day lies before the first.")


class AmountError(PricingError):
    """An amount is below zero, or beyond what anybody charges."""

    def __init__(self) -> None:
        super().__init__("A price is zero or more.")


class IncomeShareError(PricingError):
    """A share of an income is none, or its floor lies above its cap."""

    def __init__(self) -> None:
        super().__init__("A share of an income is up to 100 per cent, and its floor no higher than its cap.")


class ShareOrAmountError(PricingError):
    """A discount is either a share of up to all of it, or an amount above zero with its currency."""

    def __init__(self) -> None:
        super().__init__("A discount is a share or an amount.")


class FirstPeriodError(PricingError):
    """Only terms of the calendar have a first period that is shorter than the others."""

    def __init__(self) -> None:
        super().__init__("A first period can only be prorated or extended where terms follow the calendar.")


class AgeDayError(PricingError):
    """The day on which ages are judged is no day of every year."""

    def __init__(self) -> None:
        super().__init__("Ages are judged on a day that each year has.")


class PriceTwiceError(PricingError):
    """There is a price for exactly this, from the same day; ``price_id`` is that one."""

    def __init__(self, price_id: int) -> None:
        super().__init__("There is a price for this from the same day.")
        self.price_id = price_id


class PriceUsedError(PricingError):
    """A price that invoices or previews were made with is not changed, but followed by another."""

    def __init__(self) -> None:
        super().__init__("This price has been used. Let another one follow it from a day on.")


class FollowsTooEarlyError(PricingError):
    """A price follows another from a later day than that one's first, and not from a day that is over."""

    def __init__(self, earliest: dt.date) -> None:
        super().__init__(f"The new price can begin on {earliest} at the earliest.")
        self.earliest = earliest


class ProductNumberError(PricingError):
    """The group has a product with this number; ``number`` is the number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"This group has a product {number!r} already.")
        self.number = number


class VatRateError(PricingError):
    """A rate of VAT lies between nothing and all of it."""

    def __init__(self) -> None:
        super().__init__("VAT is 0 to 100 per cent.")
