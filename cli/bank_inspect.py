"""What a bank file says, read without any database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bankfiles.errors import BankFileError
from bankfiles.registry import read
from bankfiles.types import Notice, OrderStatus, Payment, ReportClosed, ReportOpened, SectionOpened
from cli.answer import Answer, money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bankfiles.registry import Reading
    from bankfiles.types import Account, Event

_SHOWN = 20  # entries that people are shown; programs get all


@dataclass
class _Seen:
    """What has been read so far; amounts in minor units by currency."""

    entries: list[dict[str, object]] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    account: Account | None = None
    orders: list[dict[str, object]] = field(default_factory=list)
    report: ReportOpened | None = None

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case SectionOpened():
                    self.account = event.account
                    if event.test:
                        self.warnings.append(f"{event.account.number}: a test file, which must not be booked")
                case Payment():
                    self.amounts[event.currency] = self.amounts.get(event.currency, 0) + event.amount
                    self.entries.append(self._entry(event))
                case Notice():
                    self.warnings.append(f"{event.position}: {event.text}" if event.position else event.text)
                case ReportOpened():
                    self.report = event
                case OrderStatus():
                    self.orders.append(_order(event))
                case ReportClosed():
                    if event.orders and not event.summed:
                        self.warnings.append("the report gives no sum that would prove the amounts of its orders")
                case _:
                    pass

    def _entry(self, payment: Payment) -> dict[str, object]:
        return {
            "position": payment.position,
            "account": self.account and self.account.number,
            "kind": payment.kind,
            "amount": payment.amount,
            "currency": payment.currency,
            "booked_on": payment.booked_on.isoformat(),
            "value_on": payment.value_on and payment.value_on.isoformat(),
            "references": [{"value": one.value, "amount": one.amount} for one in payment.references],
            "text": payment.text,
            "payer": payment.payer_name,
            "return_reason": payment.return_reason,
        }


def _order(status: OrderStatus) -> dict[str, object]:
    return {
        "position": status.position,
        "level": status.level,
        "status": status.code,
        "fate": status.fate,
        "reasons": [{"code": reason.code, "text": reason.text} for reason in status.reasons],
        "batch": status.batch_id,
        "instruction_id": status.instruction_id,
        "end_to_end_id": status.end_to_end_id,
        "amount": status.amount,
        "currency": status.currency,
        "wanted_on": status.wanted_on and status.wanted_on.isoformat(),
        "name": status.name,
    }


def look(file: Path) -> Answer:
    """Read a file to its end; of one that must not be used nothing is shown but why."""
    seen = _Seen()
    try:
        with file.open("rb") as stream:
            reading = read(stream)
            seen.take(reading.events)
    except BankFileError as error:
        return _refused(file, str(error))
    currency, amount = None, None if seen.amounts else 0
    if len(seen.amounts) == 1:
        ((currency, amount),) = seen.amounts.items()
    figures = {
        "format": reading.format,
        "version": reading.version,
        "payments": len(seen.entries),
        "amount": amount,
        "currency": currency,
        "amounts": seen.amounts,
        "entries": seen.entries,
        "answers": seen.report and {"message": seen.report.original_id, "kind": seen.report.original_kind},
        "orders": seen.orders,
        "warnings": seen.warnings,
        "errors": [],
    }
    return Answer(figures, _lines(file, reading, seen))


def _refused(file: Path, words: str) -> Answer:
    figures = {
        "format": None,
        "payments": 0,
        "amount": 0,
        "currency": None,
        "entries": [],
        "warnings": [],
        "errors": [words],
        "error": f"{file.name}: {words}",
    }
    return Answer(figures, [f"{file.name} would be refused: {words}"], ok=False)


def _lines(file: Path, reading: Reading, seen: _Seen) -> list[str]:
    return _payment_lines(file, reading, seen) if seen.report is None else _report_lines(file, reading, seen)


def _report_lines(file: Path, reading: Reading, seen: _Seen) -> list[str]:
    """A report on orders moves no money: it says what became of what was sent."""
    report = seen.report
    about = f"{report.original_kind} {report.original_id}" if report else ""
    single = sum(order["level"] == "order" for order in seen.orders)
    lines = [f"{file.name}: {reading.format} {reading.version}, about {about}, {single} orders, no money"]
    lines += [f"  warning: {warning}" for warning in seen.warnings]
    for order in seen.orders[:_SHOWN]:
        amount, reasons = order["amount"], order["reasons"]
        shown = "" if amount is None else money(int(str(amount)), str(order["currency"]))
        why = " ".join(f"{one['code']} {one['text']}".strip() for one in reasons) if isinstance(reasons, list) else ""
        what = order["end_to_end_id"] or order["batch"] or "the message"
        lines.append(f"  {order['fate']:>9}  {shown:>16}  {what}  {why}".rstrip())
    if len(seen.orders) > _SHOWN:
        lines.append(f"  … and {len(seen.orders) - _SHOWN} more (all of them with --json)")
    return lines


def _payment_lines(file: Path, reading: Reading, seen: _Seen) -> list[str]:
    sums = ", ".join(money(amount, currency) for currency, amount in seen.amounts.items()) or "no money"
    lines = [f"{file.name}: {reading.format} {reading.version}, {len(seen.entries)} payments, {sums}"]
    lines += [f"  warning: {warning}" for warning in seen.warnings]
    for entry in seen.entries[:_SHOWN]:
        references = entry["references"]
        quoted = " ".join(one["value"] for one in references) if isinstance(references, list) else ""
        shown = money(int(str(entry["amount"])), str(entry["currency"]))
        lines.append(f"  {entry['booked_on']}  {shown:>16}  {entry['kind']}  {quoted}")
    if len(seen.entries) > _SHOWN:
        lines.append(f"  … and {len(seen.entries) - _SHOWN} more (all of them with --json)")
    return lines
