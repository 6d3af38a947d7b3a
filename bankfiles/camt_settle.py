"""What becomes of an entry: a payment for each transaction, or one for the whole where these do not add up to it."""

from bankfiles.camt_entry import Entry
from bankfiles.camt_payment import payment_of, whole_entry
from bankfiles.camt_transaction import Transaction
from bankfiles.currencies import decimal_text
from bankfiles.errors import UnreadableAmount, WrongTotal
from bankfiles.types import Event, Notice, Payment


def told(entry: Entry) -> list[Event]:
    """The payments of the transactions held, which are then held no longer."""
    events: list[Event] = []
    for ordinal, transaction in enumerate(entry.held, entry.count - len(entry.held) + 1):
        told = payment(entry, transaction, ordinal)
        events.append(told)
        entry.told += told.amount
    entry.statement.payments += len(events)
    entry.held.clear()
    return events


def payment(entry: Entry, transaction: Transaction, ordinal: int) -> Payment:
    """The payment of the `ordinal`-th transaction of an entry (from 1); raises UnreadableAmount where it has none."""
    if transaction.amount is None:
        position = f"{entry.position}, TxDtls {ordinal}"
        raise UnreadableAmount(position, "the transaction has no amount in {currency}", currency=entry.currency)
    return payment_of(entry, transaction, ordinal, transaction.amount)


def dropped(entry: Entry) -> list[Event]:
    """Nothing: the transactions held are forgotten, because the entry becomes a single payment."""
    entry.held.clear()
    return []


def settled(entry: Entry) -> list[Event]:
    """The payments of an entry that has ended, except those told before."""
    if entry.streaming:
        return _all_told(entry)
    if entry.count == 1 and not entry.unsplit:
        return _single(entry)
    if entry.count and not entry.unsplit and _adds_up(entry):
        return told(entry)
    entry.statement.payments += 1
    return [whole_entry(entry), *_why_whole(entry)]


def _all_told(entry: Entry) -> list[Event]:
    """The last of many transactions. It is too late to keep the entry whole: what was to add up must have done so."""
    events = told(entry)
    if entry.told != entry.amount:
        raise WrongTotal(
            entry.position,
            "the entry says {said} {currency}, its transactions add up to {found}",
            said=_text(entry, entry.amount),
            found=_text(entry, entry.told),
            currency=entry.currency,
        )
    return events


def _adds_up(entry: Entry) -> bool:
    amounts = [transaction.amount for transaction in entry.held]
    return len(amounts) == entry.count and None not in amounts and sum(filter(None, amounts)) == entry.amount


def _single(entry: Entry) -> list[Event]:
    """The only transaction has the entry's amount, whatever it was before charges or in the payer's currency."""
    transaction = entry.held[0]
    differs = transaction.amount is not None and transaction.amount != entry.amount
    stated, transaction.amount, transaction.sign = transaction.amount, entry.amount, entry.sign
    transaction.additional = transaction.additional or entry.additional
    transaction.charges = transaction.charges or entry.charges
    transaction.sent, transaction.rate = transaction.sent or entry.sent, transaction.rate or entry.rate
    events = told(entry)
    if differs:
        sentence = "the transaction says {said} {currency}, the entry {booked}; the entry's amount is what was booked"
        events.append(_notice(entry, sentence, said=_text(entry, stated or 0), booked=_text(entry, entry.amount)))
    return events


def _why_whole(entry: Entry) -> list[Event]:
    """An entry without details is usual (charges, transfers) and only counted."""
    if entry.unsplit:
        return [_notice(entry, "the bank lists none of the {count} transactions of this entry; it is kept as one line")]
    if entry.count:
        sentence = "the {count} transactions do not add up to {booked} {currency}; the entry is kept as one line"
        return [_notice(entry, sentence, booked=_text(entry, entry.amount))]
    entry.statement.without_details += 1
    return []


def _notice(entry: Entry, sentence: str, **values: object) -> Notice:
    return Notice(
        entry.position, sentence, {"count": entry.unsplit or entry.count, "currency": entry.currency, **values}
    )


def _text(entry: Entry, amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{decimal_text(abs(amount), entry.currency)}"
