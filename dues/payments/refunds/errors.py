"""Refusals of refunds."""

from dues.payments.errors import PaymentError
from dues.payments.refunds.models import RefundState


class RefundError(PaymentError):
    """Money cannot go back as asked."""


class UnknownRefundError(RefundError):
    """There is no such refund."""

    def __init__(self, refund: object) -> None:
        super().__init__(f"There is no refund {refund}.")


class RefundMovedError(RefundError):
    """A refund has gone on since somebody looked: what was wanted of it cannot be done in its state."""

    def __init__(self, refund: int, state: RefundState) -> None:
        super().__init__(f"Refund {refund} is {state.value} by now.")
        self.state = state


class NotEnoughCreditError(RefundError):
    """A person has less credit than is to be used."""

    def __init__(self, person: int, amount: int) -> None:
        super().__init__(f"Person {person} has no credit of {amount} any more.")


class NoSourceError(RefundError):
    """A refund is neither of a person's credit nor of a payment."""

    def __init__(self) -> None:
        super().__init__("Say whose credit, or what of which payment, goes back.")


class WrongPayoutAccountError(RefundError):
    """What was written is no account number that money can be sent to."""

    def __init__(self, written: str) -> None:
        super().__init__(f'"{written}" is no account number.')


class NoPayoutAccountError(RefundError):
    """Nobody has said to which account a refund goes."""

    def __init__(self, refund: int) -> None:
        super().__init__(f"It is not known to which account refund {refund} goes.")


class NoNameError(RefundError):
    """Nobody is named as the receiver of a refund."""

    def __init__(self) -> None:
        super().__init__("Say who gets the money.")


class NoOrderAccountError(RefundError):
    """A creditor has no account in a currency from which money could be ordered."""

    def __init__(self, creditor: int, currency: str) -> None:
        super().__init__(f"Creditor {creditor} has no account in {currency} that pays.")


class SourceReturnedError(RefundError):
    """The payment that a refund is of was taken back by the bank: its money would go back twice."""

    def __init__(self, refund: int) -> None:
        super().__init__(f"The bank took the payment back that refund {refund} is of.")
