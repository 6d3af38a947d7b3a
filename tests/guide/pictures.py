"""Makes the pictures of the user guide anew: ``make pictures``, from a demonstration of one seed and one day.

The pages are those of the program itself, in a real browser; what is random in them (nothing but ids in addresses) is
not to be seen. Each picture has few colours, so that it is small.
"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright
from sqlalchemy import select, text
from werkzeug.serving import make_server

from app import create_app
from database import embedded
from database.connect import Database, Role
from database.migrate import upgrade
from dues.access.grants import give
from dues.access.models import Staff, StaffSession
from dues.access.roles import role_id
from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.collection import remind
from dues.dates import set_clock
from dues.demo.build import build, measure
from dues.demo.desks import FIRST, PASSWORD, take_in
from dues.demo.paperwork.diary import keep_diary
from dues.demo.servers import write_server_down
from dues.invoicing import issue
from dues.runs.drive import drive
from settings import Settings
from tests.guide.shots import PAPERS, SHOTS, Shot
from tests.web.unlimited import unlimited
from tests.web.waking import Woken
from wiring import bind_kinds

if TYPE_CHECKING:
    from playwright.sync_api import Page

TODAY: Final = dt.date(2026, 11, 22)
SEED: Final = 1
MEMBERS: Final = 500
FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST: Final = 60_000
"""Bytes of a picture."""
_COLOURS: Final = (96, 64, 40, 24, 16)
_PAPER_WIDTH: Final = 620
_NOW: Final = dt.datetime.combine(TODAY, dt.time(8, 12), dt.UTC)
_MORE: Final = ("member-officer", "group-administrator")
_NOTED: Final = text("UPDATE run SET created_at = :now WHERE created_at > :now OR business_day >= :today")


def fill(database: Database) -> None:
    """Build the demonstration, its paperwork, and the renewals of its night; let the first login open every page."""
    opened = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        build(session, members=MEMBERS, seed=SEED, today=TODAY)
        take_in(session, on=TODAY)
        write_server_down(session, secret="of these pictures")
        first = session.scalars(select(Staff.id).where(Staff.email == FIRST)).one()
        for role in _MORE:
            wanted = role_id(session, role)
            give(session, staff_id=first, role_id=wanted, group_id=None, from_on=TODAY, by=COMMAND_LINE)
    measure(database.owner)
    staff = partial(database.unit_of_work, Role.STAFF)
    keep_diary(opened, partial(database.unit_of_work, Role.JOBS), staff, today=TODAY, seed=SEED)
    for begin in (issue.start_issue, remind.start_reminders):
        with database.unit_of_work(Role.JOBS) as session:
            night = begin(session, on=TODAY, by=AUTOMATIC, confirmed=True).id
        drive(opened, night)
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(_NOTED, {"now": _NOW, "today": TODAY})


@contextmanager
def web(database: Database, data: Path) -> Iterator[str]:
    """Run the program's web over a database, and yield its address."""
    environment = {"KONTINGENT_DATA": str(data), "KONTINGENT_DEMO": "1"}  # where no second factor is asked for
    app = create_app(Settings.from_env(environment), database=database, wake=Woken(), clock=lambda: _NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with unlimited():
            yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def log_in(page: Page, database: Database) -> None:
    """Sit down at the desk, and be asked for nothing more."""
    page.goto("/admin/login")
    page.fill("#email", FIRST)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    with database.unit_of_work(Role.JOBS) as session:
        for kept in session.scalars(select(StaffSession)):
            kept.fresh_at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=6)


def address_of(database: Database, shot: Shot) -> str:
    """Return the address of a shot, with the names that it has in this demonstration."""
    with database.unit_of_work(Role.JOBS) as session:
        found = session.execute(text(shot.find)).mappings().first()
    return shot.address.format(**(found or {}))


def pictured(page: Page, shot: Shot, address: str) -> bytes:
    """Return the picture of a page."""
    page.set_viewport_size({"width": shot.width, "height": 900})
    page.emulate_media(color_scheme="dark" if shot.dark else "light")
    page.goto(address)
    if shot.press:
        page.click(shot.press)
        page.evaluate("window.scrollTo(0, 0)")  # a button pressed is a place scrolled to
    page.wait_for_load_state("networkidle")
    box = page.locator(shot.part).first.bounding_box()
    if box is None:
        raise ValueError(shot.name)
    clip = {**box, "height": min(box["height"], shot.height)}
    return page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]  # as it is


def small(picture: bytes, *, width: int | None = None) -> bytes:
    """Return a picture in as many colours as it may have, at most as wide as is said."""
    whole = Image.open(BytesIO(picture)).convert("RGB")
    if width is not None and whole.width > width:
        whole = whole.resize((width, round(whole.height * width / whole.width)), Image.Resampling.LANCZOS)
    for colours in _COLOURS:
        out = BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def make(names: list[str]) -> None:
    """Make the pictures of these names, or all of them."""
    bind_kinds()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory(prefix="kontingent-") as folder,
        embedded.servers(Path(folder), durable=False) as servers,
    ):
        database = Database(servers.database_url)
        upgrade(database.owner)
        fill(database)
        with web(database, Path(folder)) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--lang=en-GB"])
            page = browser.new_page(base_url=address, locale="en-GB", timezone_id="Europe/Stockholm")
            log_in(page, database)
            for shot in (*SHOTS, *PAPERS):
                if names and shot.name not in names:
                    continue
                there = address_of(database, shot)
                if shot in PAPERS:
                    kept = small(page.request.get(there).body(), width=_PAPER_WIDTH)
                else:
                    kept = small(pictured(page, shot, there))
                (FOLDER / f"{shot.name}.png").write_bytes(kept)
                print(f"{shot.name}.png: {len(kept)} bytes")  # noqa: T201 -- whoever makes them wants to know
            browser.close()
        database.dispose()


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    make(sys.argv[1:])
