"""A high pile for the workbench: payments that match nothing, taken in as a bank file like any other."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sqlalchemy import text

from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from benchmarks.scene import TODAY, Scene
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.payments.accept import accept
from dues.runs.drive import drive

HEIGHT: Final = 50_000
_ACCOUNT: Final = text("SELECT iban, currency FROM bank_agreement WHERE iban IS NOT NULL AND preferred ORDER BY id")
_NAMES: Final = text("SELECT family_name FROM person WHERE id <= :most ORDER BY id LIMIT :most")


def pile_up(scene: Scene, *, height: int = HEIGHT) -> None:
    """Book payments of which half quote nothing and half quote what nobody knows; members' names, odd amounts."""
    file = scene.scratch / "pile.xml"
    with scene.database.engine(Role.JOBS).connect() as connection:
        account = connection.execute(_ACCOUNT).first()
        names = connection.scalars(_NAMES, {"most": height}).all()
    if account is None:
        raise RuntimeError("the demonstration has no account with an IBAN")

    def payments() -> Iterator[Incoming]:
        for number in range(height):
            yield Incoming(
                amount=10_000 + number % 977,
                bank_reference=f"P{number:09d}",
                references=(Reference(f"77{number:08d}"),) if number % 2 else (),
                payer_name=f"A {names[number % len(names)]}",
            )

    with file.open("wb") as out:
        deposit = Deposit(Account("IBAN", account.iban), account.currency, TODAY, 1, payments())
        write_camt054(out, [deposit], created=dt.datetime.combine(TODAY, dt.time(7)), message_id="PILE")
    with file.open("rb") as stream, scene.database.unit_of_work(Role.JOBS) as session:
        accepted = accept(session, stream=stream, name=file.name, on=TODAY, by=COMMAND_LINE)
    drive(scene.open_session, accepted.run_id, parallel=1)
