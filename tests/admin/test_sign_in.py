"""Logging in with another house, against a real provider over loopback."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from joserfc.jwk import RSAKey

from app import create_app
from database.connect import Role
from dues.access.staff import disable, find_staff
from settings import Settings, SettingsError
from tests.admin.provider import CLIENT, SECRET, Provider, running
from tests.factories.staff import EMAIL, employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.portal.town import Town
    from tests.web.waking import Woken


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.email, provider.claims, provider.signs_with = EMAIL, {}, None


@pytest.fixture
def app(town: Town, woken: Woken, provider: Provider, tmp_path: Path) -> Flask:
    environment = {"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_BASE_URL": "https://dues.example.org"}
    environment |= {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    environment |= {"OIDC_NAME": "Our House", "KONTINGENT_DEMO": "1"}
    return create_app(Settings.from_env(environment), database=town.database, wake=woken)


def way_back(browser: Browser) -> str:
    """Press the button, be recognised over there, and return where one is sent back to."""
    browser.get("/admin/login?to=/admin/you/")
    assert "Log in with Our House" in browser.text
    browser.submit(form=0, status=303)
    there = httpx2.get(browser.answer.headers["Location"])
    assert there.status_code == 302
    return there.headers["Location"].removeprefix("https://dues.example.org")


def refused(browser: Browser, back: str) -> bool:
    browser.get(back)
    return browser.heading == "Log in" and "Logging in there did not work" in browser.text


def test_who_is_known_and_verified_comes_in_and_goes_where_they_wanted(app: Flask) -> None:
    browser = Browser(app)
    browser.get(way_back(browser))
    assert (browser.path, browser.heading) == ("/admin/you/", "You")


def test_a_code_brings_nobody_in_twice(app: Flask) -> None:
    browser = Browser(app)
    back = way_back(browser)
    browser.get(back)
    assert refused(Browser(app), back)
    assert refused(browser.get("/admin/you/").submit(form=0), back)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"nonce": "another"},
        {"aud": "another house"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600},
        {"email": "nobody@example.org"},
        {"email": ""},
    ],
)
def test_what_cannot_be_believed_brings_nobody_in(app: Flask, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    browser = Browser(app)
    assert refused(browser, way_back(browser))
    assert browser.get("/admin/").heading == "Log in"


def test_a_token_that_somebody_else_signed_brings_nobody_in(app: Flask, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    browser = Browser(app)
    assert refused(browser, way_back(browser))


def test_another_state_brings_nobody_in(app: Flask) -> None:
    browser = Browser(app)
    back, _, _state = way_back(browser).partition("&state=")
    assert refused(browser, f"{back}&state=another")


def test_who_is_disabled_stays_out(app: Flask, provider: Provider, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Out", email="out@oidc.example")
        disable(session, staff_id=find_staff(session, email="out@oidc.example").id, now=dt.datetime.now(dt.UTC))
    provider.email = "out@oidc.example"
    browser = Browser(app)
    assert refused(browser, way_back(browser))


def test_half_a_provider_is_no_setting() -> None:
    with pytest.raises(SettingsError, match="all set, or none"):
        Settings.from_env({"OIDC_ISSUER": "https://id.example.org"})
