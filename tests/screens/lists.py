"""A named list and a file for the screens, whose moments stand still like everything there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dues.actor import Actor
from dues.invoicing.invoice_wishes import InvoicesWanted
from dues.lists.columns import Eyes
from dues.lists.export import start_export
from dues.lists.models import Format
from dues.lists.saved import save
from dues.runs.models import Run
from dues.runs.start import finish
from language import Language
from tests.screens.still import NOTED

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

COLUMNS: Final = ("number", "payer", "due", "amount", "left")


def keep_one(session: Session, *, staff_id: int) -> UUID:
    """Keep the invoices that are overdue, for all colleagues."""
    query = "view=overdue&sort=-due"
    return save(session, staff_id=staff_id, ledger="invoices", name="Overdue", query=query, shared=True).uuid


def take_one(session: Session, *, staff_id: int, on: dt.date) -> UUID:
    """Let a file of them be ready."""
    made = start_export(
        session,
        name="invoices",
        wanted=InvoicesWanted(settled="overdue"),
        columns=COLUMNS,
        written_as=Format.XLSX,
        eyes=Eyes(Language("en"), ZoneInfo("Europe/Stockholm")),
        on=on,
        by=Actor("staff", str(staff_id)),
        staff_id=staff_id,
        said=["Overdue"],
    )
    made.rows, made.size, made.ready_at, made.recorded_at = 1234, 98_765, NOTED, NOTED
    finish(session, session.get_one(Run, made.run_id), rows=1234)
    session.flush()
    return made.uuid
