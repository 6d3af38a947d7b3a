"""The screens that are looked at: how to get to each, and in which looks beside light and dark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dues.payments.models import CaseReason
from tests.screens.corrections import moving
from tests.screens.scene import Scene


@dataclass(frozen=True)
class Screen:
    """One page: its name, its address in a scene, whether one has to be logged in, and what one presses there."""

    name: str
    address: Callable[[Scene], str]
    desk: bool = True
    status: int = 200
    press: str = ""


def _desk(name: str, address: str | Callable[[Scene], str], *, status: int = 200, press: str = "") -> Screen:
    return Screen(name, address if callable(address) else lambda _scene: address, status=status, press=press)


def _case(name: str, reason: CaseReason, then: str = "") -> Screen:
    return Screen(name, lambda scene: f"/admin/queue/{scene.cases[reason]}{then}")


def _public(name: str, address: str | Callable[[Scene], str], *, status: int = 200) -> Screen:
    return Screen(name, address if callable(address) else lambda _scene: address, desk=False, status=status)


_ENDS: Final = "on=2026-11-20&how=left"

SCREENS: Final = (
    _public("home", "/"),
    _public("home-nothing-found", "/?q=xyz"),
    _public("join", lambda scene: f"/join/{scene.group}"),
    _public("not-there", "/nowhere", status=404),
    _public("login", "/admin/login"),
    _desk("today", "/admin/"),
    _desk("find", "/admin/find?q=an"),
    _desk("find-number", "/admin/find?q=7"),
    _desk("find-nothing", "/admin/find?q=zzyx+anna"),
    _desk("find-empty", "/admin/find"),
    _public("invitation-void", "/admin/welcome/used"),
    _desk("you", "/admin/you/"),
    _desk("guide", "/admin/guide/"),
    _desk("guide-page", "/admin/guide/without-an-invoice"),
    _desk("password", "/admin/you/password"),
    _desk("second-factor", "/admin/second-factor/"),
    _desk("prove-again", "/admin/again"),
    _desk("staff", "/admin/staff/"),
    _desk("staff-nobody", "/admin/staff/?q=zzyx"),
    _desk("staff-invite", "/admin/staff/invite"),
    _desk("colleague", lambda scene: f"/admin/staff/{scene.colleague}"),
    _desk("approvals", "/admin/approvals/"),
    _desk("roles", "/admin/setup/roles/"),
    _desk("role-of-the-house", "/admin/setup/roles/auditor/"),
    _desk("role-new", "/admin/setup/roles/new/"),
    _desk("layouts", "/admin/setup/layouts/"),
    _desk("layout", lambda scene: f"/admin/setup/layouts/{scene.settings['creditors']}/"),
    _desk("coding", lambda scene: f"/admin/setup/coding/{scene.settings['creditors']}/"),
    _desk("coding-rule", lambda scene: f"/admin/setup/coding-rules/{scene.settings['creditors']}/new"),
    _desk("own-templates", lambda scene: f"/admin/setup/own-templates/{scene.settings['creditors']}/"),
    _desk("own-template", lambda scene: f"/admin/setup/own-templates/template/{scene.settings['own_template']}"),
    _desk("limits", "/admin/setup/limits/"),
    _desk("returned", lambda scene: f"/admin/setup/returned/{scene.settings['creditors']}/"),
    _desk("matching", lambda scene: f"/admin/setup/matching/{scene.settings['creditors']}/"),
    _desk("queue-exchange", lambda scene: f"/admin/queue/{scene.waiting_payment}/exchange?rate=11.2345"),
    _desk("matching-tried", "/admin/matching/try?rule=name"),
    _desk("person", lambda scene: f"/admin/persons/{scene.person}"),
    _desk("person-details", lambda scene: f"/admin/persons/{scene.person}/details"),
    _desk("person-hold", lambda scene: f"/admin/persons/{scene.person}/hold"),
    _desk("person-segments", lambda scene: f"/admin/persons/{scene.person}/segments"),
    _desk("person-income", lambda scene: f"/admin/persons/{scene.person}/income"),
    _desk("person-price", lambda scene: f"/admin/persons/{scene.person}/memberships/{scene.membership}/price"),
    _desk("invoice-new", lambda scene: f"/admin/persons/{scene.person}/invoices/new"),
    _desk("templates", "/admin/templates/"),
    _desk("template", lambda scene: f"/admin/templates/{scene.sent[0]}"),
    _desk("template-edit", lambda scene: f"/admin/templates/{scene.sent[0]}/edit"),
    _desk("template-new", "/admin/templates/new"),
    _desk("invoice-sold", lambda scene: f"/admin/invoices/{scene.sent[1]}"),
    _desk("invoice-duplicate", lambda scene: f"/admin/invoices/{scene.sent[1]}/duplicate?status=active&age-from=18"),
    _desk("run-to-many", lambda scene: f"/admin/runs/{scene.sent[2]}"),
    _desk("membership-group", lambda scene: f"/admin/persons/{scene.person}/memberships/new"),
    _desk("membership-type", lambda scene: f"/admin/persons/{scene.person}/memberships/new/{scene.group}"),
    _desk("membership-end", lambda scene: f"/admin/persons/{scene.person}/memberships/{scene.membership}/end?{_ENDS}"),
    _desk("person-death", lambda scene: f"/admin/persons/{scene.person}/death?on=2026-01-31"),
    _desk("invoice-open", lambda scene: f"/admin/invoices/{scene.open_invoice}"),
    _desk("invoice-paid", lambda scene: f"/admin/invoices/{scene.paid_invoice}"),
    _desk("invoice-held", lambda scene: f"/admin/invoices/{scene.held_invoice}"),
    _desk("invoice-credited", lambda scene: f"/admin/invoices/{scene.credited_invoice}"),
    _desk("credit-note", lambda scene: f"/admin/invoices/{scene.credit_note}"),
    _desk("invoice-credit", lambda scene: f"/admin/invoices/{scene.paid_invoice}/credit"),
    _desk("invoice-credit-part", lambda scene: f"/admin/invoices/{scene.paid_invoice}/credit/part?show=1&line-1=100"),
    _desk(
        "invoice-instalments",
        lambda scene: (
            f"/admin/invoices/{scene.open_invoice}/instalments?parts=3&first_on=2027-01-31&every=1&unit=month"
        ),
    ),
    _desk("invoice-anew", lambda scene: f"/admin/invoices/{scene.open_invoice}/anew"),
    _desk("invoice-send", lambda scene: f"/admin/invoices/{scene.open_invoice}/send"),
    _desk("invoice-hold", lambda scene: f"/admin/invoices/{scene.open_invoice}/hold"),
    _desk("payment-used", lambda scene: f"/admin/payments/{scene.used_payment}"),
    _desk("payment-waiting", lambda scene: f"/admin/payments/{scene.waiting_payment}"),
    _desk("queue", "/admin/queue/"),
    _desk("queue-nothing-left", "/admin/queue/?reason=money+left"),
    _case("queue-wrong-digit", CaseReason.UNKNOWN_REFERENCE),
    _case("queue-none", CaseReason.NO_REFERENCE),
    _case("queue-colleague", CaseReason.TOO_MUCH),
    _case("queue-paid-twice", CaseReason.ALREADY_PAID),
    _case("queue-split", CaseReason.TOO_MUCH, "/split"),
    _case("queue-find", CaseReason.NO_REFERENCE, "/find?find=an"),
    _case("queue-not-ours", CaseReason.NO_REFERENCE, "/not-ours"),
    _case("queue-send-back", CaseReason.NO_REFERENCE, "/send-back"),
    _case("queue-rule", CaseReason.UNKNOWN_REFERENCE, "/rule"),
    _case("queue-list", CaseReason.NO_REFERENCE, "/list"),
    _desk("queue-asides", "/admin/queue/aside"),
    _desk("queue-rules", "/admin/queue/rules"),
    _desk("payment-move", moving),
    _desk("person-receive", lambda scene: f"/admin/persons/{scene.person}/receive"),
    _desk("bank-files", "/admin/bank-files/"),
    _desk("bank-file-lines", lambda scene: f"/admin/bank-files/{scene.bank_file}/lines?at=9"),
    _desk("bank-accounts", "/admin/bank-accounts/"),
    _desk("bank-account", lambda scene: f"/admin/bank-accounts/{scene.settings['agreements']}"),
    _desk("bank-server-new", "/admin/setup/bank-servers/new/"),
    _desk("reconciliation", "/admin/reconciliation/"),
    _desk("bank-file", lambda scene: f"/admin/bank-files/{scene.bank_file}"),
    _desk("bank-table", lambda scene: f"/admin/bank-files/{scene.bank_table}/table"),
    _desk("bank-file-refused", lambda scene: f"/admin/bank-files/{scene.refused_file}"),
    _desk("list-persons", "/admin/persons/"),
    _desk("list-persons-found", "/admin/persons/?q=an"),
    _desk("list-nothing-found", "/admin/persons/?q=zzyx"),
    _desk("list-invoices", "/admin/invoices/"),
    _desk("list-named", lambda scene: f"/admin/lists/{scene.named_list}"),
    _desk("named-lists", "/admin/lists/"),
    _desk("named-list-edit", lambda scene: f"/admin/lists/{scene.named_list}/edit"),
    _desk("refunds", "/admin/refunds/"),
    _desk("refund", lambda scene: f"/admin/refunds/{scene.settings['refund']}"),
    _desk("refund-refused", lambda scene: f"/admin/refunds/{scene.settings['refund_refused']}"),
    _desk("bank-file-report", lambda scene: f"/admin/bank-files/{scene.settings['bank_report']}"),
    _desk("refund-new", lambda scene: f"/admin/refunds/of/{scene.person}"),
    _desk("refund-orders", "/admin/refunds/orders/"),
    _desk("gifts", "/admin/gifts/"),
    _desk("exports", "/admin/exports/"),
    _desk("export", lambda scene: f"/admin/exports/{scene.export}"),
    _desk("list-messages", "/admin/messages/"),
    _desk("list-journal", "/admin/journal/"),
    _desk("setup", "/admin/setup/"),
    _desk("setup-prices", "/admin/setup/prices/"),
    _desk("setup-products", "/admin/setup/products/"),
    _desk("setup-product-new", "/admin/setup/products/new/"),
    _desk("setup-segments", "/admin/setup/segments/"),
    _desk("setup-discounts", "/admin/setup/discounts/"),
    _desk("setup-discount-new", "/admin/setup/discounts/new/"),
    _desk("setup-instalments", "/admin/setup/instalments/"),
    _desk("setup-instalment-new", "/admin/setup/instalments/new/"),
    _desk("setup-type-new", "/admin/setup/types/new/"),
    _desk("setup-overpaid", lambda scene: f"/admin/setup/overpaid/{scene.settings['creditors']}/"),
    _desk("setup-fund-new", "/admin/setup/funds/new/"),
    _desk("setup-group", lambda scene: f"/admin/setup/groups/{scene.settings['groups']}/"),
    _desk("setup-price", lambda scene: f"/admin/setup/prices/{scene.settings['prices']}/"),
    _desk("setup-agreement", lambda scene: f"/admin/setup/agreements/{scene.settings['agreements']}/"),
    _desk("setup-errors", "/admin/setup/creditors/new/", press="main form button.main"),
    _desk("charges", "/admin/charges/"),
    _desk("charges-columns", lambda scene: f"/admin/charges/{scene.charges[0]}"),
    _desk("charges-faults", lambda scene: f"/admin/charges/{scene.charges[1]}"),
    _desk("charges-preview", lambda scene: f"/admin/runs/{scene.charges[2]}"),
    _desk("charges-rows", lambda scene: f"/admin/runs/{scene.charges[2]}/rows"),
    _desk("taken-in", "/admin/taken-in/"),
    _desk("taken-in-columns", lambda scene: f"/admin/taken-in/{scene.taken_in[0]}"),
    _desk("taken-in-pdfs", lambda scene: f"/admin/taken-in/{scene.taken_in[1]}"),
    _desk("taken-in-preview", lambda scene: f"/admin/runs/{scene.taken_in[2]}"),
    _desk("taken-in-invoice", lambda scene: f"/admin/invoices/{scene.taken_in[3]}"),
    _desk("runs", "/admin/runs/"),
    _desk("runs-none", "/admin/runs/?state=working"),
    _desk("run-new", "/admin/runs/new"),
    _desk("run-preview", lambda scene: f"/admin/runs/{scene.preview}"),
    _desk("run-moved", lambda scene: f"/admin/runs/{scene.moved_run}"),
    _desk("run-working", lambda scene: f"/admin/runs/{scene.working_run}"),
    _desk("run-paused", lambda scene: f"/admin/runs/{scene.paused_run}"),
    _desk("run-failed", lambda scene: f"/admin/runs/{scene.failed_run}"),
    _desk("run-done", lambda scene: f"/admin/runs/{scene.invoice_run}"),
    _desk("run-bank", lambda scene: f"/admin/runs/{scene.bank_run}"),
    _desk("run-rows", lambda scene: f"/admin/runs/{scene.preview}/rows?q=b"),
    _desk("run-left-out", lambda scene: f"/admin/runs/{scene.invoice_run}/left-out"),
    _desk("run-nobody", lambda scene: f"/admin/runs/{scene.preview}/rows?q=zzyx"),
    _desk("run-undo", lambda scene: f"/admin/runs/{scene.undoing}"),
    _desk("run-undo-rows", lambda scene: f"/admin/runs/{scene.undoing}/rows"),
    _desk("run-undo-left", lambda scene: f"/admin/runs/{scene.undoing}/left-out"),
    _desk("run-groups", lambda scene: f"/admin/runs/{scene.preview}/groups"),
    _desk("house", lambda scene: f"/group/{scene.house}/"),
    _desk("house-members", lambda scene: f"/group/{scene.house}/members/"),
    _desk("house-nobody", lambda scene: f"/group/{scene.house}/members/?q=zzyx"),
    _desk("house-paper", lambda scene: f"/group/{scene.house}/members/print"),
    _desk("house-add", lambda scene: f"/group/{scene.house}/members/new/"),
    _desk("house-member", lambda scene: f"/group/{scene.house}/members/{scene.person}"),
    _desk("house-layout", lambda scene: f"/group/{scene.house}/look/layout/"),
    _desk("house-back", lambda scene: f"/group/{scene.house}/money/back-and-given/"),
    _desk("house-invoices", lambda scene: f"/group/{scene.house}/invoices/"),
    _desk("house-invoice", lambda scene: f"/group/{scene.house}/invoices/{scene.open_invoice}"),
    _desk("house-send", lambda scene: f"/group/{scene.house}/invoices/new/"),
    _desk("house-templates", lambda scene: f"/group/{scene.house}/invoices/templates/"),
    _desk("house-template-new", lambda scene: f"/group/{scene.house}/invoices/templates/new"),
    _desk("house-runs", lambda scene: f"/group/{scene.house}/invoices/runs/"),
    _desk("not-there-house", lambda scene: f"/group/{scene.house}/members/{scene.preview}", status=404),
    _desk("not-there-desk", "/admin/nowhere", status=404),
)
