"""Reads a table of lines into what a run is asked to charge: everything is checked, and one fault refuses all."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Creditor, Group
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_file import KIND, table_of
from dues.invoicing.charge_models import ChargeFault, ChargeFile
from dues.invoicing.charge_run import charging
from dues.invoicing.freeze import digest
from dues.journal.earnings import income_accounts
from dues.members.keys import email_key
from dues.pricing.products import ForSale, for_sale
from dues.runs.models import Run
from language import decimals
from language import gettext_noop as _
from tablefiles import Row, TableFileError, read_amount, read_quantity, read_text

MOST_FAULTS: Final = 1_000
"""Faults of a table that are listed; whoever made as many made one mistake all over."""
_LONGEST_TEXT: Final = 200
_LARGEST: Final = 10**12

Fault = tuple[int, str, str, str, dict[str, Any]]
"""Line, column, value, reason, and what fills the reason in."""
Wanted = tuple[object, ...]
"""A row of ``charge_row``."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines are read against: what the group sells, and the accounts that its creditor earns on."""

    currency: str
    language: str
    products: Mapping[str, ForSale]
    accounts: Mapping[str, int]


@dataclass(slots=True)
class Lines:
    """Reads rows one after the other; collects their faults."""

    header: Sequence[str]
    reading: Reading
    ground: Ground
    faults: list[Fault] = field(default_factory=list)

    def read(self, rows: Iterable[Row]) -> Iterator[Wanted]:
        """Yield what each row wants to be charged; of one with a fault, nothing."""
        at = self.reading.places(self.header)
        for row in rows:
            if len(self.faults) >= MOST_FAULTS:
                return
            before = len(self.faults)
            line = self._line(row, at)
            if len(self.faults) == before:
                yield line

    def _line(self, row: Row, at: Mapping[Field, int]) -> Wanted:
        said = {what: read_text(row.cells[place]) for what, place in at.items()}
        number = said.get(Field.NUMBER, "")
        if number and not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004 -- a key's digits
            self._wrong(row, at, Field.NUMBER, _("This is no member number."))
        product = self.ground.products.get(said.get(Field.PRODUCT, ""))
        if product is None and said.get(Field.PRODUCT):
            self._wrong(row, at, Field.PRODUCT, _("The group sells no product with this number."))
            return ()
        price = self._price(row, at, product)
        quantity = self._quantity(row, at)
        account = None if product else self._account(row, at, said)
        words = said.get(Field.TEXT, "")
        if not words and product is None:
            self._wrong(row, at, Field.TEXT, _("Write what it is for, or name a product."))
        if len(words) > _LONGEST_TEXT:
            self._wrong(row, at, Field.TEXT, _("The text is longer than 200 letters."))
        content = self._content(product, words)
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
        )

    def _price(self, row: Row, at: Mapping[Field, int], product: ForSale | None) -> int | None:
        places = decimals(self.ground.currency)
        try:
            cell = row.cells[at[Field.PRICE]] if Field.PRICE in at else None
            price = read_amount(cell, decimals=places, notation=self.reading.notation)
        except TableFileError as error:
            self._wrong(row, at, Field.PRICE, error.reason, **error.values)
            return None
        if price is None and product is None:
            self._wrong(row, at, Field.PRICE, _("There is no price. Write one, or name a product."))
        if price is not None and abs(price) > _LARGEST:
            self._wrong(row, at, Field.PRICE, _("This is more than an invoice may ask for."))
        return price

    def _quantity(self, row: Row, at: Mapping[Field, int]) -> object:
        try:
            cell = row.cells[at[Field.QUANTITY]] if Field.QUANTITY in at else None
            return read_quantity(cell, notation=self.reading.notation) or 1
        except TableFileError as error:
            self._wrong(row, at, Field.QUANTITY, error.reason, **error.values)
            return 1

    def _account(self, row: Row, at: Mapping[Field, int], said: Mapping[Field, str]) -> int | None:
        code = said.get(Field.ACCOUNT, "") or self.reading.account
        found = self.ground.accounts.get(code)
        if found is None:
            words = _("The creditor has no revenue account with this number.") if code else _("Name a revenue account.")
            self._wrong(row, at, Field.ACCOUNT, words)
        return found

    def _content(self, product: ForSale | None, words: str) -> dict[str, Any]:
        names = {self.ground.language: words} if words or product is None else dict(product.names)
        unit = {"unit": dict(product.unit)} if product is not None and product.unit else {}
        return {"component": names, **unit}

    def _wrong(self, row: Row, at: Mapping[Field, int], what: Field, reason: str, **said: object) -> None:
        place = at.get(what)
        value = "" if place is None else read_text(row.cells[place])
        column = "" if place is None else self.header[place]
        self.faults.append((row.line, column, value, reason, {name: str(one) for name, one in said.items()}))


