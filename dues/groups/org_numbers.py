"""Organisation numbers as their countries give them, checked where they can be."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from stdnum import get_cc_module
from stdnum.de import handelsregisternummer, stnr
from stdnum.de import vat as german_vat
from stdnum.no import orgnr as norwegian
from stdnum.se import orgnr as swedish

from dues.groups.errors import OrgNumberError

_LONGEST: Final = 40
_CHAMBER_OF_COMMERCE: Final = re.compile(r"\d{8}")
# An association of Germany gives its register's number, most often without the name of the court.
_REGISTER: Final = re.compile(r"(?:.+[ ,])?(?:VR|HRA|HRB|GNR|PR) ?\d{1,6}(?: ?[A-Z]{1,3})?", re.IGNORECASE)


def org_number(country: str, written: str) -> str:
    """Return an organisation's number with its blanks folded; raise OrgNumberError where the country gives none such.

    Sweden and Norway have check digits; the Netherlands' chamber of commerce gives eight digits; Germany has numbers
    of registers and of tax offices. Elsewhere anything is taken.
    """
    number = " ".join(written.split())
    if not number or len(number) > _LONGEST or not _CHECKS.get(country, _anything)(number):
        raise OrgNumberError(country, written)
    return number


def _dutch(number: str) -> bool:
    return bool(_CHAMBER_OF_COMMERCE.fullmatch(number.replace(" ", ""))) or _vat("NL", number)


def _german(number: str) -> bool:
    found = _REGISTER.fullmatch(number) is not None or handelsregisternummer.is_valid(number)
    return bool(found or stnr.is_valid(number) or german_vat.is_valid(number))


def _vat(country: str, number: str) -> bool:
    module = get_cc_module(country, "vat")
    return module is not None and bool(module.is_valid(number))


def _anything(_number: str) -> bool:
    return True


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "SE": lambda number: bool(swedish.is_valid(number)),
    "NO": lambda number: bool(norwegian.is_valid(number)),
    "NL": _dutch,
    "DE": _german,
}
