"""The lines of an invoice as somebody writes them: boxes read and refused with a sentence beside the box."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Final

from admin.office.boxes import LONGEST, tidy
from admin.office.typed_amount import UnreadableAmountError, typed_amount
from dues.invoicing.one_off import WantedLine
from dues.invoicing.templates import TemplateLine
from dues.journal.set_coding import LONGEST as LONGEST_CODE
from dues.members.choices import OfferedMembership
from dues.pricing.products import ForSale
from language import gettext_noop as _
from web.number_of import number_of
from web.speech import gettext, named, reader

MOST: Final = 50
"""Lines of an invoice."""

_QUANTITY: Final = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?")
_MINUS: Final = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_CODES: Final = ("code1", "code2", "code3")
_BOXES: Final = ("text", "quantity", "price", "account", *_CODES)


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it stands in its boxes; one without ``product`` and ``membership`` is in words of its own."""

    product: ForSale | None
    text: str = ""
    quantity: str = "1"
    price: str = ""
    account: str = ""
    code1: str = ""
    code2: str = ""
    code3: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    membership: OfferedMembership | None = None

    def box(self, name: str, place: int) -> SimpleNamespace:
        """Return a box as the macros of all faces draw it."""
        errors = [self.errors[name]] if name in self.errors else []
        return SimpleNamespace(id=f"{name}-{place}", name=f"{name}-{place}", data=getattr(self, name), errors=errors)

    def kept(self, place: int) -> Iterator[tuple[str, str]]:
        """Return the boxes and what they hold, for a form that only carries them on."""
        yield f"product-{place}", str(self.product.id) if self.product else ""
        yield f"membership-{place}", str(self.membership.id) if self.membership else ""
        for name in _BOXES:
            yield f"{name}-{place}", getattr(self, name)


def line_of(product: ForSale, currency: str, *, quantity: str = "1") -> WrittenLine:
    """Return a line for a product, at the price of the library."""
    return WrittenLine(product, quantity=quantity, price=reader().amount(product.price, currency))


def written_of(lines: Sequence[TemplateLine], sold: Mapping[int, ForSale], currency: str) -> list[WrittenLine]:
    """Return a template's lines as they stand in boxes; those of products that are not sold here are left out."""
    found = []
    for line in lines:
        product = sold.get(line.product_id) if line.product_id is not None else None
        if line.product_id is not None and product is None:
            continue
        minor = line.unit_price if line.unit_price is not None else product.price if product else 0
        price = ("-" if minor < 0 else "") + reader().amount(abs(minor), currency)
        words = named(line.words) if line.words else ""
        quantity = f"{line.quantity.normalize():f}"
        found.append(WrittenLine(product, words, quantity, price, str(line.account_id or "")))
    return found


def read_lines(
    form: Mapping[str, str], sold: Mapping[int, ForSale], memberships: Mapping[int, OfferedMembership]
) -> list[WrittenLine]:
    """Return the lines of a form that was sent.

    Those of products that are not sold here are left out, and of memberships that cannot be charged here.
    """
    count = form.get("rows", "")
    places = range(min(number_of(count, digits=3) or 0, MOST))
    lines = []
    for place in places:
        key, fee = form.get(f"product-{place}", ""), form.get(f"membership-{place}", "")
        if fee:
            found = memberships.get(number_of(fee) or 0)
            lines += [WrittenLine(None, membership=found)] if found else []
            continue
        product = sold.get(number_of(key) or 0)
        if key and product is None:
            continue
        text, quantity, price, account, *codes = (tidy(form.get(f"{name}-{place}")) for name in _BOXES)
        lines.append(WrittenLine(product, text, quantity, price, account, codes[0], codes[1], codes[2]))
    return lines


def wanted_lines(
    lines: Sequence[WrittenLine], *, currency: str, accounts: Mapping[str, int]
) -> tuple[list[WrittenLine], list[WantedLine]]:
    """Return lines with what is wrong at their boxes, and those that can be read as they are wanted."""
    told, wanted = [], []
    for line in lines:
        if line.membership is not None:
            told.append(line)
            wanted.append(WantedLine(Decimal(1), 0, membership_id=line.membership.id))
            continue
        errors: dict[str, str] = {}
        quantity, price = _quantity(line.quantity, errors), _price(line.price, currency, errors)
        account = None if line.product else _account(line, accounts, errors)
        _refuse_codes(line, errors)
        told.append(replace(line, errors=errors))
        if not errors:
            product = line.product.id if line.product else None
            wanted.append(
                WantedLine(quantity, price, product_id=product, text=line.text, account_id=account, codes=_codes(line))
            )
    return told, wanted


def faults(lines: Sequence[WrittenLine]) -> list[tuple[str, str]]:
    """Return what is wrong, each with the id of its box."""
    return [(f"{name}-{place}", said) for place, line in enumerate(lines) for name, said in line.errors.items()]


def _quantity(written: str, errors: dict[str, str]) -> Decimal:
    found = _QUANTITY.fullmatch("".join(written.split()))
    value = Decimal(f"{found[1]}.{found[2] or 0}") if found else Decimal(0)
    if not value:
        errors["quantity"] = gettext(_("Write how many, above zero, with three decimals at most."))
    return value


def _price(written: str, currency: str, errors: dict[str, str]) -> int:
    below = written.startswith(_MINUS)
    plain = written.lstrip("".join(_MINUS)).strip()
    try:
        minor = typed_amount(plain, currency)
    except UnreadableAmountError:
        plain = ""
    if not plain:
        errors["price"] = gettext(_("Write the price of one, like 250 or 249,50."))
        return 0
    return -minor if below else minor


def _codes(line: WrittenLine) -> dict[int, str]:
    """Return what was written of dimensions, by their positions."""
    return {place: code for place, name in enumerate(_CODES, start=1) if (code := getattr(line, name))}


def _refuse_codes(line: WrittenLine, errors: dict[str, str]) -> None:
    for name in _CODES:
        if len(getattr(line, name)) > LONGEST_CODE:
            errors[name] = gettext(_("A code has at most %(most)s characters."), most=LONGEST_CODE)


def _account(line: WrittenLine, accounts: Mapping[str, int], errors: dict[str, str]) -> int | None:
    if not line.text:
        errors["text"] = gettext(_("Write what it is for."))
    elif len(line.text) > LONGEST:
        errors["text"] = gettext(_("Write at most %(number)s characters."), number=LONGEST)
    if line.account not in accounts:
        errors["account"] = gettext(_("Choose the account that it earns on."))
    return accounts.get(line.account)
