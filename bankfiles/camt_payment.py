"""From an entry and its transactions to payments."""

from bankfiles.camt_charges import exchange
from bankfiles.camt_entry import Entry
from bankfiles.camt_transaction import NOT_GIVEN, Transaction
from bankfiles.keys import digest, escaped
from bankfiles.types import Kind, Payment, with_agreed_parts

# ISO 20022 external bank transaction sub-families: unpaid debit and cheque, returned and cancelled payments.
_ORIGINALS = ("AcctSvcrRef", "InstrId", "TxId", "UETR", "ClrSysRef")
_RETURNS = {"UPDD", "UPCQ", "PRDD", "RRTN", "RPCR"}


def payment_of(entry: Entry, transaction: Transaction, ordinal: int, amount: int) -> Payment:
    """The payment of a transaction, the `ordinal`-th of its entry (from 1); `amount` is signed minor units."""
    kind = kind_of(entry, transaction)
    other = is_creditor(entry, transaction, kind)
    payer_account, receiver_account = transaction.debtor_account, transaction.creditor_account
    own_reference = transaction.ref("AcctSvcrRef")
    return Payment(
        amount,
        entry.currency,
        entry.booked_on,
        key=_key(entry, transaction, own_reference, ordinal, amount),
        position=_position(entry, transaction, ordinal),
        kind=kind,
        value_on=entry.value_on,
        bank_reference=own_reference or entry.bank_reference,
        references=with_agreed_parts(transaction.references, amount) if transaction.references else (),
        text="\n".join(transaction.lines) or transaction.additional,
        payer_name=transaction.creditor if other else transaction.debtor,
        payer_account=receiver_account if other else payer_account,
        receiver_account=payer_account if other else receiver_account,
        end_to_end_id=transaction.ref("EndToEndId"),
        mandate_id=transaction.ref("MndtId"),
        return_reason=transaction.return_reason,
        exchange=exchange(transaction.sent, transaction.rate, entry.currency),
        charges=transaction.charges,
        originals=_originals(transaction) if kind == "return" else (),
    )


def whole_entry(entry: Entry) -> Payment:
    """The entry as a single payment without details, of which it has none or none that add up."""
    bare = Transaction(entry.currency, entry.sign)
    bare.additional = entry.additional
    bare.charges, bare.sent, bare.rate = entry.charges, entry.sent, entry.rate
    return payment_of(entry, bare, 1, entry.amount)


def kind_of(entry: Entry, transaction: Transaction) -> Kind:
    """A return is known by its reason, by the reversal indicator (absent from many) or by the bank's code."""
    subfamily = transaction.subfamily or entry.subfamily
    if entry.reversal or transaction.return_reason is not None or subfamily in _RETURNS:
        return "return"
    return "payment" if transaction.sign > 0 else "other"


def _originals(transaction: Transaction) -> tuple[str, ...]:
    """What may be the number of the payment that comes back, each once; its end-to-end number is told by itself."""
    found = [transaction.ref(name) for name in _ORIGINALS] + [transaction.proprietary]
    return tuple(dict.fromkeys(number for number in found if number and number not in NOT_GIVEN))


def is_creditor(entry: Entry, transaction: Transaction, kind: Kind) -> bool:
    """Whether the other side is the creditor.

    A returned debit keeps the roles of the debit, so that the member is still its debtor; but banks also write it with
    the roles turned and only the other side named.
    """
    account = transaction.debtor_account
    if kind == "other" or (account is not None and account.number == entry.statement.account.number):
        return True
    unnamed = not transaction.debtor and account is None
    return unnamed and kind == "return" and bool(transaction.creditor)


def _key(entry: Entry, transaction: Transaction, own_reference: str | None, ordinal: int, amount: int) -> str:
    """Account, booking day, the bank's reference, place in the entry, and the amount with its sign.

    The bank's reference should be the same in camt.052, 053 and 054. Only a transaction that shares its entry's needs
    its place there: one with a reference of its own, or with none at all (its content stands in then), is known by
    that wherever it stands, since the next file may batch it with others.
    """
    known_as = own_reference or entry.bank_reference or f"~{_content(transaction)}"
    shared = entry.bank_reference is not None and own_reference in {None, entry.bank_reference}
    return f"{entry.key_start}|{escaped(known_as)}|{ordinal if shared else 1}|{amount}"


def _content(transaction: Transaction) -> str:
    return digest(
        *sorted(transaction.refs.items()),
        *[reference.value for reference in transaction.references],
        transaction.debtor_account,
        transaction.debtor,
        *transaction.lines,
        transaction.additional,
    )


def _position(entry: Entry, transaction: Transaction, ordinal: int) -> str:
    if transaction.line is None:
        return entry.position
    return f"line {transaction.line}, Ntry {entry.number}, TxDtls {ordinal}"
