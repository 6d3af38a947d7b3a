"""Exports whose processes are killed while they write: the file has every row once, and is a whole file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import func, select

from dues.lists.models import Format
from dues.members.models import Person
from dues.members.person_list import PersonsWanted
from dues.runs.models import RunState
from tests.factories.runs import finished, outcome
from tests.kill.driver import driver, ended
from tests.lists.taking import begun, sheet
from tests.processes import in_time

if TYPE_CHECKING:
    from tests.kill.town import Town

MEMBERS: Final = 4_000
SLICE: Final = 100
BLOWS: Final = ((0, 0.0), (300, 0.01), (1_100, 0.02), (2_000, 0.0), (3_300, 0.03))
"""Rows after which a driver is killed, and seconds of pause, so that the blow falls inside a slice."""
_PATIENCE: Final = 30.0


def kill_at(town: Town, run: int, rows: int, pause: float) -> None:
    """Let a process drive a run, and kill it when so many rows are written."""
    at_work = driver(town.database, run)
    start = time.monotonic()
    try:
        while (found := outcome(town.open_session, run)).done < rows or found.state is RunState.PREPARING:
            assert at_work.is_alive(), "the driver was over before it was struck"
            assert in_time(time.monotonic() - start, _PATIENCE), f"row {rows} was never written"
            time.sleep(0.002)
        time.sleep(pause)
    finally:
        assert ended(at_work) < 0, "the driver was over before it was struck"


@pytest.mark.kill
def test_a_file_has_every_row_once_whenever_its_writer_dies(town: Town) -> None:
    town.fill(MEMBERS)
    export, run = begun(town.open_session, "persons", PersonsWanted(), written_as=Format.XLSX, slice_size=SLICE)
    for rows, pause in BLOWS:
        kill_at(town, run, rows, pause)
    assert finished(town.open_session, run).state is RunState.DONE
    _heads, *found = sheet(town.open_session, export)
    numbers = [row[0] for row in found]
    with town.open_session() as session:
        everybody = set(session.scalars(select(Person.id)))
        assert session.scalar(select(func.count()).select_from(Person)) == len(numbers)
    assert set(numbers) == everybody
