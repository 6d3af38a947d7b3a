"""The totals a bank gives for the transactions of one NtryDtls (Btch), and their check."""

from dataclasses import dataclass

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.currencies import decimal_text
from bankfiles.errors import WrongTotal


@dataclass(slots=True)
class Batch:
    """One NtryDtls while its transactions are counted; `amount` is None once one of them gave none."""

    said_count: int | None = None
    said_amount: tuple[int, str] | None = None
    position: str = ""
    count: int = 0
    amount: int | None = 0

    def add(self, amount: int | None) -> None:
        """Counts a transaction of `amount` (signed minor units of the entry's currency)."""
        self.count += 1
        self.amount = None if amount is None or self.amount is None else self.amount + amount

    def add_all(self, count: int, amount: int) -> None:
        """Counts several transactions by their sum."""
        self.count += count
        self.amount = None if self.amount is None else self.amount + amount


def open_batch(details: Element) -> Batch:
    """The totals of an NtryDtls, which stand before its transactions."""
    element = values.child(details, "Btch")
    if element is None:
        return Batch()
    said = values.children(element)
    count = values.count(said["NbOfTxs"]) if "NbOfTxs" in said else None
    amount = values.amount(said["TtlAmt"]) if "TtlAmt" in said else None
    return Batch(count, amount, values.place(element))


def promises(batch: Batch, amount: int, currency: str) -> bool:
    """Whether the bank states the sum of the transactions and it is the entry's: should it prove wrong, the file is."""
    return batch.said_amount == (amount, currency)


def unlisted(batch: Batch, booked: int, currency: str, *, whole: bool) -> int:
    """Checks a finished batch; the number of transactions it stands for without listing them, usually 0.

    Banks may book a batch without its transactions, or with a single one that stands for all: it then has no amount, or
    that of the entry, which is `booked` (`whole` forbids both: the transactions have been told already). Any other
    difference raises WrongTotal.
    """
    if batch.said_count is not None and batch.said_count != batch.count:
        stands_for_all = batch.count == 0 or (batch.count == 1 and batch.amount in {None, booked})
        if not stands_for_all or batch.said_count == 0 or whole:
            sentence = "the batch says {said} transactions, the file has {found}"
            raise WrongTotal(batch.position, sentence, said=batch.said_count, found=batch.count)
        return batch.said_count
    if batch.count and batch.said_amount is not None and batch.amount is not None:
        amount, said_currency = batch.said_amount
        if said_currency == currency and amount != abs(batch.amount):
            raise WrongTotal(
                batch.position,
                "the batch says {said} {currency}, its transactions add up to {found}",
                said=decimal_text(amount, currency),
                found=decimal_text(abs(batch.amount), currency),
                currency=currency,
            )
    return 0
