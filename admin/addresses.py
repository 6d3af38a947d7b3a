"""Where the page of a thing is; nothing where the desk has no such page."""

from typing import Any
from uuid import UUID

from flask import current_app, url_for


def has_door(endpoint: str) -> bool:
    """Tell whether a page exists in this application."""
    return endpoint in current_app.view_functions


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, and nothing where there is no such page."""
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
