"""The long lists that are read at the desk."""

from typing import Final

from admin.tables.ledger_view import LedgerView

LEDGERS: Final[tuple[type[LedgerView], ...]] = ()
