"""The entrance to the desk, and what stands around every page behind it."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from sqlalchemy import update

from database.connect import Role
from dues.access.models import Staff
from dues.access.sealing import seal
from dues.access.staff import set_password
from tests.admin.conftest import entered, logged_in
from tests.factories.staff import EMAIL, PASSWORD, employ

if TYPE_CHECKING:
    from collections.abc import Callable

    from settings import Settings
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_who_is_not_logged_in_is_led_to_the_entrance_and_back(visit: Callable[..., Browser]) -> None:
    stranger = visit().get("/admin/you/")
    assert stranger.heading == "Log in"
    stranger.submit(email=EMAIL, password=PASSWORD)
    assert (stranger.path, stranger.heading) == ("/admin/you/", "You")


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "/join/org-norr"])
def test_the_entrance_leads_nowhere_but_to_the_desk(visit: Callable[..., Browser], to: str) -> None:
    stranger = visit().get(f"/admin/login?to={to}")
    stranger.submit(email=EMAIL, password=PASSWORD)
    assert stranger.path == "/admin/"


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "another password"), ("nobody@example.org", PASSWORD)])
def test_who_is_refused_does_not_learn_whether_the_login_exists(
    visit: Callable[..., Browser], email: str, password: str
) -> None:
    stranger = visit().get("/admin/login").submit(email=email, password=password)
    assert stranger.summary() == ["E-mail address and password do not fit together. Try again."]
    assert stranger.page.xpath("string(//input[@id='email']/@value)") == email
    assert not stranger.page.xpath("string(//input[@id='password']/@value)")
    assert stranger.get("/admin/you/").heading == "Log in"


def test_what_is_missing_is_said_beside_its_box(visit: Callable[..., Browser]) -> None:
    stranger = visit().get("/admin/login").submit(email="", password="")
    assert stranger.error_at("email") == "Write your e-mail address."
    assert stranger.error_at("password") == "Write your password."


@pytest.mark.parametrize("email", ["tried@example.org", "nobody.at.all@example.org"])
def test_trying_passwords_is_stopped_wherever_the_tries_come_from(
    town: Town, visit: Callable[..., Browser], email: str
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Tried", email="tried@example.org") if email.startswith("tried") else None
    for _ in range(10):
        visit().get("/admin/login").submit(email=email, password="wrong all the time")
    last = visit().get("/admin/login").submit(email=email, password=PASSWORD, status=429)
    assert last.heading == "That was too often"


def test_trying_codes_at_open_desks_is_stopped_wherever_the_tries_come_from(
    town: Town, settings: Settings, visit: Callable[..., Browser]
) -> None:
    app, email = pyotp.random_base32(), "left.open@example.org"
    with town.database.unit_of_work(Role.JOBS) as session:
        staff = employ(session, name="Left open", email=email)
        staff.otp_secret = seal(app.encode(), secret=settings.signing_key(), purpose="second factor")

    def answer(code: str, *, status: int) -> Browser:
        desk = entered(visit(), town.database, email=email).get("/admin/again?to=/admin/you/")
        form = next(n for n, one in enumerate(posts(desk)) if "again-code" in one.fields)
        said: dict[str, Any] = {"again-password": PASSWORD, "again-code": code}
        return desk.submit(form=form, status=status, **said)

    for _ in range(10):
        assert answer("000000", status=200).error_at("again-code").startswith("This code does not fit.")
    assert answer(pyotp.TOTP(app).now(), status=429).heading == "That was too often"
    beside = entered(visit(), town.database).get("/admin/again?to=/admin/you/")
    form = next(n for n, one in enumerate(posts(beside)) if "again-password" in one.fields)
    proof: dict[str, Any] = {"again-password": PASSWORD}
    assert beside.submit(form=form, **proof).path == "/admin/you/"


def posts(desk: Browser) -> list[Any]:
    return [form for form in desk.page.forms if form.method == "POST"]


def test_a_login_takes_as_long_for_nobody(visit: Callable[..., Browser]) -> None:
    def seconds(email: str) -> float:
        stranger = visit().get("/admin/login")
        began = time.perf_counter()
        stranger.submit(email=email, password="not the password")
        return time.perf_counter() - began

    seconds("nobody@example.org")  # the first hash of nobody is made
    assert min(seconds("nobody@example.org") for _ in range(3)) > 0.3 * min(seconds(EMAIL) for _ in range(3))


def test_logging_out_ends_it(desk: Browser) -> None:
    assert desk.get("/admin/").heading == "Today"
    desk.submit(form=0)
    assert desk.heading == "Log in"
    assert desk.get("/admin/").heading == "Log in"


def test_another_password_ends_every_login(desk: Browser, town: Town, visit: Callable[..., Browser]) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Other", email="other@example.org", language="sv")
    other = visit().get("/admin/login").submit(email="other@example.org", password=PASSWORD)
    assert other.get("/admin/you/").page.get("lang") == "sv"
    with town.database.unit_of_work(Role.JOBS) as session:
        set_password(session, email="OTHER@example.org", password="quite another one", now=dt.datetime.now(dt.UTC))
    assert other.get("/admin/you/").page.xpath("//input[@type='password']")
    assert desk.get("/admin/you/").heading == "You"


def test_who_is_disabled_is_out_at_once(town: Town, visit: Callable[..., Browser]) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Gone", email="gone@example.org")
    gone = visit().get("/admin/login").submit(email="gone@example.org", password=PASSWORD)
    assert gone.heading == "Today"
    with town.database.unit_of_work(Role.JOBS) as session:
        now = session.connection().exec_driver_sql("SELECT now()").scalar()
        session.execute(update(Staff).where(Staff.email_key == "gone@example.org").values(disabled_at=now))
    assert gone.get("/admin/").heading == "Log in"
    gone.submit(email="gone@example.org", password=PASSWORD)
    assert gone.summary()


def test_a_cookie_that_was_tampered_with_is_nobodys(visit: Callable[..., Browser]) -> None:
    stranger = logged_in(visit())
    with stranger._client.session_transaction() as kept:
        kept["_user_id"] = "x" * 43
    assert stranger.get("/admin/").heading == "Log in"


def test_the_desk_is_kept_by_no_browser(desk: Browser) -> None:
    assert desk.get("/admin/").answer.headers["Cache-Control"] == "no-store"


def test_the_desk_is_as_one_wants_it(town: Town, visit: Callable[..., Browser]) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Dora", email="dora@example.org")
    dora = visit().get("/admin/login").submit(email="dora@example.org", password=PASSWORD)
    dora.get("/admin/you/")
    assert dora.page.xpath("//body/@data-keys") == ["on"]
    dora.submit(form=1, language="de", scheme="dark", shortcuts=None)
    assert (dora.page.get("lang"), dora.page.get("data-scheme")) == ("de", "dark")
    assert dora.page.xpath("//body[not(@data-keys)]")
    elsewhere = visit("nl").get("/admin/login").submit(email="dora@example.org", password=PASSWORD)
    assert (elsewhere.page.get("lang"), elsewhere.page.get("data-scheme")) == ("de", "dark")


def test_what_is_not_there_is_said_within_the_shell(desk: Browser) -> None:
    desk.get("/admin/nothing", status=404)
    assert desk.heading == "This page is not there"
