"""Field 86, where every bank has a dialect: what it says of payer, purpose and return.

Sources: Deutsche Kreditwirtschaft, "DFÜ-Abkommen Anlage 3", chapter 8 (subfields "?20"; Triodos writes ">20"); the
Dutch banks' "MT940 structured" (code words between slashes: ING, Rabobank, ABN AMRO). ASN and SNS write the payer's
account and name into field 61 and repeat them at the beginning of field 86.
"""

import re
from dataclasses import dataclass

from bankfiles.mt_values import iban_in
from bankfiles.types import Account, Reference

_GERMAN = re.compile(r"\s*(\d{3})([?>])")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|MDAT|RREF)\+")
_PURPOSE = frozenset([*(str(number) for number in range(20, 30)), "60", "61", "62", "63"])
_CODES = (
    "TRTP|EREF|PREF|IREF|MARF|CSID|CNTP|REMI|RTRN|IBAN|BIC|NAME|ADDR|ORDP|BENM|ISDT|PURP|ULTC|ULTD|ULTB|TRCD|CHGS|"
    "EXCH|OCMT|ACCW|SUM|ID|CREF|BUSP|SVCL|CHID|TRDT"
)
_DUTCH = re.compile(rf"/({_CODES})/")
_RETURNED = frozenset({"009", "059", "108", "109", "159"})  # German transaction codes of returned debits and transfers
_REASON = re.compile(r"[A-Z]{2}\d\d", re.ASCII)
_NOTHING = frozenset({"", "NOTPROVIDED", "NONREF"})


@dataclass(slots=True)
class Said:
    """What a field 86 says; empty or None where it does not."""

    text: str = ""
    name: str = ""
    account: Account | None = None
    reference: Reference | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    return_reason: str | None = None
    returned: bool = False


def read_text(lines: list[str]) -> Said:
    """What the lines of a field 86 say, in whichever dialect."""
    if found := _GERMAN.match(lines[0]):
        return _german("".join(lines), found[1], found[2])
    joined = "".join(lines)
    if joined.lstrip().startswith("/") and _DUTCH.search(joined):
        return _dutch(joined)
    return Said(text="\n".join(filter(None, (line.strip() for line in lines))))


def _german(joined: str, code: str, mark: str) -> Said:
    """Subfields of two digits: 20-29 and 60-63 the purpose, 31 the account, 32 and 33 the name."""
    purpose, names, account, posting = [], [], "", ""
    for part in joined.split(mark)[1:]:
        key, value = part[:2], part[2:]
        if key in _PURPOSE:
            purpose.append(value)
        elif key in {"32", "33"}:
            names.append(value)
        elif key == "31":
            account = value.strip()
        elif key == "00":
            posting = value.strip()
    said = Said(name="".join(names).strip(), returned=code in _RETURNED)
    if account.strip("0"):
        said.account = iban_in(account) or Account("OTHER", account)
    _sepa(said, "".join(purpose).strip())
    said.text = said.text or posting
    return said


def _sepa(said: Said, purpose: str) -> None:
    """The purpose as the payer wrote it (SVWZ+), and the references that travel with it."""
    parts = _SEPA.split(purpose)
    values = dict(zip(parts[1::2], (value.strip() for value in parts[2::2]), strict=True))
    said.end_to_end_id = _given(values.get("EREF"))
    said.mandate_id = _given(values.get("MREF"))
    said.text = "\n".join(filter(None, (parts[0].strip(), values.get("SVWZ", ""))))


def _dutch(joined: str) -> Said:
    """Code words between slashes: the text after one belongs to it, up to the next."""
    parts = _DUTCH.split(joined)
    values = dict(zip(parts[1::2], (value.strip() for value in parts[2::2]), strict=True))
    said = Said(
        name=values.get("NAME", "").strip("/ "),
        account=iban_in(values.get("IBAN", "").strip("/ ")),
        end_to_end_id=_given(values.get("EREF")),
        mandate_id=_given(values.get("MARF")),
    )
    if other := values.get("CNTP"):
        number, _, rest = other.partition("/")
        said.account = said.account or iban_in(number)
        said.name = said.name or rest.partition("/")[2].split("/")[0].strip()
    if (reason := values.get("RTRN")) is not None:
        said.returned = True
        said.return_reason = reason.strip("/ ") if _REASON.fullmatch(reason.strip("/ ")) else None
    _remittance(said, values.get("REMI", ""))
    return said


def _remittance(said: Said, remittance: str) -> None:
    """After REMI: "USTD//text", "STRD/CUR/reference" (the Dutch "betalingskenmerk", or SCOR), or the text alone."""
    kind, _, rest = remittance.partition("/")
    if kind == "STRD":
        issuer, _, reference = rest.partition("/")
        value = (reference or issuer).strip("/ ")
        said.reference = Reference(value) if value else None
    else:
        said.text = (rest if kind == "USTD" else remittance).strip("/ ")


def _given(value: str | None) -> str | None:
    plain = (value or "").strip("/ ")
    return None if plain in _NOTHING else plain
