"""Run a keeper: `python -m database.embedded DATA`; people have no need to, users of the servers start it."""

import sys

from database.embedded.keeper import main

sys.exit(main(sys.argv[1:]))
