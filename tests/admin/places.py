"""Doors that stand in for pages of the desk that an application under test does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template_string

from dues.access.declare import permission
from dues.access.permissions import Permission

if TYPE_CHECKING:
    from flask import Flask

PAGE: Final = '{% extends "admin/base.html" %}{% block heading %}Stand-in{% endblock %}'
DOORS: Final[Mapping[str, str]] = {
    "queue.pile": "/admin/queue",
    "runs.runs": "/admin/runs",
    "bank_files.files": "/admin/bank-files",
    "messages.index_view": "/admin/messages/",
    "memberships.index_view": "/admin/memberships/",
    "person.file": "/admin/persons/<uuid:public_id>",
    "bill.page": "/admin/invoices/<uuid:public_id>",
}


def furnish(app: Flask) -> Flask:
    """Give an application the doors that it lacks; each leads to a page within the shell."""
    for endpoint, rule in DOORS.items():
        if endpoint not in app.view_functions:
            name, view = endpoint.split(".")
            doors = Blueprint(name, __name__)
            doors.add_url_rule(rule, view, _stand_in())
            app.register_blueprint(doors)
    return app


def _stand_in() -> Callable[..., str]:
    @permission(Permission.DESK_USE)
    def stand_in(**_values: object) -> str:
        return render_template_string(PAGE)

    return stand_in
