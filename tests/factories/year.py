"""A member's year in small: everything that a ledger may hold, from the first invoice to closed books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import select

from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.invoicing.instalment_rules import Ruled, add_rule
from dues.invoicing.models import Claim
from dues.invoicing.one_off import Wanted, WantedLine
from dues.invoicing.one_off_write import issue_one_off
from dues.journal.close import close
from dues.journal.earnings import income_accounts
from dues.members.incomes import set_income
from dues.members.models import Membership
from dues.members.segments import put_into, set_up_segment
from dues.payments.allocate import allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Allocation, Payment
from dues.payments.take_back import take_back
from dues.pricing.discounts import Discounted, set_discount
from dues.settling.receive import take_in_settlements
from dues.settling.settle import settle
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, books_of_its_own, organisation
from tests.factories.products import product
from tests.factories.runs import issued, reminded

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import OpenSession

JOINED: Final = dt.date(2026, 3, 10)
PAID: Final = dt.date(2026, 3, 20)
LATE: Final = dt.date(2026, 5, 1)
RENEWED: Final = dt.date(2027, 2, 20)
FAR: Final = dt.date(2099, 1, 1)
CLOSED: Final = dt.date(2026, 12, 31)


def year(open_session: OpenSession) -> tuple[Organisation, Organisation]:
    """Two organisations of two currencies, with members in every state that payments and decisions lead to."""
    with open_session() as session, session.begin():
        both = organisation(session, prefix="se"), organisation(session, country="NL", prefix="nl")
        for made in both:
            for _ in range(6):
                member(session, made, joined_on=JOINED)
        session.expunge_all()
    issued(open_session, on=JOINED)
    for made in both:
        _payments(open_session, made)
    reminded(open_session, on=LATE)
    issued(open_session, on=RENEWED)
    _one_more(open_session, both[0])
    _sales(open_session, both)
    with open_session() as session, session.begin():
        books_of_its_own(session, both[1].north)
        for made in both:
            settle(session, creditor_id=made.creditor.id, through=CLOSED, on=CLOSED, by=COMMAND_LINE)
        take_in_settlements(session, by=AUTOMATIC)
        close(session, through=CLOSED, today=RENEWED, by=COMMAND_LINE)
    return both


def _payments(open_session: OpenSession, made: Organisation) -> None:
    """Of six: one pays, one pays too much, one in part, one twice, one is credited, one does nothing."""
    with open_session() as session:
        claims = set(session.scalars(select(Claim.id).where(Claim.creditor_id == made.creditor.id)))
    first, much, part, twice, credited, _ = [(claim, ref) for claim, ref, _ in owed(open_session) if claim in claims]
    payments = [
        paid(FEE, first[1]),
        paid(FEE + 700, much[1]),
        paid(100, part[1]),
        paid(FEE, twice[1]),
        paid(FEE, twice[1]),
        paid(-300),
        paid(4200),
    ]
    banked(open_session, camt(made.agreement, payments, on=PAID), on=PAID)
    for claim, amount in ((much[0], FEE + 700), (part[0], 100)):
        _decide(open_session, made, claim, amount)
    with open_session() as session, session.begin():
        credit_invoice(session, invoice_id=session.get_one(Claim, credited[0]).invoice_id, on=PAID, by=COMMAND_LINE)


def _decide(open_session: OpenSession, made: Organisation, claim: int, amount: int) -> None:
    with open_session() as session, session.begin():
        payment = session.scalars(
            select(Payment.id).where(Payment.amount == amount, Payment.creditor_id == made.creditor.id)
        ).one()
        allocate(session, payment_id=payment, claim_id=claim, amount=None, on=PAID, by=COMMAND_LINE)


def _one_more(open_session: OpenSession, made: Organisation) -> None:
    """A renewal is paid, and one of the first allocations is taken back and used again."""
    (claim, reference, left), *_ = [one for one in owed(open_session)[::-1] if one[2]]
    with open_session() as session, session.begin():
        mine = session.get_one(Claim, claim).creditor_id == made.creditor.id
        part = session.scalars(select(Allocation).where(Allocation.amount == 100).limit(1)).one()
        take_back(session, allocation_id=part.id, on=RENEWED, by=COMMAND_LINE)
    if mine:
        banked(open_session, camt(made.agreement, [paid(left, reference)], on=RENEWED), on=RENEWED)


def _sales(open_session: OpenSession, both: tuple[Organisation, Organisation]) -> None:
    """A member of the northern group of each buys something; a rebate is taken off."""
    with open_session() as session, session.begin():
        for made in both:
            book = product(session, made.root, currency=made.creditor.currency, vat_rate=600)
            session.flush()
            members = select(Membership.person_id).where(Membership.group_id == made.north.id)
            who = session.scalars(members.order_by(Membership.id).limit(1)).one()
            account = income_accounts(session, creditor=made.creditor)[0].id
            lines = [
                WantedLine(Decimal(2), 12500, product_id=book.id),
                WantedLine(Decimal(1), -500, text="Rebate", account_id=account),
            ]
            wanted = Wanted(who, made.north.id, RENEWED, lines)
            issue_one_off(session, wanted=wanted, key=uuid4(), on=RENEWED, by=COMMAND_LINE)
            _prices(session, made, who)


def _prices(session: Session, made: Organisation, who: int) -> None:
    """A segment with a discount, that somebody is of one day; what they earn then; and what would be paid in parts."""
    segment = set_up_segment(session, group_id=made.root.id, names={"en": "Subscriber"})
    reduced = Discounted(made.root.id, {"en": "Subscriber"}, share=1500, segment_id=segment.id)
    set_discount(session, discounted=reduced)
    add_rule(session, ruled=Ruled(made.creditor.id, 10**9, 3))
    put_into(session, person_id=who, segment_id=segment.id, from_on=FAR, to_on=None)
    set_income(session, person_id=who, amount=4_000_000, currency=made.creditor.currency, from_on=FAR)
