"""Walks through every door as somebody, and says where the house answers otherwise than the table does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import lxml.html
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from settings import Settings
from tests.rights.table import DOORS, HOLD, Door, Whose
from tests.rights.world import FOREIGN, NONE, OWN
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.rights.world import User, World

HOST: Final = "dues.example.org"
_SHORT: Final = 3
"""Letters up to which a name stands in many places by chance."""
_CURIOUS: Final = frozenset({"anonymous", "north", "above", "everything", "ended", "support"})
"""Those who try the doors that are the same for everybody, and what does not exist; it is the same code for the others."""
_RAW: Final = "0" * 40
_SIDES: Final = {OWN: "own", FOREIGN: "somebody else's", NONE: "none"}
_EACH_TIME: Final = re.compile(rb'nonce="[^"]*"|<input[^>]*name="csrf_token"[^>]*>')


@dataclass(frozen=True)
class Answer:
    """What came back: with its note, which the next page would show, and without what is new each time."""

    status: int
    place: str
    note: str
    body: bytes
    kind: str = field(compare=False)
    headers: Mapping[str, str] = field(compare=False, repr=False)


def web(world: World, folder: Path) -> Flask:
    """Return the application before the world."""
    environment = {"KONTINGENT_DATA": str(folder), "KONTINGENT_BASE_URL": f"https://{HOST}", "KONTINGENT_DEMO": "1"}
    return create_app(Settings.from_env(environment), database=world.database, wake=Woken())


def lines_of(app: Flask) -> set[str]:
    """Return what the table must have a line for: each method of each route."""
    found = set()
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add(rule.endpoint if method == "GET" else f"{method} {rule.endpoint}")
    return found


def may(user: User, door: Door, side: int = OWN) -> bool:
    """Tell whether the table lets somebody through."""
    if door.besides == user.name:
        return side == OWN
    if door.whose in {Whose.ANYBODY, Whose.ENTRANCE}:
        return True
    if not user.is_staff or door.whose is Whose.STAFF:
        return user.is_staff
    return user.group is None and all(set(user.roles) & set(HOLD[one]) for one in door.asks)


@dataclass
class Walker:
    """Somebody who goes from door to door; nothing of what they do stays."""

    app: Flask
    world: World
    user: User
    forms: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def knock(self, name: str, side: int) -> Answer:
        """Ask for one door."""
        try:
            return self._answer(name, self.send(name, side), self._names(name, side))
        finally:
            self.world.database.undo()

    def send(self, name: str, side: int) -> TestResponse:
        """Ask for one door, and leave everything as it is then."""
        door = DOORS[name]
        method, _, endpoint = name.rpartition(" ")
        path = self.address(endpoint, door, side)
        client = self.app.test_client(use_cookies=False)
        headers = {"Cookie": f"kontingent={self._cookie()}", "Referer": f"https://{HOST}/", "Accept-Language": "en"}
        if not method:
            query = {key: self._fill(value, side) for key, value in door.query.items()}
            return client.get(path, query_string=query, headers=headers, base_url=f"https://{HOST}")
        fields = self._form(name, side) | {"csrf_token": self._token()}
        return client.open(path, method=method, data=fields, headers=headers, base_url=f"https://{HOST}")

    def address(self, endpoint: str, door: Door, side: int) -> str:
        """Return the address of a door."""
        adapter = self.app.url_map.bind(HOST, url_scheme="https")
        return adapter.build(endpoint, {key: self.world.things[kind][side] for key, kind in door.at.items()})

    def _names(self, name: str, side: int) -> list[str]:
        """What in an address says what was asked for; longest first."""
        named = {self.world.things[kind][side] for kind in DOORS[name].at.values()}
        return sorted((one for one in named if len(one) > _SHORT), key=len, reverse=True)

    def _fill(self, value: str, side: int) -> str:
        return value.format_map({kind: names[side] for kind, names in self.world.things.items()})

    def _form(self, name: str, side: int) -> dict[str, Any]:
        """Return what is sent: what the page's form holds, where there is one, and what the table says."""
        door = DOORS[name]
        fields = {key: self._fill(value, side) for key, value in door.form.items()}
        if not door.page:
            return fields
        shown = OWN if side == NONE else side
        if (name, shown) not in self.forms:
            self.forms[name, shown] = self._shown(name, shown)
        return self.forms[name, shown] | fields

    def _shown(self, name: str, side: int) -> dict[str, Any]:
        """Return the form of a page as somebody sees it who may do everything."""
        page = Walker(self.app, self.world, self.world.users["everything"]).send(DOORS[name].page, side)
        self.world.database.undo()
        wanted = self.address(name.rpartition(" ")[2], DOORS[name], side)
        assert page.status_code == 200, (name, page.status_code)  # noqa: PLR2004
        for form in lxml.html.fromstring(page.get_data(as_text=True)).forms:
            if form.method == "POST" and urlsplit(form.action or wanted).path in {wanted, ""}:
                return {key: value for key, value in form.form_values() if key != "csrf_token"}
        raise AssertionError(f"{name} finds no form on {DOORS[name].page}")

    def _cookie(self) -> str:
        kept: dict[str, Any] = {"csrf_token": _RAW}
        if self.user.id:
            kept |= {"_user_id": self.user.token, "_fresh": True}
        if self.user.opened:
            kept["opened"] = self.user.opened
        return str(_serializer(self.app).dumps(kept))

    def _token(self) -> str:
        """Return what the forms of this browser's pages carry."""
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(_RAW))  # type: ignore[arg-type]

    def _answer(self, name: str, answer: TestResponse, names: list[str]) -> Answer:
        body, place = answer.get_data(), answer.headers.get("Location", "").partition("?to=")[0]
        body = b"" if place else _EACH_TIME.sub(b"", body)  # what a redirection says is its address once more
        for one in names:
            body, place = body.replace(one.encode(), b"~"), place.replace(one, "~")
        answer.close()
        return Answer(answer.status_code, place, _note(self.app, answer), body, answer.mimetype, dict(answer.headers))


