"""What the writers of bank files are given: deposits of money in, for demonstrations, tests and measurements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bankfiles.types import Account, Reference


@dataclass(frozen=True, slots=True)
class Incoming:
    """One payment to write.

    `amount` is in minor units of the deposit's currency; negative for money that left (camt.054; a return, where it has
    a reason) or a deduction (BgMax).
    `bank_reference` is the bank's own number of the payment: up to 12 digits in BgMax. Amounts of references are parts
    of the payment, with its sign. `payer_account` is an IBAN in camt.054, a bankgiro number in BgMax.
    """

    amount: int
    bank_reference: str = ""
    references: tuple[Reference, ...] = ()
    text: str = ""
    payer_name: str = ""
    payer_account: Account | None = None
    end_to_end_id: str = ""
    mandate_id: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """The payments of one day to one account, a statement in camt.054 and a section in BgMax.

    `number` numbers it, in BgMax from 1 to 99999 within a year. `bankgiro` is the number the payers used, where the
    account is an IBAN reached through it. `payments` may be a generator of any length: it is read once.
    """

    account: Account
    currency: str
    booked_on: date
    number: int
    payments: Iterable[Incoming]
    bankgiro: str = ""
