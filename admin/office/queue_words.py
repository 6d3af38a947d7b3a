"""What the workbench says: why a payment waits, what speaks for somebody, and what booking leads to."""

from collections.abc import Mapping
from typing import Final

from admin.office.amounts import money_words
from documents import written_account
from dues.groups.models import SLIP
from dues.invoicing.document import ACCOUNT_KINDS
from dues.invoicing.models import ClaimEnd
from dues.patience import BusyError
from dues.payments.candidates import Candidate
from dues.payments.case import Case
from dues.payments.errors import (
    ClaimEndedError,
    ClaimMovedError,
    CreditUsedError,
    NoAccountForError,
    NothingLeftError,
    SamePlaceError,
    UnknownAllocationError,
    UsedElsewhereError,
)
from dues.payments.evidence import Evidence, Fact
from dues.payments.models import CaseReason
from dues.payments.outcome import Outcome
from dues.payments.slips import Slip, fits
from language import gettext_noop as _
from web.speech import gettext, reader

REASONS: Final[Mapping[CaseReason, str]] = {
    CaseReason.NO_REFERENCE: _("No reference"),
    CaseReason.UNKNOWN_REFERENCE: _("Unknown reference"),
    CaseReason.TOO_MUCH: _("Too much"),
    CaseReason.TOO_LITTLE: _("Too little"),
    CaseReason.ALREADY_PAID: _("Paid twice"),
    CaseReason.ALREADY_CREDITED: _("Invoice was credited"),
    CaseReason.OTHER_CURRENCY: _("Another currency"),
    CaseReason.MONEY_LEFT: _("Money that left"),
    CaseReason.TAKEN_BACK: _("Taken back"),
    CaseReason.RETURNED: _("Returned"),
    CaseReason.NO_AMOUNT: _("No amount"),
}

_ADVICE: Final[Mapping[CaseReason, str]] = {
    CaseReason.NO_REFERENCE: _("The payer gave no reference."),
    CaseReason.UNKNOWN_REFERENCE: _("No invoice has the reference that was given."),
    CaseReason.TOO_MUCH: _("More came than the invoice has open. The rest can be kept as credit, or split."),
    CaseReason.TOO_LITTLE: _("Less came than the invoice has open. The rest of the invoice stays open."),
    CaseReason.ALREADY_PAID: _("The invoice of this reference is paid already."),
    CaseReason.ALREADY_CREDITED: _("The invoice of this reference was taken back by a credit note or given up."),
    CaseReason.OTHER_CURRENCY: _(
        "A payment settles invoices of its own currency. Exchange it at the bank's rate, or keep it as credit."
    ),
    CaseReason.MONEY_LEFT: _(
        "This money left the account, and the bank does not say what for. The books hold it as such."
    ),
    CaseReason.RETURNED: _(
        "The bank took a payment back, and no payment fits: none has its number, its reference or its account with "
        "this amount, or what it became is used. If it comes with a later file, they find each other by themselves."
    ),
    CaseReason.TAKEN_BACK: _("What it was used for was taken back, so it waits for another use."),
    CaseReason.NO_AMOUNT: _("The bank tells of a payment of no money. There is nothing to book."),
}

_DEDUCTED: Final = _(
    "The payer took this off a payment of the same day, for a credit note. It is no money: less reached the account."
)

_SLIPS: Final[Mapping[Slip, str]] = {
    Slip.WRONG_DIGIT: _("Reference differs in one digit"),
    Slip.SWAPPED: _("Two digits of the reference are swapped"),
    Slip.MISSING_ZERO: _("A zero is missing in the reference"),
    Slip.MISSING_DIGIT: _("A digit is missing in the reference"),
    Slip.EXTRA_DIGIT: _("The reference has one digit too many"),
    Slip.NO_PREFIX: _("RF and the check digits are missing in the reference"),
}

