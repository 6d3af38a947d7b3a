"""Transactions of a camt file that look alike: one pattern reads them all, instead of element by element.

Most transactions of a file differ in nothing but their texts. The first of a kind becomes a pattern, and the ordinary
reader reads it once with marks in place of its texts: where a mark arrives, that text belongs. What does not fit a
pattern to the last character is left to the ordinary reader.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bankfiles.camt_entry import Entry
from bankfiles.camt_specimen import Plan, mark, marked_amount
from bankfiles.camt_straight import Straight, straight
from bankfiles.camt_transaction import Transaction, read_transaction
from bankfiles.currencies import EXPONENTS
from bankfiles.errors import BankFileError
from bankfiles.parser import new_parser

Texts = tuple[str, ...]
Make = Callable[[Texts, int], Transaction]

# Texts that every transaction has of its own. All others (codes, signs, schemes) decide what is read and how, and are
# therefore part of the pattern.
_OWN = {
    "AcctOwnrTxId", "AcctSvcrRef", "AddtlRmtInf", "AddtlTxInf", "AdrLine", "BldgNb", "ChqNb", "ClrSysRef", "EndToEndId",
    "IBAN", "Id", "InstrId", "MndtId", "MsgId", "Nb", "Nm", "PmtInfId", "PrcgId", "PstCd", "Ref", "StrtNm", "TwnNm",
    "TxId", "UETR", "Ustrd",
}  # fmt: skip
_DECIDING = ("BkTxCd", "RtrInf", "SchmeNm")  # elements in which every text is a code
_BLANKS = r"[ \t\r\n]*"
_INNER = r"[^<>&\x00-\x1f\ufffe\uffff]"
_EDGE = r"[^<>&\x00-\x1f\ufffe\uffff\s]"
_TEXT = rf"({_EDGE}(?:{_INNER}*{_EDGE})?)"
_TAG = re.compile(rf'(<(/?)([A-Za-z0-9]+)(?: Ccy="([A-Z]{{3}})")?>)((?:{_INNER}|[\t\r\n])*)')
_END = "</TxDtls>"
_LONGEST = 20_000  # characters; a longer transaction is not worth a pattern


@dataclass(slots=True)
class Alike:
    """A kind of transaction.

    `match` finds one at a place of a text, together with the white space after it; the groups are its texts.
    """

    match: Callable[[str, int], re.Match[str] | None]
    specimen: bytes
    _plans: dict[tuple[str, int], Plan] = field(default_factory=dict)
    _straight: tuple[Entry, Straight] | None = None

    def make(self, currency: str, sign: int) -> Make:
        """What makes a transaction of texts and a line number, in an entry of `currency` with `sign`."""
        return self._plan(currency, sign).make

    def straight(self, entry: Entry) -> Straight:
        """What makes a payment of an entry straight of texts; remembered as long as the entry is the same."""
        if self._straight is None or self._straight[0] is not entry:
            self._straight = entry, straight(entry, self._plan(entry.currency, entry.sign))
        return self._straight[1]

    def _plan(self, currency: str, sign: int) -> Plan:
        found = self._plans.get((currency, sign))
        if found is None:
            found = self._plans[currency, sign] = Plan.of(_read(self.specimen, currency, sign))
        return found


def learn(namespace: str, text: str, start: int) -> Alike | None:
    """The kind of the TxDtls at a place of a file's text; None where anything about it is unusual."""
    end = text.find(_END, start) + len(_END)
    if not len(_END) <= end - start <= _LONGEST:
        return None
    tags = list(_TAG.finditer(text, start, end))
    if sum(len(tag[0]) for tag in tags) != end - start or not _balanced(tags):
        return None
    pieces = list(_pieces(tags))
    pattern = re.compile("".join([piece[0] for piece in pieces]) + _BLANKS)
    found = Alike(pattern.match, _document(namespace, _marked(pieces)))
    return found if _reads_alike(found, _document(namespace, text[start:end]), text, start) else None


def _balanced(tags: list[re.Match[str]]) -> bool:
    within: list[str] = []
    for tag in tags:
        if not tag[2]:
            within.append(tag[3])
        elif not within or within.pop() != tag[3]:
            return False
    return not within


def _pieces(tags: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """For each tag with the text after it its pattern, and its specimen (NUL for a text, SOH for an amount)."""
    within: list[str] = []
    for tag, after in pairwise([*tags, None]):
        assert tag is not None  # noqa: S101 - only the last of all pairs ends with None
        whole, closing, name, currency, text = tag.groups()
        leaf = not closing and after is not None and bool(after[2])
        if closing:
            within.pop()
        else:
            within.append(name)
        if not leaf:
            yield re.escape(whole) + _BLANKS, whole
        elif currency in EXPONENTS:
            digits = EXPONENTS[currency]
            yield f"{re.escape(whole)}([0-9]{{1,15}}{rf'[.][0-9]{{{digits}}}' if digits else ''})", whole + "\1"
        elif name in _OWN and text.strip() and not any(code in within for code in _DECIDING):
            yield re.escape(whole) + _TEXT, whole + "\0"
        else:
            yield re.escape(whole + text), whole + text


def _marked(pieces: list[tuple[str, str]]) -> str:
    written, group = [], 0
    for _, piece in pieces:
        written.append(piece.replace("\0", mark(group)).replace("\1", marked_amount(group)))
        group += piece[-1] in "\0\1"
    return "".join(written)


def _document(namespace: str, inner: str) -> bytes:
    return f'<Document xmlns="{namespace}">{inner}</Document>'.encode()


def _read(document: bytes, currency: str, sign: int) -> Transaction:
    parser = new_parser("end")
    parser.feed(document)
    return read_transaction(parser.close()[0], currency, sign)


def _reads_alike(kind: Alike, document: bytes, text: str, start: int) -> bool:
    """Whether a pattern finds what it was made of, and reads in it what the ordinary reader reads."""
    found = kind.match(text, start)
    if found is None:
        return False
    currencies = {*re.findall(r'Ccy="(\w+)"', found[0]), "EUR"} & EXPONENTS.keys()
    try:
        return all(
            _said(kind.make(currency, 1)(found.groups(), 1)) == _said(_read(document, currency, 1))
            for currency in currencies
        )
    except (BankFileError, LookupError):
        return False


def _said(transaction: Transaction) -> list[object]:
    return [getattr(transaction, name) for name in Transaction.__slots__]