def stage(session: Session, run: Run) -> bool:
    """Fill ``charge_wanted`` from the table of a run; write its faults down instead where it has any."""
    session.execute(text("DELETE FROM charge_fault WHERE run_id = :run"), {"run": run.id})
    file = session.get_one(ChargeFile, run.params["file"])
    reading = Reading.of(file.reading)
    try:
        table = table_of(file)
    except TableFileError as error:
        return _refused(session, run, [(0, "", error.position, error.reason, {**error.values})])
    lines = Lines(table.header, reading, _ground(session, file))
    session.execute(statement("dues/invoicing/sql/charge_rows.sql"))
    _copy(session, lines.read(table.rows))
    session.execute(text("ANALYZE charge_row"))
    session.execute(statement("dues/invoicing/sql/charge_known.sql"), {"system": reading.system})
    session.execute(text("ANALYZE charge_known"))
    found = [*lines.faults, *_strangers(session, reading)]
    if found:
        return _refused(session, run, sorted(found, key=lambda fault: fault[0]))
    session.execute(statement("dues/invoicing/sql/charge_texts.sql"))
    session.execute(
        statement("dues/invoicing/sql/charge_take.sql"), {"group": file.group_id, "until": reading.due_on or None}
    )
    return True


def _ground(session: Session, file: ChargeFile) -> Ground:
    group = session.get_one(Group, file.group_id)
    creditor = session.get(Creditor, group.creditor_id) if group.creditor_id is not None else None
    if creditor is None:
        return Ground("", group.language, {}, {})
    sold = {one.number: one for one in for_sale(session, group=group, currency=creditor.currency)}
    accounts = {one.code: one.id for one in income_accounts(session, creditor=creditor)}
    return Ground(creditor.currency, group.language, sold, accounts)


def _copy(session: Session, rows: Iterator[Wanted]) -> None:
    driver = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("COPY charge_row FROM STDIN") as copy:  # type: ignore[union-attr]
        for row in rows:
            copy.write_row(row)


def _strangers(session: Session, reading: Reading) -> list[Fault]:
    """Return the lines that name nobody, or of which nobody can tell whom they mean."""
    rows = session.execute(statement("dues/invoicing/sql/charge_strangers.sql"), {"size": MOST_FAULTS})
    columns = {what: reading.columns.get(what.value, "") for what in Field}
    return [
        (row.place, columns[Field(row.what)], row.value, _UNKNOWN[row.problem], {"count": str(row.persons)})
        for row in rows
    ]


_UNKNOWN: Final[Mapping[str, str]] = {
    "nobody named": _("The line names nobody. Write a member number, an e-mail address or an external id."),
    "unknown": _("Nobody in the register is found by this."),
    "several": _("%(count)s persons have this e-mail address. Name the person by number."),
    "not the same": _("The number, the e-mail address and the external id of this line are of different persons."),
}


def _refused(session: Session, run: Run, found: Sequence[Fault]) -> bool:
    rows = [
        {
            "run_id": run.id,
            "number": number,
            "line": line or None,
            "column": column,
            "value": value,
            "reason": reason,
            "said": said,
        }
        for number, (line, column, value, reason, said) in enumerate(found[:MOST_FAULTS], start=1)
    ]
    session.execute(insert(ChargeFault), rows)
    run.result = {**run.result, "faults": len(rows)}
    return False


WORK = charging(stage)

__all__ = ["KIND", "WORK"]
