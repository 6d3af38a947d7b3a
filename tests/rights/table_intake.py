"""The doors of bank accounts: their statements, and what is missing between them."""

from __future__ import annotations

from typing import Final

from tests.rights.doors import desk, table

INTAKE: Final = {
    **table("sources", "source", "accounts.change", taken=303),
    "bank_servers.page": desk("accounts.change", public_id="source"),
    "POST bank_servers.press": desk("accounts.change", form={"do": "trust"}, answers=200, public_id="source"),
    "reconciliation.page": desk("journal.read", query={"account": "{agreement}"}),
    "reconciliation.table": desk("journal.read", query={"account": "{agreement}"}),
    "bank_accounts.accounts": desk("bank_files.read", query={"state": "missing"}),
    "bank_accounts.account": desk("bank_files.read", account="agreement"),
    "POST bank_accounts.settle_gap": desk("bank_files.import", form={"note": "x"}, account="agreement", gap="case"),
}
