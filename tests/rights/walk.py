"""Walks through every door as somebody, and says where the house answers otherwise than the table does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

import lxml.html
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from settings import Settings
from tests.rights.doors import Door, Whose
from tests.rights.holders import HOLD
from tests.rights.table import DOORS
from tests.rights.world import CROSS, FOREIGN, NONE, NOWHERE, OWN
from tests.web.waking import Woken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.rights.world import User, World

HOST: Final = "dues.example.org"
_SHORT: Final = 3
"""Letters up to which a name stands in many places by chance."""
_CURIOUS: Final = frozenset({"anonymous", "north", "everything"})
"""Those who ask for what does not exist, too."""
_HEADERS: Final = (
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cache-Control",
)
_WITHIN: Final = re.compile(
    rb"<script(?![^>]*\ssrc=)|<style|\s(?:on[a-z]+|style)=[\"']|href=[\"']javascript:", re.IGNORECASE
)
_RAW: Final = "0" * 40
_SIDES: Final = {
    OWN: "own",
    FOREIGN: "somebody else's",
    NONE: "none",
    CROSS: "somebody else's in their house",
    NOWHERE: "nowhere",
}
_EACH_TIME: Final = re.compile(rb'nonce="[^"]*"|<input[^>]*name="csrf_token"[^>]*>|(?<=[?]to=)[^"]*')
"""What is new on each page, and what says in the address of a link which page one is on."""


Forms: TypeAlias = "dict[tuple[str, int], dict[str, Any]]"
"""What forms hold as they are shown, by the door they are sent to and by whose thing they are about."""


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
    where = {FOREIGN: "se-syd", NOWHERE: None}.get(side, "se-norr") if door.whose is Whose.HOUSE else None
    there = user.group is None or (where is not None and where.startswith(user.group))
    return there and all(set(user.roles) & set(HOLD[one]) for one in door.asks)


@dataclass
class Walker:
    """Somebody who goes from door to door; nothing of what they do stays."""

    app: Flask
    world: World
    user: User
    forms: Forms = field(default_factory=dict)

    def knock(self, name: str, side: int) -> Answer:
        """Ask for one door."""
        try:
            return self._answer(self.send(name, side), self._names(name, side))
        finally:
            self.world.database.undo()

    def send(self, name: str, side: int, *, bare: bool = False) -> TestResponse:
        """Ask for one door, and leave everything as it is then; ``bare`` asks for all that a list has."""
        door = DOORS[name]
        method, _, endpoint = name.rpartition(" ")
        path = self.address(endpoint, door, side)
        client = self.app.test_client(use_cookies=False)
        headers = {"Cookie": f"kontingent={self._cookie()}", "Referer": f"https://{HOST}/", "Accept-Language": "en"}
        if not method:
            query = {} if bare else {key: self._fill(value, side) for key, value in door.query.items()}
            return client.get(path, query_string=query, headers=headers, base_url=f"https://{HOST}")
        fields = self._form(name, side) | {"csrf_token": self._token()}
        return client.open(path, method=method, data=fields, headers=headers, base_url=f"https://{HOST}")

    def address(self, endpoint: str, door: Door, side: int) -> str:
        """Return the address of a door."""
        adapter = self.app.url_map.bind(HOST, url_scheme="https")
        return adapter.build(endpoint, {key: self.named(door, key, side) for key in door.at})

    def named(self, door: Door, argument: str, side: int) -> str:
        """Return what stands in an address; the house is that of whose the thing is, unless they are to cross."""
        if argument == "group_slug":
            own_house = side == CROSS or (side == NONE and len(door.at) > 1)
            side = OWN if own_house else NONE if side == NOWHERE else side
        return self.world.thing(door.at[argument], side)

    def _names(self, name: str, side: int) -> list[str]:
        """What in an address says what was asked for; longest first."""
        named = {self.named(DOORS[name], argument, side) for argument in DOORS[name].at}
        return sorted((one for one in named if len(one) > _SHORT), key=len, reverse=True)

    def _fill(self, value: str, side: int) -> str:
        return value.format_map({kind: self.world.thing(kind, side) for kind in self.world.things})

    def _form(self, name: str, side: int) -> dict[str, Any]:
        """Return what is sent: what the page's form holds, where there is one, and what the table says."""
        door = DOORS[name]
        fields = {key: self._fill(value, side) for key, value in door.form.items()}
        if not door.page:
            return fields
        shown = OWN if side in {OWN, NONE} else FOREIGN
        if (name, shown) not in self.forms:
            self.forms[name, shown] = self._shown(name, shown)
        return self.forms[name, shown] | fields

    def _shown(self, name: str, side: int) -> dict[str, Any]:
        """Return the form of a page as somebody sees it who may do everything."""
        page = Walker(self.app, self.world, self.world.users["everything"]).send(DOORS[name].page, side)
        self.world.database.undo()
        wanted = self.address(name.rpartition(" ")[2], DOORS[name], side)
        if page.status_code != 200:
            return {}
        for form in lxml.html.fromstring(page.get_data(as_text=True)).forms:  # type: ignore[attr-defined]  # of a whole page
            if form.method == "POST" and urlsplit(form.action or wanted).path in {wanted, ""}:
                return {key: value for key, value in form.form_values() if key != "csrf_token"}
        raise AssertionError(f"{name} finds no form on {DOORS[name].page}")

    def _cookie(self) -> str:
        kept: dict[str, Any] = {"csrf_token": _RAW}
        if self.user.id:
            kept |= {"_user_id": self.user.token, "_fresh": True}
        return str(_serializer(self.app).dumps(kept))

    def _token(self) -> str:
        """Return what the forms of this browser's pages carry."""
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(_RAW))  # type: ignore[arg-type]

    def _answer(self, answer: TestResponse, names: list[str]) -> Answer:
        body, place = answer.get_data(), answer.headers.get("Location", "").partition("?to=")[0]
        body = b"" if place else _EACH_TIME.sub(b"", body)  # what a redirection says is its address once more
        for one in names:
            body, place = body.replace(one.encode(), b"~"), place.replace(one, "~")
        answer.close()
        return Answer(
            answer.status_code, place, _note(self.app, answer), body, str(answer.mimetype), dict(answer.headers)
        )


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
    answers = {side: walker.knock(name, side) for side in _asked(user, door)}
    for side, answer in answers.items():
        fault = _fault(user, name, side, answer) or _unsafe(answer)
        if fault:
            yield f"{_SIDES[side]}: {answer.status} {answer.place}, {fault}"
    for alike in _alike(user, door):
        closed = [answers[side] for side in alike if side in answers]
        if len(set(closed)) > 1:
            yield f"what is not theirs looks otherwise than what does not exist: {_difference(closed)}"


