"""Finds groups and creditors for boxes in which one is picked by name, and tells scripts what they find."""

from flask import Response, jsonify, request

from admin.setup.fields import Find, Picked
from dues.groups.lists import find_creditors, find_groups, names_of
from dues.groups.models import Creditor
from dues.overview.sample_readers import find_readers
from web.house import session

_OFFERED = 8
_LONGEST = 200


def groups(written: str, limit: int) -> list[Picked]:
    """Return groups."""
    return [Picked.of(*found) for found in find_groups(session(), written=written, limit=limit)]


def creditors(written: str, limit: int) -> list[Picked]:
    """Return creditors, called by their groups."""
    return [Picked.of(*found) for found in find_creditors(session(), written=written, limit=limit)]


def readers(written: str, limit: int) -> list[Picked]:
    """Return persons with whose names a text may be shown; their town tells namesakes."""
    found = find_readers(session(), written=written, limit=limit)
    return [
        Picked(person.id, f"{person.given_name} {person.family_name}".strip() + f" ({mark})", person.city)
        for person, mark in found
    ]


def group(group_id: int | None) -> Picked | None:
    """Return one group, None for none."""
    if group_id is None:
        return None
    return Picked.of(group_id, names_of(session(), [group_id])[group_id])


def creditor(creditor_id: int | None) -> Picked | None:
    """Return one creditor, called by its group, None for none."""
    found = None if creditor_id is None else session().get(Creditor, creditor_id)
    return None if found is None else Picked.of(found.id, names_of(session(), [found.group_id])[found.group_id])


def offered(find: Find) -> Response:
    """Answer a script with what it may offer for what was written so far."""
    found = find(request.args.get("q", "")[:_LONGEST], _OFFERED)
    return jsonify([{"words": one.words, "above": one.above} for one in found])
