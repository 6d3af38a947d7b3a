"""Payments made straight of a pattern's texts, where an entry's transactions are told one by one.

The ordinary way makes a transaction of the texts and a payment of the transaction. Within one entry, transactions of a
kind differ in nothing but their texts, so that what the others have in common is found out once. Whatever depends on a
text's own value goes the ordinary way.
"""

from collections.abc import Callable

from bankfiles.accounts import account
from bankfiles.camt_charges import exchange
from bankfiles.camt_entry import Entry
from bankfiles.camt_payment import is_creditor, kind_of
from bankfiles.camt_settle import payment
from bankfiles.camt_specimen import Plan, minor
from bankfiles.camt_transaction import NOT_GIVEN
from bankfiles.keys import escaped
from bankfiles.types import Account, Payment, Reference

Texts = tuple[str, ...]
Straight = Callable[[Texts, int, int], Payment]
"""Makes a payment of its texts, the line it begins in and its place in the entry (from 1); raises UnreadableAmount."""


def straight(entry: Entry, plan: Plan) -> Straight:
    """What makes the payments of an entry whose transactions a plan describes."""

    def ordinary(texts: Texts, line: int, ordinal: int) -> Payment:
        return payment(entry, plan.make(texts, line), ordinal)

    own = dict(plan.refs).get("AcctSvcrRef")
    agreed = any(part is not None for _, part, _ in plan.references)
    exchanged = exchange(plan.specimen.sent, plan.specimen.rate, entry.currency) is not None
    if own is None or plan.amount is None or agreed or exchanged or kind_of(entry, plan.specimen) == "return":
        return ordinary
    return _quick(entry, plan, (own, plan.amount), ordinary)


def _quick(entry: Entry, plan: Plan, groups: tuple[int, int], ordinary: Straight) -> Straight:
    """The quick way for texts that `_unusual` lets pass; `groups` are those of the bank's reference and the amount."""
    own, amount_group = groups
    sign, booked_on, value_on, currency = plan.specimen.sign, entry.booked_on, entry.value_on, entry.currency
    kind, reason = kind_of(entry, plan.specimen), plan.specimen.return_reason
    payer = _payer_of(entry, plan)
    refs = dict(plan.refs)
    end_to_end, mandate = refs.get("EndToEndId"), refs.get("MndtId")
    references = [group for group, _, _ in plan.references]
    text = _text_of(plan)
    key_start, place = f"{entry.key_start}|", f", Ntry {entry.number}, TxDtls "

    def make(texts: Texts, line: int, ordinal: int) -> Payment:
        reference = texts[own]
        name, account, receiver = payer(texts)
        if reference in NOT_GIVEN or reference == entry.bank_reference or account is _UNUSUAL:
            return ordinary(texts, line, ordinal)
        amount = minor(texts[amount_group]) * sign
        return Payment(
            amount,
            currency,
            booked_on,
            f"{key_start}{escaped(reference)}|1|{amount}",
            f"line {line}{place}{ordinal}",
            kind,
            value_on,
            reference,
            tuple([Reference(texts[group]) for group in references]),
            text(texts),
            name,
            account,
            receiver,
            _given(texts, end_to_end),
            _given(texts, mandate),
            reason,
        )

    return make


_UNUSUAL = Account("OTHER", "")
Payer = Callable[[Texts], tuple[str, Account | None, Account | None]]


def _payer_of(entry: Entry, plan: Plan) -> Payer:
    """What finds the payer's name and account and the receiver's; the account is _UNUSUAL where its value decides."""
    other = is_creditor(entry, plan.specimen, kind_of(entry, plan.specimen))
    named = dict(plan.strings).get("creditor" if other else "debtor")
    if not plan.accounts:
        return lambda texts: ("" if named is None else texts[named], None, None)
    groups = {name: (scheme, group) for name, scheme, group in plan.accounts}
    own = entry.statement.account.number

    def find(texts: Texts) -> tuple[str, Account | None, Account | None]:
        found = {name: account(scheme, texts[group]) for name, (scheme, group) in groups.items()}
        debtor, creditor = found.get("debtor_account"), found.get("creditor_account")
        name = "" if named is None else texts[named]
        if "debtor_account" in groups and (debtor is None or debtor.number == own):
            return name, _UNUSUAL, None
        return (name, creditor, debtor) if other else (name, debtor, creditor)

    return find


def _text_of(plan: Plan) -> Callable[[Texts], str]:
    lines, additional = plan.lines, dict(plan.strings).get("additional")
    if lines:
        return lambda texts: "\n".join([texts[group] for group in lines])
    return lambda texts: "" if additional is None else texts[additional]


def _given(texts: Texts, group: int | None) -> str | None:
    if group is None:
        return None
    return None if (found := texts[group]) in NOT_GIVEN else found