_SHORT_SLIPS: Final[Mapping[Slip, str]] = {
    Slip.WRONG_DIGIT: _("One digit wrong"),
    Slip.SWAPPED: _("Two digits swapped"),
    Slip.MISSING_ZERO: _("A zero missing"),
    Slip.MISSING_DIGIT: _("One digit missing"),
    Slip.EXTRA_DIGIT: _("One digit too many"),
    Slip.NO_PREFIX: _("RF missing"),
}

_FACTS: Final[Mapping[Fact, str]] = {
    Fact.REFERENCE: _("Reference is right"),
    Fact.LISTED: _("One of the references given"),
    Fact.IN_TEXT: _("Reference stands in the text"),
    Fact.NAME: _("Same name"),
    Fact.PLAIN: _("Same name but for accents"),
    Fact.NUMBER: _("Invoice number stands in the text"),
    Fact.MEMBER: _("The member number stands in the text"),
    Fact.ZEROS: _("Reference is right but for zeros"),
    Fact.COLLECTION: _("It was sent with this reference as its id"),
    Fact.AMOUNT: _("Amount is exact"),
    Fact.ALIKE: _("Name begins alike"),
    Fact.CHOSEN: _("Found by you"),
    Fact.RULE: _("A rule says it is theirs"),
}


def reason_words(reason: CaseReason, *, slip: Slip | None = None) -> str:
    """Return why a payment waits, in two or three words."""
    return gettext(REASONS[reason] if slip is None else _SHORT_SLIPS[slip])


def account(scheme: str, number: str) -> str:
    """Return an account of ours as people write it; what officers, or others on slips, receive comes to none."""
    if scheme == SLIP:
        return gettext(_("Collected by another creditor"))
    kind = ACCOUNT_KINDS.get(scheme)
    return str(written_account(number, kind)) if kind else gettext(_("Received by hand"))


def advice(found: Case) -> str:
    """Return what an officer should know of a case's reason."""
    return gettext(_DEDUCTED if found.kind == "deduction" else _ADVICE[found.reason])


def evidence_words(one: Evidence, found: Case) -> str:
    """Return one fact as a member would understand it."""
    if one.fact is Fact.SLIP and one.slip is not None:
        return gettext(_SLIPS[one.slip])
    if one.fact is Fact.ACCOUNT and one.on is not None:
        return gettext(_("Paid from this account on %(day)s"), day=reader().date(one.on))
    if one.fact is Fact.SETTLED:
        return _settled(one, found)
    return gettext(_FACTS[one.fact])


def _settled(one: Evidence, found: Case) -> str:
    if one.ended is ClaimEnd.PAID and one.on is not None:
        words = _("Reference belongs to their invoice %(number)s, paid on %(day)s")
        return gettext(words, number=one.number, day=reader().date(one.on))
    if one.ended is None:
        words = _("Reference belongs to their invoice %(number)s, which is not in %(currency)s")
        return gettext(words, number=one.number, currency=found.currency)
    return gettext(_("Reference belongs to their invoice %(number)s, which is closed"), number=one.number)


def consequences(found: Case, one: Candidate, outcome: Outcome) -> str:
    """Return what booking all of the payment on a candidate leads to, in whole sentences."""
    if one.claim_id is None:
        words = _("%(amount)s is kept as credit for %(name)s. No invoice is settled by it, and no receipt is sent.")
        return gettext(words, amount=money_words(found.unallocated, found.currency), name=one.name)
    said = [_used(one, outcome), *_memberships(outcome), *_surplus(one, outcome), _receipt(outcome)]
    return " ".join(said)


def _used(one: Candidate, outcome: Outcome) -> str:
    if outcome.paid:
        return gettext(_("Invoice %(number)s is paid."), number=one.number)
    return gettext(
        _("%(amount)s is used for invoice %(number)s; %(rest)s stays open."),
        amount=money_words(outcome.used, one.currency),
        number=one.number,
        rest=money_words(outcome.remains, one.currency),
    )


