"""Bank files made for one test, and what a reading of them told."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from bankfiles.registry import read
from bankfiles.types import (
    Account,
    Notice,
    OrderStatus,
    Payment,
    ReportClosed,
    ReportOpened,
    SectionClosed,
    SectionOpened,
)
from bankfiles.write import Deposit, Incoming
from bankfiles.write_bgmax import write_bgmax
from bankfiles.write_camt import write_camt054
from bankfiles.write_mt940 import write_mt940
from bankfiles.write_ocr import write_ocr

if TYPE_CHECKING:
    pass

CREATED = datetime(2026, 3, 2, 7, 30, 15, 250)  # noqa: DTZ001 - bank files carry local time without a zone
PAID_ON = date(2026, 3, 2)
BANKGIRO = Account("BGNR", "9912346")
BBAN = Account("BBAN", "86011117947")
IBAN = Account("IBAN", "SE4550000000058398257466")
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt."


@dataclass
class Told:
    """All a file said, sorted by kind of event."""

    format: str
    payments: list[Payment] = field(default_factory=list)
    opened: list[SectionOpened] = field(default_factory=list)
    closed: list[SectionClosed] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    orders: list[OrderStatus] = field(default_factory=list)
    reports: list[ReportOpened] = field(default_factory=list)
    summed: bool = False

    @property
    def amounts(self) -> list[tuple[int, str]]:
        """The money, payment by payment."""
        return [(payment.amount, payment.currency) for payment in self.payments]

    @property
    def warnings(self) -> list[str]:
        """The notices as a person reads them."""
        return [f"{notice.position}: {notice.text}" if notice.position else notice.text for notice in self.notices]


def told(data: bytes) -> Told:
    """Reads a whole file."""
    reading = read(io.BytesIO(data))
    result = Told(reading.format)
    for event in reading.events:
        match event:
            case Payment():
                result.payments.append(event)
            case SectionOpened():
                result.opened.append(event)
            case SectionClosed():
                result.closed.append(event)
            case Notice():
                result.notices.append(event)
            case ReportOpened():
                result.reports.append(event)
            case OrderStatus():
                result.orders.append(event)
            case ReportClosed():
                result.summed = event.summed
    return result


def bgmax(*payments: Incoming, number: int = 1, test: bool = False) -> bytes:
    """A BgMax file of one section."""
    stream = io.BytesIO()
    deposit = Deposit(BANKGIRO, "SEK", PAID_ON, number, payments)
    write_bgmax(stream, [deposit], created=CREATED, test=test)
    return stream.getvalue()


def ocr(*payments: Incoming, number: int = 1, day: date = PAID_ON) -> bytes:
    """An OCR giro file of one assignment."""
    stream = io.BytesIO()
    write_ocr(stream, [Deposit(BBAN, "NOK", day, number, payments)], transmission=170)
    return stream.getvalue()


def mt940(*payments: Incoming, account: Account = IBAN, currency: str = "EUR", opening: int = 0) -> bytes:
    """An MT940 of one statement."""
    stream = io.BytesIO()
    write_mt940(stream, [Deposit(account, currency, PAID_ON, 1, payments)], opening=opening)
    return stream.getvalue()


def camt054(
    *payments: Incoming,
    currency: str = "SEK",
    version: Literal["001.02", "001.08"] = "001.08",
    batch: int = 1_000_000,
) -> bytes:
    """A camt.054 of one notification."""
    stream = io.BytesIO()
    deposit = Deposit(IBAN, currency, PAID_ON, 1, payments, bankgiro=BANKGIRO.number)
    write_camt054(stream, [deposit], created=CREATED, message_id="M1", version=version, batch=batch)
    return stream.getvalue()


def bgmax_lines(*lines: str) -> bytes:
    """Records as a bank pads and ends them."""
    return "".join(f"{line:80}\r\n" for line in lines).encode("iso-8859-1")


def statement(*entries: str, before: str = "", kind: str = "053.001.08") -> bytes:
    """A message of one statement for an account in EUR, with entries written by hand."""
    container, frame = {
        "052": ("BkToCstmrAcctRpt", "Rpt"),
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind[:3]]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{CAMT}{kind}"><{container}>'
        f"<{frame}><Id>S1</Id><CreDtTm>2026-03-02T07:30:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{IBAN.number}</IBAN></Id><Ccy>EUR</Ccy></Acct>{before}{''.join(entries)}</{frame}>"
        f"</{container}></Document>"
    ).encode()


def entry(amount: str, *details: str, way: str = "CRDT", status: str = "BOOK", more: str = "", after: str = "") -> str:
    """An Ntry in EUR; `details` are TxDtls or what else stands in NtryDtls."""
    inside = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}<Sts><Cd>{status}</Cd></Sts>'
        f"<BookgDt><Dt>2026-03-01</Dt></BookgDt>{inside}{after}</Ntry>"
    )


def transaction(amount: str = "", *, inside: str = "", currency: str = "EUR") -> str:
    """A TxDtls, with an amount of its own if one is given."""
    own = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    return f"<TxDtls>{own}{inside}</TxDtls>"
