"""Field 86, where every bank has a dialect: what it says of payer, purpose and return.

Sources: Deutsche Kreditwirtschaft, "DFÜ-Abkommen Anlage 3", chapter 8 (subfields "?20"; Triodos writes ">20"); the
Dutch banks' "MT940 structured" (code words between slashes: ING, Rabobank, ABN AMRO). ASN and SNS write the payer's
account and name into field 61 and repeat them at the beginning of field 86.
"""

import re
from dataclasses import dataclass

from bankfiles.accounts import is_iban
from bankfiles.mt_values import iban_in
from bankfiles.types import Account, Reference

_GERMAN = re.compile(r"\s*(\d{3})([?>])")
_SEPA = frozenset(
    {"EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "PURP", "MDAT", "RREF"}
)
_PURPOSE = frozenset([*(str(number) for number in range(20, 30)), "60", "61", "62", "63"])
_NAMES = frozenset({"32", "33"})
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
    """What a field 86 says; empty or None where it does not.

    `charge` is what the bank took for a return, as it wrote it ("3,50": COAM, the sum of its own and others' fees).
    """

    text: str = ""
    name: str = ""
    account: Account | None = None
    reference: Reference | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    return_reason: str | None = None
    returned: bool = False
    charge: str = ""


def read_text(lines: list[str]) -> Said:
    """What the lines of a field 86 say, in whichever dialect."""
    joined = "".join(lines)
    if found := _GERMAN.match(lines[0]):
        return _german(joined, found[1], found[2])
    if joined.lstrip().startswith("/") and _DUTCH.search(joined):
        return _dutch(joined)
    return Said(text="\n".join(filter(None, (line.strip() for line in lines))))


def _german(joined: str, code: str, mark: str) -> Said:
    """Subfields of two digits: 20-29 and 60-63 the purpose, 31 the account, 32 and 33 the name."""
    purpose, names, account, posting = "", "", "", ""
    parts = joined.split(mark)
    del parts[0]
    for part in parts:
        key = part[:2]
        if key in _PURPOSE:
            purpose += part[2:]
        elif key in _NAMES:
            names += part[2:]
        elif key == "31":
            account = part[2:].strip()
        elif key == "00":
            posting = part[2:].strip()
    said = Said(name=names.strip(), returned=code in _RETURNED)
    if account.strip("0"):
        said.account = Account("IBAN", account) if is_iban(account) else iban_in(account) or Account("OTHER", account)
    _sepa(said, purpose.strip())
    said.text = said.text or posting
    return said


def _sepa(said: Said, purpose: str) -> None:
    """The purpose as the payer wrote it (SVWZ+), and the references that travel with it."""
    first, values = _by_key(purpose)
    if values:
        said.end_to_end_id = _given(values.get("EREF"))
        said.mandate_id = _given(values.get("MREF"))
        said.charge = values.get("COAM", "")
    text = values.get("SVWZ", "")
    said.text = f"{first}\n{text}" if first and text else first or text


def _by_key(purpose: str) -> tuple[str, dict[str, str]]:
    """What stands before the first key ("EREF+"), and what stands behind each; the last of a key counts."""
    values: dict[str, str] = {}
    name = ""
    said, *others = purpose.split("+")
    for part in others:
        key = said[-4:] if said[-4:] in _SEPA else "BIC" if said.endswith("BIC") else ""
        if key:
            values[name] = said[: -len(key)].strip()
            name, said = key, part
        else:
            said = f"{said}+{part}"
    values[name] = said.strip()
    return values.pop("", ""), values


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
    if not value:
        return None
    plain = value.strip("/ ")
    return None if plain in _NOTHING else plain