def _serializer(app: Flask) -> Any:
    return app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own sessions


def _note(app: Flask, answer: TestResponse) -> str:
    for cookie in answer.headers.getlist("Set-Cookie"):
        found = re.match(r"kontingent=([^;]+)", cookie)
        if found:
            return str((_serializer(app).loads(found[1]).get("note") or ("",))[0])
    return ""


def findings(walker: Walker, *, only: Collection[str] = ()) -> list[str]:
    """Return where the house answers somebody otherwise than the table says."""
    return [
        f"{walker.user.name}: {name}: {fault}"
        for name, door in DOORS.items()
        if not only or name in only
        for fault in _faults(walker, name, door)
    ]


def _faults(walker: Walker, name: str, door: Door) -> Iterator[str]:
    user = walker.user
    answers = {side: walker.knock(name, side) for side in _asked(user, name, door)}
    for side, answer in answers.items():
        fault = _fault(user, name, side, answer)
        if fault:
            yield f"{_SIDES[side]}: {answer.status} {answer.place}, {fault}"
    closed = [answer for side, answer in answers.items() if not may(user, door, side) or side == NONE]
    if len(set(closed)) > 1:
        yield f"what is not theirs looks otherwise than what does not exist: {_difference(*closed[-2:])}"


def _asked(user: User, name: str, door: Door) -> tuple[int, ...]:
    """Return what a door is tried with: who sees the whole organisation has nothing that is somebody else's."""
    named = door.at or door.query or "{" in str(door.form)
    if not named or (door.whose in {Whose.ANYBODY, Whose.ENTRANCE} and user.name not in _CURIOUS):
        return (OWN,)
    if user.group is None and user.is_staff and door.whose is Whose.DESK:
        return (OWN, NONE) if user.name in _CURIOUS else (OWN,)
    return (OWN, FOREIGN, NONE)


def _fault(user: User, name: str, side: int, answer: Answer) -> str:
    """Return what is wrong about an answer, nothing where it is as the table has it."""
    door = DOORS[name]
    if may(user, door, side):
        gone = side == NONE or (side == FOREIGN and door.whose is Whose.STAFF)
        expected = door.gone if gone else door.answers
        return "" if answer.status in expected else f"not {sorted(expected)}"
    if not user.is_staff:
        led = answer.status == 303 and answer.place.startswith("/admin/login")  # noqa: PLR2004
        return "" if led else "not led to the entrance"
    led_home = name == "today.today" and answer.status == 303  # noqa: PLR2004
    return "" if answer.status == 404 or led_home else "not 404"  # noqa: PLR2004


def _difference(one: Answer, other: Answer) -> str:
    """Return the first lines that differ."""
    if (one.status, one.place, one.note) != (other.status, other.place, other.note):
        return f"{one.status} {one.place} {one.note!r} and {other.status} {other.place} {other.note!r}"
    pairs = zip(one.body.splitlines(), other.body.splitlines(), strict=False)
    return str(next((pair for pair in pairs if pair[0] != pair[1]), "their lengths"))[:300]
