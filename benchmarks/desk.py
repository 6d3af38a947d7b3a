"""Somebody at a desk while a run works: opens pages, saves a person, and waits for no lock."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, text

PAGE = text("""
SELECT p.id, p.family_name, m.status, m.paid_through, i.number, c.open_amount
FROM person p
JOIN membership m ON m.person_id = p.id
LEFT JOIN invoice i ON i.payer_id = p.id
LEFT JOIN claim c ON c.invoice_id = i.id
WHERE p.id = :person
""")
SAVE = text("UPDATE person SET phone = :phone WHERE id = :person")


@dataclass(slots=True)
class Desk:
    """Milliseconds that each visit took."""

    visits: list[float] = field(default_factory=list)

    def at(self, share: float) -> float | None:
        """Return the time that a share of the visits stayed under, or None without visits."""
        if not self.visits:
            return None
        return round(sorted(self.visits)[min(int(len(self.visits) * share), len(self.visits) - 1)], 1)


@contextmanager
def at_the_desk(engine: Engine, *, persons: int) -> Iterator[Desk]:
    """Visit and save persons, ten times a second, until the block ends; a lock waited for longer fails the visit."""
    desk, over = Desk(), threading.Event()
    thread = threading.Thread(target=_work, args=(engine, persons, desk, over), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        over.set()
        thread.join()


def _work(engine: Engine, persons: int, desk: Desk, over: threading.Event) -> None:
    number = 0
    while not over.wait(0.1):
        number += 1
        person = number * 7919 % persons + 1
        started = time.perf_counter()
        with engine.begin() as connection:
            # A wait of more than a second would show as an error here, not as a slow page.
            connection.execute(text("SET LOCAL lock_timeout = '1s'"))
            connection.execute(text("SET LOCAL ROLE kontingent_centre"))
            connection.execute(PAGE, {"person": person}).all()
            connection.execute(SAVE, {"person": person, "phone": f"+4670{number:07d}"})
        desk.visits.append((time.perf_counter() - started) * 1000)
