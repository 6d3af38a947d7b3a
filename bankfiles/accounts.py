"""Account numbers in one spelling, so that the same account compares equal in every format."""

import re

from bankfiles.types import Account, Scheme

_LENGTHS = range(11, 31)  # of the domestic part
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", re.ASCII)
_SCHEMES: dict[str, Scheme] = {"BGNR": "BGNR", "PGNR": "PGNR", "IBAN": "IBAN"}
_DIGITS = {code: str(int(chr(code), 36)) for code in range(ord("A"), ord("Z") + 1)}
_COUNTRIES = {chr(one) + chr(two): _DIGITS[one] + _DIGITS[two] for one in _DIGITS for two in _DIGITS}
_BLANKS = str.maketrans("", "", " -\u00a0\t\r\n")


def account(scheme: str, number: str) -> Account | None:
    """The account, or None for a number of nothing but zeros and blanks (formats write those for "unknown").

    Schemes other than IBAN, BGNR and PGNR become OTHER; an IBAN with right check digits is one whatever the scheme
    says, since banks also deliver it as a local number.
    """
    kept: Scheme = _SCHEMES.get(scheme) or _SCHEMES.get(scheme.strip().upper(), "OTHER")
    plain = number if number.isalnum() else number.translate(_BLANKS)
    if kept in {"BGNR", "PGNR"}:
        plain = plain.lstrip("0")
    elif kept == "IBAN" or is_iban(plain.upper()):
        kept, plain = "IBAN", plain.upper()
    return Account(kept, plain) if plain.strip("0") else None


def as_iban(country: str, bban: str) -> Account:
    """The IBAN of a domestic number (BBAN) that has the country's full length, with its check digits (ISO 13616)."""
    return Account("IBAN", f"{country}{98 - _modulo_97(f'{bban}{country}00'):02}{bban}")


def is_iban(number: str) -> bool:
    """ISO 13616: the number, its first four characters moved to the end and letters as 10-35, is 1 modulo 97."""
    country, own = _COUNTRIES.get(number[:2]), number[4:]
    if country is None:
        return False
    if number[2:].isdigit() and number.isascii():  # letters stand at its beginning only: most countries' are so
        return len(own) in _LENGTHS and int(own + country + number[2:4]) % 97 == 1
    if not _IBAN.fullmatch(number):
        return False
    return _modulo_97(number[4:] + number[:4]) == 1


def _modulo_97(number: str) -> int:
    """The remainder of a number whose letters stand for 10 to 35."""
    return int(number.translate(_DIGITS)) % 97
