"""What stands under every generated view: nothing of Flask-Admin's is open, asked for, or served."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from flask_admin import BaseView
from flask_admin.model import BaseModelView

from admin.tables.install import ForeignViewError
from admin.tables.ledger_view import LedgerView
from admin.tables.theme import expose
from app import create_app
from dues.access.declare import UndeclaredDoorError
from dues.access.permissions import Permission
from dues.paging import Page
from tests.admin.tables.conftest import Logins
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from admin.tables.listing import Wanted
    from settings import Settings
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken

GENERATED = [*(ROOT / "templates/admin/theme").rglob("*.html"), *(ROOT / "static").glob("desk*")]


class Careless(LedgerView):
    door = "careless"
    address = "/admin/careless"
    words = "Careless"
    columns = ()
    doors: ClassVar[Mapping[str, Permission]] = {"index_view": Permission.DESK_USE}

    def read(self, _wanted: Wanted) -> Page[Any]:
        return Page([])

    @expose("/backdoor")
    def backdoor(self) -> str:
        return "open"


class Foreign(BaseView):  # type: ignore[misc]  # Flask-Admin publishes no types
    @expose("/")
    def index(self) -> str:
        return "open"


def start(monkeypatch: pytest.MonkeyPatch, settings: Settings, town: Town, woken: Woken, view: type) -> Flask:
    monkeypatch.setattr("admin.tables.install.LEDGERS", (view,))
    return create_app(settings, database=town.database, wake=woken)


def test_a_door_that_a_view_does_not_name_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, town: Town, woken: Woken
) -> None:
    with pytest.raises(UndeclaredDoorError, match=re.escape("careless.backdoor")):
        start(monkeypatch, settings, town, woken, Careless)


def test_a_view_of_another_make_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, town: Town, woken: Woken
) -> None:
    with pytest.raises(ForeignViewError):
        start(monkeypatch, settings, town, woken, Foreign)


def test_only_what_our_bases_expose_has_an_address(app: Flask, logins: Browser) -> None:
    stock = {name for _path, name, _methods in BaseModelView._urls} - {"index_view", "create_view", "edit_view"}
    stock -= {"delete_view"}
    open_doors = {endpoint.rpartition(".")[2] for endpoint in app.view_functions}
    assert len(stock) == 5
    assert not stock & open_doors
    for path in ("ajax/update/", "ajax/lookup/", "action/", "export/csv/", "details/?id=1", "edit/?id=1"):
        logins.get(f"/admin/setup/logins/{path}", status=404)


@pytest.mark.parametrize("path", ["", "vendor/jquery.min.js", "admin/js/filters.js", "bootstrap/bootstrap4/js/x.js"])
def test_no_file_of_flask_admin_is_served(logins: Browser, path: str) -> None:
    logins.get(f"/admin/static/{path}", status=404)


def test_what_a_view_does_not_allow_has_no_address(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, town: Town, woken: Woken
) -> None:
    class ReadOnly(Logins):
        can_create = can_edit = can_delete = False

    monkeypatch.setattr("admin.tables.install.SETUPS", (ReadOnly,))
    app = create_app(settings, database=town.database, wake=woken)
    assert [name for name in app.view_functions if name.startswith("logins.")] == ["logins.index_view"]


def test_a_template_that_is_forgotten_is_an_error(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    assert "admin/theme/model/list.html" in names
    assert not [name for name in names if name.startswith(("admin/model/", "admin/lib", "admin/layout", "bootstrap4"))]


def test_no_modal_window_no_editing_in_lists_and_no_foreign_script() -> None:
    assert len(GENERATED) > 8
    for path in GENERATED:
        said = path.read_text("utf-8").lower()
        found = re.findall(r"jquery|modal|x-editable|list_form|select2|<dialog|admin_static|/admin/static", said)
        assert not found, (path, found)


def test_every_door_of_the_tables_asks_for_a_login(app: Flask, visit: Any) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin/") and not rule.arguments and "GET" in (rule.methods or ()):
            if rule.endpoint.startswith("login."):
                continue
            assert visit().get(rule.rule).heading == "Log in", rule.rule
