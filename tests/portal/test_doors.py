"""What holds for every door of the public face."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, request

import portal
from app import create_app
from database.connect import Database
from dues.access.declare import UndeclaredDoorError, member, permission, public, refuse_undeclared
from language import SUPPORTED
from settings import Settings
from tests.web.browser import Browser
from tests.web.waking import Woken
from web.guard import refuse_open_doors

if TYPE_CHECKING:
    from tests.portal.town import Town


@pytest.fixture
def app(town: Town, woken: Woken, settings: Settings) -> Flask:
    """An application of each test's own: doors are added to it."""
    return create_app(settings, database=town.database, wake=woken)


_PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")


def test_a_route_that_does_not_say_who_may_use_it_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/secret", "secret", lambda: "x")
    with pytest.raises(UndeclaredDoorError, match="secret"):
        refuse_open_doors(app)


def test_the_other_doors_stay_shut_to_who_is_not_logged_in(app: Flask, visit: Callable[..., Browser]) -> None:
    app.add_url_rule("/mine", "mine", member(lambda: "x"))
    app.add_url_rule("/desk", "desk", permission("invoices.issue")(lambda: "x"))
    app.add_url_rule("/open", "open", public(lambda: "<!DOCTYPE html>"))
    refuse_undeclared((rule.endpoint, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())
    assert visit().get("/mine", status=404).heading == "This page is not there"
    assert visit().get("/desk", status=303).answer.headers["Location"] == "/admin/login?to=/desk"
    visit().get("/open")


def test_every_form_that_changes_something_asks_for_its_token(app: Flask, visit: Callable[..., Browser]) -> None:
    values = {"slug": "org-norr", "token": "x" * 43, "name": "x.eml", "code": "sv"}
    of_kind = {"uuid": str(uuid.UUID(int=1)), "int": "1"}

    def filled(part: re.Match[str]) -> str:
        return of_kind.get(part["kind"] or "") or values.get(part["name"], "x")

    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            visit().post(_PART.sub(filled, rule.rule), status=400)


def test_every_answer_tells_the_browser_what_to_refuse(browser: Browser, town: Town) -> None:
    for path, status in (("/", 200), (f"/join/{town.slug}", 200), ("/nowhere", 404), ("/health", 200)):
        headers = browser.get(path, status=status).answer.headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "private, no-cache"
        assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_house_without_https_does_not_promise_it(town: Town, tmp_path: Path) -> None:
    plain = create_app(Settings.from_env({"KONTINGENT_DATA": str(tmp_path)}), database=town.database, wake=Woken())
    answer = Browser(plain).get(f"/join/{town.slug}").answer
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_the_session_cookie_is_kept_from_scripts_and_foreign_pages(browser: Browser, town: Town) -> None:
    cookie = browser.get(f"/join/{town.slug}").answer.headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_styles_and_scripts_are_kept_for_ever_and_travel_compressed(browser: Browser, town: Town) -> None:
    page = browser.get(f"/join/{town.slug}").page
    found = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    assert len(found) + 1 <= 6
    for path in found:
        answer = browser.get(path).answer
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for gone in ("site.css", "nothing.css", "..%2Fapp.py"):
        browser.get(f"/static/000000000000/{gone}", status=404)


def _joined(browser: Browser, town: Town) -> Browser:
    form: dict[str, Any] = {
        "kind": str(town.member_type),
        "given_name": "Alva",
        "family_name": "Budget",
        "birth": "17 5 1980",
    }
    home: dict[str, Any] = {
        "street": "Ekvägen 1",
        "postcode": "75320",
        "city": "Uppsala",
        "email": "budget@example.org",
    }
    return browser.get(f"/join/{town.slug}").submit(**form, **home, consent="y")


VISITS: Mapping[str, Callable[[Browser, Town], Browser]] = {
    "home": lambda browser, _town: browser.get("/"),
    "search": lambda browser, _town: browser.get("/?q=no"),
    "privacy": lambda browser, _town: browser.get("/privacy"),
    "join": lambda browser, town: browser.get(f"/join/{town.slug}"),
    "join with errors": lambda browser, town: browser.get(f"/join/{town.slug}").submit(),
    "thanks": _joined,
    "join privacy": lambda browser, town: browser.get(f"/join/{town.slug}/privacy"),
    "link": lambda browser, _town: browser.get("/i/" + "x" * 43),
    "code": lambda browser, _town: browser.get("/i/" + "x" * 43).submit(status=404),
    "nowhere": lambda browser, _town: browser.get("/nowhere", status=404),
}


@pytest.mark.parametrize("visit", list(VISITS))
def test_a_first_visit_stays_within_its_budget(app: Flask, town: Town, visit: str) -> None:
    browser = VISITS[visit](Browser(app), town)
    within_budget(app, browser)


def within_budget(app: Flask, browser: Browser) -> None:
    """Hold a page with all it asks for to 60 kB and 6 requests, and its scripts to 10 kB that nothing waits for."""
    page = browser.page
    wanted = set(page.xpath("//link/@href | //script/@src | //img[not(starts-with(@src, 'data:'))]/@src"))
    wanted |= {link.partition("#")[0] for link in page.xpath("//*[local-name()='use']/@href")}
    wanted -= set(page.xpath("//header//img/@src"))  # the group's logo is its own affair
    assert len(wanted) + 1 <= 6
    sent = {path: _sent(app, path) for path in wanted}
    assert len(browser.answer.data) + sum(sent.values()) <= 60_000
    scripts = page.xpath("//script")
    assert sum(sent[script.get("src")] for script in scripts) <= 10_000
    assert all(script.get("defer") is not None for script in scripts)


def _sent(app: Flask, path: str) -> int:
    return len(app.test_client().get(path, headers={"Accept-Encoding": "gzip"}).data)


def test_a_logo_is_what_it_was_taken_in_as_and_runs_nothing(browser: Browser, town: Town) -> None:
    logo = browser.get(f"/join/{town.slug}").page.xpath("//header//img/@src")[0]
    answer = browser.get(logo).answer
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    browser.get("/logo/none", status=404)
    browser.get(f"/g/{town.slug}/look-000000000000.css", status=404)


def test_the_browsers_language_is_spoken_until_another_is_chosen(visit: Callable[..., Browser]) -> None:
    names = {
        "sv": "Hitta din grupp",
        "nb": "Finn gruppen din",
        "nl": "Vind uw groep",
        "de": "Finden Sie Ihre Gruppe",
        "en": "Find your group",
    }
    for code in SUPPORTED:
        assert visit(code).get("/").heading == names[code]
    assert visit("fi, no;q=0.8, en;q=0.2").get("/").heading == names["nb"]
    assert visit("fi").get("/").heading == names["en"]
    reader = visit("de").get("/?q=no")
    link = reader.page.xpath("//footer//a[@hreflang='sv']/@href")[0]
    assert reader.get(link).heading == names["sv"]
    assert reader.path == "/?q=no"
    assert reader.get("/").heading == names["sv"]


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""])
def test_the_choice_of_language_leads_nowhere_else(browser: Browser, to: str) -> None:
    answer = browser.get(f"/language/sv?to={to}", status=303).answer
    assert answer.headers["Location"] == "/"


