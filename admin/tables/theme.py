"""The theme that Flask-Admin wears here: our own templates and nothing of its own, not even by accident."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar, cast

import flask_admin
from flask_admin import Admin, BaseView
from flask_admin.theme import Theme

_FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "admin" / "theme"

THEME: Final = Theme(folder=str(_FOLDER), base_template="admin/theme/base.html")
"""Flask-Admin joins the folder to its own; an absolute one takes its place: a forgotten template is an error."""

LIST: Final = "admin/theme/model/list.html"
CREATE: Final = "admin/theme/model/create.html"
EDIT: Final = "admin/theme/model/edit.html"
DELETE: Final = "admin/theme/model/delete.html"
INDEX: Final = "admin/theme/index.html"

Method = TypeVar("Method", bound=Callable[..., object])


def expose(path: str, methods: Iterable[str] = ("GET",)) -> Callable[[Method], Method]:
    """Give a method of a view an address below the view's own; name it in the view's ``doors``, too."""
    return cast("Callable[[Method], Method]", flask_admin.expose(path, methods))


def bare_admin(index: BaseView) -> Admin:
    """Return a Flask-Admin that serves no file of its own and stands where the desk stands."""
    return Admin(name="Kontingent", url="/admin", endpoint="admin", index_view=index, theme=THEME)
