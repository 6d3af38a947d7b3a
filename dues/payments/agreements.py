"""Bank agreements as officers set them up: what payers have read, and what bank files were booked by, stays."""

import re
from typing import Final, TypedDict, Unpack

from schwifty import BIC
from schwifty.exceptions import SchwiftyException
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dues.editing import EditingError, FixedError, GoneError, held, remove
from dues.groups.accounts import account_number, bank_of
from dues.groups.errors import ReferenceKindError, ReferenceLengthError
from dues.groups.establish import REFERENCE_LENGTHS, AgreementTerms, refuse_account, step_back
from dues.groups.models import BankAgreement, Creditor, Payee, ReferenceKind
from dues.journal.chart import add_bank, add_currency
from dues.journal.models import Account, AccountRole
from dues.payments.models import BankSection

FIXED: Final = ("scheme", "number", "iban", "currency", "reference_kind", "reference_length", "length_digit")
"""What stands on documents and in bank files: fixed once the agreement is used."""

_FIT: Final = {
    "BGNR": (ReferenceKind.OCR,),
    "PGNR": (ReferenceKind.OCR,),
    "BBAN": (ReferenceKind.KID, ReferenceKind.RF),
    "IBAN": (ReferenceKind.RF, ReferenceKind.KID),
}
_SWISH: Final = re.compile(r"123\d{7}")


class BicError(EditingError):
    """A bank's code is not written as one."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written!r} is no BIC. It has 8 or 11 letters and digits.")


class SwishNumberError(EditingError):
    """No number of an organisation at Swish."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written!r} is no Swish number of an organisation. It has ten digits and begins with 123.")


class OnlyPreferredError(EditingError):
    """Invoices need one account to ask for money on: another one has to take its place."""

    def __init__(self) -> None:
        super().__init__("Invoices ask for money on this account. Prefer another one instead.")


class AgreementChanges(TypedDict, total=False):
    """What can be changed of an agreement; all but BIC, Swish number and preference only until it is used."""

    scheme: str
    number: str
    iban: str
    bic: str
    currency: str
    swish_number: str
    reference_kind: ReferenceKind
    reference_length: int
    length_digit: bool
    preferred: bool


def is_used(session: Session, *, agreement_id: int) -> bool:
    """Tell whether documents show the agreement's account, or bank files have come for it."""
    marks = (Payee.agreement_id, BankSection.agreement_id)
    return any(session.scalar(select(exists().where(column == agreement_id))) for column in marks)


def open_agreement(session: Session, *, creditor_id: int, **terms: Unpack[AgreementTerms]) -> BankAgreement:
    """Add an account of a creditor, with what its currency needs in the books.

    Raises what `add_agreement` raises, ReferenceKindError, BicError and SwishNumberError.
    """
    creditor = session.get(Creditor, creditor_id, with_for_update={"key_share": True})
    if creditor is None:
        raise GoneError("creditor")
    currency = terms.get("currency", creditor.currency)
    opened = select(Account.id).where(
        Account.creditor_id == creditor.id, Account.role == AccountRole.UNIDENTIFIED, Account.currency == currency
    )
    checked = _checked(terms["scheme"], terms["reference_kind"], terms.get("bic", ""), terms.get("swish_number", ""))
    if session.scalar(opened) is None:
        add_currency(session, creditor=creditor, currency=currency)
    agreement = add_bank(session, creditor=creditor, **terms)
    agreement.bic, agreement.swish_number = checked
    agreement.bic = agreement.bic or bank_of(agreement.iban)
    session.flush()
    return agreement


def _checked(scheme: str, kind: ReferenceKind, bic: str, swish: str) -> tuple[str | None, str | None]:
    """Return BIC and Swish number as they are kept; refuse what goes with no account of this scheme."""
    if kind not in _FIT.get(scheme, ()):
        raise ReferenceKindError(kind, scheme)
    return _bic(bic), _swish(swish)


def _bic(written: str) -> str | None:
    code = "".join(written.split()).upper()
    if not code:
        return None
    try:
        return str(BIC(code).compact)
    except SchwiftyException as error:
        raise BicError(written) from error


def _swish(written: str) -> str | None:
    digits = re.sub(r"[ -]", "", written)
    if digits and not _SWISH.fullmatch(digits):
        raise SwishNumberError(written)
    return digits or None


def change_agreement(session: Session, *, agreement_id: int, **changes: Unpack[AgreementChanges]) -> BankAgreement:
    """Change an agreement. Raises what `open_agreement` raises, OnlyPreferredError and an EditingError."""
    agreement = held(session, BankAgreement, agreement_id)
    wanted = _as_kept(agreement, changes)
    for field in FIXED:
        before = getattr(agreement, field)
        if before not in (None, wanted.get(field, before)) and is_used(session, agreement_id=agreement_id):
            raise FixedError(field, "documents show it, or bank files came for it")
    _prefer(session, agreement, preferred=bool(wanted.pop("preferred", agreement.preferred)))
    moved = (agreement.scheme, agreement.number, agreement.currency)
    for field, value in wanted.items():
        setattr(agreement, field, value)
    if (agreement.scheme, agreement.number, agreement.currency) != moved:
        refuse_account(session, agreement)
    session.flush()
    return agreement


def _as_kept(agreement: BankAgreement, changes: AgreementChanges) -> dict[str, object]:
    """Return the changes in the spelling that is kept; a currency of an account that has its own books stays."""
    scheme = changes.get("scheme", agreement.scheme)
    kept: dict[str, object] = dict(changes)
    kept["number"] = account_number(scheme, changes.get("number", agreement.number))
    iban = kept["number"] if scheme == "IBAN" else changes.get("iban", agreement.iban or "")
    kept["iban"] = account_number("IBAN", str(iban)) if iban else None
    kind = changes.get("reference_kind", agreement.reference_kind)
    bic, swish = changes.get("bic", agreement.bic or ""), changes.get("swish_number", agreement.swish_number or "")
    kept["bic"], kept["swish_number"] = _checked(scheme, kind, bic, swish)
    if changes.get("reference_length", REFERENCE_LENGTHS[0]) not in REFERENCE_LENGTHS:
        raise ReferenceLengthError(changes["reference_length"])
    if changes.get("currency", agreement.currency) != agreement.currency:
        raise FixedError("currency", "its ledger account is kept in it; add another agreement for another currency")
    return kept


def _prefer(session: Session, agreement: BankAgreement, *, preferred: bool) -> None:
    if agreement.preferred and not preferred:
        raise OnlyPreferredError
    if preferred and not agreement.preferred:
        step_back(session, agreement)
        agreement.preferred = True


def remove_agreement(session: Session, *, agreement_id: int) -> None:
    """Take an agreement away that was never used; its ledger account stays in the chart. Raises an EditingError."""
    agreement = held(session, BankAgreement, agreement_id)
    remove(session, agreement)
