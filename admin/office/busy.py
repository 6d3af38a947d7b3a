"""What is said where others worked on the same rows again and again: nothing was changed."""

from flask import redirect
from werkzeug.wrappers import Response

from language import gettext_noop as _
from web.house import session
from web.notes import note
from web.speech import gettext

_BUSY = _("Somebody else is working on the same invoices at this moment. Nothing was changed; try again.")


def told_busy(back: str) -> Response:
    """Let go of what was begun, and lead back to where it was pressed."""
    session().rollback()
    note(gettext(_BUSY), tone="warn")
    return redirect(back, code=303)
