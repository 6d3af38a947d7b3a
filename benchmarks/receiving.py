"""(b) Accepting and matching one payment for each invoice from a camt.054 file, against the floor."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text

from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from benchmarks.floor import receive_floor
from benchmarks.scene import TODAY, Scene
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.payments.accept import accept
from dues.payments.book import TELL
from dues.runs.drive import CONNECTIONS, Progress, drive
from dues.runs.models import Run

ACCOUNTS = text(
    "SELECT id, creditor_id, scheme, number, iban, currency FROM bank_agreement WHERE preferred ORDER BY id"
)
OWED = text("""
SELECT r.value, c.amount, i.payer_name
FROM claim c
JOIN payment_reference r ON r.claim_id = c.id
JOIN invoice i ON i.id = c.invoice_id
WHERE c.creditor_id = :creditor
ORDER BY c.id
""")


def measure_receiving(scene: Scene) -> dict[str, Any]:
    """Accept the file in one transaction and book it in slices; then receipts, which do not count; then the floor."""
    file = scene.scratch / "payments.xml"
    _write(scene, file)
    scene.rest()
    with scene.meter.measure() as whole, scene.meter.measure() as measured:
        with file.open("rb") as stream, scene.database.unit_of_work(Role.JOBS) as session:
            accepted = accept(session, stream=stream, name=file.name, on=TODAY, by=COMMAND_LINE)

        def watch(progress: Progress) -> None:
            if progress.phase == TELL:
                measured.stop()

        drive(scene.open_session, accepted.run_id, parallel=CONNECTIONS, watch=watch)
    with scene.open_session() as session:
        result = session.get_one(Run, accepted.run_id).result
    scene.rest()
    floor = receive_floor(scene.database.owner, scene.meter, scratch=scene.scratch)
    return {
        "items": accepted.payments,
        **result,
        **measured.per_item(accepted.payments),
        "seconds_with_receipts": round(whole.wall, 2),
        "file_megabytes": file.stat().st_size >> 20,
        "floor_seconds": round(floor.wall, 2),
        "ratio": round(measured.wall / floor.wall, 2),
        "cpu_ratio": round(measured.cpu / floor.cpu, 2),
    }


def _write(scene: Scene, file: Path) -> None:
    created = dt.datetime.combine(TODAY, dt.time(6))
    with scene.database.engine(Role.JOBS).connect() as connection, file.open("wb") as out:
        accounts = connection.execute(ACCOUNTS).all()
        options = {"yield_per": 10_000}

        def payments(creditor: int) -> Iterator[Incoming]:
            for number, row in enumerate(connection.execute(OWED, {"creditor": creditor}, execution_options=options)):
                yield Incoming(
                    amount=row.amount,
                    bank_reference=f"B{creditor}{number:09d}",
                    references=(Reference(row.value),),
                    payer_name=row.payer_name,
                )

        deposits = (
            Deposit(_account(row), row.currency, TODAY, number, payments(row.creditor_id))
            for number, row in enumerate(accounts, start=1)
        )
        write_camt054(out, deposits, created=created, message_id="BENCHMARK")


def _account(row: Row[Any]) -> Account:
    return Account("IBAN", row.iban) if row.iban else Account(row.scheme, row.number)
