"""(d) Pages of the desk through the application itself, by somebody who is logged in: server time of each."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, text

from app import create_app
from benchmarks.finding import invoice_queries
from benchmarks.pile import HEIGHT, pile_up
from benchmarks.scene import Scene
from database.connect import Role
from dues.access.grants import give
from dues.access.roles import BUILT_IN, lay_out_roles, role_id
from dues.access.staff import add_staff
from dues.actor import COMMAND_LINE
from dues.dates import today
from settings import Settings

VISITS: Final = 60
_WARMING: Final = 5
_STEP: Final = 7919
_EMAIL: Final = "bench@example.org"
_WORD: Final = "a desk that is measured"

# Somebody anywhere in the register, an invoice of theirs, and what the middles of the lists are called.
SAMPLE: Final = text("""
SELECT p.uuid, p.given_name, p.family_name, p.email, i.uuid AS invoice, i.number, r.value AS reference
FROM invoice i
JOIN person p ON p.id = i.payer_id
JOIN claim c ON c.invoice_id = i.id
JOIN payment_reference r ON r.claim_id = c.id
WHERE i.id = :invoice
LIMIT 1
""")
MIDDLE: Final = text("""
SELECT (SELECT uuid FROM person WHERE name_key > 'm' ORDER BY name_key, id LIMIT 1) AS person,
    (SELECT uuid FROM membership WHERE id > :half ORDER BY id LIMIT 1) AS membership,
    (SELECT uuid FROM invoice WHERE id > :half ORDER BY id LIMIT 1) AS invoice,
    (SELECT id FROM claim WHERE id > :half ORDER BY id LIMIT 1) AS claim,
    (SELECT id FROM payment WHERE id > :half ORDER BY id LIMIT 1) AS payment,
    (SELECT id FROM message WHERE id > :half ORDER BY id LIMIT 1) AS message
""")

# The largest run, a row in the middle of it, and a payment in the middle of the pile.
WORK: Final = text("""
SELECT run.uuid AS run, run.total / 2 AS row,
    (SELECT payment_id FROM payment_case WHERE closed_at IS NULL ORDER BY payment_id OFFSET :half LIMIT 1) AS payment
FROM run
WHERE run.kind = 'invoices'
ORDER BY run.total DESC LIMIT 1
""")


class _Asleep:
    """Workers that nobody wakes."""

    def run(self, run_id: int) -> None:
        """Nothing works."""

    def prompt_run(self, run_id: int) -> None:
        """Nothing works."""

    def messages(self) -> None:
        """Nothing is sent."""


@dataclass(frozen=True)
class Visits:
    """Who visits, whom they look for, and what stands in the middle of each list."""

    client: FlaskClient
    samples: Sequence[Row[Any]]
    middle: Row[Any]
    scene: Scene

    def take(self, address: Callable[[Row[Any]], str]) -> dict[str, float]:
        """Visit a page for each sample and return milliseconds; the first few warm what stays warm."""
        for sample in self.samples[:_WARMING]:
            self._visit(address(sample))
        with self.scene.meter.measure() as measured:
            took = sorted(self._visit(address(sample)) for sample in self.samples)
        return {
            "ms_p50": round(took[len(took) // 2], 1),
            "ms_p95": round(took[int(len(took) * 0.95)], 1),
            "cpu_ms": round(measured.cpu / len(took) * 1000, 1),
        }

    def _visit(self, path: str) -> float:
        started = time.perf_counter()
        answer = self.client.get(path)
        took = (time.perf_counter() - started) * 1000
        if answer.status_code != 200:  # noqa: PLR2004 -- a page
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return took


def application(scene: Scene) -> Flask:
    """Return the web application on a scene; it asks nobody for a second factor, and wakes nobody."""
    settings = Settings.from_env(
        {"KONTINGENT_DATA": str(scene.scratch), "KONTINGENT_BASE_URL": "http://localhost", "KONTINGENT_DEMO": "1"}
    )
    return create_app(settings, database=scene.database, wake=_Asleep())


def measure_pages(scene: Scene) -> dict[str, dict[str, float]]:
    """Visit the lists (first page, deep page, search, narrowed), files, Today, find-anything, workbench and run."""
    pile_up(scene)
    scene.rest()
    app = application(scene)
    visits = _visits(scene, logged_in(app, scene))
    pages = {
        **_lists(visits.middle),
        **_searches(),
        **_narrowed(),
        **_found_invoices(scene),
        **_single(),
        **_work(scene),
    }
    return {name: visits.take(address) for name, (door, address) in pages.items() if door in app.view_functions}


def logged_in(app: Flask, scene: Scene) -> FlaskClient:
    """Return a browser in which somebody with every role has logged in."""
    with scene.database.unit_of_work(Role.JOBS) as session:
        lay_out_roles(session)
        staff, on = add_staff(session, name="Bench", email=_EMAIL, password=_WORD, language="en"), today(session)
        for one in BUILT_IN:
            wanted = role_id(session, one.slug)
            give(session, staff_id=staff.id, role_id=wanted, group_id=None, from_on=on, by=COMMAND_LINE)
    client = app.test_client()
    token = _TOKEN.search(client.get("/admin/login").get_data(as_text=True))
    if token is None:
        raise RuntimeError("The entrance has no form.")
    client.post("/admin/login", data={"email": _EMAIL, "password": _WORD, "csrf_token": token[1]})
    return client


def _visits(scene: Scene, client: FlaskClient) -> Visits:
    with scene.database.engine(Role.JOBS).connect() as connection:
        invoices = connection.execute(text("SELECT max(id) FROM invoice")).scalar_one()
        drawn = (number * _STEP % invoices + 1 for number in range(1, VISITS * 2))
        found = (connection.execute(SAMPLE, {"invoice": invoice}).first() for invoice in drawn)
        samples = [sample for sample in found if sample is not None][:VISITS]
        middle = connection.execute(MIDDLE, {"half": invoices // 2}).one()
    return Visits(client, samples, middle, scene)


_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

Page = tuple[str, Callable[[Row[Any]], str]]
"""A page's door, and its address for a sample."""


