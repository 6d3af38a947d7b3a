"""Writing pain.001 files (ISO 20022, versions 001.03 and 001.09): an order to pay money out, made with `sepaxml`.

`sepaxml` knows transfers in euro between IBANs. Orders in other currencies are written as the Nordic banks agreed on
(common implementation guidelines for pain.001): local accounts, no SEPA service, bankgiro numbers behind the
clearing number 9900. What it would make up by itself (message id, time) is given, so that an order has one spelling.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from lxml import etree
from lxml.etree import _Element as Element
from sepaxml import SepaTransfer

from bankfiles.currencies import exponent

Version: TypeAlias = Literal["001.03", "001.09"]
PayScheme: TypeAlias = Literal["IBAN", "BGNR", "PGNR", "SE", "NO"]
"""An IBAN, a Swedish bankgiro or plusgiro number, or an account number of Sweden (clearing number first) or Norway."""

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}", re.ASCII)
_NOT_SEPA: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ -]", re.ASCII)
_BLANKS: Final = re.compile(r"\s+")
_SHAPES: Final[dict[PayScheme, re.Pattern[str]]] = {
    "IBAN": re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", re.ASCII),
    "BGNR": re.compile(r"\d{7,8}", re.ASCII),
    "PGNR": re.compile(r"\d{2,8}", re.ASCII),
    "SE": re.compile(r"\d{8,16}", re.ASCII),
    "NO": re.compile(r"\d{11}", re.ASCII),
}
_CLEARING: Final[dict[PayScheme, str]] = {"BGNR": "9900", "PGNR": "9960"}
_PLACEHOLDER: Final = "SE0000000000000000"
_NAME, _TEXT, _DIGITS = 70, 140, 2


class UnwritableOrderError(ValueError):
    """An order that no bank would take; ``end_to_end_id`` names the payment, where it is about one."""

    def __init__(self, reason: str, end_to_end_id: str = "") -> None:
        super().__init__(f"{end_to_end_id}: {reason}" if end_to_end_id else reason)
        self.reason = reason
        self.end_to_end_id = end_to_end_id


@dataclass(frozen=True, slots=True)
class PayAccount:
    """Where money goes to or comes from; ``number`` without blanks and hyphens."""

    scheme: PayScheme
    number: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One payment to make: ``amount`` is in minor units of the order's currency, above nothing.

    ``end_to_end_id`` comes back in the bank's statement; at most 35 characters, unique in the order.
    """

    end_to_end_id: str
    amount: int
    name: str
    account: PayAccount
    text: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Payments of one debtor from one account on one day. ``message_id`` is at most 35 characters, unique for ever."""

    message_id: str
    created: datetime
    debtor: str
    account: PayAccount
    currency: str
    execute_on: date
    payments: Sequence[Outgoing]
    bic: str = ""


def write_pain001(order: Order, *, version: Version = "001.09") -> bytes:
    """Return the file; the same order makes the same bytes. Raises UnwritableOrderError and UnsupportedCurrency."""
    sepa = order.currency == "EUR"
    _refuse(order, sepa=sepa)
    writer = SepaTransfer(_config(order, sepa=sepa), schema=f"pain.001.{version}", clean=sepa)
    for payment in order.payments:
        writer.add_payment(_payment(payment, order, sepa=sepa))
    tree = etree.fromstring(writer.export(validate=False))
    _head(tree, order)
    _agent(_only(tree, "PmtInf/DbtrAgt"), order.account, order.bic, version)
    if not sepa:
        _locally(tree, order, version)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n"


def _refuse(order: Order, *, sepa: bool) -> None:
    if not order.payments:
        raise UnwritableOrderError("it has no payments")
    if exponent(order.currency) != _DIGITS:
        raise UnwritableOrderError(f"amounts in {order.currency} cannot be written")
    if not _IDENTIFIER.fullmatch(order.message_id):
        raise UnwritableOrderError("its message id cannot be written")
    _refuse_account(order.account, "", sepa=sepa)
    seen: set[str] = set()
    for payment in order.payments:
        _refuse_payment(payment, sepa=sepa)
        if payment.end_to_end_id in seen:
            raise UnwritableOrderError("its end-to-end id is another payment's, too", payment.end_to_end_id)
        seen.add(payment.end_to_end_id)


def _refuse_payment(payment: Outgoing, *, sepa: bool) -> None:
    if not _IDENTIFIER.fullmatch(payment.end_to_end_id):
        raise UnwritableOrderError("its end-to-end id cannot be written", payment.end_to_end_id)
    if payment.amount <= 0:
        raise UnwritableOrderError("its amount is not above nothing", payment.end_to_end_id)
    if not _said(payment.name, _NAME, sepa=False):
        raise UnwritableOrderError("it names nobody", payment.end_to_end_id)
    _refuse_account(payment.account, payment.end_to_end_id, sepa=sepa)


def _refuse_account(account: PayAccount, of: str, *, sepa: bool) -> None:
    if sepa and account.scheme != "IBAN":
        raise UnwritableOrderError("money in euro needs an IBAN", of)
    if not _SHAPES[account.scheme].fullmatch(account.number):
        raise UnwritableOrderError("its account number cannot be right", of)
    if account.scheme == "IBAN" and not _iban_agrees(account.number):
        raise UnwritableOrderError("the check digits of its IBAN do not agree", of)


def _iban_agrees(number: str) -> bool:
    """ISO 13616: moved by four characters, letters as 10-35, the number is 1 modulo 97. `sepaxml` does not check."""
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def _config(order: Order, *, sepa: bool) -> dict[str, object]:
    number = order.account.number if order.account.scheme == "IBAN" else _PLACEHOLDER
    name = _said(order.debtor, _NAME, sepa=sepa)
    return {"name": name, "IBAN": number, "batch": True, "currency": order.currency, "domestic": not sepa}


def _payment(payment: Outgoing, order: Order, *, sepa: bool) -> dict[str, object]:
    account = payment.account
    told: dict[str, object] = {
        "name": _said(payment.name, _NAME, sepa=sepa) or payment.end_to_end_id,
        "IBAN": account.number if account.scheme == "IBAN" else _PLACEHOLDER,
        "amount": payment.amount,
        "execution_date": order.execute_on,
        "description": _said(payment.text, _TEXT, sepa=sepa) or payment.end_to_end_id,
        "endtoend_id": payment.end_to_end_id,
    }
    return {**told, "BIC": payment.bic} if payment.bic else told


def _said(text: str, length: int, *, sepa: bool) -> str:
    """Return a text as a bank takes it: one line, of the letters that SEPA allows where that is asked for."""
    if sepa:
        text = _NOT_SEPA.sub(" ", _transliterated(text)).replace("//", "/ /").strip("/ ")
    plain = "".join(character if character.isprintable() else " " for character in text)
    return _BLANKS.sub(" ", plain).strip()[:length].strip()


def _transliterated(text: str) -> str:
    from text_unidecode import unidecode  # noqa: PLC0415 - reads its table of all letters when first asked for

    return str(unidecode(text))


def _head(tree: Element, order: Order) -> None:
    """Say when and under which id the order was made, and that each payment is to be booked on its own.

    Booked as one sum, a statement would not say which of them were made.
    """
    _only(tree, "GrpHdr/MsgId").text = order.message_id
    _only(tree, "GrpHdr/CreDtTm").text = order.created.replace(tzinfo=None).isoformat(timespec="seconds")
    _only(tree, "PmtInf/PmtInfId").text = order.message_id
    _only(tree, "PmtInf/BtchBookg").text = "false"


def _locally(tree: Element, order: Order, version: Version) -> None:
    """Make of a transfer between IBANs one between accounts of a country (service level NURG, shared charges)."""
    services = etree.Element(_tag(tree, "PmtTpInf"))
    etree.SubElement(etree.SubElement(services, _tag(tree, "SvcLvl")), _tag(tree, "Cd")).text = "NURG"
    _only(tree, "PmtInf/CtrlSum").addnext(services)
    _only(tree, "PmtInf/ChrgBr").text = "SHAR"
    _account(_only(tree, "PmtInf/DbtrAcct"), order.account)
    transactions = tree.iter(_tag(tree, "CdtTrfTxInf"))
    for transaction, payment in zip(transactions, order.payments, strict=True):
        _account(_child(transaction, "CdtrAcct"), payment.account)
        if payment.account.scheme in ("BGNR", "PGNR", "SE"):
            for before in transaction.findall(_tag(tree, "CdtrAgt")):
                transaction.remove(before)
            agent = etree.Element(_tag(tree, "CdtrAgt"))
            _child(transaction, "Amt").addnext(agent)
            _agent(agent, payment.account, payment.bic, version)


def _account(element: Element, account: PayAccount) -> None:
    if account.scheme == "IBAN":
        return
    held = _child(element, "Id")
    for child in list(held):
        held.remove(child)
    other = etree.SubElement(held, _tag(element, "Othr"))
    etree.SubElement(other, _tag(element, "Id")).text = account.number
    scheme = etree.SubElement(other, _tag(element, "SchmeNm"))
    if account.scheme == "BGNR":
        etree.SubElement(scheme, _tag(element, "Prtry")).text = "BGNR"
    else:
        etree.SubElement(scheme, _tag(element, "Cd")).text = "BBAN"


def _agent(agent: Element, account: PayAccount, bic: str, version: Version) -> None:
    """Name a bank: by its BIC, by the Swedish clearing number, or as not provided."""
    for child in list(agent):
        agent.remove(child)
    bank = etree.SubElement(agent, _tag(agent, "FinInstnId"))
    if bic:
        etree.SubElement(bank, _tag(agent, "BIC" if version == "001.03" else "BICFI")).text = bic
    elif account.scheme in ("BGNR", "PGNR", "SE"):
        member = etree.SubElement(bank, _tag(agent, "ClrSysMmbId"))
        etree.SubElement(etree.SubElement(member, _tag(agent, "ClrSysId")), _tag(agent, "Cd")).text = "SESBA"
        etree.SubElement(member, _tag(agent, "MmbId")).text = _CLEARING.get(account.scheme, account.number[:4])
    else:
        etree.SubElement(etree.SubElement(bank, _tag(agent, "Othr")), _tag(agent, "Id")).text = "NOTPROVIDED"


def _tag(element: Element, name: str) -> str:
    return f"{{{etree.QName(element).namespace}}}{name}"


def _child(element: Element, name: str) -> Element:
    found = element.find(_tag(element, name))
    if found is None:
        raise UnwritableOrderError(f"{name} is missing")
    return found


def _only(tree: Element, path: str) -> Element:
    place = _child(tree, "CstmrCdtTrfInitn")
    for name in path.split("/"):
        place = _child(place, name)
    return place
