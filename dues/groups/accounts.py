"""Account numbers as bank agreements keep them: one spelling, check digits proved."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import luhn
from stdnum.no import kontonr

from dues.groups.errors import AccountNumberError

_BANKGIRO_DIGITS = range(7, 9)
_PLUSGIRO_DIGITS = range(2, 9)


def account_number(scheme: str, written: str) -> str:
    """Return an account's number without blanks, hyphens and full stops, as bank files give it.

    BGNR and PGNR are Bankgirot's and Plusgirot's numbers (7 to 8 and 2 to 8 digits, Luhn), BBAN is a Norwegian
    account (11 digits, modulus 11), IBAN is ISO 13616. Raises AccountNumberError.
    """
    number = "".join(character for character in written if character not in " -.\u00a0").upper()
    if not _valid(scheme, number):
        raise AccountNumberError(scheme, written)
    return number


def _valid(scheme: str, number: str) -> bool:
    match scheme:
        case "BGNR":
            return len(number) in _BANKGIRO_DIGITS and _passes_luhn(number)
        case "PGNR":
            return len(number) in _PLUSGIRO_DIGITS and _passes_luhn(number)
        case "BBAN":
            return bool(kontonr.is_valid(number))
        case "IBAN":
            return _is_iban(number)
        case _:
            return False


def _passes_luhn(number: str) -> bool:
    return bool(luhn.is_valid(number))


def _is_iban(number: str) -> bool:
    # The check of national rules reads tables that differ from bank to bank; ISO's own check digits are enough.
    try:
        IBAN(number, validate_bban=False)
    except SchwiftyException:
        return False
    return True


def bank_of(iban: str | None) -> str | None:
    """Return the BIC of the bank that an IBAN is of, None where that is not known."""
    if iban is None:
        return None
    bic = IBAN(iban, allow_invalid=True).bic
    return None if bic is None else str(bic.compact)
