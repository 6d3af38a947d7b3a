"""A colleague who never knocks, and what they keep: nobody who does may come to it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import text

from dues.actor import Actor
from dues.lists.columns import Eyes
from dues.lists.export import start_export
from dues.lists.models import Format
from dues.lists.pieces import keep
from dues.lists.saved import save
from dues.members.person_list import PersonsWanted
from language import Language
from tablefiles import Piece
from tests.factories.staff import employ
from tests.factories.year import RENEWED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def taken_out(session: Session) -> None:
    """Let a colleague who never knocks keep a list, and have a file of all persons."""
    away = employ(session, name="Staff away", email="away@staff.example").id
    by = Actor("staff", str(away))
    eyes = Eyes(Language("en"), ZoneInfo("Europe/Stockholm"))
    lists = {"name": "persons", "wanted": PersonsWanted(), "columns": ["family"], "written_as": Format.CSV}
    made = start_export(session, **lists, eyes=eyes, on=RENEWED, by=by, staff_id=away)  # type: ignore[arg-type]
    names = session.scalars(text("SELECT family_name FROM person")).all()
    keep(session, export=made, pieces=[Piece(0, "\n".join(names).encode())])
    made.rows = made.size = len(names)
    made.ready_at = dt.datetime.now(dt.UTC)
    save(session, staff_id=away, ledger="persons", name="Staff of ours", query=f"q={names[0]}", shared=False)
