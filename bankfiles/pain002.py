"""Payment status reports: ISO 20022 pain.002, versions 001.03 to 001.14 and later ones of the same shape.

A report answers a message of orders (pain.001 or pain.008): OrgnlGrpInfAndSts tells of the message, OrgnlPmtInfAndSts
of each batch, TxInfAndSts of single orders. What an order's report does not say is inherited: a status from its batch,
and a batch's from the message (ISO 20022 message definition report, Payments Initiation).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import BinaryIO

from lxml.etree import _Element as Element

from bankfiles import camt_values as values
from bankfiles import pain002_values as own
from bankfiles.camt_values import local, parent_of, text
from bankfiles.elements import elements, forget
from bankfiles.errors import WrongRecord
from bankfiles.formats import Format
from bankfiles.head import Head
from bankfiles.keys import key
from bankfiles.pain002_order import read_order
from bankfiles.pain002_totals import Listed, Promised
from bankfiles.streams import Window
from bankfiles.types import Event, Level, OrderStatus, Reason, ReportClosed, ReportOpened

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.(001\.(?:0[3-9]|[1-9]\d))", re.ASCII)
_CONTAINER = "CstmrPmtStsRpt"
_DIFFERS = {"PART", "PATC"}  # says of a message or batch that the orders in it fare differently


def sniff(head: Head) -> Format | None:
    """The format of a file whose root is a Document in one of the namespaces."""
    found = _NAMESPACE.fullmatch(head.namespace or "")
    if found is None or head.root != "Document":
        return None
    return Format("pain.002", found[1], partial(_read, namespace=found[0]))


def _read(stream: BinaryIO, namespace: str) -> Iterator[Event]:
    return _Reader(stream, namespace).events()


@dataclass(slots=True)
class _Within:
    """The message, or a batch of it, while its orders are read."""

    code: str | None
    reasons: tuple[Reason, ...]
    promised: Promised
    listed: Listed = field(default_factory=Listed)
    batch_id: str | None = None


class _Reader:
    """One report being read. A batch's own values stand before its orders, so that the first of them opens it."""

    def __init__(self, stream: BinaryIO, namespace: str) -> None:
        self._window = Window(stream)
        self._namespace = namespace
        self._header: tuple[str, date] | None = None
        self._key = ""
        self._message: _Within | None = None
        self._batch: _Within | None = None
        self._batches_summed = True
        self._orders = 0
        self._ready: list[Event] = []

    def events(self) -> Iterator[Event]:
        handlers = {
            "GrpHdr": self._header_ends,
            "OrgnlGrpInfAndSts": self._message_ends,
            "TxInfAndSts": self._order_ends,
            "OrgnlPmtInfAndSts": self._batch_ends,
            _CONTAINER: self._report_ends,
        }
        for element in elements(self._window, [f"{{{self._namespace}}}{name}" for name in handlers]):
            handlers[local(element)](element)
            forget(element)
            yield from self._ready
            self._ready.clear()
        if self._message is None or self._header is not None:
            raise WrongRecord("", "there is no OrgnlGrpInfAndSts in {container}", container=_CONTAINER)

    def _header_ends(self, element: Element) -> None:
        _within(element, _CONTAINER)
        message_id, day = text(element, "MsgId"), values.day(values.child(element, "CreDtTm"))
        if not message_id or day is None or self._header is not None:
            raise WrongRecord(values.place(element), "the report has no number or no time")
        self._header = message_id, day

    def _message_ends(self, element: Element) -> None:
        _within(element, _CONTAINER)
        if self._header is None or self._message is not None:
            raise WrongRecord(values.place(element), "the element is out of place")
        message = self._message = _opened(element)
        self._key = key("pain.002", *self._header)
        self._ready.append(
            ReportOpened(
                key=self._key,
                original_id=text(element, "OrgnlMsgId"),
                original_kind=text(element, "OrgnlMsgNmId").lower(),
                created=self._header[1],
                transactions=message.promised.orders,
                control_sum=message.promised.amount,
            )
        )
        if message.code is not None:
            self._ready.append(_status("message", values.place(element), message.code, message.reasons, None))

    def _batch_of(self, element: Element) -> _Within:
        if self._batch is None:
            message = self._message
            if local(element) != "OrgnlPmtInfAndSts" or message is None:
                raise WrongRecord(values.place(element), "the element is out of place")
            _within(element, _CONTAINER)
            batch = self._batch = _opened(element)
            batch.batch_id = text(element, "OrgnlPmtInfId")
            if not batch.batch_id:
                raise WrongRecord(values.place(element), "a batch of orders has no number")
            if batch.code is not None:
                self._ready.append(_status("batch", values.place(element), batch.code, batch.reasons, batch.batch_id))
            elif message.code not in _DIFFERS:
                batch.code, batch.reasons = message.code, batch.reasons or message.reasons
        return self._batch

    def _order_ends(self, element: Element) -> None:
        batch = self._batch_of(parent_of(element))
        if self._message is None:
            raise WrongRecord(values.place(element), "the element is out of place")
        self._orders += 1
        inherited = None if batch.code in _DIFFERS else batch.code
        status = read_order(element, self._orders, inherited, batch.reasons, batch.batch_id)
        for within in (self._message, batch):
            within.listed.add(status.code, status.amount, status.currency)
        self._ready.append(status)

    def _batch_ends(self, element: Element) -> None:
        batch = self._batch_of(element)
        proved = batch.promised.check(batch.listed)
        self._batches_summed &= proved or not batch.listed.orders
        self._batch = None

    def _report_ends(self, element: Element) -> None:
        if self._message is None:
            raise WrongRecord(
                values.place(element), "there is no OrgnlGrpInfAndSts in {container}", container=_CONTAINER
            )
        proved = self._message.promised.check(self._message.listed)
        self._header = None
        self._ready.append(ReportClosed(self._key, self._orders, proved or (self._batches_summed and self._orders > 0)))


def _within(element: Element, name: str) -> None:
    if local(parent_of(element)) != name:
        raise WrongRecord(values.place(element), "the element is out of place")


def _opened(element: Element) -> _Within:
    """What an element says of the message or of a batch, up to its orders."""
    code = own.status(values.child(element, "GrpSts")) or own.status(values.child(element, "PmtInfSts"))
    promised = Promised(
        position=values.place(element),
        orders=own.counted(element, "OrgnlNbOfTxs"),
        amount=own.control_sum(element),
        statuses=own.per_status(element),
    )
    return _Within(code, own.reasons(element), promised)


def _status(level: Level, position: str, code: str, reasons: tuple[Reason, ...], batch_id: str | None) -> OrderStatus:
    return OrderStatus(level, position, code, own.FATES[code], reasons, batch_id)
