"""Invoice runs whose processes are killed at any moment: they end by themselves, with everybody invoiced once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.factories.runs import outcome
from tests.kill.blows import MOMENTS, Blow, kill, strike, suffer
from tests.kill.proof import INVOICING, count, wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kill.town import Town

MEMBERS: Final = 6_400
DEATHS: Final = [
    *((moment, "horse") for moment in MOMENTS),
    ("previewed", "worker"),
    ("writing", "worker"),
    ("claiming", "both"),
    ("numbered", "both"),
]
"""When, and who: the work-horse of a run, the worker that waits for it, or both."""


@pytest.mark.kill
def test_everybody_is_invoiced_once_whoever_is_killed_and_when(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    town.fill(MEMBERS)
    runs = [town.invoice_run(region) for region, _ in zip(town.regions(), DEATHS, strict=True)]
    blows = [
        Blow(run, MOMENTS[moment], kill(town, run, whom)) for run, (moment, whom) in zip(runs, DEATHS, strict=True)
    ]
    with town.at_work(workers=3):
        town.wake(*runs)
        strike(town, blows)
        with town.redis_line() as connection:
            connection.flushdb()  # nothing but the database knows of the runs now
        suffer(town, blows)
    assert min(blow.seconds for blow in blows) > 1, "a run was over before it was struck"
    for (moment, whom), blow in zip(DEATHS, blows, strict=True):
        record_property(f"{whom} {moment}", f"{blow.seconds:.1f} s after {blow.stood}")
    last = town.invoice_all()
    ended = [*(outcome(town.open_session, run) for run in runs), last]
    assert last.result["issued"] == 0, "somebody was forgotten"
    assert set(last.result["excluded"]) <= {"no address"}
    issued = sum(run.result["issued"] for run in ended)
    assert issued + last.result["candidates"] == MEMBERS
    assert count(town.open_session, "invoice") == issued
    assert wrong(town.open_session, INVOICING) == {}
