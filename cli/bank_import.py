"""Takes one bank file in: accepted and booked to the end, or refused and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.answer import Answer, money
from dues.actor import COMMAND_LINE
from dues.payments.accept import accept, keep_refused
from dues.payments.errors import FileKnownError, FileRefusedError
from dues.payments.models import BankFile

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


def take_in(house: House, file: Path) -> Answer:
    """Accept a file and book its payments; a refused one is kept, and one that is known is named, with nothing done."""
    try:
        accepted = _accept(house, file)
    except FileRefusedError as error:
        return _refused(house, file, error)
    except FileKnownError as error:
        return _known(house, file, error)
    run = house.drive(accepted.run_id)
    matched, unmatched = run.result.get("matched", 0), run.result.get("unmatched", 0)
    figures = {
        "file": file.name,
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
    words = f"{file.name}: {accepted.format}, {accepted.payments} payments, {money(accepted.amount, accepted.currency)}"
    lines = [f"{words}: {matched} matched, {unmatched} wait for a decision, {accepted.duplicate} known before"]
    return Answer(figures, lines + [f"  warning: {warning}" for warning in accepted.warnings])


def _accept(house: House, file: Path) -> Accepted:
    on = house.today()
    with file.open("rb") as stream, house.work() as session:
        return accept(session, stream=stream, name=file.name, on=on, by=COMMAND_LINE)


def _refused(house: House, file: Path, error: FileRefusedError) -> Answer:
    with file.open("rb") as stream, house.work() as session:
        kept = keep_refused(session, stream=stream, name=file.name, error=error, by=COMMAND_LINE)
    figures = {**_NOTHING, "file": file.name, "kept": kept, "errors": [str(error)]}
    return Answer(figures, [f"Refused, nothing is booked: {error}"], ok=False)


def _known(house: House, file: Path, error: FileKnownError) -> Answer:
    with house.work() as session:
        before = session.get_one(BankFile, error.file_id)
        figures = {
            **_NOTHING,
            "file": file.name,
            "known": error.file_id,
            "format": before.format,
            "payments": before.payments,
            "amount": before.amount,
            "currency": before.currency,
            "duplicate": before.payments,
            "warnings": [str(error)],
        }
    return Answer(figures, [str(error)])
