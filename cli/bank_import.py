"""Takes one bank file in: accepted and booked to the end, or refused and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from cli.answer import Answer, money
from dues.actor import COMMAND_LINE
from dues.payments.accept import accept, keep_refused
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.models import BankFile
from dues.payments.unpack import unpacked

if TYPE_CHECKING:
    from pathlib import Path

    from cli.desk import House
    from dues.payments.accept import Accepted

_NOTHING: dict[str, object] = {
    "format": None,
    "payments": 0,
    "amount": 0,
    "currency": None,
    "matched": 0,
    "unmatched": 0,
    "duplicate": 0,
    "warnings": [],
    "errors": [],
}


def take_all(house: House, file: Path) -> list[Answer]:
    """Take in a file, or each file of an archive; an archive that cannot be unpacked is kept with the reason."""
    with file.open("rb") as stream:
        try:
            return [take_in(house, name, one) for name, one in unpacked(stream, name=file.name)]
        except FileRefusedError as error:
            return [_refused(house, file.name, stream, error)]


def take_in(house: House, name: str, stream: BinaryIO) -> Answer:
    """Accept a file and book its payments; a refused one is kept, and one that is known is named, with nothing done."""
    try:
        accepted = _accept(house, name, stream)
    except FileRefusedError as error:
        return _refused(house, name, stream, error)
    except FileKnownError as error:
        return _known(house, name, error)
    run = house.drive(accepted.run_id)
    matched, unmatched = run.result.get("matched", 0), run.result.get("unmatched", 0)
    figures = {
        "file": name,
        "run": accepted.run_id,
        "format": accepted.format,
        "payments": accepted.payments,
        "amount": accepted.amount,
        "currency": accepted.currency,
        "matched": matched,
        "unmatched": unmatched,
        "duplicate": accepted.duplicate,
        "warnings": list(accepted.warnings),
        "errors": [],
    }
    words = f"{name}: {accepted.format}, {accepted.payments} payments, {money(accepted.amount, accepted.currency)}"
    lines = [f"{words}: {matched} matched, {unmatched} wait for a decision, {accepted.duplicate} known before"]
    return Answer(figures, lines + [f"  warning: {warning}" for warning in accepted.warnings])


def _accept(house: House, name: str, stream: BinaryIO) -> Accepted:
    on = house.today()
    with house.work() as session:
        return accept(session, stream=stream, name=name, on=on, by=COMMAND_LINE)


def _refused(house: House, name: str, stream: BinaryIO, error: FileRefusedError) -> Answer:
    with house.work() as session:
        kept = keep_refused(session, stream=stream, name=name, error=error, by=COMMAND_LINE)
    figures = {**_NOTHING, "file": name, "kept": kept, "errors": [str(error)]}
    return Answer(figures, [f"Refused, nothing is booked: {error}"], ok=False)


def _known(house: House, name: str, error: FileKnownError) -> Answer:
    with house.work() as session:
        before = session.get_one(BankFile, error.file_id)
        figures = {
            **_NOTHING,
            "file": name,
            "known": error.file_id,
            "format": before.format,
            "payments": before.payments,
            "amount": before.amount,
            "currency": before.currency,
            "duplicate": before.payments,
            "warnings": [str(error)],
        }
    return Answer(figures, [str(error)])