def _asked(user: User, door: Door) -> tuple[int, ...]:
    """Return what a door is tried with. What does not depend on who asks is tried by few."""
    if not door.at:
        return (OWN,)
    if door.whose is Whose.HOUSE:
        inside = (NONE, CROSS) if len(door.at) > 1 and "local" not in door.at.values() else (NONE,)
        tried = {
            "north": (OWN, FOREIGN, *inside, NOWHERE),
            "above": (OWN, FOREIGN, *inside),
            "everything": (OWN, *inside),
        }
        return tried.get(user.name, (OWN, FOREIGN) if user.group else (OWN,))
    if user.name not in _CURIOUS:
        return (OWN,)
    return (OWN, FOREIGN, NONE) if door.whose is Whose.STAFF else (OWN, NONE)


def _alike(user: User, door: Door) -> tuple[tuple[int, ...], ...]:
    """Return which answers may not be told apart: in a house of theirs, outside of it, and at the desk."""
    if door.whose is Whose.HOUSE and may(user, door):
        outside = (FOREIGN, NOWHERE) if not may(user, door, FOREIGN) else ()
        return ((NONE, CROSS), outside if len(door.at) > 1 else (*outside, NONE))
    closed = tuple(side for side in (OWN, FOREIGN) if not may(user, door, side))
    return ((*closed, NONE, CROSS, NOWHERE),)


def _fault(user: User, name: str, side: int, answer: Answer) -> str:
    """Return what is wrong about an answer, nothing where it is as the table has it."""
    door = DOORS[name]
    if may(user, door, side):
        gone = side in {NONE, CROSS, NOWHERE} or (side == FOREIGN and door.whose is Whose.STAFF)
        expected = door.gone if gone else door.answers
        return "" if answer.status in expected else f"not {sorted(expected)}"
    if not user.is_staff:
        led = answer.status == 303 and answer.place.startswith("/admin/login")
        return "" if led else "not led to the entrance"
    led_home = name == "today.today" and answer.status == 303
    return "" if answer.status == 404 or led_home else "not 404"


def _difference(answers: Sequence[Answer]) -> str:
    """Return where the first of several answers that differs does so."""
    one, other = answers[0], next(answer for answer in answers if answer != answers[0])
    if (one.status, one.place, one.note) != (other.status, other.place, other.note):
        return f"{one.status} {one.place} {one.note!r} and {other.status} {other.place} {other.note!r}"
    pairs = zip(one.body.splitlines(), other.body.splitlines(), strict=False)
    return str(next((pair for pair in pairs if pair[0] != pair[1]), "their lengths"))[:300]


def _unsafe(answer: Answer) -> str:
    """Return what an answer leaves to chance: its headers, a script or a style within the page, another house."""
    missing = [name for name in _HEADERS if not answer.headers.get(name)]
    policy = answer.headers.get("Content-Security-Policy", "")
    sandboxed = "sandbox" in policy and answer.kind == "text/html"
    if missing or "default-src 'none'" not in policy:
        return f"lacks headers: {missing or policy}"
    if "unsafe" in policy and not (sandboxed and "script-src" not in policy):
        return f"lets scripts or styles in: {policy}"
    if answer.kind == "text/html" and not sandboxed and _WITHIN.search(answer.body):
        return "holds a script or a style within the page"
    elsewhere = urlsplit(answer.place).netloc not in {"", HOST}
    return "leads to another house" if elsewhere or answer.place.startswith(("//", "/\\")) else ""
