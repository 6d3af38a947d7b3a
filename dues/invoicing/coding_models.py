"""The table of what a run's lines are coded with, by group and by what is charged."""

from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class RunCoding(Base):
    """The account and the dimensions of a run's lines of a group, of a part of the fee or a product (0 for none).

    There are none where no rule says anything. ``account_id`` takes the place of the posting rule's revenue account.
    """

    __tablename__ = "run_coding"

    run_id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None]
    coding_id: Mapped[int | None]
