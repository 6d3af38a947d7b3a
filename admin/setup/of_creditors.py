"""What is set up for each creditor there is: a list of them, and a form for each; none is added or taken away there."""

import uuid

from sqlalchemy import select

from admin.setup.setting import Setting
from admin.tables.listing import Wanted
from dues.editing import EditingError
from dues.groups.lists import ListedCreditor, creditors_page
from dues.groups.models import Creditor
from dues.paging import Page
from language import gettext_noop as _
from language.currencies import decimals
from web.house import session


class FinerThanCurrencyError(EditingError):
    """An amount has decimals that its currency has not."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"{currency} has no such decimals.")


def as_written(minor: int | None, currency: str) -> int | None:
    """Return minor units of a currency as a field of an amount takes them, which counts hundredths."""
    scale: int = 10 ** decimals(currency)
    return None if minor is None else minor * 100 // scale


def as_kept(hundredths: int | None, currency: str) -> int | None:
    """Return what was written into a field of an amount in minor units; raise FinerThanCurrencyError."""
    if hundredths is None:
        return None
    scale: int = 10 ** decimals(currency)
    minor, finer = divmod(hundredths * scale, 100)
    if finer:
        raise FinerThanCurrencyError(currency)
    return minor


class OfCreditors(Setting):
    """A setting that each creditor has once."""

    can_create = False
    search = _("Beginning of the group's name")

    def read(self, wanted: Wanted) -> Page[ListedCreditor]:
        """Return a page of creditors."""
        return creditors_page(session(), beginning=wanted.search, at=wanted.place)

    def one(self, key: str) -> Creditor | None:
        """Return a creditor by its uuid."""
        return session().scalar(select(Creditor).where(Creditor.uuid == uuid.UUID(key)))

    def key_of(self, row: Creditor | ListedCreditor) -> str:
        """Return the uuid."""
        return str(row.uuid if isinstance(row, Creditor) else row.creditor.uuid)

    def called(self, row: Creditor) -> str:
        """Return the name on documents."""
        return row.name
