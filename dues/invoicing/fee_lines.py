"""Memberships on an invoice that somebody writes: their next fee periods, priced and reserved as renewals do it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from database.sql import statement
from documents import Line
from dues.actor import Actor
from dues.groups.models import Creditor, Group
from dues.invoicing.document import component_words, line_words
from dues.invoicing.one_off_errors import NotChargeableError, SomethingElseError
from dues.journal.models import Event
from dues.journal.rules import posting_rules
from dues.members.models import CoveredBy, MembershipStatus, StatusChange
from dues.pricing.models import FeeComponent
from dues.pricing.queries import Holder, PrintedFee, Share, line_texts, price_book
from dues.pricing.resolve import Outcome


@dataclass(frozen=True, slots=True)
class Stretch:
    """A fee period to come: ``before`` is the last day that is charged already, None for the first of all."""

    membership_id: int
    before: dt.date | None
    first: dt.date
    last: dt.date
    covered: bool


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One component of a membership's fee for one stretch: what it prints, costs, benefits and books."""

    content: Mapping[str, Any]
    stretch: Stretch
    component_id: int
    beneficiary_id: int
    amount: int
    debit_account_id: int
    credit_account_id: int
    coding_id: int | None = None

    @property
    def said(self) -> list[Any]:
        """All that it says and books, as a digest takes it."""
        days = [self.stretch.first.isoformat(), self.stretch.last.isoformat()]
        books = self.component_id, self.beneficiary_id, self.debit_account_id, self.credit_account_id
        return [dict(self.content), self.stretch.membership_id, *days, self.amount, *books]

    def printed(self, language: str, member: str) -> Line:
        """Return the line as documents print it."""
        return Line(
            text=line_words(self.content, language)[1],
            amount=self.amount,
            member=member,
            period=(self.stretch.first, self.stretch.last),
            component=component_words(self.content, language),
        )


def fee_lines(
    session: Session, *, memberships: Sequence[tuple[int, int]], person_id: int, group: Group, creditor: Creditor
) -> dict[int, list[FeeLine]]:
    """Return the lines of memberships by their places, each membership's next period for each time it is named.

    ``memberships`` are (place, membership). Raises NotChargeableError for one that is not the person's in this group,
    does not go on, waits for its first invoice to be paid, or has no complete price.
    """
    if not memberships:
        return {}
    counts = Counter(membership for _, membership in memberships)
    values = {"ids": list(counts), "counts": list(counts.values()), "currency": creditor.currency}
    rows = session.execute(statement("dues/invoicing/sql/fee_next.sql"), values).all()
    found = {(row.id, row.nth): row for row in rows}
    book = price_book(session, groups=[group.id])
    nth: Counter[int] = Counter()
    priced: dict[int, tuple[Row[*tuple[Any, ...]], Outcome]] = {}
    for place, membership in memberships:
        nth[membership] += 1
        row = found.get((membership, nth[membership]))
        if row is None or row.person_id != person_id or row.group_id != group.id or not row.goes_on:
            raise NotChargeableError(place, "no member any more")
        if row.never_paid:
            raise NotChargeableError(place, "first invoice unpaid")
        outcome = book.price(
            type_id=row.type_id,
            group_id=group.id,
            age=row.years,
            on=row.starts_on,
            currency=creditor.currency,
            holder=Holder(sorted(row.segments), row.income),
            share=Share(row.part, row.whole),
        )
        if outcome.reason is not None:
            raise NotChargeableError(place, outcome.reason)
        priced[place] = row, outcome
    return _lines(session, priced, group, creditor)


def reserve(session: Session, *, lines: Sequence[FeeLine], on: dt.date, by: Actor) -> None:
    """Reserve the fee periods of lines, so that no run charges them; raise SomethingElseError where one was taken."""
    periods: dict[Stretch, list[int]] = {}
    for line in lines:
        periods.setdefault(line.stretch, []).append(line.component_id)
    # Rows are locked in one order, so that two who write at once wait and do not block each other.
    for stretch, components in sorted(periods.items(), key=lambda one: (one[0].membership_id, one[0].first)):
        values = {"membership": stretch.membership_id, "charged_before": stretch.before, "through": stretch.last}
        was = session.scalar(statement("dues/invoicing/sql/fee_reserve.sql"), values)
        if was is None:
            raise SomethingElseError
        more = {"first_day": stretch.first, "covered": stretch.covered, "components": components}
        session.execute(statement("dues/invoicing/sql/fee_period_add.sql"), {**values, **more})
        if stretch.covered and was == MembershipStatus.APPLIED:
            change = {"membership_id": stretch.membership_id, "from_on": on, "status": MembershipStatus.ACTIVE}
            session.execute(insert(StatusChange).values(**change, actor=str(by)))


def _lines(
    session: Session, priced: Mapping[int, tuple[Any, Outcome]], group: Group, creditor: Creditor
) -> dict[int, list[FeeLine]]:
    rules = posting_rules(session, event=Event.ISSUE, creditors=[creditor.id])
    printed = {
        (place, price.component_id): PrintedFee(
            row.type_id, price.component_id, tuple(c.discount_id for c in price.cuts)
        )
        for place, (row, outcome) in priced.items()
        for price in outcome.prices
    }
    texts = line_texts(session, lines=set(printed.values()))
    benefits = dict(session.execute(select(FeeComponent.id, FeeComponent.beneficiary_id)).all())
    found: dict[int, list[FeeLine]] = {}
    for place, (row, outcome) in priced.items():
        stretch = Stretch(row.id, row.before, row.starts_on, row.ends_on, row.covered_by == CoveredBy.ISSUE)
        found[place] = []
        for price in outcome.prices:
            debit, credit = rules.find(creditor.id, price.component_id) or (None, None)
            if debit is None or credit is None:
                raise NotChargeableError(place, "no posting rule")
            found[place].append(
                FeeLine(
                    content=texts[printed[place, price.component_id]],
                    stretch=stretch,
                    component_id=price.component_id,
                    beneficiary_id=benefits[price.component_id] or group.id,
                    amount=price.amount,
                    debit_account_id=debit,
                    credit_account_id=credit,
                )
            )
    return found
