"""Where the page of a thing is; nothing where the desk has no such page, or none for whoever asks."""

from typing import Any, Final
from uuid import UUID

from flask import current_app, url_for

from admin.group.here import known_here
from admin.user import known
from dues.access.declare import access_of
from dues.access.scope import EVERYWHERE

_IN_HOUSE: Final = "group_"


def at_home(endpoint: str) -> str:
    """Return the door of a page where one is: in a group's house its own, at the desk the desk's."""
    return endpoint if known_here() is None or endpoint.startswith(_IN_HOUSE) else f"{_IN_HOUSE}{endpoint}"


def door(endpoint: str, **values: Any) -> str:
    """Return the address of a page that exists where one is."""
    return url_for(at_home(endpoint), **values)


def may(permission: str) -> bool:
    """Tell whether whoever asks holds a permission where one is: in a group's house there, at the desk everywhere."""
    found, here = known(), known_here()
    return found is not None and found.may(permission, here.path if here else EVERYWHERE)


def has_door(endpoint: str) -> bool:
    """Tell whether a page exists where one is, and whoever asks may see it."""
    view = current_app.view_functions.get(at_home(endpoint))
    access = None if view is None else access_of(view)
    if access is None or not access.permission:
        return access is not None
    return may(access.permission)


def address(endpoint: str, **values: Any) -> str:
    """Return the address of a page, and nothing where there is no such page for whoever asks."""
    return door(endpoint, **values) if has_door(endpoint) else ""


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
