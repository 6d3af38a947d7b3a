"""The doors of matching and of exchange between currencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.rights.doors import desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.rights.doors import Door

_CASE: Final[dict[str, Any]] = {"payment_id": "case"}

MATCHING: Final[Mapping[str, Door]] = {
    "exchange.ask": desk("payments.allocate", query={"rate": "11"}, **_CASE),
    "POST exchange.book": desk("payments.allocate", form={"rate": "11"}, answers=200, **_CASE),
    "POST exchange.undo": desk("payments.allocate", form={}, answers=404, exchange_id="allocation"),
    "POST matching.check": desk("payments.allocate", form={}),
    "matching.tried": desk("payments.read", query={"rule": "name", "creditor": "{creditor_number}"}),
    "match_rules.index_view": desk("setup.read"),
    "match_rules.edit_view": desk("setup.read", key="creditor"),
    "POST match_rules.edit_view": desk("setup.read", "setup.edit", page="match_rules.edit_view", key="creditor"),
}
