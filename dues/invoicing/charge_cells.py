"""Reads the cells that all tables have in common, and collects what is wrong with them by line and column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from database.sql import statement
from dues.groups.models import Creditor, Group
from dues.invoicing.charge_columns import Field, Reading
from dues.invoicing.charge_models import ChargeFault, ChargeFile
from dues.journal.earnings import income_accounts
from dues.journal.models import Account
from dues.pricing.products import ForSale, for_sale
from dues.runs.models import Run
from language import decimals
from language import gettext_noop as _
from tablefiles import Row, TableFileError, read_amount, read_text

MOST_FAULTS: Final = 1_000
"""Faults of a table that are listed; whoever made as many made one mistake all over."""
_LONGEST_TEXT: Final = 200
_LARGEST: Final = 10**12

Fault = tuple[int, str, str, str, dict[str, Any]]
"""Line, column, value, reason, and what fills the reason in."""
Places = Mapping[Field, int]
"""At which place of a row what stands."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are read against: what the group sells, and the accounts that its creditor books revenue on."""

    currency: str
    language: str
    products: Mapping[str, ForSale]
    accounts: Mapping[str, int]


@dataclass(slots=True)
class Cells:
    """Reads cells of rows; collects their faults."""

    header: Sequence[str]
    reading: Reading
    ground: Ground
    faults: list[Fault] = field(default_factory=list)

    @property
    def too_many(self) -> bool:
        """Whether nobody would read more faults."""
        return len(self.faults) >= MOST_FAULTS

    def number(self, row: Row, at: Places, said: Mapping[Field, str]) -> str:
        """Return a person's number, as it is written."""
        number = said.get(Field.NUMBER, "")
        if number and not (number.isascii() and number.isdecimal() and len(number) <= 18):  # noqa: PLR2004 -- a key's digits
            self.wrong(row, at, Field.NUMBER, _("This is no member number."))
        return number

    def amount(self, row: Row, at: Places, what: Field) -> int | None:
        """Return an amount in minor units of the creditor's currency, None where there is none that can be read."""
        try:
            cell = row.cells[at[what]] if what in at else None
            found = read_amount(cell, decimals=decimals(self.ground.currency), notation=self.reading.notation)
        except TableFileError as error:
            self.wrong(row, at, what, error.reason, **error.values)
            return None
        if found is not None and abs(found) > _LARGEST:
            self.wrong(row, at, what, _("This is more than an invoice may ask for."))
        return found

    def account(self, row: Row, at: Places, said: Mapping[Field, str]) -> int | None:
        """Return the account that a line without a product is booked on."""
        code = said.get(Field.ACCOUNT, "") or self.reading.account
        found = self.ground.accounts.get(code)
        if found is None:
            words = _("The creditor has no revenue account with this number.") if code else _("Name a revenue account.")
            self.wrong(row, at, Field.ACCOUNT, words)
        return found

    def words(self, row: Row, at: Places, said: Mapping[Field, str]) -> str:
        """Return the text of a line."""
        words = said.get(Field.TEXT, "")
        if len(words) > _LONGEST_TEXT:
            self.wrong(row, at, Field.TEXT, _("The text is longer than 200 letters."))
        return words

    def content(self, product: ForSale | None, words: str) -> dict[str, Any]:
        """Return what a line prints, by language."""
        names = {self.ground.language: words} if words or product is None else dict(product.names)
        unit = {"unit": dict(product.unit)} if product is not None and product.unit else {}
        return {"component": names, **unit}

    def wrong(self, row: Row, at: Places, what: Field, reason: str, **said: object) -> None:
        """Write down what is wrong with a cell."""
        place = at.get(what)
        value = "" if place is None else read_text(row.cells[place])
        column = "" if place is None else self.header[place]
        self.faults.append((row.line, column, value, reason, {name: str(one) for name, one in said.items()}))


def ground_of(session: Session, file: ChargeFile, *, more: Sequence[Account] = ()) -> Ground:
    """Return what a table is read against; ``more`` are accounts that may be named beside those of revenue."""
    group = session.get_one(Group, file.group_id)
    creditor = session.get(Creditor, group.creditor_id) if group.creditor_id is not None else None
    if creditor is None:
        return Ground("", group.language, {}, {})
    sold = {one.number: one for one in for_sale(session, group=group, currency=creditor.currency)}
    accounts = {one.code: one.id for one in (*income_accounts(session, creditor=creditor), *more)}
    return Ground(creditor.currency, group.language, sold, accounts)


def strangers(session: Session, reading: Reading) -> list[Fault]:
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


def refused(session: Session, run: Run, found: Sequence[Fault]) -> bool:
    """Write down why a table was not accepted; False, as a stage answers that found nothing to charge."""
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
