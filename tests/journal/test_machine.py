"""Everything that can happen to a ledger, in any order, against the real database and a model in plain Python.

LEDGER_EXAMPLES says how many histories are tried, other ones each time; without it a few are, always the same.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as tried
from sqlalchemy import Connection, select

from database.connect import Database, Role
from dues.actor import COMMAND_LINE
from dues.collection.models import Reminder
from dues.groups.models import Creditor as CreditorRow
from dues.invoicing.errors import NotCreditableError
from dues.invoicing.instalments import Plan
from dues.invoicing.models import Claim as ClaimRow
from dues.invoicing.models import Invoice, InvoiceLine, PaymentReference
from dues.journal.close import close
from dues.members.models import CoveredBy, Membership, MembershipStatus
from dues.payments.allocate import allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Allocation as AllocationRow
from dues.payments.models import Credit, PaymentCase
from dues.payments.models import Payment as PaymentRow
from dues.payments.reissue import Anew, reissue
from dues.payments.take_back import take_back
from tests.factories.members import member
from tests.factories.money import banked, camt, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.proof import proved
from tests.factories.runs import issued, reminded, within
from tests.journal.model import Allocation, Claim, Creditor, Member, Model, Payment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dues.groups.models import BankAgreement
    from dues.pricing.set_up import TypeTerms

START: Final = dt.date(2026, 1, 31)
LONGER: Final = os.environ.get("LEDGER_EXAMPLES")
TERMS: Final[dict[str, TypeTerms]] = {
    "SE": {"term_months": 12, "lead_days": 30},
    "NO": {"term_months": 1, "lead_days": 5},
    "NL": {"term_months": 3, "calendar": True, "lead_days": 10, "covered_by": CoveredBy.ISSUE},
}
ANY: Final = st.integers(0, 1000)
AMOUNTS: Final = st.sampled_from([None, None, 1, 700, FEE // 2, FEE, FEE + 1, 0, -5])


Thing = TypeVar("Thing")


def one_of(things: list[Thing], turn: int) -> Thing:
    """One of them, whatever number was drawn."""
    return things[turn % len(things)]


class World:
    """Three creditors of three currencies with their members, made once; every history starts from here."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.open_session = within(connection)
        self.agreements: dict[int, BankAgreement] = {}
        self.members: list[tuple[int, Creditor, int]] = []
        with self.open_session() as session, session.begin():
            for country, terms in TERMS.items():
                self._settle(session, organisation(session, country=country, prefix=country.lower(), **terms), terms)
            session.expunge_all()

    def _settle(self, session: Session, made: Organisation, terms: TypeTerms) -> None:
        levels = 2 if made.creditor.currency == "SEK" else 1
        session.get_one(CreditorRow, made.creditor.id).max_reminders = levels
        creditor = Creditor(
            id=made.creditor.id,
            currency=made.creditor.currency,
            months=terms["term_months"],
            calendar=terms.get("calendar", False),
            lead_days=terms["lead_days"],
            covered_by_issue=terms.get("covered_by") is CoveredBy.ISSUE,
            max_reminders=levels,
        )
        self.agreements[creditor.id] = made.agreement
        parent = member(session, made, joined_on=START)
        payer = session.get_one(Membership, parent.id).person_id
        child = member(session, made, joined_on=START + dt.timedelta(days=9))
        self.members += [(parent.id, creditor, payer), (child.id, creditor, child.person_id)]


