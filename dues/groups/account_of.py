"""Whose account the members of a group pay to: its own creditor's, or that of the nearest one above."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import WITHIN, BankAgreement, Creditor, Group


@dataclass(frozen=True, slots=True)
class AccountOf:
    """Who is owed in a group, and the account that invoices ask for money on; ``others`` are its further ones.

    ``creditor`` and ``agreement`` are None where nobody, or no account, has been set up.
    """

    group_id: int
    creditor: Creditor | None
    agreement: BankAgreement | None
    others: Sequence[BankAgreement] = ()

    @property
    def own(self) -> bool:
        """Whether the books are the group's own."""
        return self.creditor is not None and self.creditor.group_id == self.group_id


def account_of(session: Session, *, group_id: int) -> AccountOf:
    """Return the account that members of a group pay to."""
    creditor = session.scalar(
        select(Creditor).join(Group, Group.creditor_id == Creditor.id).where(Group.id == group_id)
    )
    if creditor is None:
        return AccountOf(group_id, None, None)
    wanted = (
        select(BankAgreement)
        .where(BankAgreement.creditor_id == creditor.id, BankAgreement.scheme.not_in(WITHIN))
        .order_by(BankAgreement.id)
    )
    found = list(session.scalars(wanted))
    paid_to = [one for one in found if one.preferred and one.currency == creditor.currency]
    others = [one for one in found if one not in paid_to]
    return AccountOf(group_id, creditor, paid_to[0] if paid_to else None, others)
