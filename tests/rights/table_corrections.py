"""The doors of corrections: moving, what is not ours, rules for payers, money received by hand, lists of deductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.rights.doors import desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.rights.doors import Door

_CASE: Final[dict[str, Any]] = {"payment_id": "case"}
_BY_WORDS: Final = {"by": "words", "words": "hyra av lokal", "whose": "not-ours"}

CORRECTIONS: Final[Mapping[str, Door]] = {
    "move.ask": desk("payments.allocate", query={"choice": "claim-{claim}"}, allocation_id="allocation"),
    "POST move.do": desk("payments.allocate", form={"choice": "claim-{claim}"}, allocation_id="allocation"),
    "POST move.undo": desk("payments.allocate", form={}, payment_id="payment", first="allocation", last="allocation"),
    "returning.ask": desk("payments.allocate", answers=303, **_CASE),
    "POST returning.book": desk("payments.allocate", form={"original": "1"}, **_CASE),
    "aside.not_ours": desk("payments.allocate", **_CASE),
    "POST aside.take_out": desk("payments.allocate", form={"reason": "x"}, **_CASE),
    "aside.to_sender": desk("payments.allocate", **_CASE),
    "POST aside.return_it": desk("payments.allocate", form={"reason": "x", "payer_name": "Kim"}, **_CASE),
    "POST aside.back": desk("payments.allocate", form={}, aside_id="aside"),
    "POST aside.keep": desk("payments.allocate", form={}, answers=404, public_id="refund"),
    "aside.listed": desk("payments.read"),
    "payer_rule.ask": desk("payments.allocate", query={"choice": "claim-{claim}"}, **_CASE),
    "POST payer_rule.make": desk("payments.allocate", form=_BY_WORDS, **_CASE),
    "payer_rule.listed": desk("payments.read"),
    "POST payer_rule.stop": desk("payments.allocate", form={}, rule_id="payer_rule"),
    "deductions.ask": desk("payments.allocate", **_CASE),
    "POST deductions.send": desk("payments.allocate", form={}, answers=200, **_CASE),
    "POST deductions.book": desk("payments.allocate", form={}, answers=409, **_CASE),
    "POST deductions.undo": desk(
        "payments.allocate", form={}, payment_id="case", first="allocation", last="allocation"
    ),
    "receive.ask": desk("payments.receive", public_id="person"),
    "POST receive.put": desk("payments.receive", form={"purpose": "x"}, answers=200, public_id="person"),
    "receive.receipt": desk("payments.read", answers=404, payment_id="payment"),
    "POST receive.undo": desk("payments.receive", form={}, answers=404, payment_id="payment"),
}
