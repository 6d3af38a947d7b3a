"""Where the table of a run that charges its lines, or takes its invoices in, is looked at."""

from typing import Final

from admin import addresses
from dues.invoicing.charge_file import KIND, TAKE_IN, file_of
from dues.runs.models import Run
from web.house import session
from web.speech import gettext

_PAGES: Final = {KIND: "charges.table", TAKE_IN: "taken_in.table"}


def charge_links(run: Run) -> list[tuple[str, str]]:
    """Return where the table of a run, and what is wrong with it, is looked at: words and address."""
    file = file_of(session(), run_id=run.id)
    if file is None:
        return []
    words = gettext("Look at the faults") if run.result.get("faults") else gettext("Look at the table")
    return [(words, addresses.address(_PAGES[file.kind], public_id=file.uuid))]
