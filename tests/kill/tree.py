"""The program's processes but for its web, under its own supervisor, as `kontingent up` starts them.

The servers are named in the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cli.supervise import run_tree
from cli.up import _PATIENCE, _STOP_WITHIN, children
from settings import Settings
from tests.forked import become


def be_tree(environment: dict[str, str], says: Path) -> None:
    """Be the tree, which writes down what its processes say, until SIGTERM."""
    become(environment, says)
    os.dup2(1, 2)
    tree = [child for child in children(Settings.from_env(), demo=False) if child.name != "web"]
    sys.exit(run_tree(tree, stop_within=_STOP_WITHIN, patience=_PATIENCE))
