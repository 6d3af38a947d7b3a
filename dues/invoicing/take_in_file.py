"""Starts taking in the invoices that a table lists, which another system issued."""

import datetime as dt
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.actor import Actor
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_errors import (
    NoAmountColumnError,
    NoDaysError,
    NoNumberColumnError,
    NoSourceError,
    QuotedError,
)
from dues.invoicing.charge_file import TAKE_IN, begin, refuse_columns, table_of
from dues.invoicing.charge_models import ChargeFile
from dues.invoicing.elsewhere_models import Quoted
from dues.runs.models import Run
from tablefiles import Table

LONGEST_NAME: Final = 60
"""Letters of a system's name."""


def take_table_in(session: Session, *, file: ChargeFile, reading: Reading, on: dt.date, by: Actor) -> Run:
    """Start the run that checks all of a table and previews what it takes in; one that waits is not started twice.

    Raises a ChargeFileError for a reading that cannot be.
    """
    plain = replace(reading, source=" ".join(reading.source.split()))
    refuse_reading(table_of(file), plain)
    return begin(session, file=file, reading=plain, on=on, by=by)


def refuse_reading(table: Table, reading: Reading) -> None:
    """Raise a ChargeFileError where the invoices of a table cannot be read so."""
    said = refuse_columns(table, reading)
    if Field.INVOICE not in said:
        raise NoNumberColumnError
    for day in (Field.ISSUED, Field.DUE):
        if day not in said:
            raise NoDaysError(day.value)
    if Field.PRICE not in said:
        raise NoAmountColumnError
    if not 0 < len(reading.source) <= LONGEST_NAME:
        raise NoSourceError
    if Field.REFERENCE in said and reading.quoted not in set(Quoted):
        raise QuotedError


def known_sources(session: Session) -> list[str]:
    """Return the names of the systems from which invoices were taken in, or were to be."""
    source = ChargeFile.reading["source"].astext
    wanted = select(source).where(ChargeFile.kind == TAKE_IN, ChargeFile.run_id.is_not(None))
    return sorted({name for name in session.scalars(wanted.distinct()) if name})
