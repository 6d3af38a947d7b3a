"""One payment (20) or deduction (21) of a BgMax file with the records that follow it (22 to 29)."""

from dataclasses import dataclass, field

from bankfiles.bgmax_deposit import Deposit
from bankfiles.bgmax_records import Record
from bankfiles.keys import key
from bankfiles.types import Account, Payment, Reference, SectionOpened, with_agreed_parts

# Reference codes: 2 a correct OCR number, 4 a correct reference by extended form registration. 3 is free text, 5 a
# wrong reference, 0 and 1 are blank, 6-9 reserved.
_STRUCTURED = {"2", "4"}
_REFERENCE_WIDTH = 25
_TEXT_WIDTH = 50


@dataclass(slots=True)
class Draft:
    """A payment while its records are read.

    `amount` is unsigned minor units, `sign` -1 for a deduction. `overflow` is a free text in the reference field that
    fills it, so that it runs on in the first record 25.
    """

    position: str
    sign: int
    amount: int
    payer: Account | None
    serial: str
    overflow: str
    references: list[Reference] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def payment(self, section: SectionOpened, deposit: Deposit, ordinal: int) -> Payment:
        """The finished payment, the `ordinal`-th of its section (from 1).

        Bankgirot's serial number is unique for two years, hence the day in the key. Payments of Autogiro have none.
        """
        number = section.account.number
        known_as = key("BgMax", number, self.serial, deposit.paid_on) if self.serial else f"{section.key}|{ordinal}"
        amount = self.amount * self.sign
        return Payment(
            amount=amount,
            currency=deposit.currency,
            booked_on=deposit.paid_on,
            key=known_as,
            position=self.position,
            kind="payment" if self.sign > 0 else "deduction",
            bank_reference=self.serial or None,
            references=with_agreed_parts(self.references, amount) if self.references else (),
            text=_joined(self.overflow, self.texts) if self.texts else "",
            payer_name=" ".join(self.names),
            payer_account=self.payer,
            receiver_account=section.account,
        )


def start(record: Record) -> Draft:
    """A record 20 or 21."""
    reference = record.column(13, 37)
    structured = record.text[55] in _STRUCTURED
    serial = record.column(58, 69)
    draft = Draft(
        position=record.position,
        sign=-1 if record.text.startswith("21") else 1,
        amount=record.number_in(38, 55, "amount"),
        payer=record.bankgiro(),
        serial=serial if serial.strip("0") else "",
        overflow=reference if len(reference) == _REFERENCE_WIDTH and not structured else "",
    )
    if reference:
        draft.references.append(Reference(reference, None, structured))
    return draft


def add_reference(draft: Draft, record: Record) -> None:
    """A record 22 or 23: a further reference, and its part of the amount where that is agreed (23: to be subtracted).

    The payment's amount is the money; the parts never add to it.
    """
    part = record.number_in(38, 55, "amount")
    reference = record.column(13, 37)
    if reference:
        amount = (-part if record.text.startswith("23") else part) if part else None
        draft.references.append(Reference(reference, amount, record.text[55] in _STRUCTURED))


def add_text(draft: Draft, record: Record) -> None:
    """A record 25."""
    draft.texts.append(record.text[2 : 2 + _TEXT_WIDTH].rstrip())


def add_name(draft: Draft, record: Record) -> None:
    """A record 26: name and extra name."""
    draft.names += filter(None, (record.column(3, 37), record.column(38, 72)))


def _joined(overflow: str, texts: list[str]) -> str:
    """The text as the payer wrote it: lines, but a line that fills its field runs on in the next."""
    text, runs_on = overflow, True
    for piece in texts:
        text += piece if runs_on else f"\n{piece.strip()}"
        runs_on = len(piece) == _TEXT_WIDTH
    return text.strip()
