"""What a creditor collected for its groups, and how it is settled with them: once, booked, and never more than came."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from dues.actor import AUTOMATIC, COMMAND_LINE
from dues.groups.models import Creditor, Group
from dues.invoicing.models import Claim
from dues.journal.close import close
from dues.journal.models import Account, AccountRole, Posting
from dues.payments.allocate import allocate
from dues.payments.credit_invoice import credit_invoice
from dues.payments.exchange import exchange, take_exchange_back
from dues.payments.keep import keep
from dues.payments.models import Allocation, Payment
from dues.payments.refunds.models import CreditUse
from dues.payments.take_back import take_back
from dues.payments.take_credit_back import take_credit_back
from dues.payments.use_credit import use_credit
from dues.settling.errors import OwedMovedError, SettleAheadError
from dues.settling.models import Settlement
from dues.settling.owed import owed_by, owed_to
from dues.settling.receive import take_in_settlements
from dues.settling.settle import due, fingerprint, settle
from dues.settling.statement import parts_of, settlements
from tests.factories.members import member
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, LOCAL_FEE, NATIONAL_FEE, Organisation, books_of_its_own, organisation
from tests.factories.runs import issued

if TYPE_CHECKING:
    from database.connect import OpenSession
    from dues.settling.owed import Owed

JOINED = dt.date(2026, 3, 10)
PAID = dt.date(2026, 3, 20)
LATER = dt.date(2026, 4, 2)


@pytest.fixture
def made(ledger: OpenSession) -> Organisation:
    """Two members in the north and one in the south, all invoiced."""
    with ledger() as session, session.begin():
        found = organisation(session)
        for group in (found.north, found.north, found.south):
            member(session, found, joined_on=JOINED, group=group)
        session.expunge_all()
    issued(ledger, on=JOINED)
    return found


def pay(ledger: OpenSession, made: Organisation, place: int, amount: int = FEE, *, on: dt.date = PAID) -> None:
    reference = owed(ledger)[place][1]
    banked(ledger, camt(made.agreement, [paid(amount, reference)], on=on), on=on)


def owes(ledger: OpenSession, made: Organisation, through: dt.date = LATER) -> dict[str, tuple[int, int, int]]:
    with ledger() as session:
        found = owed_by(session, creditor_id=made.creditor.id, through=through)
        return {one.group: (one.collected, one.settled, one.owed) for one in found}


def shown(ledger: OpenSession, made: Organisation, *, through: dt.date = LATER) -> str:
    """What a page that shows what is owed sends back with its button."""
    with ledger() as session:
        owed = owed_by(session, creditor_id=made.creditor.id, through=through)
        return fingerprint(due(owed, currency=made.creditor.currency))


def settled(ledger: OpenSession, made: Organisation, *, on: dt.date = LATER, seen: str | None = None) -> list[int]:
    with ledger() as session, session.begin():
        done = settle(session, creditor_id=made.creditor.id, through=on, on=on, by=COMMAND_LINE, seen=seen)
        return [one.amount for one in done]


def test_what_is_paid_for_a_groups_own_part_is_owed_to_it(ledger: OpenSession, made: Organisation) -> None:
    assert owes(ledger, made) == {}
    pay(ledger, made, 0)
    assert owes(ledger, made) == {"Norr": (LOCAL_FEE, 0, LOCAL_FEE)}
    pay(ledger, made, 1)
    pay(ledger, made, 2)
    assert owes(ledger, made) == {"Norr": (2 * LOCAL_FEE, 0, 2 * LOCAL_FEE), "Syd": (LOCAL_FEE, 0, LOCAL_FEE)}
    assert owes(ledger, made, through=JOINED) == {}


def test_what_credit_or_another_currency_paid_is_owed_to_the_group_as_well(
    ledger: OpenSession, made: Organisation
) -> None:
    pay(ledger, made, 0)
    before = owes(ledger, made)
    (_, _, _), (second, _, _), (third, _, _) = owed(ledger)
    banked(ledger, camt(made.agreement, [paid(FEE)], on=PAID), on=PAID)
    banked(ledger, camt(made.agreement, [paid(FEE)], on=PAID, currency="EUR"), on=PAID)
    with ledger() as session, session.begin():
        kept, foreign = session.scalars(select(Payment.id).order_by(Payment.id.desc()).limit(2)).all()[::-1]
        debtor = session.get_one(Claim, second).debtor_id
        keep(session, payment_id=kept, person_id=debtor, amount=None, on=PAID, by=COMMAND_LINE)
        assert use_credit(session, on=PAID, by=COMMAND_LINE) == 1
        use = session.scalars(select(CreditUse.id)).one()
        swap = {"rate": Decimal(1), "in_full": True, "on": PAID, "by": COMMAND_LINE}
        done = exchange(session, payment_id=foreign, claim_id=third, **swap).id  # type: ignore[arg-type]
    after = owes(ledger, made)
    assert sum(one[0] for one in after.values()) == 3 * sum(one[0] for one in before.values())
    with ledger() as session, session.begin():
        take_credit_back(session, use_id=use, on=LATER, by=COMMAND_LINE)
        take_exchange_back(session, exchange_id=done, on=LATER, by=COMMAND_LINE)
    assert owes(ledger, made) == before


def test_a_part_payment_falls_on_the_lines_in_their_order(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0, NATIONAL_FEE + 700)
    with ledger() as session, session.begin():
        payment = session.scalars(select(Payment.id)).one()
        allocate(
            session,
            payment_id=payment,
            claim_id=owed(ledger)[0][0],
            amount=NATIONAL_FEE + 700,
            on=PAID,
            by=COMMAND_LINE,
        )
    assert owes(ledger, made) == {"Norr": (700, 0, 700)}


def test_settling_books_what_is_owed_and_owes_nothing_more(ledger: OpenSession, made: Organisation) -> None:
    for place in range(3):
        pay(ledger, made, place)
    assert sorted(settled(ledger, made, seen=shown(ledger, made))) == [LOCAL_FEE, 2 * LOCAL_FEE]
    assert {left for _, _, left in owes(ledger, made).values()} == {0}
    with ledger() as session:
        role = select(Account.id).where(Account.creditor_id == made.creditor.id)
        passed_on = session.scalars(role.where(Account.role == AccountRole.PASSED_ON)).one()
        owed_to_groups = session.scalars(role.where(Account.role == AccountRole.OWED)).one()
        wanted = select(Posting.debit_account_id, Posting.amount).where(Posting.credit_account_id == owed_to_groups)
        assert sorted(session.execute(wanted).all()) == [(passed_on, LOCAL_FEE), (passed_on, 2 * LOCAL_FEE)]
        assert len(set(session.scalars(select(Settlement.entry_id)))) == 1


def test_settling_twice_settles_once(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0)
    assert settled(ledger, made) == [LOCAL_FEE]
    assert settled(ledger, made) == []
    pay(ledger, made, 1, on=LATER)
    assert settled(ledger, made) == [LOCAL_FEE]
    with ledger() as session:
        (last, first) = settlements(session, creditor_id=made.creditor.id, limit=5)
        assert (first.settled_before, last.settled_before) == (0, LOCAL_FEE)
        assert [(part.names["en"], part.amount) for part in parts_of(session, settlement_id=last.id)] == [
            ("Local fee", LOCAL_FEE)
        ]


def test_what_went_back_after_it_was_settled_is_taken_off_the_next_time(
    ledger: OpenSession, made: Organisation
) -> None:
    pay(ledger, made, 0)
    settled(ledger, made)
    with ledger() as session, session.begin():
        allocation = session.scalars(select(Allocation.id)).one()
        take_back(session, allocation_id=allocation, on=LATER, by=COMMAND_LINE)
    assert owes(ledger, made) == {"Norr": (0, LOCAL_FEE, -LOCAL_FEE)}
    assert settled(ledger, made) == []
    pay(ledger, made, 1, on=LATER)
    assert owes(ledger, made)["Norr"][2] == 0


def test_a_credited_invoice_leaves_nothing_for_the_group(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0)
    with ledger() as session, session.begin():
        invoice = session.get_one(Claim, owed(ledger)[0][0]).invoice_id
        credit_invoice(session, invoice_id=invoice, on=LATER, by=COMMAND_LINE)
    assert owes(ledger, made) == {}


def test_what_has_moved_since_it_was_seen_is_not_settled(ledger: OpenSession, made: Organisation) -> None:
    before = shown(ledger, made)
    pay(ledger, made, 0)
    with pytest.raises(OwedMovedError):
        settled(ledger, made, seen=before)
    with ledger() as session, session.begin(), pytest.raises(SettleAheadError):
        settle(session, creditor_id=made.creditor.id, through=LATER, on=PAID, by=COMMAND_LINE)
    assert owes(ledger, made)["Norr"] == (LOCAL_FEE, 0, LOCAL_FEE)


def test_a_group_reads_what_it_is_owed_and_nothing_of_another(ledger: OpenSession, made: Organisation) -> None:
    for place in range(3):
        pay(ledger, made, place)
    settled(ledger, made)

    def read(path: str) -> list[Owed]:
        with ledger() as session:
            return owed_to(session, path=path, through=LATER)

    assert [(one.group, one.collected, one.owed) for one in read(made.south.path)] == [("Syd", LOCAL_FEE, 0)]
    assert [one.group for one in read(made.root.path)] == ["Norr", "Syd"]
    with ledger() as session:
        assert session.get_one(Creditor, made.creditor.id).group_id == made.root.id
        assert [one.group.name for one in settlements(session, path=made.south.path, limit=5)] == ["Syd"]


def test_what_moved_to_another_group_with_the_same_sum_is_not_settled(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0)
    before = shown(ledger, made)
    with ledger() as session, session.begin():
        take_back(session, allocation_id=session.scalars(select(Allocation.id)).one(), on=LATER, by=COMMAND_LINE)
    pay(ledger, made, 2)
    assert owes(ledger, made) == {"Syd": (LOCAL_FEE, 0, LOCAL_FEE)}
    with pytest.raises(OwedMovedError):
        settled(ledger, made, seen=before)
    assert settled(ledger, made, seen=shown(ledger, made)) == [LOCAL_FEE]


def took_in(ledger: OpenSession) -> int:
    with ledger() as session, session.begin():
        return take_in_settlements(session, by=AUTOMATIC)


def keeps_books(ledger: OpenSession, group: Group, *, currency: str | None = None) -> int:
    """Let a group keep books from now on; return its creditor."""
    with ledger() as session, session.begin():
        return books_of_its_own(session, session.get_one(Group, group.id), currency=currency).id


def booked_for(ledger: OpenSession, creditor: int) -> list[tuple[str, str, int, str, dt.date]]:
    """What stands in a creditor's books: debit role, credit role, amount, currency, day."""
    debit, credit = aliased(Account), aliased(Account)
    with ledger() as session:
        rows = session.execute(
            select(debit.role, credit.role, Posting.amount, Posting.currency, Posting.on_date)
            .join(debit, debit.id == Posting.debit_account_id)
            .join(credit, credit.id == Posting.credit_account_id)
            .where(debit.creditor_id == creditor)
            .order_by(Posting.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


@pytest.mark.parametrize("currency", ["SEK", "EUR"])
def test_a_group_with_books_of_its_own_finds_there_what_was_settled_with_it(
    ledger: OpenSession, made: Organisation, currency: str
) -> None:
    for place in range(3):
        pay(ledger, made, place)
    north = keeps_books(ledger, made.north, currency=currency)
    settled(ledger, made)
    assert booked_for(ledger, north) == []
    assert (took_in(ledger), took_in(ledger)) == (1, 0)
    assert booked_for(ledger, north) == [("due from", "share", 2 * LOCAL_FEE, "SEK", LATER)]


def test_a_settlement_of_closed_days_is_taken_in_on_the_first_open_one(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0)
    north = keeps_books(ledger, made.north)
    settled(ledger, made)
    with ledger() as session, session.begin():
        close(session, through=LATER, today=LATER + dt.timedelta(days=9), by=COMMAND_LINE)
    assert took_in(ledger) == 1
    assert [day for *_, day in booked_for(ledger, north)] == [LATER + dt.timedelta(days=1)]


def test_books_that_are_opened_later_are_told_nothing_of_what_was_settled_before(
    ledger: OpenSession, made: Organisation
) -> None:
    pay(ledger, made, 0)
    settled(ledger, made)
    north = keeps_books(ledger, made.north)
    assert took_in(ledger) == 0
    assert booked_for(ledger, north) == []


def test_a_second_press_on_the_same_page_settles_nothing(ledger: OpenSession, made: Organisation) -> None:
    pay(ledger, made, 0)
    before = shown(ledger, made)
    assert settled(ledger, made, seen=before) == [LOCAL_FEE]
    pay(ledger, made, 1)
    with pytest.raises(OwedMovedError):
        settled(ledger, made, seen=before)
