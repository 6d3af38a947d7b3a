"""`make bench`: runs every measurement at each size and prints one JSON object."""

import argparse
import json
import os
import platform
import subprocess
import sys
from typing import Any

from benchmarks.issuing import measure_issuing
from benchmarks.matching import measure_matching
from benchmarks.meter import peak_megabytes
from benchmarks.pages import measure_pages
from benchmarks.printing import measure_printing
from benchmarks.reading import measure_reading
from benchmarks.receiving import measure_receiving
from benchmarks.running import measure_running
from benchmarks.scene import scene
from benchmarks.wall import measure_wall

SIZES = (100_000, 1_000_000)
SMALL = 10_000
"""Members of the organisation whose pages the largest one's are compared with."""


def main() -> None:
    """Measure each size in a process of its own, so that its peak memory is its own too."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of members, with commas between")
    parser.add_argument("--one", type=int, help="measure one size in this process")
    parser.add_argument("--pages", action="store_true", help="with --one: only the pages of the desk")
    parser.add_argument("--running", action="store_true", help="with --one: only a run and its undoing")
    parser.add_argument("--reading", action="store_true", help="only how quickly bank formats are read")
    parser.add_argument("--matching", action="store_true", help="with --one: only matching, with a high pile")
    given = parser.parse_args()
    if given.reading:
        print(json.dumps(measure_reading()))
        return
    if given.one:
        alone = pages_alone if given.pages else running_alone if given.running else measure
        alone = matching_alone if given.matching else alone
        print(json.dumps(alone(given.one)))
        return
    results = {size: _apart("--one", size) for size in given.sizes.split(",")}
    running = {size: _apart("--one", size, "--running") for size in given.sizes.split(",")}
    small = _apart("--one", str(SMALL), "--pages")
    growth = {**_growth(results), "pages": _growth_of_pages(small, results[max(results, key=int)]["pages"])}
    report = {"machine": _machine(), "members": results, "running": running, "small_pages": small, "growth": growth}
    print(json.dumps(report, indent=2))


def _apart(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603 -- our own module
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(members: int) -> dict[str, Any]:
    """Run all measurements at one size."""
    with scene(members) as built:
        _say(f"{members} members: built")
        issuing = measure_issuing(built)
        _say(f"{members} members: issuing {json.dumps(issuing)}")
        receiving = measure_receiving(built)
        _say(f"{members} members: receiving {json.dumps(receiving)}")
        memory = peak_megabytes()
        pages = measure_pages(built)
        _say(f"{members} members: pages {json.dumps(pages)}")
        wall = measure_wall(built)
        _say(f"{members} members: wall {json.dumps(wall)}")
        printing = measure_printing(built)
        _say(f"{members} members: printing {json.dumps(printing)}")
    return {
        "issuing": issuing,
        "receiving": receiving,
        "pages": pages,
        "wall": wall,
        "printing": printing,
        "peak_megabytes": memory,
    }


def matching_alone(members: int) -> dict[str, Any]:
    """Measure matching at one size."""
    with scene(members) as built:
        measure_issuing(built)
        return measure_matching(built)


def pages_alone(members: int) -> dict[str, dict[str, float]]:
    """Measure the pages at one size; what fills them is done and not told."""
    with scene(members) as built:
        measure_issuing(built)
        measure_receiving(built)
        return measure_pages(built)


def running_alone(members: int) -> dict[str, Any]:
    """Measure preview, confirm and undo of a run at one size, and pages meanwhile."""
    with scene(members) as built:
        found = measure_running(built)
    return {**found, "peak_megabytes": peak_megabytes()}


def _growth_of_pages(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """How much longer most visits to a page take in the largest organisation than in a small one."""
    return {page: round(large[page]["ms_p95"] / small[page]["ms_p95"], 2) for page in large if page in small}


def _growth(results: dict[str, dict[str, Any]]) -> dict[str, float]:
    """How much more CPU an item costs at the largest size than at the smallest."""
    smallest, largest = (results[key] for key in (min(results, key=int), max(results, key=int)))
    return {
        name: round(largest[name]["cpu_us_per_item"] / smallest[name]["cpu_us_per_item"], 2)
        for name in ("issuing", "receiving")
    }


def _machine() -> dict[str, Any]:
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
