"""Two processes on one run, one of which is killed: the other one goes on without a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.factories.runs import outcome
from tests.kill.blows import MOMENTS, Blow, suffer
from tests.kill.driver import driver, ended
from tests.kill.proof import INVOICING, count, wrong
from tests.processes import burden, in_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kill.town import Town

MEMBERS: Final = 2_000
WITHOUT_A_PAUSE: Final = 9.0
"""Seconds; less than the lease after which somebody else would look for an abandoned run."""


@pytest.mark.kill
def test_the_other_driver_ends_the_run(town: Town, record_property: Callable[[str, object], None]) -> None:
    town.fill(MEMBERS)
    run = town.invoice_run()
    one, other = drivers = [driver(town.database, run) for _ in range(2)]

    def kill_one() -> bool:
        one.kill()
        return one.wait() < 0

    try:
        blow = Blow(run, MOMENTS["writing"], kill_one)
        suffer(town, [blow])
        assert other.wait(10 * burden()) == 0
    finally:
        for process in drivers:
            ended(process)
    record_property("seconds", f"{blow.seconds:.1f} s after {blow.stood}")
    assert in_time(blow.seconds, WITHOUT_A_PAUSE)
    result = outcome(town.open_session, run).result
    assert result["issued"] + result["excluded"].get("no address", 0) == MEMBERS
    assert count(town.open_session, "invoice") == result["issued"]
    assert wrong(town.open_session, INVOICING) == {}
