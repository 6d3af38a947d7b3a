"""The table of payments that came back: which payment returned which."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Minor, Recorded, one_of


class FoundBy(StrEnum):
    """What told which payment a return means; ``person`` is somebody at the desk."""

    END_TO_END = "end-to-end"
    BANK_NUMBER = "bank number"
    REFERENCE = "reference"
    ACCOUNT = "account"
    PERSON = "person"


class PaymentReturn(Base):
    """Money that left (``payment_id``) took back an earlier payment (``original_id``), whole; never changed.

    What the original was used for is reversed by allocations of the return. ``met`` is what it had no use for: it met
    the return on the account for unidentified money, where both stood. ``fee`` is what the bank took on top and was
    booked as a cost. ``keeps_cover`` says that memberships stay paid, by the creditor's rule. ``reason`` is what
    somebody wrote who said what it returns.
    """

    __tablename__ = "payment_return"

    payment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(unique=True)
    creditor_id: Mapped[int]
    found_by: Mapped[FoundBy]
    met: Mapped[Minor]
    fee: Mapped[Minor]
    keeps_cover: Mapped[bool]
    entry_id: Mapped[int | None]
    on_date: Mapped[dt.date]
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    recorded_at: Mapped[Recorded]

    __table_args__ = (
        one_of("found_by", FoundBy),
        CheckConstraint("met >= 0 AND fee >= 0", name="not_negative"),
    )
