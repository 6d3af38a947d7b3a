"""Days as they are written on the command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from dues.dates import read_day

if TYPE_CHECKING:
    from click import Context, Parameter


class _Day(click.ParamType[dt.date]):
    """A day as ISO 8601 writes it: 2026-11-30."""

    name = "date"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> dt.date:
        """Read a day, or refuse it as wrong usage."""
        if isinstance(value, dt.date):
            return value
        try:
            return read_day(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2026-11-30.", param, ctx)


DAY = _Day()
