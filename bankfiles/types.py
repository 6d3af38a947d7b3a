"""What a bank file says, in the order in which it says it: the events every reader yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["payment", "deduction", "return", "other"]
Level: TypeAlias = Literal["message", "batch", "order"]
Fate: TypeAlias = Literal["accepted", "settled", "pending", "part", "rejected", "cancelled"]
Scheme: TypeAlias = Literal["IBAN", "BGNR", "PGNR", "BBAN", "OTHER"]


class Account(NamedTuple):
    """An account number without blanks and hyphens: an IBAN in capitals, a bankgiro or plusgiro number without
    leading zeros, a Norwegian account (BBAN) with its eleven digits, where the format has no
    other. Make the others with `bankfiles.accounts.account`.
    """

    scheme: Scheme
    number: str


class Reference(NamedTuple):
    """What the payer quoted.

    `structured` when the bank delivers it in a field for references (OCR, SCOR), not as free text. `amount` is the part
    of the payment meant for this reference, in minor units and with the payment's sign; it is given only when the parts
    of all references add up to the payment, so that a reader of it need not check again.
    """

    value: str
    amount: int | None = None
    structured: bool = True


@dataclass(frozen=True, slots=True)
class SectionOpened:
    """A statement, notification or deposit begins; the payments that follow belong to `account`.

    `key` is unique to this section of all files of all time (the same section sent twice has the same key).
    `currency` is None only where an empty statement names none. `accounts` are further numbers of the same account.
    `opening_balance` is in minor units. `test` marks a file made for trying out, which must not be booked.
    """

    key: str
    account: Account
    currency: str | None
    created: date | None = None
    statement_number: str | None = None
    opening_balance: int | None = None
    test: bool = False
    accounts: tuple[Account, ...] = ()


class Exchange(NamedTuple):
    """What the payer's bank was told to send, where it was exchanged on its way.

    `amount` is in minor units of `currency`, unsigned. `rate` is the price of one `unit` (a currency code) in the other
    of the two currencies, as the bank wrote it; both are None where it gave none.
    """

    amount: int
    currency: str
    rate: Decimal | None = None
    unit: str | None = None


class Charge(NamedTuple):
    """What a bank took for a payment: minor units of `currency`, negative for what it gave back.

    `included` says whether the payment's amount holds it already; None where the bank does not say.
    """

    amount: int
    currency: str
    included: bool | None = None


class Payment(NamedTuple):
    """One movement of money (a tuple, as accounts and references are, because a million of them are made in a row).

    `amount` is in minor units of `currency`, negative for money that left. Kinds: *payment*, money that came;
    *return*, a payment or debit that was returned or reversed (negative, or positive when money that had left comes
    back); *other*, any other money that left; *deduction*, no money at all, but a credit note a payer used against
    payments in the same BgMax deposit (negative, so that the amounts of a section add up to what reached the account).

    `key` recognises the same payment in another file; two payments in one file may share a key when they are alike in
    everything, and whoever stores them adds the number of the occurrence. `bank_reference` is the bank's own number of
    the payment; without one the key is made of its content and could also fit another payment of the same day.

    `payer_name` and `payer_account` are the other side, whichever way the money went. `receiver_account` is the number
    the payer paid to: one account may be reached by several bankgiro numbers. `text` is what the payer or bank wrote,
    in lines. `position` is the place in the file. `exchange` and `charges` are there where the bank tells of them.
    `originals` of a return are further numbers by which the bank may mean the payment that comes back.
    """

    amount: int
    currency: str
    booked_on: date
    key: str
    position: str
    kind: Kind = "payment"
    value_on: date | None = None
    bank_reference: str | None = None
    references: tuple[Reference, ...] = ()
    text: str = ""
    payer_name: str = ""
    payer_account: Account | None = None
    receiver_account: Account | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    return_reason: str | None = None
    exchange: Exchange | None = None
    charges: tuple[Charge, ...] = ()
    originals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionClosed:
    """The section's end: its number of `Payment` events, the sum of their amounts and the closing balance, where one is
    given (minor units), with its day; all checked against what the file itself says.
    """

    key: str
    payments: int
    amount: int
    closing_balance: int | None = None
    closing_on: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know that is no reason to refuse the file.

    `sentence` has `{names}` that `values` fill in, as in `BankFileError`.
    """

    position: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English, filled in."""
        return self.sentence.format(**self.values)


class Reason(NamedTuple):
    """Why an order has the status it has: a code of ISO 20022's external list, or the bank's own, and its words."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReportOpened:
    """A report on what became of a message of orders begins; it moves no money.

    `original_id` and `original_kind` name that message ("pain.001.001.09"). `transactions` and `control_sum` are what
    it held, as far as the report repeats it (a control sum is a bare number: a message may mix currencies).
    """

    key: str
    original_id: str
    original_kind: str
    created: date | None = None
    transactions: int | None = None
    control_sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """What became of a whole message, of a batch in it, or of a single order: never money, and not proof of any.

    `code` is ISO 20022's (RJCT, ACSC …) and `fate` what it comes to; *part* means that the orders below differ. An
    order or batch that names no status of its own has that of what it stands in. `batch_id`, `instruction_id` and
    `end_to_end_id` are those of the original order, whose `amount` (minor units, unsigned), `wanted_on` and other side
    (`name`, `account`) are told where the report repeats them.
    """

    level: Level
    position: str
    code: str
    fate: Fate
    reasons: tuple[Reason, ...] = ()
    batch_id: str | None = None
    instruction_id: str | None = None
    end_to_end_id: str | None = None
    bank_reference: str | None = None
    mandate_id: str | None = None
    amount: int | None = None
    currency: str | None = None
    wanted_on: date | None = None
    name: str = ""
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class ReportClosed:
    """The report's end: its number of single orders. `summed` says whether their amounts were proved by a sum."""

    key: str
    orders: int
    summed: bool


Event: TypeAlias = SectionOpened | Payment | SectionClosed | Notice | ReportOpened | OrderStatus | ReportClosed


def with_agreed_parts(references: Sequence[Reference], amount: int) -> tuple[Reference, ...]:
    """The references of a payment of `amount` (signed minor units); their own amounts are written without its sign.

    The parts get that sign where they add up to the payment, and are dropped where they do not: they are an agreement
    between payer and bank that only counts when it is whole ("extended form registration" in Bankgirot's manual,
    RmtdAmt and CdtNoteAmt in ISO 20022).
    """
    parts = [reference.amount for reference in references if reference.amount is not None]
    if not parts:
        return tuple(references)
    sign = -1 if amount < 0 else 1
    agreed = sum(parts) == abs(amount)
    return tuple(
        reference._replace(amount=reference.amount * sign if agreed and reference.amount is not None else None)
        for reference in references
    )