def _memberships(outcome: Outcome) -> list[str]:
    if not outcome.paid or not outcome.memberships:
        return []
    said = [_extended(outcome)]
    if outcome.activates:
        said.append(gettext(_("Who had applied becomes a member.")))
    return said


def _extended(outcome: Outcome) -> str:
    if outcome.through is None:
        return reader().ngettext(
            "The membership is extended.", "%(num)s memberships are extended.", outcome.memberships
        )
    return reader().ngettext(
        "The membership runs to %(day)s.",
        "%(num)s memberships run to %(day)s.",
        outcome.memberships,
        day=reader().long_date(outcome.through),
    )


def _surplus(one: Candidate, outcome: Outcome) -> list[str]:
    if not outcome.credit:
        return []
    words = _("%(amount)s is kept as credit for %(name)s.")
    return [gettext(words, amount=money_words(outcome.credit, one.currency), name=one.name)]


def _receipt(outcome: Outcome) -> str:
    if not outcome.paid:
        return gettext(_("A receipt follows when all of it is paid."))
    if not outcome.receipt:
        return gettext(_("No receipt is sent, because there is no e-mail address."))
    if outcome.sensitive:
        return gettext(_("An e-mail with a link, without details, goes to %(address)s."), address=outcome.receipt)
    return gettext(_("Receipt by e-mail to %(address)s."), address=outcome.receipt)


_CHANGED: Final = _("The invoice has changed since you looked. Nothing was booked; see what happens now.")
_REFUSALS: Final[Mapping[type[Exception], str]] = {
    BusyError: _("Somebody else works on the same invoices at this moment. Nothing was booked; try again."),
    ClaimMovedError: _CHANGED,
    ClaimEndedError: _CHANGED,
    NothingLeftError: _("Nothing of this payment waits any more. Nothing was booked."),
    UnknownAllocationError: _("That was taken back already."),
    NoAccountForError: _("Such money cannot go to that account. Choose another one."),
    SamePlaceError: _("It is used there already. Nothing was moved."),
    CreditUsedError: _("The credit it became has been used since. Take that back first."),
    UsedElsewhereError: _("A part of it is going back to somebody, or was set aside. Take that back first."),
}


def refusal(error: Exception) -> str:
    """Return why something was not booked, and what helps; nothing was changed."""
    other = _("That could not be booked. Nothing was changed; look at the payment again.")
    return gettext(_REFUSALS.get(type(error), other))


def reference_note(found: Case, slip: Evidence | None) -> str:
    """Return what is wrong with the reference that was given; nothing where nothing is."""
    if found.reason is not CaseReason.UNKNOWN_REFERENCE or not found.reference:
        return ""
    if slip is not None and slip.slip is Slip.MISSING_ZERO:
        return gettext(_("a zero is missing"))
    if not fits(found.reference):
        return gettext(_("check digit does not fit"))
    return gettext(_("no invoice has it"))


def marked(reference: str, slip: Evidence | None) -> list[tuple[str, bool]]:
    """Return a reference in groups of four, cut where the wrong digits stand, each part with whether it is wrong."""
    wrong = _wrong_places(slip)
    parts: list[tuple[str, bool]] = []
    for at, character in enumerate(reference):
        gap = "\N{NO-BREAK SPACE}" if at and at % 4 == 0 else ""
        if gap:
            parts.append((gap, False))
        parts.append((character, at in wrong))
    return _joined(parts)


def _wrong_places(slip: Evidence | None) -> range:
    if slip is None or slip.slip is None:
        return range(0)
    length = {Slip.WRONG_DIGIT: 1, Slip.EXTRA_DIGIT: 1, Slip.SWAPPED: 2}.get(slip.slip, 0)
    return range(slip.position, slip.position + length)


def _joined(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    joined: list[tuple[str, bool]] = []
    for text, wrong in parts:
        if joined and joined[-1][1] == wrong:
            joined[-1] = (joined[-1][0] + text, wrong)
        else:
            joined.append((text, wrong))
    return joined
