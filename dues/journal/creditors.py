"""Takes creditors away that have never had anything in their books, and moves unused books to another currency."""

from typing import Unpack

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dues.editing import StillUsedError, held, remove
from dues.groups.creditors import CreditorChanges, change_creditor, is_used
from dues.groups.establish import hand_back
from dues.groups.models import Creditor
from dues.journal.models import Account, Books, PostingRule


def change_books(session: Session, *, creditor_id: int, **changes: Unpack[CreditorChanges]) -> Creditor:
    """Change a creditor and, where its currency changes before it is used, the accounts of its books.

    Raises what `change_creditor` raises.
    """
    before = session.scalar(select(Creditor.currency).where(Creditor.id == creditor_id))
    creditor = change_creditor(session, creditor_id=creditor_id, **changes)
    if creditor.currency != before:
        session.execute(
            update(Account)
            .where(Account.creditor_id == creditor_id, Account.currency == before)
            .values(currency=creditor.currency)
        )
    return creditor


def remove_creditor(session: Session, *, creditor_id: int) -> None:
    """Take a creditor away that is not used; its groups belong to the next one above. Raises an EditingError."""
    creditor = held(session, Creditor, creditor_id)
    if is_used(session, creditor_id=creditor_id):
        raise StillUsedError("bank_agreement, invoice or entry")
    hand_back(session, creditor=creditor)
    for table in (PostingRule, Account, Books):
        session.execute(delete(table).where(table.creditor_id == creditor_id))
    remove(session, creditor)
