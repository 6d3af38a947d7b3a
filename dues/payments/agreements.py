"""Bank agreements as officers set them up: what payers have read, and what bank files were booked by, stays."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final, TypedDict, Unpack, cast

from schwifty import BIC
from schwifty.exceptions import SchwiftyException
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from dues.access.approvals import propose
from dues.access.models import Approval
from dues.access.people import holders
from dues.access.permissions import Permission
from dues.actor import Actor
from dues.delivery.staff_mail import tell_of
from dues.editing import EditingError, FixedError, GoneError, held, remove
from dues.groups.accounts import account_number, bank_of
from dues.groups.errors import ReferenceKindError, ReferenceLengthError
from dues.groups.establish import REFERENCE_LENGTHS, AgreementTerms, hidden_account_refused, refuse_account, step_back
from dues.groups.models import BankAgreement, Creditor, Group, Payee, ReferenceKind
from dues.journal.chart import add_bank, add_currency
from dues.journal.models import Account, AccountRole
from dues.payments.models import BankSection
from dues.trial import try_out

FIXED: Final = ("scheme", "number", "iban", "currency", "reference_kind", "reference_length", "length_digit")
"""What stands on documents and in bank files: fixed once the agreement is used."""

SENT_TO: Final = ("scheme", "number", "iban", "bic", "swish_number")
"""Where members send their money."""

KIND: Final = "account"
"""What a change of account is called among approvals."""

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


class OtherAccountError(EditingError):
    """The account is not the one that was proposed: somebody changed it while it waited for a second person."""

    def __init__(self) -> None:
        super().__init__("This account has been changed since it was proposed.")


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
    there = {name: str(wanted.get(name, getattr(agreement, name))) for name in ("scheme", "number", "currency")}
    with hidden_account_refused(session, **there):
        for field, value in wanted.items():
            setattr(agreement, field, value)
        if (agreement.scheme, agreement.number, agreement.currency) != moved:
            refuse_account(session, agreement)
    return agreement


def offer_agreement(
    session: Session,
    *,
    creditor_id: int,
    by: Actor,
    proposer: int,
    on: dt.date,
    first_waits: bool = False,
    **terms: Unpack[AgreementTerms],
) -> tuple[BankAgreement, Approval | None]:
    """Add an account; that invoices ask for money on it instead of another one waits for a second person.

    A creditor's first account waits, too, where ``first_waits``, and where its members paid to the account of a
    creditor above it until now. Raises what `open_agreement` raises.
    """
    wanted = terms.get("preferred", True)
    there = terms.get("currency") or session.scalar(select(Creditor.currency).where(Creditor.id == creditor_id))
    first = preferred_of(session, creditor_id=creditor_id, currency=there or "") is None
    if not wanted or (first and not first_waits and not _paid_above(session, creditor_id=creditor_id)):
        return open_agreement(session, creditor_id=creditor_id, **terms), None
    terms["preferred"] = False
    agreement = open_agreement(session, creditor_id=creditor_id, **terms)
    return agreement, _propose(session, agreement, {"preferred": True}, by=by, proposer=proposer, on=on)


def offer_change(
    session: Session,
    *,
    agreement_id: int,
    by: Actor,
    proposer: int,
    on: dt.date,
    **changes: Unpack[AgreementChanges],
) -> Approval | None:
    """Change an agreement; what changes where members send their money waits for a second person.

    Raises what `change_agreement` raises, also for what waits.
    """
    agreement = held(session, BankAgreement, agreement_id)
    kept = _as_kept(agreement, changes)
    moves = [name for name in SENT_TO if name in kept and kept[name] != getattr(agreement, name)]
    prefers = bool(changes.get("preferred", agreement.preferred)) and not agreement.preferred
    waits: AgreementChanges = {}
    if agreement.preferred and moves:
        whole = cast("AgreementChanges", dict(changes))
        try_out(session, lambda: change_agreement(session, agreement_id=agreement_id, **whole))
        waits = cast("AgreementChanges", {name: value for name, value in changes.items() if name in SENT_TO})
        changes = cast("AgreementChanges", {name: value for name, value in changes.items() if name not in SENT_TO})
    elif prefers:
        waits, changes["preferred"] = {"preferred": True}, False
    change_agreement(session, agreement_id=agreement_id, **changes)
    return _propose(session, agreement, waits, by=by, proposer=proposer, on=on) if waits else None


def preferred_of(session: Session, *, creditor_id: int, currency: str) -> BankAgreement | None:
    """Return the agreement whose account invoices of a creditor ask for money on."""
    return session.scalar(
        select(BankAgreement).where(
            BankAgreement.creditor_id == creditor_id, BankAgreement.currency == currency, BankAgreement.preferred
        )
    )


def change_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Change the account that a second person has agreed to; raise OtherAccountError where it is another one by now."""
    agreement = held(session, BankAgreement, payload["agreement"])
    if payload.get("account", _account(agreement)) != _account(agreement):
        raise OtherAccountError
    change_agreement(session, agreement_id=payload["agreement"], **payload["changes"])


def _propose(
    session: Session, agreement: BankAgreement, waits: AgreementChanges, *, by: Actor, proposer: int, on: dt.date
) -> Approval:
    """Write down what waits, and tell all who may agree to it."""
    group = session.scalars(select(Creditor.group_id).where(Creditor.id == agreement.creditor_id)).one()
    # An account that no invoice shows is changed freely: what is agreed to is the one that was proposed.
    payload = {"agreement": agreement.id, "changes": dict(waits), "account": _account(agreement)}
    asked = {"permission": Permission.ACCOUNTS_CHANGE, "group_id": group}
    approval = propose(session, kind=KIND, payload=payload, by=proposer, **asked)  # type: ignore[arg-type]  # each by its name
    told = holders(session, on=on, **asked)  # type: ignore[arg-type]  # each by its name
    tell_of(session, approval=approval, to=told, by=by)
    return approval


def _account(agreement: BankAgreement) -> dict[str, str | None]:
    """Return where money to an account goes."""
    return {name: getattr(agreement, name) for name in SENT_TO}


def _paid_above(session: Session, *, creditor_id: int) -> bool:
    """Tell whether a group above a creditor's has an account: its members paid there until they had their own books."""
    own, above = aliased(Group), aliased(Group)
    found = (
        select(BankAgreement.id)
        .join(Creditor, Creditor.id == BankAgreement.creditor_id)
        .join(above, above.id == Creditor.group_id)
        .join(own, own.path.op("^@")(above.path))
        .where(
            own.id == select(Creditor.group_id).where(Creditor.id == creditor_id).scalar_subquery(),
            above.id != own.id,
            BankAgreement.preferred,
        )
    )
    return session.scalar(found.limit(1)) is not None


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
    """Take an agreement away that was never used; its ledger account stays in the chart.

    Raises an EditingError, and OnlyPreferredError for the account that invoices ask for money on: another one put in
    its place would be the first again, and wait for nobody.
    """
    agreement = held(session, BankAgreement, agreement_id)
    if agreement.preferred and not is_used(session, agreement_id=agreement.id):
        raise OnlyPreferredError
    remove(session, agreement)
