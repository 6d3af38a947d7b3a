"""A driver of one run, to be killed. Usage: python -m tests.kill.driver DATABASE RUN."""

from __future__ import annotations

import sys

from database.connect import Database, Role
from tests.factories.runs import finished

if __name__ == "__main__":
    address, run = sys.argv[1:]
    finished(Database(address).opener(Role.JOBS), int(run))
