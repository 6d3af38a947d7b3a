"""What stands on an invoice, a reminder or a credit note: frozen copies, no rules of dues."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from documents.accounts import AccountKind, ReferenceKind
from documents.layout import OWN, Layout
from documents.template import Template


class Kind(StrEnum):
    """What sort of document this is."""

    INVOICE = "invoice"
    REMINDER = "reminder"
    CREDIT_NOTE = "credit note"


class IncompleteDocumentError(ValueError):
    """A document lacks something that its kind must show."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as bytes of a PNG or an SVG file; `version` changes whenever the picture does."""

    data: bytes
    version: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the document, as they were on its date.

    `address` is lines as on an envelope, without name and country; `country` is ISO 3166 and is printed only when
    sender and recipient live in different countries.
    """

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    org_number: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""


class LookError(ValueError):
    """A look that no page can be set in."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the sender's documents look: its logo, its colour (#rrggbb), which is decoration only, and its layout.

    Where there is a ``template`` of the sender's own, that sets the page.
    """

    logo: Logo | None = None
    colour: str = "#0b5c62"
    layout: Layout = OWN
    template: Template | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch("#[0-9a-fA-F]{6}", self.colour):
            raise LookError(f"Write the colour as # and six digits, for example #0b5c62, not “{self.colour}”.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `amount` in minor units, negative for a deduction.

    `member` is named when somebody pays for others; `period` is the first and last day that is charged. What is sold
    says how many of which `unit` at which price; `vat_rate` is in basis points, and the amount includes it.
    `component` is what lines are grouped by that charge the same for several members.
    """

    text: str
    amount: int
    quantity: int | Decimal | None = None
    member: str = ""
    period: tuple[dt.date, dt.date] | None = None
    unit: str = ""
    unit_price: int | None = None
    vat_rate: int = 0
    component: str = ""


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """Where the money goes and what the payer quotes; spaces and hyphens in account and reference are optional.

    `payee` is the holder of the account, where it is not the sender. A `swish` number gives a Swish code for an
    amount in kronor; an IBAN with BIC (may be empty inside the EEA) gives a SEPA code for an amount in euro.
    """

    account: str
    account_kind: AccountKind
    reference: str
    reference_kind: ReferenceKind
    bic: str = ""
    payee: str = ""
    swish: str = ""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One of the parts in which an invoice is paid: its own day and reference, and minor units.

    Of `amount`, `settled` has been paid or taken back before this document was made.
    """

    due_date: dt.date
    amount: int
    reference: str
    settled: int = 0

    @property
    def open_amount(self) -> int:
        """What remains to be paid of it."""
        return self.amount - self.settled


@dataclass(frozen=True, slots=True)
class Original:
    """The invoice that a reminder reminds of or that a credit note takes back."""

    number: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Beside:
    """What another creditor charges on the same slip: who it is, the number of its invoice, and its lines."""

    sender: Party
    number: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """An invoice, a reminder or a credit note, in the language of its recipient; amounts in minor units.

    `due_date` is the claim's own due date: a reminder shows it unchanged, and beside it `pay_by`, the day it asks
    for. A reminder's lines are what is still open. `paid` is what has been paid, `credited` what credit notes have
    taken back of the lines before this document was made. A credit note's lines are positive amounts given back; it
    asks for no payment. Where an invoice is paid in `instalments`, `payment` is how all of it is paid at once. One
    with a `fund` invites to pay more: what exceeds what is open is a gift to that. What others charge stands `beside`
    its own lines; total, paid and credited are then of all of them. A reminder or a credit note without its original,
    a document without lines or an invoice without due date raises
    `IncompleteDocumentError`.
    """

    kind: Kind
    language: str
    number: str
    date: dt.date
    currency: str
    sender: Party
    recipient: Party
    lines: tuple[Line, ...]
    due_date: dt.date | None = None
    paid: int = 0
    credited: int = 0
    payment: PaymentDetails | None = None
    look: Look = Look()
    intro: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    original: Original | None = None
    level: int = 1
    pay_by: dt.date | None = None
    instalments: tuple[Instalment, ...] = ()
    fund: str = ""
    beside: tuple[Beside, ...] = ()

    def __post_init__(self) -> None:
        if not self.lines:
            raise IncompleteDocumentError(f"Document {self.number} has no lines.")
        if self.kind is not Kind.INVOICE and self.original is None:
            raise IncompleteDocumentError(f"The {self.kind} {self.number} must name the invoice it belongs to.")
        if self.kind is not Kind.CREDIT_NOTE and self.due_date is None:
            raise IncompleteDocumentError(f"The {self.kind} {self.number} must say when it falls due.")

    @property
    def total(self) -> int:
        """The sum of all lines."""
        return sum(line.amount for line in self.charged)

    @property
    def charged(self) -> tuple[Line, ...]:
        """All lines, its own and those of others on the same slip."""
        return (*self.lines, *(line for other in self.beside for line in other.lines))

    @property
    def open_amount(self) -> int:
        """What remains to be paid; zero for a credit note, negative when too much has been paid."""
        return 0 if self.kind is Kind.CREDIT_NOTE else self.total - self.paid - self.credited

    @property
    def invites(self) -> bool:
        """Whether the payer may pay more than is asked for, as a gift."""
        return bool(self.fund) and self.open_amount > 0

    @property
    def next_instalment(self) -> Instalment | None:
        """The first that is still open, where it is paid in parts."""
        return next((one for one in self.instalments if one.open_amount > 0), None)

    @property
    def asked(self) -> int:
        """What is asked for now: what remains of the next instalment, or of all."""
        part = self.next_instalment
        return self.open_amount if part is None else part.open_amount

    @property
    def asked_by(self) -> dt.date | None:
        """By when that was to be paid."""
        part = self.next_instalment
        return self.due_date if part is None else part.due_date

    @property
    def asking(self) -> PaymentDetails | None:
        """Where that is paid, and what is quoted."""
        part = self.next_instalment
        if self.payment is None or part is None:
            return self.payment
        return replace(self.payment, reference=part.reference)
