"""The table of funds: what people give money for beside what they owe."""

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Key, Names, PublicId


class Fund(Base):
    """A purpose that people give money for, and the income account its gifts are booked on.

    Members may choose those that are ``offered`` where an invoice invites them to pay more.
    """

    __tablename__ = "fund"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"), index=True)
    names: Mapped[Names]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    closed: Mapped[bool] = mapped_column(server_default=text("false"))
    offered: Mapped[bool] = mapped_column(server_default=text("true"))
