"""The program's processes but for its web, under its own supervisor, as `kontingent up` starts them.

Usage: python -m tests.kill.tree, with the servers named in the environment.
"""

from __future__ import annotations

import sys

from cli.supervise import run_tree
from cli.up import _PATIENCE, _STOP_WITHIN, children
from settings import Settings

if __name__ == "__main__":
    tree = [child for child in children(Settings.from_env(), demo=False) if child.name != "web"]
    sys.exit(run_tree(tree, stop_within=_STOP_WITHIN, patience=_PATIENCE))
