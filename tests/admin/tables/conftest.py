"""Views of these tests' own on the ground of the generated pages: who may log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select

from admin.tables.columns import Column
from admin.tables.fields import Choice, Names, Number, Text, Tick
from admin.tables.filters import choice
from admin.tables.listing import Tab
from admin.tables.setup_view import Fault, SetupView
from app import create_app
from dues.access.errors import StaffKnownError, WeakPasswordError
from dues.access.models import Staff
from dues.access.staff import add_staff
from dues.paging import Page, Walk, read_page
from tests.admin.conftest import entered
from tests.web.browser import Browser
from web.house import session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from admin.tables.listing import Wanted
    from settings import Settings
    from tests.portal.town import Town
    from tests.web.waking import Woken

SPOKEN = [("en", "English"), ("sv", "Swedish")]


class LoginForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    name = Text("Name")
    email = Text("E-mail", hint="Where they are written to")
    password = Text("Password", optional=True)
    language = Choice("Language", choices=lambda: SPOKEN)
    rooms = Number("Rooms", most=9, optional=True)
    titles = Names("Titles", optional=True)
    keen = Tick("Keen")


class Logins(SetupView):
    door = "logins"
    address = "/admin/setup/logins"
    words = "Logins"
    about = "Who works here."
    shelf = "People"
    new_words = "Add a login"
    columns = (Column("name", "Name", order="name"), Column("email", "E-mail"), Column("shortcuts", "Keys"))
    orders = ("name",)
    tabs = (Tab("", "All"), Tab("sv", "Swedish"))
    filters = (choice("language", "Language", lambda: SPOKEN),)
    search = "Name"
    form = LoginForm
    can_delete = True
    faults: ClassVar[Mapping[type[Exception], Fault]] = {
        StaffKnownError: Fault("email", "There is such a login."),
        WeakPasswordError: Fault("password", lambda error: f"Longer, please: {error}"),
        ZeroDivisionError: Fault("name", "This login is still used."),
    }

    def read(self, wanted: Wanted) -> Page[Any]:
        walk = Walk(Staff, ("name", "id"), "uuid")
        if wanted.search:
            walk = walk.along(Staff.name.startswith(wanted.search))
        if wanted.view or "language" in wanted.values:
            walk = walk.along(Staff.language == (wanted.view or wanted.values["language"]))
        return read_page(session(), walk, at=wanted.place, rows=3)

    def one(self, key: str) -> Staff | None:
        import uuid  # noqa: PLC0415 -- only here

        return session().scalar(select(Staff).where(Staff.uuid == uuid.UUID(key)))

    def key_of(self, row: Staff) -> str:
        return str(row.uuid)

    def called(self, row: Staff) -> str:
        return row.name

    def filled(self, row: Staff) -> Mapping[str, Any]:
        return {"name": row.name, "email": row.email, "language": row.language, "keen": row.shortcuts}

    def add(self, form: Any) -> Staff:
        return add_staff(
            session(),
            name=form.name.data,
            email=form.email.data,
            password=form.password.data,
            language=form.language.data,
        )

    def change(self, row: Staff, form: Any) -> None:
        row.name, row.language, row.shortcuts = form.name.data, form.language.data, form.keen.data

    def remove(self, row: Staff) -> None:
        if row.name.startswith("Used"):
            raise ZeroDivisionError
        row.name = f"Gone {row.name}"


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch, town: Town, woken: Woken, settings: Settings) -> Browser:
    """Somebody at a desk that has the view."""
    monkeypatch.setattr("admin.tables.install.SETUPS", (Logins,))
    return entered(Browser(create_app(settings, database=town.database, wake=woken)), town.database)
