"""How long matching takes with a high pile of every kind: `python -m benchmarks --one 100000 --matching`."""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from bankfiles.types import Account, Reference
from bankfiles.write import Deposit, Incoming
from bankfiles.write_camt import write_camt054
from benchmarks.scene import TODAY, Scene
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.payments import match
from dues.payments.accept import accept
from dues.runs.drive import bind, drive
from dues.runs.models import Run

WAITING: Final = 50_000
_KNOWN: Final = 10_000
"""Payments that settle exactly before, so that accounts are known."""

# Open claims of the creditor that has most of them, with what may be written of each.
_OWED: Final = text("""
SELECT c.open_amount, r.value, i.number, p.given_name || ' ' || p.family_name AS name, a.iban, a.currency
FROM claim c
JOIN payment_reference r ON r.claim_id = c.id
JOIN invoice i ON i.id = c.invoice_id
JOIN person p ON p.id = c.debtor_id
JOIN bank_agreement a ON a.creditor_id = c.creditor_id AND a.iban IS NOT NULL AND a.preferred
    AND a.currency = c.currency
WHERE c.ended IS NULL AND c.creditor_id = (
    SELECT creditor_id FROM claim WHERE ended IS NULL GROUP BY creditor_id ORDER BY count(*) DESC LIMIT 1
)
ORDER BY c.id LIMIT :most
""")


def measure_matching(scene: Scene, *, waiting: int = WAITING) -> dict[str, Any]:
    """Book some payments, let many wait, and look at them twice; seconds, and what was found by which rule."""
    bind(match.KIND, match.WORK)
    with scene.database.engine(Role.JOBS).connect() as connection:
        owed = connection.execute(_OWED, {"most": _KNOWN + waiting}).all()
    share = min(_KNOWN, len(owed) // 6)
    known, others = owed[:share], owed[share:]
    _take_in(scene, "known", [_exact(number, one) for number, one in enumerate(known)], owed)
    _take_in(scene, "waiting", list(_unclear(known, others)), owed)
    scene.rest()
    first, again = _look(scene), _look(scene)
    return {"waiting": len(others), "first": first, "again": again}


def _account(number: int) -> Account:
    return Account("OTHER", f"{number:011d}")


def _exact(number: int, one: Row[Any]) -> Incoming:
    return Incoming(
        amount=one.open_amount,
        bank_reference=f"K{number:09d}",
        references=(Reference(one.value),),
        payer_name=one.name,
        payer_account=_account(number),
    )


def _unclear(known: Sequence[Row[Any]], others: Sequence[Row[Any]]) -> Iterator[Incoming]:
    """Payments of which each needs another rule; every tenth is from a known account that owes nothing more."""
    for number, one in enumerate(others):
        wrong = f"{one.value[:3]}{(int(one.value[3]) + 1) % 10}{one.value[4:]}"
        reference, message = {
            **dict.fromkeys((0, 1), ("", f"avgift {one.value}")),
            **dict.fromkeys((2, 3), (wrong, "")),
            4: (f"00{one.value}", ""),
            5: ("", f"faktura {one.number}"),
            6: (f"77{number:08d}", ""),
        }.get(number % 10, ("", ""))
        yield Incoming(
            amount=one.open_amount,
            bank_reference=f"W{number:09d}",
            references=(Reference(reference),) if reference else (),
            text=message,
            payer_name=one.name,
            payer_account=_account(number % len(known) if number % 10 == 9 else 10**7 + number),  # noqa: PLR2004
        )


def _take_in(scene: Scene, name: str, payments: Sequence[Incoming], owed: Sequence[Row[Any]]) -> None:
    file = scene.scratch / f"{name}.xml"
    with file.open("wb") as out:
        deposit = Deposit(Account("IBAN", owed[0].iban), owed[0].currency, TODAY, 1 + len(name), payments)
        write_camt054(out, [deposit], created=dt.datetime.combine(TODAY, dt.time(7)), message_id=name.upper())
    with file.open("rb") as stream, scene.database.unit_of_work(Role.JOBS) as session:
        accepted = accept(session, stream=stream, name=file.name, on=TODAY, by=COMMAND_LINE)
    drive(scene.open_session, accepted.run_id, parallel=1)


def _look(scene: Scene) -> dict[str, Any]:
    with scene.database.unit_of_work(Role.JOBS) as session:
        run_id = match.start_matching(session, on=TODAY, by=COMMAND_LINE).id
    began = time.perf_counter()
    drive(scene.open_session, run_id, parallel=1)
    took = time.perf_counter() - began
    with scene.database.unit_of_work(Role.JOBS) as session:
        result = session.get_one(Run, run_id).result
    return {"seconds": round(took, 1), **result}
