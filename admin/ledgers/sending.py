"""From a list of members to what can be sent to them: its address is taken along, as it is narrowed."""

from typing import Final
from urllib.parse import urlencode

from flask import request, url_for

from admin import addresses
from admin.tables.listing import Link
from dues.access.permissions import Permission
from language import gettext_noop as _
from web.speech import gettext

_PLACES: Final = frozenset({"after", "before", "sort"})


def to_these() -> list[Link]:
    """Return the way to the templates, for who may send them, with what narrows the list."""
    if not addresses.may(Permission.INVOICES_ISSUE):
        return []
    kept = urlencode({key: value for key, value in request.args.items() if value and key not in _PLACES})
    return [Link(gettext(_("Send an invoice to these members")), f"{url_for('templates.listed')}?{kept}".rstrip("?"))]
