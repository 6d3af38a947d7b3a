"""Where the page of a thing is; nothing where the desk has no such page, or none for whoever asks."""

from typing import Any
from uuid import UUID

from flask import current_app, url_for

from admin.user import known
from dues.access.declare import access_of
from dues.access.scope import EVERYWHERE


def has_door(endpoint: str) -> bool:
    """Tell whether a page exists in this application, and whoever asks may see it."""
    view = current_app.view_functions.get(endpoint)
    access = None if view is None else access_of(view)
    if access is None or not access.permission:
        return access is not None
    found = known()
    return found is not None and found.may(access.permission, EVERYWHERE)


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, and nothing where there is no such page for whoever asks."""
    return url_for(endpoint, **values) if has_door(endpoint) else ""


def person(public_id: UUID) -> str:
    """Return where a person's file is."""
    return address("person.file", public_id=public_id)


def invoice(public_id: UUID) -> str:
    """Return where an invoice or a credit note is."""
    return address("bill.page", public_id=public_id)


def run(public_id: UUID) -> str:
    """Return where a run is."""
    return address("runs.run", public_id=public_id)


def payment(payment_id: int) -> str:
    """Return where a payment is."""
    return address("payment.page", payment_id=payment_id)


def group(public_id: UUID) -> str:
    """Return where a group is set up."""
    return address("groups.edit_view", key=public_id)
