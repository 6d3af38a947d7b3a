"""What a ledger should hold, kept in plain Python beside the database: the same rules, said a second time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from dues.dates import add_months
from dues.journal.errors import CloseBackwardsError
from dues.payments.errors import (
    ClaimEndedError,
    NothingLeftError,
    NotPositiveError,
    OtherCreditorError,
    OtherCurrencyError,
    PaymentError,
    TooMuchError,
    UnknownAllocationError,
)

ONE_DAY: Final = dt.timedelta(days=1)


@dataclass
class Creditor:
    """A creditor as its members' fees depend on it."""

    id: int
    currency: str
    months: int
    calendar: bool
    lead_days: int
    covered_by_issue: bool
    max_reminders: int
    payment_days: int = 30
    reminder_days: int = 10


@dataclass
class Claim:
    """A claim with the one stretch that its invoice charges; ``parts`` are all claims of that invoice, in their order.

    ``whole`` is the reference that means all of them, where there are several.
    """

    id: int
    invoice: int
    reference: str
    member: Member
    first: dt.date
    last: dt.date
    amount: int
    open: int
    due: dt.date
    ended: str | None = None
    level: int = 0
    dunned: dt.date | None = None
    parts: list[Claim] = field(default_factory=list)
    whole: str = ""

    def __post_init__(self) -> None:
        self.parts = self.parts or [self]

    @property
    def covered(self) -> bool:
        return all(part.ended == "paid" for part in self.parts) or (
            self.member.creditor.covered_by_issue and self.ended != "credited"
        )


