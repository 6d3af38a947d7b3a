"""What a group's creditor can put on invoices: its products and its revenue accounts, and lines written of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flask import request

from admin.office.written_lines import MOST, WrittenLine, line_of, read_lines, wanted_lines
from dues.groups.models import Creditor, Group
from dues.invoicing.one_off import WantedLine
from dues.journal.coding_models import Dimension
from dues.journal.earnings import income_accounts
from dues.journal.models import Account
from dues.members.choices import OfferedMembership
from dues.pricing.products import ForSale, for_sale
from web.house import session
from web.number_of import number_of


@dataclass(frozen=True)
class Counter:
    """For which group lines are written, and whose books they stand in."""

    group: Group
    creditor: Creditor

    @cached_property
    def sold(self) -> Mapping[int, ForSale]:
        """The products that can be sold here, by their ids."""
        return {one.id: one for one in for_sale(session(), group=self.group, currency=self.creditor.currency)}

    @cached_property
    def accounts(self) -> Sequence[Account]:
        """The accounts that lines in words of their own can earn on."""
        return income_accounts(session(), creditor=self.creditor)

    @cached_property
    def dimensions(self) -> Sequence[Dimension]:
        """The dimensions whose codes can be written on a line: none where lines are kept, not issued."""
        return ()

    @property
    def memberships(self) -> Mapping[int, OfferedMembership]:
        """The memberships that can be charged here, by their ids: none where it is not for one person."""
        return {}

    @property
    def prices(self) -> dict[int, int]:
        """What products cost here, in minor units."""
        return {one.id: one.price for one in self.sold.values()}

    @property
    def moved(self) -> bool:
        """Whether the form that was sent was drawn for another creditor."""
        return request.form.get("creditor", str(self.creditor.id)) != str(self.creditor.id)

    def read(self) -> list[WrittenLine]:
        """Read the lines of the form. Where another creditor was chosen, products cost what they cost there."""
        lines = read_lines(request.form, self.sold, self.memberships)
        return [self._moved(line) for line in lines] if self.moved else lines

    def changed(self, lines: Sequence[WrittenLine], do: str) -> Sequence[WrittenLine]:
        """Return the lines with one more, or one less."""
        if do.startswith("drop-"):
            return [line for place, line in enumerate(lines) if str(place) != do.removeprefix("drop-")]
        if len(lines) >= MOST:
            return lines
        if do == "free":
            return [*lines, WrittenLine(None)]
        if do == "membership":
            fee = self.memberships.get(_number(request.form.get("fee", "")))
            return lines if fee is None else [*lines, WrittenLine(None, membership=fee)]
        wanted = request.form.get("add", "")
        product = self.sold.get(_number(wanted)) if do == "product" else None
        return lines if product is None else [*lines, line_of(product, self.creditor.currency)]

    def wanted(self, lines: Sequence[WrittenLine]) -> tuple[list[WrittenLine], list[WantedLine]]:
        """Return lines with what is wrong at their boxes, and those that can be read as they are wanted."""
        accounts = {str(account.id): account.id for account in self.accounts}
        return wanted_lines(lines, currency=self.creditor.currency, accounts=accounts)

    def _moved(self, line: WrittenLine) -> WrittenLine:
        if line.product is None:
            return line if line.membership else replace(line, account="")
        return line_of(line.product, self.creditor.currency, quantity=line.quantity)


def _number(written: str) -> int:
    """Return an id as a form sends it, one that nothing has for what is none."""
    return number_of(written) or 0
