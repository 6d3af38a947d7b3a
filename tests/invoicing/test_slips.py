"""Two creditors on one slip: issued by one run, paid by one payment, and proven in the books of both."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.acting import Acting, act
from database.connect import Database, OpenSession, Role
from documents import render
from dues.actor import COMMAND_LINE
from dues.delivery.models import Message, MessageState
from dues.invoicing.access import create_links, token_hash
from dues.invoicing.document import Issued
from dues.invoicing.mail import invoice_words
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.invoicing.sample import samples
from dues.invoicing.slip_document import issued_on_slips
from dues.invoicing.slip_models import SlipPart
from dues.journal.models import Account, AccountRole, Posting
from dues.members.models import Membership, Person
from dues.payments.aside_models import HandedOn
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Payment, PaymentCase
from dues.runs.models import Axis, Run
from dues.runs.preview import preview_of, sums
from dues.settling.handed import handed_on
from language import Language
from tests.factories.members import member
from tests.factories.money import banked, bgmax, paid
from tests.factories.organisation import FEE
from tests.factories.runs import confirmed, issued, undone
from tests.factories.slips import BOTH, DAY, FUND_FEE, Union, union
from tests.factories.staff import employ


def invoices(session: Session, who: Person) -> tuple[Invoice, Invoice]:
    """The union's invoice and the fund's."""
    own, fund = session.scalars(
        select(Invoice).where(Invoice.payer_id == who.id, Invoice.kind == "invoice").order_by(Invoice.creditor_id)
    ).all()
    return own, fund


def open_of(session: Session, *which: Invoice) -> list[int]:
    wanted = (
        select(Claim.open_amount).where(Claim.invoice_id.in_([one.id for one in which])).order_by(Claim.creditor_id)
    )
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def reference_of(session: Session, invoice: Invoice) -> str:
    wanted = select(PaymentReference.value).join(Claim, Claim.id == PaymentReference.claim_id)
    return session.scalars(wanted.where(Claim.invoice_id == invoice.id)).one()


def balance(session: Session, role: AccountRole, creditor_id: int) -> int:
    """What the accounts of a role hold, debits above zero."""
    mine = select(Account.id).where(Account.role == role, Account.creditor_id == creditor_id)
    debit = session.scalar(select(func.sum(Posting.amount)).where(Posting.debit_account_id.in_(mine))) or 0
    credit = session.scalar(select(func.sum(Posting.amount)).where(Posting.credit_account_id.in_(mine))) or 0
    return int(debit) - int(credit)


def pay(ledger: OpenSession, there: Union, *amounts: int) -> None:
    with ledger() as session:
        reference = reference_of(session, invoices(session, there.person)[0])
    file = bgmax(there.made.agreement, [paid(amount, reference) for amount in amounts], on=DAY)
    banked(ledger, file, on=DAY, name="bank.txt")


def test_one_slip_is_sent_and_one_payment_pays_both_creditors(session: Session, ledger: OpenSession) -> None:
    there = union(session)
    alone = member(session, there.made, joined_on=DAY, group=there.fund.group, kind=there.fund.member_type)
    run = issued(ledger, on=DAY, confirmed=False)
    kept = preview_of(session, run_id=run.run_id)
    assert kept is not None
    shown = samples(session, run=session.get_one(Run, run.run_id), seqs=kept.content["samples"])
    assert sorted(one.total for one in shown) == [FUND_FEE, BOTH]
    (by_mail,) = sums(session, run_id=run.run_id, axes=[Axis.CHANNEL])
    assert (by_mail.items, by_mail.amount) == (2, BOTH + FUND_FEE)
    assert confirmed(ledger, run.run_id).done == 3
    own, theirs = invoices(session, there.person)
    assert (own.amount, theirs.amount, own.due_on) == (FEE, FUND_FEE, theirs.due_on)
    sent = session.scalars(select(Message.subject_id).where(Message.person_id == there.person.id)).all()
    assert sent == [own.id]
    assert session.scalar(select(func.count()).where(Message.person_id == alone.person_id)) == 1

    slip = issued_on_slips(session, invoices=[own.id])[own.id]
    assert (slip.document.total, slip.open_amount) == (BOTH, BOTH)
    assert [one.sender.name for one in slip.document.beside] == ["A-kassan"]
    assert slip.memberships == ("Member", "Fund member")
    assert render(slip.document).startswith(b"%PDF")
    words = invoice_words(slip.document, slip, Language("en")).text
    assert "645.00" in words
    assert "Fund member" in words

    pay(ledger, there, BOTH)
    assert open_of(session, own, theirs) == [0, 0]
    for one in (there.own, there.theirs):
        assert session.get_one(Membership, one.id, populate_existing=True).status == "active"
    assert balance(session, AccountRole.OWED, there.made.creditor.id) == -FUND_FEE
    assert balance(session, AccountRole.DUE_FROM, there.fund.creditor.id) == FUND_FEE
    receipts = select(Message.person_id).where(Message.kind == "receipt")
    assert session.scalars(receipts).all() == [there.person.id] * 2
    assert not session.scalars(select(PaymentCase).where(PaymentCase.closed_at.is_(None))).all()


@pytest.mark.parametrize(
    ("amounts", "left", "waits"),
    [
        ((FEE,), [0, FUND_FEE], 0),  # exactly what one of them asks for is that one's
        ((FUND_FEE,), [FEE, 0], 0),
        ((FEE + 100,), [0, FUND_FEE - 100], 0),
        ((100, 200), [FEE - 300, FUND_FEE], 0),
        ((FEE, FUND_FEE), [0, 0], 0),
        ((FEE - 50, FUND_FEE + 50), [0, 0], 0),
        ((BOTH + 700,), [FEE, 0], FEE + 700),  # too much waits for a person, as it always does
    ],
)
def test_what_is_less_or_more_falls_in_a_stated_order(
    session: Session, ledger: OpenSession, amounts: tuple[int, ...], left: list[int], waits: int
) -> None:
    there = union(session)
    issued(ledger, on=DAY)
    pay(ledger, there, *amounts)
    assert open_of(session, *invoices(session, there.person)) == left
    assert (session.scalar(select(func.sum(PaymentCase.unallocated))) or 0) == waits
    handed = session.scalar(select(func.sum(HandedOn.amount))) or 0
    assert handed == FUND_FEE - left[1] == balance(session, AccountRole.DUE_FROM, there.fund.creditor.id)


@pytest.mark.parametrize(
    ("amount", "left"),
    [
        (FEE - 50, [0, FUND_FEE]),
        (BOTH - 50, [0, 0]),
        (BOTH + 50, [0, 0]),
        (BOTH - 101, [0, 101]),
    ],
)
def test_the_little_that_a_slip_is_paid_short_is_written_off_by_the_rule_of_whose_it_is(
    session: Session, ledger: OpenSession, amount: int, left: list[int]
) -> None:
    there = union(session)
    for creditor in (there.made.creditor, there.fund.creditor):
        creditor.tolerance = 100
    session.flush()
    issued(ledger, on=DAY)
    pay(ledger, there, amount)
    assert open_of(session, *invoices(session, there.person)) == left
    fund = session.get_one(Membership, there.theirs.id, populate_existing=True)
    assert (fund.status == "active") == (left[1] == 0)
    assert not session.scalars(select(PaymentCase).where(PaymentCase.closed_at.is_(None))).all()


def test_one_part_is_credited_and_the_slip_asks_for_the_other(session: Session, ledger: OpenSession) -> None:
    there = union(session)
    issued(ledger, on=DAY)
    own, theirs = invoices(session, there.person)
    with ledger() as other, other.begin():
        credit_invoice(other, invoice_id=own.id, on=DAY, by=COMMAND_LINE)
    slip = issued_on_slips(session, invoices=[own.id])[own.id]
    assert (slip.ended, slip.as_it_stands.open_amount, slip.as_it_stands.credited) == (None, FUND_FEE, FEE)
    pay(ledger, there, FUND_FEE)
    assert open_of(session, own, theirs) == [0, 0]


def test_undoing_the_run_takes_both_back_and_a_note_goes_for_each_that_was_sent(
    session: Session, ledger: OpenSession
) -> None:
    there = union(session)
    run = issued(ledger, on=DAY)
    own, theirs = invoices(session, there.person)
    message = session.scalars(select(Message).where(Message.subject_id == own.id)).one()
    message.state = MessageState.SENT
    session.flush()
    undoing = undone(ledger, run.run_id, on=DAY, confirmed=False)
    (by_mail,) = sums(session, run_id=undoing.run_id, axes=[Axis.CHANNEL])
    assert (by_mail.key, by_mail.items, by_mail.amount) == ("email", 2, BOTH)
    confirmed(ledger, undoing.run_id)
    notes = session.scalars(select(Invoice).where(Invoice.kind == "credit note")).all()
    assert sorted(one.credits_id or 0 for one in notes) == sorted([own.id, theirs.id])
    told = session.scalars(select(Message.subject_id).where(Message.subject_id.in_([one.id for one in notes]))).all()
    assert sorted(told) == sorted(one.id for one in notes)
    assert session.scalars(select(Payment.id)).all() == []


@pytest.mark.parametrize("stays", ["own", "theirs", None])
def test_a_slip_that_waits_goes_out_for_what_undoing_leaves(
    session: Session, ledger: OpenSession, stays: str | None
) -> None:
    there = union(session)
    limited = {"own": there.made.creditor, "theirs": there.fund.creditor}
    if stays is not None:
        limited[stays].write_off_limit = 1
    session.flush()
    run = issued(ledger, on=DAY)
    own, theirs = invoices(session, there.person)
    undone(ledger, run.run_id, on=DAY)
    left = {"own": [FEE, 0], "theirs": [0, FUND_FEE], None: [0, 0]}[stays]
    assert open_of(session, own, theirs) == left
    told = session.execute(select(Message.subject_id, Message.state).where(Message.kind == "invoice")).all()
    assert told == [(own.id, MessageState.WITHHELD if stays is None else MessageState.QUEUED)]
    slip = issued_on_slips(session, invoices=[own.id])[own.id]
    assert slip.as_it_stands.open_amount == sum(left)


def test_each_sees_their_own_and_the_member_both(committing: Database) -> None:
    jobs = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        there = union(session)
        session.flush()
        session.expunge_all()
    issued(jobs, on=DAY)
    pay(jobs, there, BOTH)
    with committing.unit_of_work(Role.JOBS) as session:
        own, theirs = (one.id for one in invoices(session, there.person))
        staff = {
            one: employ(session, name=one, email=f"{one}@example.org", group=group, roles=("auditor",)).id
            for one, group in (("union", there.made.root.id), ("fund", there.fund.group.id))
        }
        (token,) = create_links(session, wanted=[(own, "kim@example.org")])
    for one, sees in (("union", own), ("fund", theirs)):
        with committing.opener(Role.STAFF)() as desk:
            act(desk, Acting(f"staff:{staff[one]}", user=staff[one]))
            assert desk.scalars(select(Claim.invoice_id)).all() == [sees]
            assert desk.scalars(select(SlipPart.invoice_id)).all() == [sees]
            assert desk.scalar(select(func.count()).select_from(Payment)) == 1
            assert [line.amount for line in handed_on(desk, creditor_id=there.fund.creditor.id, through=DAY)] == [
                FUND_FEE
            ]
            assert issued_on_slips(desk, invoices=[sees])[sees].document.beside == ()
    with committing.opener(Role.PUBLIC)() as visitor:
        act(visitor, Acting("visitor:test", link=token_hash(token).hex()))
        page = sheet_of(visitor, own)
        assert (page.document.total, page.open_amount) == (BOTH, 0)


def sheet_of(session: Session, invoice_id: int) -> Issued:
    return issued_on_slips(session, invoices=[invoice_id])[invoice_id]
