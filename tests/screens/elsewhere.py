"""Invoices of another system in the scene: a table that came, one that was taken in, and one that waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from dues.actor import COMMAND_LINE
from dues.groups.models import Creditor, Group
from dues.invoicing.charge_columns import TAKEN_IN, guessed
from dues.invoicing.charge_file import TAKE_IN, keep_table, reading_of, table_of
from dues.invoicing.models import Invoice
from dues.invoicing.take_in_file import take_table_in
from dues.members.models import Person
from dues.runs.models import Run
from tests.factories.runs import finished

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from database.connect import OpenSession


def taken_in(open_session: OpenSession, *, on: dt.date) -> tuple[UUID, UUID, UUID, UUID]:
    """A table that just came, one whose invoices were taken in, a run that waits, and one of the invoices."""
    head = "Fakturanummer;Medlemsnummer;Fakturadatum;Förfallodatum;OCR;Belopp;Redan betalt;Text"
    with open_session() as session:
        homes = select(Creditor.group_id).where(Creditor.country == "SE")
        group = session.scalars(select(Group).where(Group.id.in_(homes)).order_by(Group.id)).first()
        assert group is not None
        people = session.scalars(select(Person.id).where(Person.country == "SE").order_by(Person.id).limit(6)).all()
        session.expunge_all()
    numbers = ("18", "26", "34", "42", "59", "67")
    lines = [
        f"2025-{117 + at};{who};2025-09-01;2025-10-01;{ocr};{300 + 50 * at};{100 if at == 1 else ''};Höstläger"
        for at, (who, ocr) in enumerate(zip(people, numbers, strict=True))
    ]
    files, runs = [], []
    for name, rows in (("hosten-2025.csv", lines[:3]), ("resten.csv", lines[2:]), ("varen.csv", lines)):
        with open_session() as session, session.begin():
            content = "\n".join([head, *rows]).encode()
            file = keep_table(session, content=content, name=name, group=group, by=COMMAND_LINE, kind=TAKE_IN)
            reading = reading_of(session, file=file, table=table_of(file))
            reading = replace(
                reading, source="Gamla registret", quoted="ocr", columns=guessed(head.split(";"), TAKEN_IN)
            )
            files.append(file.uuid)
            if name == "varen.csv":
                break
            run = take_table_in(session, file=file, reading=reading, on=on, by=COMMAND_LINE)
            run.confirmed = name == "hosten-2025.csv"
            runs.append(run.id)
        finished(open_session, runs[-1])
    with open_session() as session:
        first = select(Invoice.uuid).where(Invoice.run_id == runs[0]).order_by(Invoice.id).limit(1)
        return files[2], files[0], session.get_one(Run, runs[1]).uuid, session.scalars(first).one()
