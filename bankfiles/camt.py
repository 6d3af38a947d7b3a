"""Bank statements, reports and notifications: ISO 20022 camt.052, camt.053 and camt.054, all versions."""

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles.camt_batch import Batch, open_batch, promises, unlisted
from bankfiles.camt_entry import Entry, read_entry
from bankfiles.camt_runs import Run, Runs
from bankfiles.camt_settle import dropped, settled, told
from bankfiles.camt_statement import Statement, close_statement, read_statement
from bankfiles.camt_survey import large_entries
from bankfiles.camt_transaction import Transaction, read_transaction
from bankfiles.camt_values import local, parent_of, text
from bankfiles.elements import elements, forget
from bankfiles.errors import WrongRecord
from bankfiles.formats import Format
from bankfiles.head import Head
from bankfiles.streams import Window
from bankfiles.types import Event

# Transactions of one entry that are held in memory; larger entries are added up by a look ahead instead.
LIMIT = 1000
_SHELLS = 50
# The message and its statements, by the number in the namespace.
_MESSAGES = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.(001\.\d\d)", re.ASCII)


def sniff(head: Head) -> Format | None:
    """The format of a file whose root is a Document in one of the namespaces."""
    found = _NAMESPACE.fullmatch(head.namespace or "")
    if found is None or head.root != "Document":
        return None
    return Format(found[1], found[2], partial(_read, namespace=found[0], message=found[1]))


def _read(stream: BinaryIO, namespace: str, message: str) -> Iterator[Event]:
    return _Reader(stream, namespace, message).events()


class _Reader:
    """One file being read. Elements come when they end: an entry's transactions before the entry itself, so that the
    first of them opens entry and statement from what stands before it.
    """

    def __init__(self, stream: BinaryIO, namespace: str, message: str) -> None:
        self._stream = stream
        self._runs = Runs(Window(stream), namespace)
        self._namespace = namespace
        self._message = message
        self._container, self._frame = _MESSAGES[message]
        self._statement: Statement | None = None
        self._entry: Entry | None = None
        self._survey: Iterator[tuple[int, bool]] | None = None
        self._entries = 0
        self._shells = 0
        self._ready: list[Event] = []

    def events(self) -> Iterator[Event]:
        handlers = {
            "TxDtls": self._transaction_ends,
            "NtryDtls": self._details_end,
            "Ntry": self._entry_ends,
            self._frame: self._statement_ends,
        }
        empty = True
        for element in elements(self._runs, [f"{{{self._namespace}}}{name}" for name in handlers]):
            handlers[local(element)](element)
            self._forget(element)
            if self._ready:
                empty = False
                yield from self._ready
                self._ready.clear()
        if empty:
            raise WrongRecord("", "there is no {frame} in {container}", frame=self._frame, container=self._container)

    def _forget(self, element: Element) -> None:
        """Frees an element at once, and the empty shells of transactions every so often."""
        self._shells += 1
        if self._entry is None or self._shells >= _SHELLS:
            forget(element)
            self._shells = 0
        else:
            element.clear()

    def _statement_of(self, element: Element) -> Statement:
        if self._statement is None:
            parent = element.getparent()
            if local(element) != self._frame or parent is None or local(parent) != self._container:
                raise WrongRecord(values.place(element), "the element is out of place")
            self._statement = read_statement(element, self._message)
        return self._statement

    def _entry_of(self, element: Element) -> Entry:
        if self._entry is None:
            statement = self._statement_of(parent_of(element))
            self._entry = read_entry(element, statement)
            if statement.entries == 0:
                self._ready += [statement.opened, *statement.notices]
            statement.entries += 1
            self._entries += 1
        return self._entry

    def _transaction_ends(self, element: Element) -> None:
        entry = self._entry or self._entry_of(parent_of(parent_of(element)))
        run = self._runs.found.popleft() if (element.text or "").startswith(self._runs.token) else None
        if not entry.booked:
            return
        if entry.batch is None:
            entry.batch = open_batch(parent_of(element))
        if run is None:
            self._take(entry, entry.batch, read_transaction(element, entry.currency, entry.sign))
        elif entry.streaming:
            self._ready += _told_straight(entry, entry.batch, run)
        else:
            for kind, texts, line in run:
                self._take(entry, entry.batch, kind.make(entry.currency, entry.sign)(texts, line))

    def _take(self, entry: Entry, batch: Batch, transaction: Transaction) -> None:
        batch.add(transaction.amount)
        entry.count += 1
        entry.held.append(transaction)
        if len(entry.held) >= LIMIT:
            if entry.streaming is None:
                entry.streaming = promises(batch, abs(entry.amount), entry.currency) or self._adds_up()
            self._ready += told(entry) if entry.streaming else dropped(entry)

    def _adds_up(self) -> bool:
        if self._survey is None:
            self._survey = large_entries(Window(self._stream), self._namespace, LIMIT)
        return next((adds_up for number, adds_up in self._survey if number == self._entries), False)

    def _details_end(self, element: Element) -> None:
        entry = self._entry_of(parent_of(element))
        if entry.booked:
            batch = entry.batch or open_batch(element)
            entry.unsplit += unlisted(batch, entry.amount, entry.currency, whole=entry.streaming is True)
            entry.batch = None

    def _entry_ends(self, element: Element) -> None:
        entry = self._entry_of(element)
        statement = entry.statement
        self._entry = None
        statement.every.add(entry.sign, abs(entry.amount))
        if not entry.booked:
            statement.skipped[entry.status] = statement.skipped.get(entry.status, 0) + 1
            return
        statement.booked.add(entry.sign, abs(entry.amount))
        entry.additional = text(element, "AddtlNtryInf")
        self._ready += settled(entry)

    def _statement_ends(self, element: Element) -> None:
        statement = self._statement_of(element)
        if statement.entries == 0:
            self._ready += [statement.opened, *statement.notices]
        self._ready += close_statement(statement)
        self._statement = None


def _told_straight(entry: Entry, batch: Batch, run: Run) -> list[Event]:
    """The payments of a run in an entry that is told one by one, after those of the transactions still held."""
    events = told(entry)
    makes = [(kind.straight(entry), texts, line) for kind, texts, line in run]
    payments = [make(texts, line, place) for place, (make, texts, line) in enumerate(makes, entry.count + 1)]
    amount = sum([payment.amount for payment in payments])
    batch.add_all(len(payments), amount)
    entry.count += len(payments)
    entry.told += amount
    entry.statement.payments += len(payments)
    return events + payments
