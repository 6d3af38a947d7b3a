"""The whole program under one command; `tests/kill/test_tree.py` starts, kills, starts again and stops it."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from cli.up import children
from settings import Settings

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal


def test_a_taken_port_is_refused_before_anything_starts(away: Terminal) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = away("up", "--port", port)
    assert said.code == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in said.err
    assert "--port" in said.err


@pytest.mark.parametrize(("workers", "patient"), [(1, 1), (2, 1), (4, 3)])
def test_one_worker_of_several_is_kept_for_what_people_wait_for(workers: int, patient: int) -> None:
    settings = Settings.from_env({"KONTINGENT_WORKERS": str(workers)})
    queues = [child.argv for child in children(settings, demo=False) if child.name.startswith("worker")]
    assert len(queues) == workers
    assert all("mail" in argv for argv in queues)
    assert sum("bulk" in argv for argv in queues) == patient