def _lists(middle: Row[Any]) -> dict[str, Page]:
    """First and deep page of each list."""
    marks = {
        "persons": middle.person,
        "memberships": middle.membership,
        "invoices": middle.invoice,
        "claims": middle.claim,
        "payments": middle.payment,
        "messages": middle.message,
    }
    pages: dict[str, Page] = {}
    for name, mark in marks.items():
        door = f"{name}.index_view"
        pages[f"{name}: first page"] = (door, _always(f"/admin/{name}/"))
        pages[f"{name}: deep page"] = (door, _always(f"/admin/{name}/?after={mark}"))
    pages["journal: first page"] = ("journal.index_view", lambda _one: "/admin/journal/")
    return pages


def _always(path: str) -> Callable[[Row[Any]], str]:
    return lambda _one: path


def _searches() -> dict[str, Page]:
    """Searches for what many have and for what one has."""
    return {
        "persons: full name": (
            "persons.index_view",
            lambda one: f"/admin/persons/?q={one.given_name}+{one.family_name}",
        ),
        "persons: family name": ("persons.index_view", lambda one: f"/admin/persons/?q={one.family_name}"),
        "persons: two letters": ("persons.index_view", lambda one: f"/admin/persons/?q={one.given_name[:2]}"),
        "invoices: number": ("invoices.index_view", lambda one: f"/admin/invoices/?q={one.number}"),
        "invoices: reference": ("invoices.index_view", lambda one: f"/admin/invoices/?q={one.reference}"),
        "invoices: family name": ("invoices.index_view", lambda one: f"/admin/invoices/?q={one.family_name}"),
        "payments: reference": ("payments.index_view", lambda one: f"/admin/payments/?q={one.reference}"),
        "messages: full name": (
            "messages.index_view",
            lambda one: f"/admin/messages/?q={one.given_name}+{one.family_name}",
        ),
        "find anything: full name": ("find.find", lambda one: f"/admin/find?q={one.given_name}+{one.family_name}"),
    }


def _narrowed() -> dict[str, Page]:
    """What is rare once all is paid: the pages that look through a whole stretch."""
    return {
        "invoices: overdue": ("invoices.index_view", lambda _one: "/admin/invoices/?view=overdue"),
        "claims: open": ("claims.index_view", lambda _one: "/admin/claims/?view=open"),
        "persons: one letter, no address": (
            "persons.index_view",
            lambda one: f"/admin/persons/?q={one.family_name[:1]}&mail=without",
        ),
    }


def _found_invoices(scene: Scene) -> dict[str, Page]:
    """Invoices by each of their filters, and by combinations of them, the rare ones deep in the order among them."""
    door = "invoices.index_view"
    of_one: Page = (door, lambda one: f"/admin/invoices/?person={one.uuid}&level=0")
    asked = {name: (door, _always(f"/admin/invoices/?{query}")) for name, query in invoice_queries(scene).items()}
    return {**asked, "invoices: of a person": of_one}


def _single() -> dict[str, Page]:
    """Files, and Today."""
    return {
        "person": ("person.file", lambda one: f"/admin/persons/{one.uuid}"),
        "invoice": ("bill.page", lambda one: f"/admin/invoices/{one.invoice}"),
        "today": ("today.today", lambda _one: "/admin/"),
    }


def _work(scene: Scene) -> dict[str, Page]:
    """The workbench with a high pile, and the rows of the largest run."""
    with scene.database.engine(Role.JOBS).connect() as connection:
        found = connection.execute(WORK, {"half": HEIGHT // 2}).one()
    rows = f"/admin/runs/{found.run}/rows"
    return {
        "workbench: pile": ("queue.pile", _always("/admin/queue/")),
        "workbench: a case": ("queue.case", _always(f"/admin/queue/{found.payment}")),
        "workbench: name": ("queue.pile", lambda one: f"/admin/queue/?q={one.family_name}"),
        "workbench: nobody": ("queue.pile", _always("/admin/queue/?q=nobody-is-called-so")),
        "run rows: first page": ("run_rows.rows", _always(rows)),
        "run rows: deep page": ("run_rows.rows", _always(f"{rows}?after={found.row}")),
        "run rows: family name": ("run_rows.rows", lambda one: f"{rows}?q={one.family_name}"),
        "run rows: full name": ("run_rows.rows", lambda one: f"{rows}?q={one.family_name}+{one.given_name}"),
        "run rows: left out": ("run_rows.left_out", _always(f"/admin/runs/{found.run}/left-out")),
    }
