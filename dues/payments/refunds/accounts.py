"""Accounts that money goes back to, as people write them and as banks take them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum import luhn
from stdnum.no import kontonr

from dues.groups.models import BankAgreement, Creditor
from dues.payments.refunds.errors import WrongPayoutAccountError
from dues.payments.refunds.models import PayoutScheme, Refund

_BLANKS: Final = str.maketrans("", "", " .\u00a0")
_PREFIXES: Final = (
    (("BANKGIRO", "BGNR", "BG"), PayoutScheme.BANKGIRO),
    (("PLUSGIRO", "PGNR", "PG"), PayoutScheme.PLUSGIRO),
)
_BANKGIRO, _PLUSGIRO, _SWEDISH = range(7, 9), range(2, 9), range(9, 16)
_NEEDS_IBAN: Final = "EUR"


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    """An account in the spelling that banks take: ``number`` without blanks and hyphens."""

    scheme: PayoutScheme
    number: str


def payout_account(written: str, *, country: str, currency: str) -> PayoutAccount:
    """Read an account number: an IBAN anywhere, besides those that are customary in a creditor's country.

    In Sweden a bankgiro or plusgiro number (with its hyphen, or named: "BG 5050-1055") and an account with its clearing
    number, in Norway an account of 11 digits. Euro go to IBANs alone. Raises WrongPayoutAccountError.
    """
    text = written.translate(_BLANKS).upper()
    found = _iban(text)
    if found is None and currency != _NEEDS_IBAN:
        found = _swedish(text) if country == "SE" else _norwegian(text) if country == "NO" else None
    if found is None:
        raise WrongPayoutAccountError(written)
    return found


def payout_account_or_none(written: str | None, *, country: str, currency: str) -> PayoutAccount | None:
    """Return the account, None for what is none: what a bank says of a payer need not be one that money goes to."""
    try:
        return payout_account(written or "", country=country, currency=currency)
    except WrongPayoutAccountError:
        return None


def own_account(session: Session, *, refund: Refund) -> str:
    """Return whose of this organisation the account is that a refund goes to; empty where it is somebody else's.

    Money that goes from one's own account to one's own is a slip, or worse.
    """
    if refund.number is None:
        return ""
    bare = func.replace(func.replace(BankAgreement.number, " ", ""), "-", "")
    iban = func.replace(func.coalesce(BankAgreement.iban, ""), " ", "")
    named = (iban == refund.number) | (
        (BankAgreement.scheme == _AGREEMENTS.get(refund.scheme, "")) & (bare == refund.number)
    )
    if refund.scheme is PayoutScheme.SWEDISH:  # the account itself is within its IBAN: SE, two digits, and its number
        named = BankAgreement.iban.like("SE%") & (func.right(iban, len(refund.number)) == refund.number)
    wanted = select(Creditor.name).join(BankAgreement, BankAgreement.creditor_id == Creditor.id).where(named)
    return session.scalar(wanted.limit(1)) or ""


_AGREEMENTS: Final[Mapping[PayoutScheme | None, str]] = {
    PayoutScheme.IBAN: "IBAN",
    PayoutScheme.BANKGIRO: "BGNR",
    PayoutScheme.PLUSGIRO: "PGNR",
    PayoutScheme.NORWEGIAN: "BBAN",
}


def _iban(text: str) -> PayoutAccount | None:
    number = text.replace("-", "")
    if not number[:2].isalpha():
        return None
    try:
        IBAN(number, validate_bban=False)
    except SchwiftyException:
        return None
    return PayoutAccount(PayoutScheme.IBAN, number)


def _swedish(text: str) -> PayoutAccount | None:
    named = next(((name, scheme) for names, scheme in _PREFIXES for name in names if text.startswith(name)), None)
    plain = (text[len(named[0]) :] if named else text).lstrip(":")
    number = plain.replace("-", "").replace(",", "")
    if not (number.isascii() and number.isdecimal()):
        return None
    if named is not None:
        return _giro(named[1], number)
    before, hyphen, after = plain.partition("-")
    if hyphen and len(after) == 1 and len(number) in _PLUSGIRO:
        return _giro(PayoutScheme.PLUSGIRO, number)
    if len(number) in _BANKGIRO and (len(after) == 4 or not hyphen):  # noqa: PLR2004 -- NNN-NNNN, NNNN-NNNN
        return _giro(PayoutScheme.BANKGIRO, number)
    return PayoutAccount(PayoutScheme.SWEDISH, number) if len(number) in _SWEDISH and before else None


def _giro(scheme: PayoutScheme, number: str) -> PayoutAccount | None:
    long = len(number) in (_BANKGIRO if scheme is PayoutScheme.BANKGIRO else _PLUSGIRO)
    return PayoutAccount(scheme, number) if long and luhn.is_valid(number) else None


def _norwegian(text: str) -> PayoutAccount | None:
    number = text.replace("-", "")
    return PayoutAccount(PayoutScheme.NORWEGIAN, number) if kontonr.is_valid(number) else None
