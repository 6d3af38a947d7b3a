"""Refusals of payments: files, allocations and what is taken back."""

from typing import Self
from uuid import UUID

from bankfiles.errors import BankFileError, EmptyFile, UnknownFormat
from dues.payments.models import Refusal


class PaymentError(Exception):
    """Money cannot be taken in or used as asked."""


class FileRefusedError(PaymentError):
    """A bank file that is not accepted, not even in part: which file, where in it, why, and of which kind that is."""

    def __init__(self, name: str, position: str, reason: str, kind: Refusal = Refusal.DAMAGED) -> None:
        super().__init__(": ".join(part for part in (name, position, reason) if part))
        self.name = name
        self.position = position
        self.reason = reason
        self.kind = kind

    @classmethod
    def because(cls, name: str, error: BankFileError) -> Self:
        """Return the refusal that a reader's error means."""
        kind = Refusal.FOREIGN if isinstance(error, UnknownFormat | EmptyFile) else Refusal.DAMAGED
        return cls(name, error.position, error.reason.format(**error.values), kind)


class FileKnownError(PaymentError):
    """The same file, or the same content under another name or with other line ends, was accepted before.

    ``file_id`` is None where whoever sent it may not see the earlier one.
    """

    def __init__(self, name: str, *, file_id: int | None = None, before: str = "") -> None:
        known = f" as {before} (file {file_id})" if file_id is not None else ""
        super().__init__(f"{name}: the same content was accepted before{known}. Nothing was booked.")
        self.name = name
        self.file_id = file_id


class NotReturnedError(PaymentError):
    """A return does not take this payment back: amount, account or creditor differ, or its use is gone by now."""

    def __init__(self, payment_id: int, original_id: int) -> None:
        super().__init__(f"Payment {payment_id} cannot take payment {original_id} back.")


class UnknownPaymentError(PaymentError):
    """There is no such payment."""

    def __init__(self, payment: int) -> None:
        super().__init__(f"There is no payment {payment}.")


class UnknownClaimError(PaymentError):
    """There is no such claim."""

    def __init__(self, claim: int) -> None:
        super().__init__(f"There is no claim {claim}.")


class OtherCreditorError(PaymentError):
    """A payment to one creditor cannot settle what is owed to another."""

    def __init__(self, payment: int, claim: int) -> None:
        super().__init__(f"Payment {payment} came to another creditor than the one claim {claim} is owed to.")


class OtherCurrencyError(PaymentError):
    """A payment settles claims of its own currency only."""

    def __init__(self, paid: str, owed: str) -> None:
        super().__init__(f"The payment is in {paid} and the claim in {owed}. Exchange it first.")


class NothingLeftError(PaymentError):
    """All of the payment is used already, or it is money that left."""

    def __init__(self, payment: int) -> None:
        super().__init__(f"Payment {payment} has nothing left to allocate.")


class ClaimEndedError(PaymentError):
    """Nothing is open on the claim."""

    def __init__(self, claim: int, ended: str) -> None:
        super().__init__(f"Claim {claim} is {ended}; nothing is open on it.")


class TooMuchError(PaymentError):
    """The amount is more than the payment has left or the claim has open."""

    def __init__(self, amount: int, left: int, still_open: int) -> None:
        super().__init__(
            f"{amount} cannot be allocated: the payment has {left} left and the claim has {still_open} open "
            "(in minor units)."
        )


class NotPositiveError(PaymentError):
    """An allocation is of a positive amount."""

    def __init__(self, amount: int) -> None:
        super().__init__(f"The amount must be more than zero, not {amount}.")


class UnknownAllocationError(PaymentError):
    """There is no such allocation, or it was taken back already."""

    def __init__(self, allocation: int) -> None:
        super().__init__(f"There is no allocation {allocation} that could be taken back.")


class UnknownAsideError(PaymentError):
    """Nothing of the kind was set aside, or it was brought back already."""

    def __init__(self, aside: int) -> None:
        super().__init__(f"There is no part of a payment set aside under {aside} that could be brought back.")


class NoAccountForError(PaymentError):
    """The account is none that such money goes to, in the payment's currency and its creditor's books."""

    def __init__(self, account: int) -> None:
        super().__init__(f"Money of this payment cannot be set aside on account {account}.")


class ReasonMissingError(PaymentError):
    """What takes money out of the queue needs a reason that others can read."""

    def __init__(self) -> None:
        super().__init__("Say why, in a few words.")


class SamePlaceError(PaymentError):
    """What is to be moved is there already."""

    def __init__(self, allocation: int) -> None:
        super().__init__(f"Allocation {allocation} is used there already.")


class UnknownPersonError(PaymentError):
    """There is no such person."""

    def __init__(self, person: int | UUID) -> None:
        super().__init__(f"There is no person {person}.")


class CaseMovedError(PaymentError):
    """Somebody else has used the payment, or taken a use of it back, since it was looked at."""

    def __init__(self, payment: int) -> None:
        super().__init__(f"Payment {payment} has been worked on since it was shown. Nothing was booked; look again.")


class ClaimMovedError(PaymentError):
    """What a claim has open is not what was shown any more."""

    def __init__(self, claim: int, still_open: int) -> None:
        super().__init__(
            f"Claim {claim} has {still_open} open by now (in minor units). Nothing was booked; look again."
        )
        self.claim = claim


class NotAllPlacedError(PaymentError):
    """The parts of a split are not what the payment has left."""

    def __init__(self, placed: int, left: int) -> None:
        super().__init__(f"{placed} of {left} are placed (in minor units). A split uses all of what is left.")
        self.rest = left - placed


class SomethingLeftError(PaymentError):
    """Only a case with nothing in it can be closed as it is."""

    def __init__(self, payment: int) -> None:
        super().__init__(f"Payment {payment} is money; it is used for somebody, not closed.")


class CreditUsedError(PaymentError):
    """The credit that the payment became has been used since."""

    def __init__(self, allocation: int) -> None:
        super().__init__(f"Allocation {allocation} became credit that has been used since; take that back first.")


class MovedError(PaymentError):
    """Something has changed since it was looked at, so that what was decided is not done."""

    def __init__(self, invoice: int, seen: int, found: int) -> None:
        super().__init__(
            f"Invoice {invoice} has {found} open by now, not {seen} (in minor units). Look at it again, then decide."
        )


class NothingCreditedError(PaymentError):
    """A credit note must give something back."""

    def __init__(self) -> None:
        super().__init__("Nothing would be given back.")


class TooMuchCreditedError(PaymentError):
    """More is to be given back than is left: of the line at ``position``, or (None) of all lines together."""

    def __init__(self, position: int | None, left: int) -> None:
        super().__init__(f"Only {left} is left of {'the invoice' if position is None else f'line {position}'}.")
        self.position = position
        self.left = left


class UsedElsewhereError(PaymentError):
    """A part of a payment is no longer here: it is going back to somebody, or stands on another account."""

    def __init__(self, payment: int) -> None:
        super().__init__(f"A part of payment {payment} is going back, or was set aside. Undo that first.")
