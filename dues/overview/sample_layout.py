"""Shows a layout before it is kept: an invoice of everything that a line can say, in a creditor's own look."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from documents import InvoiceDocument, Layout, Line
from dues.dates import add_months
from dues.groups.models import Medium, Occasion
from dues.overview.sample_words import sample
from language import Language

_VAT: Final = 2500
_MEMBERS: Final = ("Kim Ek", "Robin Ek")


def sample_layout(session: Session, *, group_id: int, layout: Layout, language: str, on: dt.date) -> InvoiceDocument:
    """Return an invoice for two members of a household and what they bought, in the house's own template."""
    seen = sample_invoice(session, group_id=group_id, language=language, on=on)
    look = replace(seen.look, layout=layout, template=None)
    return replace(seen, look=look, lines=tuple(_lines(Language(language), on)))


def sample_invoice(session: Session, *, group_id: int, language: str, on: dt.date) -> InvoiceDocument:
    """Return an invoice of one line to somebody made up, as the group's documents look on a day."""
    seen = sample(
        session,
        group_id=group_id,
        occasion=Occasion.INVOICE,
        level=0,
        language=language,
        medium=Medium.EVERYWHERE,
        words="",
        on=on,
        real=False,
    ).document
    if seen is None:
        raise ValueError(Occasion.INVOICE)
    return seen


def _lines(language: Language, on: dt.date) -> Iterator[Line]:
    period = (on, add_months(on, 12) - dt.timedelta(days=1))
    fee, local = language.gettext("Membership fee"), language.gettext("Local fee")
    for member in _MEMBERS:
        yield Line(fee, 30_000, member=member, period=period)
        yield Line(local, 10_000, member=member, period=period)
    yield Line(language.gettext("Songbook"), 25_000, quantity=2, unit_price=12_500, vat_rate=_VAT)