class Ledger(RuleBasedStateMachine):
    """One history of the ledger."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.point = self.world.connection.begin_nested()
        joined = {0: START, 1: START + dt.timedelta(days=9)}
        members = [
            Member(number, creditor, joined[turn % 2], payer)
            for turn, (number, creditor, payer) in enumerate(self.world.members)
        ]
        self.model = Model(members, today=START)
        self.open_session = self.world.open_session
        self.issue()

    def teardown(self) -> None:
        if hasattr(self, "point"):
            self.point.rollback()

    @rule(days=st.sampled_from([1, 3, 12, 31, 45, 100]))
    def advance_the_clock(self, days: int) -> None:
        self.model.today += dt.timedelta(days=days)

    @rule()
    def issue(self) -> None:
        due = {one.id: (one, *one.next_stretch()) for one in self.model.members if one.is_due(self.model.today)}
        run = issued(self.open_session, on=self.model.today)
        assert run.result["issued"] == len(due)
        wanted = (
            select(ClaimRow.id, Invoice.id, PaymentReference.value, InvoiceLine, ClaimRow.amount, ClaimRow.due_on)
            .join(Invoice, Invoice.id == ClaimRow.invoice_id)
            .join(InvoiceLine, (InvoiceLine.invoice_id == Invoice.id) & (InvoiceLine.position == 1))
            .join(PaymentReference, PaymentReference.claim_id == ClaimRow.id)
            .where(Invoice.run_id == run.run_id)
        )
        with self.open_session() as session:
            written = session.execute(wanted.order_by(ClaimRow.id)).all()
        for claim, invoice, reference, line, amount, due_on in written:
            who, first, last = due.pop(line.membership_id or 0)
            assert (line.period_from, line.period_to, amount) == (first, last, FEE)
            one = Claim(claim, invoice, reference, who, first, last, amount, amount, due_on)
            self.model.claims.append(one)
            who.claims.append(one)
            who.active = who.active or who.creditor.covered_by_issue
        assert not due

    @precondition(lambda self: self.model.open_claims())
    @rule(turn=ANY, many=st.integers(1, 3), late=st.integers(0, 40))
    def bills_are_paid(self, turn: int, many: int, late: int) -> None:
        creditor = one_of(self.model.open_claims(), turn).member.creditor
        claims = [claim for claim in self.model.open_claims() if claim.member.creditor is creditor][:many]
        payments = [(claim.open, claim.reference) for claim in claims]
        self._bank(creditor, creditor.currency, payments, self.model.today - dt.timedelta(days=late))

    @precondition(lambda self: self.model.claims)
    @rule(turns=st.lists(ANY, min_size=1, max_size=4), amount=st.sampled_from([FEE, 700, FEE + 700, -300, 1]))
    def money_comes_that_may_not_fit(self, turns: list[int], amount: int) -> None:
        creditor = one_of(self.model.claims, turns[0]).member.creditor
        claims = [claim for claim in self.model.claims if claim.member.creditor is creditor]
        payments = [(amount, one_of(claims, turn).reference) for turn in turns]
        self._bank(creditor, creditor.currency, payments, self.model.today)

    @rule(reference=st.sampled_from(["", "nonsense"]), turn=ANY, amount=st.sampled_from([FEE, 2 * FEE, 100]))
    def money_comes_that_nobody_knows(self, reference: str, turn: int, amount: int) -> None:
        creditor = one_of(self.model.members, turn).creditor
        self._bank(creditor, creditor.currency, [(amount, reference)], self.model.today)

    @precondition(lambda self: self.model.claims)
    @rule(turn=ANY)
    def money_comes_in_another_currency(self, turn: int) -> None:
        claim = one_of(self.model.claims, turn)
        self._bank(claim.member.creditor, "USD", [(FEE, claim.reference)], self.model.today)

    def _bank(self, creditor: Creditor, currency: str, payments: list[tuple[int, str]], on: dt.date) -> None:
        judged = self.model.judge(payments, creditor, currency)
        agreement = self.world.agreements[creditor.id]
        file = camt(agreement, [paid(amount, reference) for amount, reference in payments], on=on, currency=currency)
        run = banked(self.open_session, file, on=self.model.today)
        assert run.result["matched"] == sum(isinstance(one, Claim) for one in judged)
        known = {payment.id for payment in self.model.payments}
        with self.open_session() as session:
            wanted = select(PaymentRow.id, PaymentRow.amount, PaymentCase.reason).outerjoin(
                PaymentCase, PaymentCase.payment_id == PaymentRow.id
            )
            came = [row for row in session.execute(wanted.order_by(PaymentRow.id)) if row.id not in known]
            uses = dict(session.execute(select(AllocationRow.payment_id, AllocationRow.id)).all())
        for row, judgment, (amount, _) in zip(came, judged, payments, strict=True):
            assert row.amount == amount
            payment = Payment(row.id, creditor, currency, amount, amount)
            self.model.payments.append(payment)
            if isinstance(judgment, Claim):
                assert row.reason is None
                self.model.use(payment, judgment, amount)
                self._note(uses[payment.id], payment, judgment, amount)
            else:
                assert row.reason == judgment

    def _note(self, allocation: int, payment: Payment, claim: Claim | None, amount: int, person: int = 0) -> None:
        payer = claim.member.payer if claim else person
        self.model.allocations.append(Allocation(allocation, payment, claim, payer, amount))

    @precondition(lambda self: self.model.open_claims() and self.model.payments)
    @rule(payment=ANY, claim=ANY, part=st.sampled_from([1, 700]))
    def an_officer_errs(self, payment: int, claim: int, part: int) -> None:
        before = len(self.model.allocations)
        self.allocate(payment, claim, part, open_ones=True)
        if len(self.model.allocations) > before:
            self.take_back(before, again=True)

    @precondition(lambda self: self.model.claims and self.model.payments)
    @rule(payment=ANY, claim=ANY, amount=AMOUNTS, open_ones=st.sampled_from([True, True, False]))
    def allocate(self, payment: int, claim: int, amount: int | None, *, open_ones: bool) -> None:
        waiting = [one for one in self.model.payments if one.unallocated > 0] if open_ones else []
        used = one_of(waiting or self.model.payments, payment)
        fitting = [one for one in self.model.claims if one.member.creditor is used.creditor and one.ended is None]
        owed = one_of((fitting if open_ones else []) or self.model.claims, claim)
        refusal = self.model.refusal_to_allocate(used, owed, amount)
        with self.open_session() as session, session.begin():
            decide = partial(
                allocate,
                session,
                payment_id=used.id,
                claim_id=owed.id,
                amount=amount,
                on=self.model.today,
                by=COMMAND_LINE,
            )
            if refusal is not None:
                with pytest.raises(refusal):
                    decide()
                return
            done = decide()
            own = select(AllocationRow.id).where(AllocationRow.payment_id == used.id)
            newest = session.scalars(own.order_by(AllocationRow.id.desc()).limit(1)).one()
        part = min(used.unallocated, owed.open) if amount is None else amount
        self.model.use(used, owed, part)
        self._note(done.allocation_id, used, owed, part)
        if amount is None and used.unallocated:
            assert done.credit == used.unallocated
            self._note(newest, used, None, used.unallocated, owed.member.payer)
            self.model.keep(used, owed.member.payer, used.unallocated)
        assert (done.amount, done.unallocated, done.open_amount) == (part, used.unallocated, owed.open)

    @precondition(lambda self: self.model.allocations)
    @rule(turn=ANY, again=st.sampled_from([False, False, True]))
    def take_back(self, turn: int, *, again: bool) -> None:
        standing = [one for one in self.model.allocations if not one.taken_back]
        allocation = one_of((standing if not again else []) or self.model.allocations, turn)
        refusal = self.model.refusal_to_take_back(allocation)
        with self.open_session() as session, session.begin():
            if refusal is not None:
                with pytest.raises(refusal):
                    take_back(session, allocation_id=allocation.id, on=self.model.today, by=COMMAND_LINE)
                return
            take_back(session, allocation_id=allocation.id, on=self.model.today, by=COMMAND_LINE)
        self.model.take_back(allocation)

    @precondition(lambda self: self.model.claims)
    @rule(turn=ANY)
    def credit(self, turn: int) -> None:
        claim = one_of(self.model.claims, turn)
        with self.open_session() as session, session.begin():
            if claim.ended == "credited":
                with pytest.raises(NotCreditableError):
                    credit_invoice(session, invoice_id=claim.invoice, on=self.model.today, by=COMMAND_LINE)
                return
            credit_invoice(session, invoice_id=claim.invoice, on=self.model.today, by=COMMAND_LINE)
        self.model.take_invoice_back(claim)

    @precondition(lambda self: self.model.divisible())
    @rule(turn=ANY, parts=st.integers(2, 4))
    def divide(self, turn: int, parts: int) -> None:
        old = one_of(self.model.divisible(), turn)
        plan = Plan(parts, max(self.model.today, old.due))
        with self.open_session() as session, session.begin():
            anew = Anew(old.invoice, plan.first_on, uuid4(), plan)
            invoice = reissue(session, anew=anew, on=self.model.today, by=COMMAND_LINE).id
            written = session.execute(
                select(ClaimRow, PaymentReference.value, PaymentReference.whole)
                .join(PaymentReference, PaymentReference.claim_id == ClaimRow.id)
                .where(ClaimRow.invoice_id == invoice)
                .order_by(PaymentReference.whole, ClaimRow.position)
            ).all()
            *rows, (_, whole, _) = [(row, value, is_whole) for row, value, is_whole in written]
            stretch = (old.member, old.first, old.last)
            found = [
                Claim(row.id, invoice, value, *stretch, row.amount, row.amount, row.due_on, whole=whole)
                for row, value, _ in rows
            ]
        assert sum(one.amount for one in found) == sum(part.amount for part in old.parts)
        assert [one.due for one in found] == plan.days()
        self.model.divide(old, found)

    @precondition(lambda self: any(one.whole for one in self.model.claims))
    @rule(turn=ANY, amount=st.sampled_from([0, 0, 1, FEE // 3, FEE]))
    def parts_are_paid_together(self, turn: int, amount: int) -> None:
        claim = one_of([one for one in self.model.claims if one.whole], turn)
        creditor = claim.member.creditor
        amount = amount or sum(part.open for part in claim.parts) or FEE
        judged = self.model.judge_whole(claim, amount)
        file = camt(
            self.world.agreements[creditor.id],
            [paid(amount, claim.whole)],
            on=self.model.today,
            currency=creditor.currency,
        )
        run = banked(self.open_session, file, on=self.model.today)
        assert run.result["matched"] == (not isinstance(judged, str))
        with self.open_session() as session:
            came = session.scalars(select(PaymentRow.id).order_by(PaymentRow.id.desc()).limit(1)).one()
            reason = session.scalar(select(PaymentCase.reason).where(PaymentCase.payment_id == came))
            uses = session.execute(
                select(AllocationRow.id, AllocationRow.claim_id, AllocationRow.amount)
                .where(AllocationRow.payment_id == came)
                .order_by(AllocationRow.id)
            ).all()
        payment = Payment(came, creditor, creditor.currency, amount, amount)
        self.model.payments.append(payment)
        if isinstance(judged, str):
            assert reason == judged
            return
        assert [(row.claim_id, row.amount) for row in uses] == [(part.id, share) for part, share in judged]
        for row, (part, share) in zip(uses, judged, strict=True):
            self.model.use(payment, part, share)
            self._note(row.id, payment, part, share)

    @rule()
    def remind(self) -> None:
        late = self.model.to_remind()
        run = reminded(self.open_session, on=self.model.today)
        assert run.result["issued"] == len(late)
        with self.open_session() as session:
            wanted = select(Reminder.claim_id, Reminder.level, Reminder.amount).where(Reminder.run_id == run.run_id)
            written = sorted(session.execute(wanted).all())
        assert written == sorted((claim.id, claim.level + 1, claim.open) for claim in late)
        for claim in late:
            claim.level, claim.dunned = claim.level + 1, self.model.today

    @rule(before=st.integers(1, 60))
    def close(self, before: int) -> None:
        through = self.model.today - dt.timedelta(days=before)
        refusal = self.model.refusal_to_close(through)
        with self.open_session() as session, session.begin():
            if refusal is not None:
                with pytest.raises(refusal):
                    close(session, through=through, today=self.model.today, by=COMMAND_LINE)
                return
            close(session, through=through, today=self.model.today, by=COMMAND_LINE)
        self.model.closed = through

    @invariant()
    def the_ledger_proves_itself(self) -> None:
        with self.open_session() as session:
            verification = proved(session)
        assert verification.ok, {name: broken for name, broken in verification.checks.items() if broken}

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        model = self.model
        with self.open_session() as session:
            claims = session.execute(select(ClaimRow.id, ClaimRow.open_amount, ClaimRow.ended)).all()
            memberships = session.execute(
                select(Membership.id, Membership.charged_through, Membership.paid_through, Membership.status)
            ).all()
            credit = session.execute(
                select(Credit.creditor_id, Credit.person_id, Credit.currency, Credit.balance)
            ).all()
            waiting = session.execute(select(PaymentCase.payment_id, PaymentCase.unallocated)).all()
        assert sorted(map(tuple, claims)) == sorted((one.id, one.open, one.ended) for one in model.claims)
        status = {True: MembershipStatus.ACTIVE, False: MembershipStatus.APPLIED}
        assert sorted(map(tuple, memberships)) == sorted(
            (one.id, one.charged_through, one.paid_through, status[one.active]) for one in model.members
        )
        assert {key[:3]: key[3] for key in credit if key[3]} == {
            key: held for key, held in model.credit.items() if held
        }
        left = {one.id: one.unallocated for one in model.payments if one.unallocated}
        assert {payment: amount for payment, amount in waiting if amount} == left


def test_no_history_breaks_the_ledger(database: Database) -> None:
    with database.engine(Role.JOBS).connect() as connection:
        outer = connection.begin()
        world = World(connection)
        machine = type("LedgerOfThisWorld", (Ledger,), {"world": world})
        tried(
            machine,
            settings=hypothesis.settings(
                max_examples=int(LONGER or "30"),
                derandomize=LONGER is None,
                stateful_step_count=40,
                suppress_health_check=list(hypothesis.HealthCheck),
            ),
        )
        outer.rollback()
