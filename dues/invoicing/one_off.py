"""An invoice that somebody writes line by line: what it would say, for whom, and why it cannot be written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from documents import InvoiceDocument, Line
from dues.groups.models import BankAgreement, Creditor, Group, Payee
from dues.invoicing.document import line_words, senders_of, unit_words
from dues.invoicing.due_days import refuse_due
from dues.invoicing.fee_lines import FeeLine, fee_lines
from dues.invoicing.freeze import digest, freeze_payees
from dues.invoicing.freeze_looks import freeze_looks, who_lets
from dues.invoicing.instalment_errors import PartsError
from dues.invoicing.instalments import Part, Plan
from dues.invoicing.one_off_errors import (
    NoBooksHereError,
    NoEarningsError,
    NoLinesError,
    NoPayerError,
    NothingToPayError,
    NotSoldHereError,
    NoWayError,
    TooMuchError,
)
from dues.invoicing.sample import called, sample_document
from dues.invoicing.way import Way, arrives, find_way
from dues.journal.chart import receivable_of
from dues.journal.coding import CodingRules, coding_rules, keep_codings
from dues.journal.earnings import income_accounts
from dues.journal.rules import product_accounts
from dues.members.models import Person
from dues.members.paying import who_pays
from dues.money import times
from dues.pricing.products import for_sale

MOST: Final = 10**12
"""Minor units that an invoice may ask for at most."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as it was written: a product, or words of its own with the revenue account it earns on.

    ``unit_price`` is in minor units, VAT included; below zero it takes something off. ``codes`` are written by hand, by
    the position of their dimension, and take the place of what rules say. With ``membership_id`` it is the next period
    of a membership instead, or, named again, the one after that; it has no price of its own.
    """

    quantity: Decimal
    unit_price: int
    product_id: int | None = None
    text: str = ""
    account_id: int | None = None
    codes: Mapping[int, str] = field(default_factory=dict)
    membership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An invoice as it was written: about whom, for which group, until when to be paid.

    In several ``parts`` it is paid by the month, the first of them by ``due_on``.
    """

    person_id: int
    group_id: int
    due_on: dt.date
    lines: Sequence[WantedLine]
    parts: int = 1

    @property
    def plan(self) -> Plan | None:
        """The plan of its parts, None where it is paid at once. Raises PartsError for more than there may be."""
        return None if self.parts == 1 else Plan(self.parts, self.due_on)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line that can be written: what it prints by language, what it costs, and the accounts that it books on."""

    content: Mapping[str, Any]
    wanted: WantedLine
    vat_rate: int
    debit_account_id: int
    credit_account_id: int
    coding_id: int | None = None

    @property
    def amount(self) -> int:
        """Quantity times price."""
        return times(self.wanted.quantity, self.wanted.unit_price)

    @property
    def said(self) -> list[Any]:
        """All that it says and books, as a digest takes it."""
        quantity = str(self.wanted.quantity.normalize())
        accounts = self.debit_account_id, self.credit_account_id, self.coding_id
        return [dict(self.content), quantity, self.wanted.unit_price, self.vat_rate, *accounts]

    def printed(self, language: str, member: str) -> Line:
        """Return the line as documents print it."""
        return Line(
            text=line_words(self.content, language)[1],
            amount=self.amount,
            quantity=self.wanted.quantity.normalize(),
            member=member,
            unit=unit_words(self.content, language),
            unit_price=self.wanted.unit_price,
            vat_rate=self.vat_rate,
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """An invoice that can be written: who sends it, who pays it, and its lines."""

    wanted: Wanted
    group: Group
    creditor: Creditor
    agreement: BankAgreement
    payee_id: int
    payee_digest: str
    person: Person
    payer: Person
    way: Way
    lines: Sequence[SoldLine | FeeLine]

    @property
    def total(self) -> int:
        """What is to be paid, in minor units."""
        return sum(line.amount for line in self.lines)

    @property
    def parts(self) -> list[Part]:
        """By when how much is to be paid, nothing where it is paid at once."""
        plan = self.wanted.plan
        return plan.divide(self.total) if plan else []

    @property
    def sold(self) -> list[tuple[int, SoldLine]]:
        """The lines that sell something, each with its place on the invoice, from zero."""
        return [(place, line) for place, line in enumerate(self.lines) if isinstance(line, SoldLine)]

    @property
    def fees(self) -> list[tuple[int, FeeLine]]:
        """The lines that charge memberships, each with its place on the invoice, from zero."""
        return [(place, line) for place, line in enumerate(self.lines) if isinstance(line, FeeLine)]

    @property
    def member_name(self) -> str:
        """Whom it is for, where somebody else pays."""
        return "" if self.person.id == self.payer.id else called(self.person)

    @property
    def mark(self) -> str:
        """What it says, as a digest: another one says that it would say something else by now."""
        payer = self.payer
        whose = [payer.id, called(payer), payer.street, payer.postcode, payer.city, payer.country, payer.language]
        lines = [line.said for line in self.lines]
        # A sender is frozen anew at each look, which keeps nothing: what it says stays the same, its id does not.
        head = [self.group.id, self.payee_digest, self.wanted.due_on.isoformat(), self.way.address, *whose]
        if self.wanted.parts > 1:
            head.append(self.wanted.parts)
        return digest({"head": head, "lines": lines})


def prepare(session: Session, *, wanted: Wanted, on: dt.date) -> Ready:
    """Return what an invoice would be; raise a OneOffError where it cannot be written.

    Whoever pays for the person gets it, as they get those of memberships. Raises PartsError where it cannot be paid in
    such parts.
    """
    group = session.get_one(Group, wanted.group_id)
    creditor, agreement, payee = _sender(session, group, on)
    person = session.get_one(Person, wanted.person_id)
    payer = who_pays(session, person_id=person.id, on=on) or person
    way = _way(session, person, payer, creditor_id=creditor.id)
    refuse_due(wanted.due_on, on=on)
    ready = Ready(
        wanted=wanted,
        group=group,
        creditor=creditor,
        agreement=agreement,
        payee_id=payee.id,
        payee_digest=payee.digest,
        person=person,
        payer=payer,
        way=way,
        lines=_coded(session, group, creditor, _lines(session, wanted, group, creditor, payer.language)),
    )
    _refuse_total(ready)
    return ready


def document_of(session: Session, *, ready: Ready, on: dt.date) -> InvoiceDocument:
    """Return an invoice as the document it would be, before it has a number."""
    sender = senders_of(session, {ready.payee_id})[ready.payee_id]
    lines = [line.printed(ready.payer.language, ready.member_name) for line in ready.lines]
    return sample_document(
        sender, ready.payer, lines, on=on, due_on=ready.wanted.due_on, currency=ready.creditor.currency
    )


def _sender(session: Session, group: Group, on: dt.date) -> tuple[Creditor, BankAgreement, Payee]:
    payees = {} if group.creditor_id is None else freeze_payees(session, creditors=[group.creditor_id], on=on)
    if group.creditor_id not in payees:
        raise NoBooksHereError(group.name)
    letting = who_lets(session, creditors=[group.creditor_id])
    looks = freeze_looks(session, creditors=letting, groups=[group.id], on=on) if letting else {}
    payee = session.get_one(Payee, looks.get(group.id, payees[group.creditor_id]))
    return session.get_one(Creditor, group.creditor_id), session.get_one(BankAgreement, payee.agreement_id), payee


def _way(session: Session, person: Person, payer: Person, *, creditor_id: int) -> Way:
    if person.deceased_on is not None or payer.deceased_on is not None:
        raise NoPayerError
    way = find_way(session, payer=payer, creditor_id=creditor_id)
    if not arrives(way, payer):
        raise NoWayError
    return way


def _refuse_total(ready: Ready) -> None:
    if not ready.lines:
        raise NoLinesError
    if sum(abs(line.amount) for line in ready.lines) > MOST:
        raise TooMuchError
    if ready.total <= 0:
        raise NothingToPayError(ready.total)
    if ready.wanted.plan is not None and ready.total < ready.wanted.parts:
        raise PartsError(f"{ready.total} minor units in {ready.wanted.parts} parts")


def _lines(
    session: Session, wanted: Wanted, group: Group, creditor: Creditor, language: str
) -> list[SoldLine | FeeLine]:
    named = [(place, line.membership_id) for place, line in enumerate(wanted.lines) if line.membership_id is not None]
    fees = fee_lines(session, memberships=named, person_id=wanted.person_id, group=group, creditor=creditor)
    sold = {one.id: one for one in for_sale(session, group=group, currency=creditor.currency)}
    products = {line.product_id for line in wanted.lines if line.product_id is not None}
    booked = product_accounts(session, creditor_id=creditor.id, products=products)
    own = {account.id for account in income_accounts(session, creditor=creditor)}
    found: list[SoldLine | FeeLine] = []
    for place, line in enumerate(wanted.lines):
        if place in fees:
            found.extend(fees[place])
            continue
        if line.product_id is None:
            if line.account_id not in own:
                raise NoEarningsError(place)
            content: dict[str, Any] = {"component": {language: line.text}}
            found.append(SoldLine(content, line, 0, receivable_of(session, creditor), line.account_id or 0))
            continue
        product = sold.get(line.product_id)
        if product is None:
            raise NotSoldHereError(place)
        if product.id not in booked:
            raise NoEarningsError(place)
        found.append(SoldLine(_content(product.names, product.unit), line, product.vat_rate, *booked[product.id]))
    return found


def _coded(
    session: Session, group: Group, creditor: Creditor, lines: Sequence[SoldLine | FeeLine]
) -> Sequence[SoldLine | FeeLine]:
    """Give lines their account and dimensions by the rules; a free line keeps the account that was chosen for it."""
    by_hand = any(_by_hand(line) for line in lines)
    rules = coding_rules(session, creditors=[creditor.id], even_without=by_hand)
    if not rules and not by_hand:
        return lines
    found = [
        rules.resolve(
            creditor.id,
            group.path,
            component_id=line.component_id if isinstance(line, FeeLine) else None,
            product_id=line.wanted.product_id if isinstance(line, SoldLine) else None,
            by_hand=_by_hand(line),
        )
        for line in lines
    ]
    codings = keep_codings(session, rules=rules, contents=[one.content for one in found])
    return [
        replace(
            line,
            credit_account_id=(one.account_id if _by_rule(line, rules) else None) or line.credit_account_id,
            coding_id=codings.get(one.content),
        )
        for line, one in zip(lines, found, strict=True)
    ]


def _by_hand(line: SoldLine | FeeLine) -> Mapping[int, str]:
    """Return the codes that somebody wrote on a line."""
    return line.wanted.codes if isinstance(line, SoldLine) else {}


def _by_rule(line: SoldLine | FeeLine, rules: CodingRules) -> bool:
    """Tell whether rules say on which account a line earns."""
    if isinstance(line, FeeLine):
        return rules.earns(line.credit_account_id)
    return line.wanted.product_id is not None


def _content(names: Mapping[str, str], unit: Mapping[str, str]) -> dict[str, Any]:
    return {"component": dict(names), **({"unit": dict(unit)} if unit else {})}
