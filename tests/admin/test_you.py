"""One's own page: password, second factor with an app, codes on paper, and where one is logged in."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pyotp
import pytest

from app import create_app
from database.connect import Role
from settings import Settings
from tests.factories.staff import PASSWORD, employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

    from tests.portal.town import Town
    from tests.web.waking import Woken


@pytest.fixture
def come(app: Flask, town: Town) -> Callable[..., Browser]:
    """Let somebody come in through the entrance for the first time."""

    def begin(name: str, *roles: str, into: Flask = app) -> Browser:
        email = f"{name}@you.example"
        with town.database.unit_of_work(Role.JOBS) as session:
            employ(session, name=name, email=email, roles=roles)
        return Browser(into).get("/admin/login").submit(email=email, password=PASSWORD)

    return begin


def press(desk: Browser, words: str, **fields: str) -> Browser:
    said = [" ".join(form.xpath("string(.//button)").split()) for form in desk.page.forms if form.method == "POST"]
    return desk.submit(form=said.index(words), status=200, **fields)


def with_app(desk: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up; return it and the codes on paper."""
    desk.get("/admin/second-factor/")
    otp = pyotp.TOTP(desk.page.xpath("string(//code)").replace(" ", ""))
    press(desk, "Take this app", code=otp.now())
    assert desk.heading == "Your codes on paper"
    return otp, desk.page.xpath("//ul//code/text()")


def later(otp: pyotp.TOTP, steps: int) -> str:
    return otp.at(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30 * steps))


def again(app: Flask, name: str) -> Browser:
    return Browser(app).get("/admin/login").submit(email=f"{name}@you.example", password=PASSWORD)


def test_an_app_is_asked_for_and_each_code_is_good_once(come: Callable[..., Browser], app: Flask) -> None:
    otp, _paper = with_app(come("apper", "support"))
    used = otp.now()
    back = again(app, "apper")
    assert back.heading == "Second step"
    assert back.get("/admin/").heading == "Log in"
    back = again(app, "apper").submit(code="000000" if used != "000000" else "111111")
    assert "does not fit" in back.error_at("code")
    back.submit(code=later(otp, 1))
    assert back.heading == "Today"
    assert again(app, "apper").submit(code=later(otp, 1)).heading == "Second step"


def test_without_the_phone_a_code_on_paper_lets_in_once(come: Callable[..., Browser], app: Flask) -> None:
    _otp, paper = with_app(come("paper", "support"))
    assert len(paper) == 10
    assert again(app, "paper").submit(code=paper[0].upper()).heading == "Today"
    assert again(app, "paper").submit(code=paper[0]).heading == "Second step"
    last = again(app, "paper").submit(code=paper[1])
    assert "8 codes on paper are left" in last.get("/admin/second-factor/").text


def test_who_may_move_money_is_led_to_a_second_factor_first(
    come: Callable[..., Browser], town: Town, woken: Woken, tmp_path: Path
) -> None:
    environment = {"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_BASE_URL": "https://dues.example.org"}
    real = create_app(Settings.from_env(environment), database=town.database, wake=woken)
    treasurer = come("treasurer", "cashier", into=real)
    assert treasurer.heading == "Second factor"
    assert treasurer.get("/admin/queue/").heading == "Second factor"
    assert treasurer.get("/admin/approvals/").heading == "Second factor"
    with_app(treasurer)
    assert treasurer.get("/admin/queue/").heading != "Second factor"
    assert treasurer.get("/admin/approvals/").heading == "For a second person"
    assert come("helper", "support", into=real).heading == "Today"


def test_another_password_ends_the_other_logins_and_not_this_one(come: Callable[..., Browser], app: Flask) -> None:
    here = come("changer", "support")
    elsewhere = again(app, "changer")
    here.get("/admin/you/password")
    press(here, "Take this password", password="aaaaaaaaaaaaaaaa")
    assert "less common password" in here.error_at("password")
    press(here, "Take this password", password="four lamps under water")
    assert "You have another password" in here.text
    assert elsewhere.get("/admin/").heading == "Log in"
    assert here.get("/admin/").heading == "Today"


def test_logins_are_listed_and_ended(come: Callable[..., Browser], app: Flask) -> None:
    here = come("lister", "support")
    elsewhere = again(app, "lister")
    here.get("/admin/you/")
    assert re.search(r"\(this one\)", here.text)
    press(here, "End this login")
    assert elsewhere.get("/admin/").heading == "Log in"
    third = again(app, "lister")
    press(here.get("/admin/you/"), "End all but this one")
    assert third.get("/admin/").heading == "Log in"
    assert here.get("/admin/").heading == "Today"
