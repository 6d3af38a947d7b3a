"""The table of the proof: every door of the house, who may pass, and how an example of it is asked for.

A route, or a method of one, that has no line here fails the proof. Words in braces, and the arguments of addresses, are
kinds of things (`world._THINGS`): a door is tried with one of one's own, one of somebody else, and one that was never
there. A form is either written here, or the one that a page holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tests.rights.doors import Door, Whose, anybody, desk, entrance, house, staff, table
from tests.rights.table_corrections import CORRECTIONS
from tests.rights.table_intake import INTAKE
from tests.rights.table_lists import LISTS
from tests.rights.table_looks import LOOKS
from tests.rights.table_matching import MATCHING
from tests.rights.table_refunds import REFUNDS
from tests.rights.table_staff import STAFF

if TYPE_CHECKING:
    from collections.abc import Mapping


_PAUSE: Final = {"reason": "complaint", "until": "2027-03-20", "note": "x"}
_PLAN: Final = {"parts": "3", "first_on": "2027-12-31", "every": "1", "unit": "month"}
_ENDED: Final = {"on": "2027-02-20", "how": "left"}
_NARROWED: Final = {"group": "{group_name}", "q": "{name}"}
_WORDS: Final = {"group": "{group_name}", "occasion": "receipt", "language": "sv", "words": "Tack."}

_OPEN: Final = {
    "home.groups": anybody(query={"q": "{group_name}"}),
    "home.health": anybody(),
    "home.privacy": anybody(),
    "design.design": anybody(answers=404),
    "speech.speak": anybody(answers=303, code="language", query={"to": "//evil.example"}),
    "scheme.choose": anybody(answers=303, wanted="scheme", query={"to": "//evil.example"}),
    "assets.send": anybody(answers=404, digest="digest", name="mail"),
    "look.sheet": anybody(answers=404, slug="slug", version="digest"),
    "look.logo": anybody(answers=404, digest="digest"),
    "outbox.mails": anybody(),
    "outbox.mail": anybody(answers=404, name="mail"),
    "outbox.html": anybody(answers=404, name="mail"),
    "outbox.attachment": anybody(answers=404, name="mail", number="case"),
    "join.ask": anybody(slug="slug"),
    "POST join.apply": anybody(form={"kind": "{type}"}, slug="slug"),
    "POST join.change_people": anybody(form={"do": "add"}, slug="slug"),
    "join.back": anybody(answers=302, gone=302, slug="slug"),
    "POST join.prices": anybody(form={"kind": "{type}"}, slug="slug"),
    "join.thanks": anybody(answers=302, slug="slug"),
    "join.privacy": anybody(slug="slug"),
    "invoice.show": anybody(gone=200, token="token"),
    "POST invoice.fund": anybody(form={}, answers=303, gone=303, token="token"),
    "invoice.pdf": anybody(answers=303, gone=303, token="token"),
    "POST invoice.send_code": anybody(form={}, answers=303, token="token"),
    "POST invoice.give_code": anybody(form={"code": "000000"}, token="token"),
}

_ENTRANCES: Final = {
    "login.ask": entrance(answers=(200, 303)),
    "POST login.enter": entrance(form={"email": "north@staff.example", "password": "wrong"}),
    "login.ask_code": entrance(answers=(303,)),
    "POST login.give_code": entrance(form={"code": "000000"}, answers=(303,)),
    "POST login.ask_key": entrance(form={}, answers=(404,)),
    "POST login.give_key": entrance(form={}, answers=(303,)),
    "POST login.leave": entrance(form={}, answers=(303,)),
    "POST sign_in.begin": entrance(form={}, answers=(303,)),
    "sign_in.back": entrance(answers=(303,)),
    "welcome.ask": entrance(token="welcome"),
    "POST welcome.choose": entrance(form={"password": "a desk of my own"}, token="welcome"),
}

_OWN_THINGS: Final = {
    "again.ask": staff(query={"to": "//evil.example"}),
    "POST again.prove": staff(form={"again-password": "wrong"}),
    "POST again.ask_key": staff(form={}, answers=404),
    "you.page": staff(),
    "guide.index": staff(),
    "guide.page": staff(answers=404, name="mail"),
    "guide.picture": staff(answers=404, name="mail"),
    "POST you.furnish": staff(form={"language": "en", "scheme": "auto"}, answers=303),
    "POST you.end_login": staff(form={}, answers=303, public_id="login"),
    "POST you.end_others": staff(form={}, answers=303),
    "you.ask_password": staff(),
    "POST you.take_password": staff(form={"password": "short"}),
    "second.set_up": staff(),
    "POST second.take_app": staff(form={"code": "000000"}),
    "POST second.take_key": staff(form={"answer": "x"}, answers=303),
    "POST second.drop_key": staff(form={}, answers=303, public_id="passkey"),
    "POST second.offer_key": staff(form={}),
    "POST second.take_off": staff(form={}, answers=303),
    "POST second.new_paper": staff(form={}),
    "approvals.page": staff(),
    "POST approvals.agree": desk("roles.edit", form={}, besides="north", public_id="approval"),
    "POST approvals.say_no": desk("roles.edit", form={"reason": "x"}, besides="north", public_id="approval"),
}

_PERSONS: Final = {
    "persons.index_view": desk("members.read", query=_NARROWED),
    "memberships.index_view": desk("members.read", query=_NARROWED),
    "person.file": desk("members.read", public_id="person", query={"show": "money"}),
    "person_details.ask": desk("members.edit", public_id="person"),
    "POST person_details.change": desk(
        "members.edit", page="person_details.ask", form={"city": "Elsewhere"}, public_id="person"
    ),
    "person_hold.ask": desk("claims.hold", public_id="person"),
    "POST person_hold.hold": desk("claims.hold", form=_PAUSE, public_id="person"),
    "POST person_hold.release": desk("claims.hold", form={}, public_id="person"),
    "membership_end.ask": desk("members.edit", public_id="person", membership="membership", query=_ENDED),
    "POST membership_end.end": desk(
        "members.edit", page="membership_end.ask", form=_ENDED, public_id="person", membership="membership"
    ),
    "POST person_membership.issue": desk("invoices.issue", form={}, public_id="person", membership="membership"),
    "person_invoice.ask": desk("invoices.issue", public_id="person"),
    "templates.listed": desk("invoices.read"),
    "templates.template": desk("invoices.read", public_id="template"),
    "template_edit.begin": desk("invoices.issue"),
    "POST template_edit.add": desk("invoices.issue", form={"sender": "x"}, answers=200),
    "template_edit.ask": desk("invoices.issue", public_id="template"),
    "POST template_edit.change": desk("invoices.issue", form={"do": "keep"}, answers=200, public_id="template"),
    "POST templates.press": desk("invoices.issue", form={"do": "show"}, answers=200, public_id="template"),
    "templates.series": desk("invoices.read", public_id="series"),
    "POST templates.steer": desk("invoices.issue", form={"do": "rest"}, public_id="series"),
    "POST person_invoice.press": desk("invoices.issue", form={"do": "show"}, answers=200, public_id="person"),
    "person_price.page": desk("invoices.read", public_id="person", membership="membership"),
    "POST person_paying.wish": desk("members.edit", form={"wish": "one"}, answers=303, public_id="person"),
    "person_segments.ask": desk("members.edit", public_id="person"),
    "POST person_segments.put": desk("members.edit", form={"from_on": "x"}, answers=200, public_id="person"),
    "POST person_segments.take": desk("members.edit", form={"segment": "0"}, public_id="person"),
    "person_income.ask": desk("invoices.issue", public_id="person"),
    "POST person_income.keep": desk("invoices.issue", form={"amount": "x"}, answers=200, public_id="person"),
    "POST person_income.end": desk("invoices.issue", form={}, public_id="person"),
    "person_membership.choose": desk("members.edit", public_id="person", query={"q": "{group_name}"}),
    "person_membership.ask": desk("members.edit", public_id="person", group="slug"),
    "POST person_membership.add": desk("members.edit", form={"kind": "{usual_type}"}, public_id="person", group="slug"),
}

_BILLS: Final = {
    "invoices.index_view": desk("invoices.read", query={**_NARROWED, "payer": "{person}"}),
    "claims.index_view": desk("invoices.read", query={"debtor": "{person}", "creditor": "{creditor_number}"}),
    "bill.page": desk("invoices.read", public_id="invoice"),
    "bill.pdf": desk("invoices.read", public_id="invoice"),
    "bill.first_page": desk("invoices.read", public_id="invoice"),
    "bill.reminder_pdf": desk("invoices.read", public_id="invoice", level="level"),
    "bill_credit.ask": desk("invoices.credit", public_id="invoice"),
    "POST bill_credit.credit": desk("invoices.credit", page="bill_credit.ask", public_id="invoice"),
    "person_death.ask": desk("members.edit", query={"on": "2026-01-31"}, public_id="person"),
    "POST person_death.record": desk(
        "members.edit", page="person_death.ask", form={"on": "2026-01-31"}, public_id="person"
    ),
    "POST person_death.undo": desk("members.edit", form={}, public_id="person"),
    "bill_part.ask": desk("invoices.credit", query={"show": "1", "line-1": "1"}, public_id="invoice"),
    "POST bill_part.press": desk("invoices.credit", page="bill_part.ask", form={"line-1": "1"}, public_id="invoice"),
    "bill_repeat.ask": desk("invoices.issue", public_id="sold_invoice"),
    "POST bill_repeat.press": desk("invoices.issue", form={"do": "add"}, answers=200, public_id="sold_invoice"),
    "bill_anew.ask": desk("invoices.credit", public_id="invoice"),
    "POST bill_anew.press": desk("invoices.credit", page="bill_anew.ask", public_id="invoice"),
    "bill_instalments.ask": desk("invoices.credit", query=_PLAN, public_id="invoice"),
    "POST bill_instalments.press": desk("invoices.credit", page="bill_instalments.ask", public_id="invoice"),
    "bill_hold.ask": desk("claims.hold", public_id="invoice"),
    "POST bill_hold.hold": desk("claims.hold", form=_PAUSE, public_id="invoice"),
    "POST bill_hold.release": desk("claims.hold", form={}, public_id="invoice"),
    "bill_send.ask": desk("invoices.send", public_id="invoice"),
    "POST bill_send.send": desk(
        "invoices.send", page="bill_send.ask", form={"address": "else@example.org"}, public_id="invoice"
    ),
}

_RUN: Final[dict[str, Any]] = {"public_id": "run"}
_RUNS: Final = {
    "runs.runs": desk("runs.read"),
    "runs.run": desk("runs.read", **_RUN),
    "run_rows.rows": desk("runs.read", query={"q": "{name}"}, **_RUN),
    "run_rows.left_out": desk("runs.read", **_RUN),
    "run_sheets.table": desk("runs.read", query={"q": "{name}"}, **_RUN),
    "run_sheets.book": desk("runs.read", **_RUN),
    "run_rows.groups": desk("runs.read", **_RUN),
    "run_rows.samples": desk("invoices.read", **_RUN),
    "run_watch.events": desk("runs.read", **_RUN),
    "run_watch.progress": desk("runs.read", **_RUN),
    "run_begin.groups": desk("runs.steer", query={"q": "{group_name}"}),
    "run_begin.ask": desk("runs.steer"),
    "POST run_begin.begin": desk(
        "runs.steer",
        "invoices.issue",
        form={"kind": "invoices", "day": "2027-04-01", "group": "{group_word}", "slug": "{slug}"},
    ),
    "POST run_do.confirm": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "POST run_do.discard": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "POST run_do.again": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "POST run_do.pause": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "POST run_do.resume": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "charges.tables": desk("invoices.read"),
    "POST charges.send": desk("invoices.issue", form={"group": "{group}"}, answers=200),
    "charges.table": desk("invoices.read", public_id="charge_file"),
    "POST charges.charge": desk("invoices.issue", form={}, answers=200, public_id="charge_file"),
    "charges.fault_list": desk("invoices.read", public_id="charge_file"),
    "taken_in.tables": desk("invoices.read"),
    "POST taken_in.send": desk("invoices.issue", form={"group": "{group}"}, answers=200),
    "taken_in.table": desk("invoices.read", public_id="taken_in_file"),
    "POST taken_in.take_in": desk("invoices.issue", form={}, answers=200, public_id="taken_in_file"),
    "POST taken_in.pdfs": desk("invoices.issue", form={}, answers=404, public_id="taken_in_file"),
    "taken_in.fault_list": desk("invoices.read", public_id="taken_in_file"),
    "POST run_do.rest": desk("runs.steer", "invoices.issue", form={}, **_RUN),
    "POST run_undo.begin": desk("runs.steer", "invoices.issue", "invoices.credit", form={}, public_id="issued_run"),
}

_CASE: Final[dict[str, Any]] = {"payment_id": "case"}
_MONEY: Final = {
    "payments.index_view": desk("payments.read", query={"file": "{file}", "creditor": "{creditor_number}"}),
    "payment.page": desk("payments.read", payment_id="payment"),
    "POST payment.undo": desk("payments.allocate", form={}, gone=303, allocation_id="allocation"),
    "queue.pile": desk("payments.read", query={"account": "{agreement}", "q": "{name}"}),
    "queue.case": desk("payments.read", query={"choice": "claim-{claim}"}, **_CASE),
    "POST queue.book": desk(
        "payments.allocate", form={"choice": "claim-{claim}", "shown": "claim-{claim}", "seen": "{moved}"}, **_CASE
    ),
    "POST queue.close": desk("payments.allocate", form={}, answers=409, **_CASE),
    "POST queue.stay": desk("payments.read", form={}, answers=200, **_CASE),
    "POST queue.undo": desk("payments.allocate", form={}, payment_id="case", first="allocation", last="allocation"),
    "split.find": desk("payments.read", query={"find": "{name}"}, **_CASE),
    "split.split": desk("payments.allocate", query={"row": "claim-{claim}"}, **_CASE),
    "POST split.change": desk(
        "payments.allocate", form={"row": "claim-{claim}", "amount": "1", "do": "count"}, **_CASE
    ),
    "bank_files.files": desk("bank_files.read", query={"new": "{file}"}),
    "POST bank_files.upload": desk("bank_files.import", form={}),
    "bank_files.file": desk("bank_files.read", public_id="file"),
    "bank_tables.show": desk("bank_files.import", public_id="file", answers=404),
    "POST bank_tables.take": desk("bank_files.import", form={}, answers=404, public_id="file"),
    "bank_files.lines": desk("bank_files.read", query={"at": "2"}, public_id="file"),
    "bank_files.raw": desk("bank_files.read", public_id="file"),
    "journal.index_view": desk("journal.read", query={"creditor": "{creditor_number}"}),
    "journal.entry": desk("journal.read", entry_id="entry"),
    "accounts.index_view": desk("journal.read", query={"creditor": "{creditor_number}"}),
    "postings.index_view": desk("journal.read", query={"payment": "{payment}"}),
    "messages.index_view": desk("messages.read", query={"person": "{person}"}),
}

_SETTINGS: Final = {
    "setup.index": desk("setup.read"),
    **table("agreements", "agreement", "accounts.change"),
    **table("components", "component", "prices.edit"),
    **table(
        "creditors",
        "creditor",
        "setup.edit",
        more={"creditors.suggest": desk("setup.read", query={"q": "{group_name}"})},
    ),
    **table(
        "groups",
        "group",
        "setup.edit",
        opens="groups.open",
        more={"groups.suggest": desk("setup.read", query={"q": "{group_name}"})},
    ),
    "layouts.index_view": desk("setup.read"),
    "layouts.edit_view": desk("setup.read", key="creditor"),
    "POST layouts.edit_view": desk("setup.read", "texts.edit", page="layouts.edit_view", key="creditor"),
    "POST layouts.preview": desk("setup.read", form={"creditor": "{creditor}"}, answers=200),
    "POST layouts.document": desk("setup.read", form={"creditor": "{creditor}"}, answers=200),
    "returned.index_view": desk("setup.read"),
    "returned.edit_view": desk("setup.read", key="creditor"),
    "POST returned.edit_view": desk("setup.read", "setup.edit", page="returned.edit_view", key="creditor"),
    "limits.index_view": desk("setup.read"),
    "limits.edit_view": desk("setup.read", key="creditor"),
    "POST limits.edit_view": desk("setup.read", "limits.edit", page="limits.edit_view", key="creditor"),
    **table("prices", "price", "prices.edit", saved=200),
    **table("products", "product", "prices.edit"),
    **table("segments", "segment", "prices.edit"),
    **table("discounts", "discount", "prices.edit", taken=303),
    **table("instalments", "instalment", "prices.edit", taken=303),
    "schedule.index_view": desk("setup.read"),
    "schedule.edit_view": desk("setup.read", key="schedule"),
    "POST schedule.edit_view": desk("setup.read", "schedule.edit", page="schedule.edit_view", key="schedule"),
    **table(
        "texts",
        "text",
        "texts.edit",
        taken=303,
        more={
            "POST texts.preview": desk("texts.edit", form=_WORDS, answers=200),
            "POST texts.mail": desk("texts.edit", form=_WORDS, answers=200),
            "texts.people": desk("members.read", query={"q": "{name}"}),
            "POST texts.document": desk("texts.edit", form=_WORDS, answers=200),
        },
    ),
    **table("types", "type", "prices.edit"),
}

_MORE: Final = {
    "audit.index_view": desk("audit.read", query={"about": "person {person}"}),
    "audit.table": desk("audit.read", query={"about": "person {person}"}),
    "settlements.page": desk("journal.read", query={"creditor": "{creditor}"}),
    "POST settlements.press": desk("settlements.post", form={"creditor": "{creditor}", "through": "2027-01-31"}),
    "settlements.statement": desk("journal.read", answers=404, public_id="group"),
    "open_group.ask": desk("groups.open"),
    "POST open_group.press": desk("groups.open", form={"name": "New", "above": "{group_name}"}, answers=200),
    "open_group.opened": desk("groups.open", public_id="group"),
}

_ROOMS: Final = frozenset(
    {"person_details", "person_membership", "membership_end", "bill", "bill_credit", "bill_send", "queue", "split"}
    | {"bill_part", "bill_anew", "bill_repeat", "bill_instalments", "person_invoice", "templates", "template_edit"}
    | {"move", "aside", "payer_rule", "receive", "deductions"}
    | {"bank_files", "bank_tables", "payment", "runs", "run_do", "run_rows", "run_sheets", "run_undo", "run_watch"}
)
"""Rooms of the desk that stand in the houses of groups, too."""


def _in_houses(doors: Mapping[str, Door]) -> dict[str, Door]:
    """Return the doors of rooms of the desk as they stand in the houses of groups."""
    found = {}
    for name, door in doors.items():
        method, _, endpoint = name.rpartition(" ")
        if endpoint.partition(".")[0] in _ROOMS:
            there = {"whose": Whose.HOUSE, "at": {"group_slug": "slug", **door.at}}
            page = f"group_{door.page}" if door.page else ""
            found[f"{method} group_{endpoint}".strip()] = replace(door, page=page, gone=frozenset({404}), **there)  # type: ignore[arg-type]  # each by its name
    return found


_ADDED: Final = {"given_name": "Ny", "family_name": "Ek", "birth": "17 5 1980", "kind": "{usual_type}"}
_HOUSES: Final = {
    "group_choice.page": staff(query={"q": "{group_word}"}),
    "group_home.page": house("group.use"),
    "group_home.join_code": house("group.use"),
    "group_members.people": house("members.read", query={"q": "{name}"}),
    "POST group_members.take_out": house("members.read", form={"query": "", "format": "csv", "column": "number"}),
    "group_members.paper": house("members.read"),
    "group_add.ask": house("members.edit"),
    "POST group_add.add": house("members.edit", form=_ADDED, answers=200),
    "group_person.file": house("members.read", public_id="person"),
    "group_invoices.invoices": house("invoices.read", query={"q": "{name}", "payer": "{person}"}),
    "POST group_invoices.take_out": house("invoices.read", form={"query": "", "format": "csv", "column": "number"}),
    "group_run_begin.ask": house("runs.steer", "invoices.issue"),
    "POST group_run_begin.begin": house("runs.steer", "invoices.issue", form={}),
    "group_money.page": house("payments.read"),
    "group_money.statement": house("payments.read", answers=404, public_id="group"),
    "group_account.ask": house("accounts.change"),
    "POST group_account.propose": house("accounts.change", form={"scheme": "BGNR", "number": "581-0049"}),
    "POST group_account.prefer": house("accounts.change", form={}, gone=303, agreement_id="own_agreement"),
    "group_look.page": house("group.look"),
    "POST group_look.save": house("group.look", page="group_look.page"),
    "POST group_look.preview": house("group.look", form={}, answers=200),
    "POST group_look.mail": house("group.look", form={}, answers=200),
    "POST group_look.document": house("group.look", form={}, answers=200),
    "group_prices.page": house("group.look"),
    "group_prices.ask": house("group.look", component_id="local"),
    "POST group_prices.save": house("group.look", page="group_prices.ask", component_id="local"),
    "POST group_prices.drop": house("group.look", form={}, component_id="local"),
    "group_products.page": house("group.look"),
    "group_products.begin": house("group.look"),
    "POST group_products.add": house("group.look", form={"number": ""}, answers=200),
    "group_products.ask": house("group.look", product_id="own_product"),
    "POST group_products.change": house("group.look", page="group_products.ask", product_id="own_product"),
    "group_sender.ask": house("group.look"),
    "POST group_sender.save": house("group.look", page="group_sender.ask"),
    "group_texts.page": house("group.look"),
    "POST group_texts.save": house("group.look", form={"occasion": "receipt", "language": "sv", "words": "Tack."}),
    "group_types.page": house("group.look"),
    "group_types.begin": house("group.look"),
    "POST group_types.add": house("group.look", form={"like": "{usual_type}"}, answers=200),
    "group_types.ask": house("group.look", type_id="own_type"),
    "POST group_types.change": house("group.look", page="group_types.ask", type_id="own_type"),
    **_in_houses({**_PERSONS, **_BILLS, **_RUNS, **_MONEY, **CORRECTIONS}),
}

DOORS: Final[Mapping[str, Door]] = {
    **_OPEN,
    **_ENTRANCES,
    **_OWN_THINGS,
    "today.today": desk("desk.use"),
    "find.find": desk("members.read", query={"q": "{name}"}),
    **_PERSONS,
    **LISTS,
    **INTAKE,
    **_BILLS,
    **_RUNS,
    **_MONEY,
    **_SETTINGS,
    **LOOKS,
    **MATCHING,
    **CORRECTIONS,
    **REFUNDS,
    **STAFF,
    **_MORE,
    **_HOUSES,
}
"""Each door by its endpoint, those that take something with POST before it."""
