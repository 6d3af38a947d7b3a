"""Senders killed while mails go out: each mail reaches its server, and at most the one under way twice."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import text

from tests.delivery.catcher import catching
from tests.kill.processes import working_on
from tests.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kill.town import Town

MEMBERS: Final = 160
DEATHS: Final = {20: "horse", 60: "worker", 100: "both"}
"""Who is killed when the server has that many mails, the last of them not yet answered."""
WITHIN: Final = 60.0
"""Seconds after the last kill in which everything is sent; the promise is two minutes."""

LEFT: Final = "SELECT count(*) FROM message WHERE channel = 'email' AND state <> 'sent'"
SENT: Final = "SELECT count(*) FROM message WHERE channel = 'email' AND state = 'sent'"


@dataclass
class Killer:
    """Kills who sends, told by the mail server how many mails have come."""

    town: Town
    left: dict[int, str] = field(default_factory=lambda: dict(DEATHS))
    last: float = 0.0

    def heard(self, number: int) -> None:
        """Strike when enough mails have come; later if nobody is found at it just then."""
        wanted = next(iter(self.left), None)
        if wanted is None or number < wanted:
            return
        with self.town.redis_line() as connection:
            pair = working_on(connection, "send_messages")
        if pair is not None:
            pair.kill(self.left.pop(wanted))
            self.last = time.monotonic()


def figure(town: Town, statement: str) -> int:
    """A number from the database."""
    with town.open_session() as session:
        return session.scalar(text(statement)) or 0


@pytest.mark.kill
def test_every_mail_goes_out_and_at_most_the_one_under_way_twice(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    town.fill(MEMBERS)
    town.invoice_all()
    killer = Killer(town)
    with catching() as catcher:
        catcher.heard = killer.heard
        server = f"smtp://127.0.0.1:{catcher.port}"
        with town.at_work(KONTINGENT_SMTP_URL=server, KONTINGENT_MAIL_FROM="dues@example.org"):
            assert until(lambda: not killer.left, 60), f"{killer.left} {town.said()}"
            assert until(lambda: figure(town, LEFT) == 0, WITHIN), town.said()
    record_property("seconds", f"{time.monotonic() - killer.last:.1f}")
    came = catcher.ids()
    assert len(came) == figure(town, SENT) > max(DEATHS)
    assert set(came.values()) <= {1, 2}
    assert sum(came.values()) - len(came) <= len(DEATHS)
