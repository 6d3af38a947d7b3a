import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from documents import ForkedPressError, render
from tests.factories import documents as made

render(made.norwegian())
child = os.fork()
if child == 0:
    try:
        render(made.norwegian())
    except ForkedPressError:
        os._exit(7)
    os._exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_press_says_so_instead_of_waiting_for_ever() -> None:
    house = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=house,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "7"
