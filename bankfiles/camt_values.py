"""Single values of camt messages (ISO 20022 camt.052, 053 and 054): texts, amounts, signs, dates, accounts."""

from datetime import date

from lxml.etree import _Element as Element

from bankfiles.accounts import account
from bankfiles.currencies import minor_units
from bankfiles.dates import iso_date
from bankfiles.errors import UnreadableAmount, UnreadableDate, UnsupportedCurrency, WrongRecord
from bankfiles.types import Account

# Every version's namespace has this length ("{urn:...:camt.05N.001.NN}"): what follows in a tag is the local name.
# Loops that run for every transaction slice the tag themselves, which is what makes them fast.
PREFIX = len("{urn:iso:std:iso:20022:tech:xsd:camt.054.001.08}")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag[PREFIX:]


def place(element: Element) -> str:
    """Where the element stands, for a person."""
    return f"line {element.sourceline}, {local(element)}"


def children(element: Element) -> dict[str, Element]:
    """The children by local name, the first of each name."""
    found: dict[str, Element] = {}
    for child in element.iterchildren():
        found.setdefault(child.tag[PREFIX:], child)
    return found


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at a path of local names, or None."""
    for name in path:
        if element is None:
            return None
        for found in element.iterchildren():
            if found.tag[PREFIX:] == name:
                element = found
                break
        else:
            return None
    return element


def parent_of(element: Element) -> Element:
    """The element around this one."""
    parent = element.getparent()
    if parent is None:
        raise WrongRecord(place(element), "the element is out of place")
    return parent


def text(element: Element | None, *path: str) -> str:
    """The stripped text at a path of local names, empty if there is none."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""


def amount(element: Element) -> tuple[int, str]:
    """The amount in minor units, without sign, and its currency (attribute Ccy)."""
    currency = element.get("Ccy")
    if currency is None:
        raise UnsupportedCurrency(place(element), "the amount names no currency")
    return number(element, currency), currency


def number(element: Element, currency: str) -> int:
    """An amount without a currency of its own."""
    if len(element):
        raise UnreadableAmount(place(element), "the amount has elements within it")
    try:
        return minor_units(element.text, currency)
    except (UnreadableAmount, UnsupportedCurrency) as fault:
        raise fault.at(place(element)) from None


def count(element: Element) -> int:
    """A number of transactions or entries."""
    digits = (element.text or "").strip()
    if not (digits.isascii() and digits.isdigit()) or len(element):
        raise WrongRecord(place(element), '"{text}" is not a number', text=digits)
    return int(digits)


def sign(element: Element) -> int:
    """1 for money that came, -1 for money that left (CdtDbtInd).

    A reversal (RvslInd) does not turn the sign: the indicator already says where the money went (ISO 20022, usage rule
    of ReversalIndicator).
    """
    found = _SIGNS.get((element.text or "").strip())
    if found is None:
        raise WrongRecord(place(element), '"{text}" is neither CRDT nor DBIT', text=element.text or "")
    return found


def truth(element: Element | None) -> bool:
    """An indicator; an absent one is false."""
    if element is None:
        return False
    found = _TRUTHS.get((element.text or "").strip())
    if found is None:
        raise WrongRecord(place(element), '"{text}" is neither true nor false', text=element.text or "")
    return found


def day(element: Element | None) -> date | None:
    """The date in a DateAndDateTimeChoice (Dt or DtTm) or in the element itself; None without one."""
    if element is None:
        return None
    inner = next(iter(element), element)
    try:
        return iso_date((inner.text or "").strip())
    except UnreadableDate as fault:
        raise fault.at(place(element)) from None


def subfamily(element: Element | None) -> str:
    """The most specific part of a BkTxCd, Domn/Fmly/SubFmlyCd, where the schema has it; empty if there is none."""
    if element is None or not len(element) or len(element[0]) < 2 or len(element[0][1]) < 2:  # noqa: PLR2004 - Cd is first
        return ""
    return (element[0][1][1].text or "").strip()


def account_of(element: Element) -> Account | None:
    """A CashAccount: Id/IBAN, or Id/Othr with Id and SchmeNm, where the schema has them first.

    Swedish banks mark a bankgiro number by SchmeNm/Prtry BGNR.
    """
    if not len(element) or not len(element[0]):
        return None
    kind = element[0][0]
    name = kind.tag[PREFIX:]
    if name == "IBAN":
        return account("IBAN", kind.text or "")
    if name != "Othr" or not len(kind):
        return None
    scheme = kind[1][0] if len(kind) > 1 and len(kind[1]) else None
    return account("" if scheme is None else scheme.text or "", kind[0].text or "")
