"""One transaction of a camt entry (TxDtls): whose money, for what, and why it came back."""

from collections.abc import Callable

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_charges import Quoted, charges, instructed, quoted
from bankfiles.camt_values import PREFIX, local, text
from bankfiles.types import Account, Charge, Reference

NOT_GIVEN = {"", "NOTPROVIDED", "NOT PROVIDED"}


class Transaction:
    """What TxDtls says. `amount` is signed minor units in the entry's currency, None where it gives none in it.

    A plain class with shared empty defaults: a million of them are made in a row, most of them with little inside.
    """

    __slots__ = (
        "additional", "amount", "charges", "creditor", "creditor_account", "currency", "debtor", "debtor_account",
        "line", "lines", "proprietary", "rate", "references", "refs", "return_reason", "sent", "sign", "subfamily",
    )  # fmt: skip

    def __init__(self, currency: str, sign: int, line: int | None = None) -> None:
        self.currency = currency
        self.sign = sign
        self.line = line
        self.amount: int | None = None
        self.refs: dict[str, str] = {}
        self.debtor = self.creditor = self.additional = self.subfamily = self.proprietary = ""
        self.debtor_account: Account | None = None
        self.creditor_account: Account | None = None
        self.references: list[Reference] = []
        self.lines: list[str] = []
        self.return_reason: str | None = None
        self.sent: tuple[int, str] | None = None
        self.rate: Quoted | None = None
        self.charges: tuple[Charge, ...] = ()

    def ref(self, name: str) -> str | None:
        """One of the references in Refs; None also where it says that there is none."""
        found = self.refs.get(name, "")
        return None if found in NOT_GIVEN else found


def read_transaction(element: Element, currency: str, sign: int) -> Transaction:
    """TxDtls of an entry in `currency` with `sign`, both inherited unless it has its own.

    Amounts are looked for in Amt, AmtDtls/TxAmt and AmtDtls/InstdAmt, in this order.
    """
    line: int | None = element.sourceline  # type: ignore[assignment] # the published stubs say "..."
    found = Transaction(currency, sign, line)
    for part in element.iterchildren():
        handler = _PARTS.get(part.tag[PREFIX:])
        if handler is not None:
            handler(found, part)
    if found.amount is not None:
        found.amount *= found.sign
    return found


def read_amount(element: Element, currency: str, sign: int) -> int | None:
    """Only the amount of TxDtls, as `read_transaction` finds it, for adding up."""
    found = Transaction(currency, sign)
    for part in element:
        if local(part) in {"Amt", "CdtDbtInd", "AmtDtls"}:
            _PARTS[local(part)](found, part)
    return None if found.amount is None else found.amount * found.sign


def _amount(found: Transaction, part: Element) -> None:
    amount, currency = values.amount(part)
    if currency == found.currency:
        found.amount = amount


def _amount_details(found: Transaction, part: Element) -> None:
    found.sent, found.rate = instructed(part), quoted(part)
    choices = values.children(part)
    for name in ("TxAmt", "InstdAmt"):
        inner = values.child(choices.get(name), "Amt")
        if inner is not None and found.amount is None:
            _amount(found, inner)


def _sign(found: Transaction, part: Element) -> None:
    found.sign = values.sign(part)


def _refs(found: Transaction, part: Element) -> None:
    for ref in part.iterchildren():
        name = ref.tag[PREFIX:]
        found.refs[name] = (ref.text or "").strip()
        if name == "Prtry":
            found.proprietary = text(ref, "Ref")


def _parties(found: Transaction, part: Element) -> None:
    for party in part.iterchildren():
        name = party.tag[PREFIX:]
        if name == "Dbtr":
            found.debtor = _name(party)
        elif name == "DbtrAcct":
            found.debtor_account = values.account_of(party)
        elif name == "CdtrAcct":
            found.creditor_account = values.account_of(party)
        elif name == "Cdtr":
            found.creditor = _name(party)


def _name(party: Element) -> str:
    """Nm, which comes first: in the party, from version 8 on in its Pty, or for a bank in Agt/FinInstnId."""
    while len(party):
        party = party[0]
        if party.tag[PREFIX:] == "Nm":
            return (party.text or "").strip()
    return ""


def _remittance(found: Transaction, part: Element) -> None:
    for inner in part.iterchildren():
        name = inner.tag[PREFIX:]
        if name == "Ustrd":
            _line(found, inner)
        elif name == "Strd":
            _structured(found, inner)


def _line(found: Transaction, part: Element) -> None:
    if line := (part.text or "").strip():
        found.lines.append(line)


def _structured(found: Transaction, part: Element) -> None:
    """The creditor's reference, or else the number of the invoice referred to, with the part meant for it."""
    reference, document, amount = "", "", None
    for inner in part.iterchildren():
        name = inner.tag[PREFIX:]
        if name == "CdtrRefInf":
            reference = text(inner, "Ref")
        elif name == "RfrdDocInf":
            document = document or text(inner, "Nb")
        elif name == "RfrdDocAmt":
            amount = _part(found, inner)
        elif name == "AddtlRmtInf":
            _line(found, inner)
    if reference or document:
        found.references.append(Reference(reference or document, amount))


def _part(found: Transaction, amounts: Element) -> int | None:
    """RmtdAmt is paid; CdtNoteAmt is a credit note used and counts against."""
    for name, factor in (("RmtdAmt", 1), ("CdtNoteAmt", -1)):
        element = values.child(amounts, name)
        if element is not None:
            amount, currency = values.amount(element)
            return amount * factor if currency == found.currency else None
    return None


def _return(found: Transaction, part: Element) -> None:
    """The code decides; free text beside it may say otherwise and is not read."""
    reason = values.child(part, "Rsn")
    code = text(next(iter(reason), None)) if reason is not None else ""
    found.return_reason = code or "unknown"


def _charges(found: Transaction, part: Element) -> None:
    found.charges += charges(part)


def _bank_code(found: Transaction, part: Element) -> None:
    found.subfamily = values.subfamily(part)


def _additional(found: Transaction, part: Element) -> None:
    found.additional = (part.text or "").strip()


_PARTS: dict[str, Callable[[Transaction, Element], None]] = {
    "Refs": _refs,
    "Amt": _amount,
    "CdtDbtInd": _sign,
    "AmtDtls": _amount_details,
    "BkTxCd": _bank_code,
    "Chrgs": _charges,
    "RltdPties": _parties,
    "RmtInf": _remittance,
    "RtrInf": _return,
    "AddtlTxInf": _additional,
}
