"""The doors of refunds, their orders, and what is set up for money that is paid too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.rights.doors import desk, house

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.rights.doors import Door

REFUNDS: Final[Mapping[str, Door]] = {
    "refunds.index_view": desk("payments.read", query={"q": "{refund}"}),
    "POST refunds.keep": desk("payments.read", form={"query": "", "name": "x"}),
    "refund.page": desk("payments.read", public_id="refund"),
    "POST refund.account": desk("refunds.approve", form={"name": "x", "account": "5050-1055"}, public_id="refund"),
    "POST refund.approve": desk("refunds.approve", form={}, public_id="refund"),
    "POST refund.call_off": desk("refunds.approve", form={}, public_id="refund"),
    "POST refund.refused": desk("refunds.approve", form={}, public_id="refund"),
    "POST refund.ask_account": desk("refunds.approve", form={}, public_id="refund"),
    "refund.ask": desk("refunds.approve", person_id="person"),
    "POST refund.take_back": desk("payments.allocate", form={}, person_id="person", use_id="case"),
    "POST refund.begin": desk("refunds.approve", form={"amount": "1"}, answers=200, person_id="person"),
    "refund_orders.page": desk("payments.read"),
    "POST refund_orders.press": desk("refunds.approve", form={"ready": "x"}),
    "refund_orders.file": desk("refunds.approve", answers=404, public_id="group"),
    "group_given.page": house("payments.read"),
    "group_given.statement": house("payments.read", answers=404, year="year", person_id="person"),
    "gifts.page": desk("journal.read", query={"creditor": "{creditor}"}),
    "gifts.report": desk("journal.read", creditor_id="creditor", year="year"),
    "gifts.report_norway": desk("journal.read", answers=404, creditor_id="creditor", year="year"),
    "gifts.donor": desk("journal.read", creditor_id="creditor", year="year", person_id="person"),
    "gifts.statement": desk("journal.read", answers=404, creditor_id="creditor", year="year", person_id="person"),
    "POST gifts.identity": desk(
        "settlements.post", form={"identity": ""}, creditor_id="creditor", year="year", person_id="person"
    ),
    "POST gifts.take_back": desk("payments.allocate", form={}, gone=303, gift_id="case"),
    "overpaid.index_view": desk("setup.read"),
    "overpaid.edit_view": desk("setup.read", key="creditor"),
    "POST overpaid.edit_view": desk("setup.read", "limits.edit", page="overpaid.edit_view", key="creditor"),
    "funds.index_view": desk("setup.read"),
    "funds.edit_view": desk("setup.read", key="fund"),
    "POST funds.edit_view": desk("setup.read", "setup.edit", page="funds.edit_view", key="fund"),
    "funds.create_view": desk("setup.edit"),
    "POST funds.create_view": desk("setup.edit", form={}, answers=200),
}
