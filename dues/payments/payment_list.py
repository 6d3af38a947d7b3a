"""The list of payments: a page of it at a time, newest first, narrowed by what people ask for."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dues.paging import Walk
from dues.payments.models import CaseReason, Payment

_WALK: Final = Walk(Payment, ("booked_on", "id"), "id", descending=True)


@dataclass(frozen=True, slots=True)
class PaymentsWanted:
    """What a list of payments is narrowed by; None and nothing narrow nothing.

    ``search`` is a reference, an account, or a piece of the payer's name; ``standing`` is waiting or matched. Amounts
    are minor units, days are both within.
    """

    search: str = ""
    standing: str = ""
    file: UUID | None = None
    creditor_id: int | None = None
    booked_from: dt.date | None = None
    booked_to: dt.date | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as a list shows it; ``waits`` says why it waits for a person, None where it does not."""

    id: int
    booked_on: dt.date
    payer_name: str
    payer_account: str | None
    reference: str | None
    amount: int
    currency: str
    creditor: str
    file: str
    file_id: UUID | None
    waits: CaseReason | None
    unallocated: int