@dataclass
class Member:
    """A membership and what it was charged."""

    id: int
    creditor: Creditor
    joined: dt.date
    payer: int
    active: bool = False
    claims: list[Claim] = field(default_factory=list)

    @property
    def charged_through(self) -> dt.date | None:
        return max((claim.last for claim in self.claims if claim.ended != "credited"), default=None)

    @property
    def paid_through(self) -> dt.date | None:
        return max((claim.last for claim in self.claims if claim.covered), default=None)

    def next_stretch(self) -> tuple[dt.date, dt.date]:
        """The first and last day of what is charged next."""
        first = self.joined if self.charged_through is None else self.charged_through + ONE_DAY
        months = self.creditor.months
        if self.creditor.calendar:
            return first, add_months(
                first.replace(month=(first.month - 1) // months * months + 1, day=1), months
            ) - ONE_DAY
        turn = next(n for n in range(1, 1000) if add_months(self.joined, n * months) > first)
        return first, add_months(self.joined, turn * months) - ONE_DAY

    def is_due(self, on: dt.date) -> bool:
        """Whether a run on that day invoices it; who has applied and never paid gets no second invoice."""
        unpaid = not self.active and self.charged_through is not None
        return not unpaid and self.next_stretch()[0] - dt.timedelta(days=self.creditor.lead_days) <= on


@dataclass
class Payment:
    """Money that came, and what of it has no use yet."""

    id: int
    creditor: Creditor
    currency: str
    amount: int
    unallocated: int


@dataclass
class Allocation:
    """A part of a payment used for a claim, or kept as the person's credit."""

    id: int
    payment: Payment
    claim: Claim | None
    person: int
    amount: int
    taken_back: bool = False


@dataclass
class Model:
    """The whole ledger."""

    members: list[Member]
    today: dt.date
    claims: list[Claim] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    credit: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    closed: dt.date | None = None

    def open_claims(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.open]

    def judge(self, payments: list[tuple[int, str]], creditor: Creditor, currency: str) -> list[Claim | str]:
        """For each payment of a file, the claim it settles or why it settles none, as the claims stand before it."""
        settled: set[int] = set()
        return [self._judge(amount, reference, (creditor, currency), settled) for amount, reference in payments]

    def _judge(self, amount: int, reference: str, paid_to: tuple[Creditor, str], settled: set[int]) -> Claim | str:
        creditor, currency = paid_to
        known = (c for c in self.claims if c.member.creditor is creditor and c.reference == reference)
        claim = next(known, None)
        reasons = (
            ("money left", amount < 0),
            ("no reference", not reference),
            ("unknown reference", claim is None),
            ("other currency", currency != creditor.currency),
            ("already paid", claim is not None and claim.ended == "paid"),
            ("already credited", claim is not None and claim.ended == "credited"),
            ("too much", claim is not None and amount > claim.open),
            ("too little", claim is not None and amount < claim.open),
            ("already paid", claim is not None and claim.id in settled),
        )
        for reason, holds in reasons:
            if holds:
                return reason
        assert claim is not None
        settled.add(claim.id)
        return claim

    def use(self, payment: Payment, claim: Claim, amount: int) -> None:
        payment.unallocated -= amount
        claim.open -= amount
        if claim.open == 0:
            claim.ended = "paid"
            claim.member.active = claim.member.active or claim.covered

    def keep(self, payment: Payment, person: int, amount: int) -> None:
        payment.unallocated -= amount
        self.credit[payment.creditor.id, person, payment.currency] += amount

    def refusal_to_allocate(self, payment: Payment, claim: Claim, amount: int | None) -> type[PaymentError] | None:
        """Which error an allocation meets, if any."""
        wrong: tuple[tuple[type[PaymentError], bool], ...] = (
            (NothingLeftError, payment.unallocated <= 0),
            (OtherCreditorError, payment.creditor is not claim.member.creditor),
            (OtherCurrencyError, payment.currency != claim.member.creditor.currency),
            (ClaimEndedError, claim.ended is not None),
            (NotPositiveError, amount is not None and amount <= 0),
            (TooMuchError, amount is not None and amount > min(payment.unallocated, claim.open)),
        )
        return next((error for error, holds in wrong if holds), None)

    def refusal_to_take_back(self, allocation: Allocation) -> type[PaymentError] | None:
        if allocation.taken_back:
            return UnknownAllocationError
        if allocation.claim is not None and allocation.claim.ended == "credited":
            return ClaimEndedError
        return None

    def take_back(self, allocation: Allocation) -> None:
        allocation.taken_back = True
        payment, claim = allocation.payment, allocation.claim
        payment.unallocated += allocation.amount
        if claim is None:
            self.credit[payment.creditor.id, allocation.person, payment.currency] -= allocation.amount
        else:
            claim.open += allocation.amount
            claim.ended = None

    def take_invoice_back(self, claim: Claim) -> None:
        creditor = claim.member.creditor
        for part in claim.parts:
            self.credit[creditor.id, claim.member.payer, creditor.currency] += part.amount - part.open
            part.open, part.ended = 0, "credited"

    def divisible(self) -> list[Claim]:
        """Open claims of invoices for which no money has come."""
        return [one for one in self.claims if one.open and all(part.open == part.amount for part in one.parts)]

    def divide(self, claim: Claim, parts: list[Claim]) -> None:
        """Let claims take the place of those of an invoice."""
        self.take_invoice_back(claim)
        for part in parts:
            part.parts = parts
        self.claims += parts
        claim.member.claims += parts

    def judge_whole(self, claim: Claim, amount: int) -> list[tuple[Claim, int]] | str:
        """For a payment that means all parts of an invoice, what of it falls on which, or why it settles none."""
        left = sum(part.open for part in claim.parts)
        if left == 0:
            return "already paid" if any(part.ended == "paid" for part in claim.parts) else "already credited"
        if amount > left:
            return "too much"
        found = []
        for part in claim.parts:
            share = min(amount, part.open)
            amount -= share
            if share:
                found.append((part, share))
        return found

    def to_remind(self) -> list[Claim]:
        return [claim for claim in self.claims if self._is_late(claim)]

    def _is_late(self, claim: Claim) -> bool:
        creditor = claim.member.creditor
        since = claim.due
        if claim.dunned is not None:
            since = max(since, claim.dunned + dt.timedelta(days=creditor.payment_days))
        late = since + dt.timedelta(days=creditor.reminder_days) < self.today
        return claim.open > 0 and claim.level < creditor.max_reminders and late

    def refusal_to_close(self, through: dt.date) -> type[CloseBackwardsError] | None:
        return CloseBackwardsError if self.closed is not None and self.closed > through else None
