"""Reads a table of lines into what a run is asked to charge: everything is checked, and one fault refuses all."""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.invoicing.charge_cells import Cells, Places, ground_of, refused, strangers
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_file import KIND, table_of
from dues.invoicing.charge_models import ChargeFile
from dues.invoicing.charge_run import charging
from dues.invoicing.freeze import digest
from dues.members.keys import email_key
from dues.pricing.products import ForSale
from dues.runs.models import Run
from language import gettext_noop as _
from tablefiles import Row, TableFileError, read_quantity, read_text

Wanted = tuple[object, ...]
"""A row of ``charge_row``."""
_OURS: Final = ""
"""The number that another system printed: none, for what is charged is ours."""


class Lines(Cells):
    """Reads rows one after the other; collects their faults."""

    def read(self, rows: Iterable[Row]) -> Iterator[Wanted]:
        """Yield what each row wants to be charged; of one with a fault, nothing."""
        at = self.reading.places(self.header)
        for row in rows:
            if self.too_many:
                return
            before = len(self.faults)
            line = self._line(row, at)
            if len(self.faults) == before:
                yield line

    def _line(self, row: Row, at: Places) -> Wanted:
        said = {what: read_text(row.cells[place]) for what, place in at.items()}
        number = self.number(row, at, said)
        product = self.ground.products.get(said.get(Field.PRODUCT, ""))
        if product is None and said.get(Field.PRODUCT):
            self.wrong(row, at, Field.PRODUCT, _("The group sells no product with this number."))
            return ()
        price = self._price(row, at, product)
        quantity = self._quantity(row, at)
        account = None if product else self.account(row, at, said)
        words = self.words(row, at, said)
        if not words and product is None:
            self.wrong(row, at, Field.TEXT, _("Write what it is for, or name a product."))
        content = self.content(product, words)
        return (
            row.line,
            number or None,
            email_key(said.get(Field.EMAIL, "")),
            said.get(Field.EXTERNAL, ""),
            product.id if product else None,
            json.dumps(content),
            digest(content),
            quantity,
            price,
            account,
            _OURS,
        )

    def _price(self, row: Row, at: Places, product: ForSale | None) -> int | None:
        before = len(self.faults)
        price = self.amount(row, at, Field.PRICE)
        if price is None and product is None and len(self.faults) == before:
            self.wrong(row, at, Field.PRICE, _("There is no price. Write one, or name a product."))
        return price

    def _quantity(self, row: Row, at: Places) -> object:
        try:
            cell = row.cells[at[Field.QUANTITY]] if Field.QUANTITY in at else None
            return read_quantity(cell, notation=self.reading.notation) or 1
        except TableFileError as error:
            self.wrong(row, at, Field.QUANTITY, error.reason, **error.values)
            return 1


def stage(session: Session, run: Run) -> bool:
    """Fill ``charge_wanted`` from the table of a run; write its faults down instead where it has any."""
    session.execute(text("DELETE FROM charge_fault WHERE run_id = :run"), {"run": run.id})
    file = session.get_one(ChargeFile, run.params["file"])
    reading = Reading.of(file.reading)
    try:
        table = table_of(file)
    except TableFileError as error:
        return refused(session, run, [(0, "", error.position, error.reason, {**error.values})])
    lines = Lines(table.header, reading, ground_of(session, file))
    know_rows(session, lines.read(table.rows), reading)
    found = [*lines.faults, *strangers(session, reading)]
    if found:
        return refused(session, run, sorted(found, key=lambda fault: fault[0]))
    session.execute(statement("dues/invoicing/sql/charge_texts.sql"))
    session.execute(
        statement("dues/invoicing/sql/charge_take.sql"), {"group": file.group_id, "until": reading.due_on or None}
    )
    return True


def know_rows(session: Session, rows: Iterator[Wanted], reading: Reading) -> None:
    """Put rows into ``charge_row``, and whom they mean into ``charge_known``."""
    session.execute(statement("dues/invoicing/sql/charge_rows.sql"))
    copy_rows(session, "charge_row", rows)
    session.execute(statement("dues/invoicing/sql/charge_known.sql"), {"system": reading.system})
    session.execute(text("ANALYZE charge_known"))


def copy_rows(session: Session, table: str, rows: Iterable[Wanted]) -> None:
    """Copy rows into a temporary table of this transaction, and let the planner know of them."""
    driver = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[union-attr]
        for row in rows:
            copy.write_row(row)
    session.execute(text(f"ANALYZE {table}"))


WORK = charging(stage)

__all__ = ["KIND", "WORK"]