def test_unknown_languages_are_not_there(browser: Browser) -> None:
    browser.get("/language/fi", status=404)


def test_a_fault_of_ours_gives_a_number_and_shows_nothing_of_the_inside(
    app: Flask, visit: Callable[..., Browser], caplog: pytest.LogCaptureFixture
) -> None:
    @public
    def broken() -> str:
        raise ZeroDivisionError("inside")

    app.add_url_rule("/broken", "broken", broken)
    page = visit("sv").get("/broken", status=500)
    assert page.heading == "Något gick fel hos oss"
    assert "inside" not in page.text
    number = caplog.records[-1].getMessage().removeprefix("error ")
    assert number in page.text


def test_without_the_database_the_page_still_says_so(settings: Settings) -> None:
    down = create_app(settings, database=Database("postgresql://nobody@127.0.0.1:1/none"), wake=Woken())
    assert Browser(down).get("/", status=500).heading == "Something went wrong with us"
    assert Browser(down).get("/health", status=500).title == "Something went wrong with us · Kontingent"


def test_too_many_presses_are_stopped_and_others_may_go_on(visit: Callable[..., Browser], town: Town) -> None:
    pressing, other = visit().get(f"/join/{town.slug}"), visit().get(f"/join/{town.slug}")
    for _ in range(30):
        pressing.submit()
    assert pressing.submit(status=429).heading == "That was too often"
    other.submit()


def test_counting_goes_on_without_the_redis_that_is_gone(town: Town, tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "KONTINGENT_DATA": str(tmp_path),
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "REDIS_URL": f"unix://{tmp_path}/gone.sock",
        }
    )
    gone = Browser(create_app(settings, database=town.database, wake=Woken()))
    assert gone.get(f"/join/{town.slug}").submit().title.startswith("Error")


def test_only_trusted_proxies_are_believed(town: Town, tmp_path: Path) -> None:
    environ = {"KONTINGENT_DATA": str(tmp_path), "KONTINGENT_PROXIES": "1"}
    behind = create_app(Settings.from_env(environ), database=town.database, wake=Woken())
    seen: list[str | None] = []

    @public
    def where() -> str:
        seen.append(request.remote_addr)
        return "x"

    behind.add_url_rule("/where", "where", where)
    behind.test_client().get("/where", headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.7"})
    assert seen == ["192.0.2.7"]


def test_health_is_what_the_database_says(browser: Browser) -> None:
    assert browser.get("/health").answer.get_data(as_text=True) == "ok\n"


def test_an_address_with_a_nul_is_nobodys(browser: Browser) -> None:
    for path in ("/?q=%00", "/join/%00", "/i/%00", "/logo/%00"):
        browser.get(path, status=404)


def test_colours_stand_in_one_file() -> None:
    house = Path(portal.__file__).parents[1]
    written = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", re.IGNORECASE)
    files = [*house.glob("static/*.css"), *house.glob("templates/portal/**/*.html"), *house.glob("templates/parts/*")]
    assert len(files) > 10
    found = {file.name for file in files if written.search(re.sub(r"#\{", "", file.read_text(encoding="utf-8")))}
    assert found == {"tokens.css"}
