"""The small tables that are set up at the desk, in the order of the page that names them."""

from typing import Final

from admin.tables.setup_view import SetupView

SETUPS: Final[tuple[type[SetupView], ...]] = ()
