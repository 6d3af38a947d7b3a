"""An invoice run from preview to the written documents: what it writes, and what becomes of it when something fails."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import COMMAND_LINE
from dues.delivery.models import Channel, Message
from dues.groups.models import BankAgreement, Creditor, Payee
from dues.invoicing.errors import UnknownGroupError
from dues.invoicing.issue import start_issue
from dues.invoicing.models import Claim, FeePeriod, Invoice, InvoiceItem, InvoiceLine, ItemState
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.journal.verify import verify
from dues.members.models import Membership, Person
from dues.runs.models import Run, RunState
from dues.runs.start import confirm, discard, pause, resume
from tests.factories.members import member, person
from tests.factories.money import owed
from tests.factories.organisation import FEE, LOCAL_FEE, NATIONAL_FEE, Organisation, organisation
from tests.factories.runs import Outcome, confirmed, finished, issued, outcome
from tests.invoicing.test_renewal import DAY
from tests.together import together


def members(session: Session, made: Organisation, many: int) -> list[Membership]:
    return [member(session, made, joined_on=DAY) for _ in range(many)]


def numbers(session: Session) -> list[int]:
    return list(session.scalars(select(Invoice.number).order_by(Invoice.number)))


def test_a_preview_writes_no_invoice_and_confirming_it_writes_exactly_its_rows(
    session: Session, ledger: OpenSession
) -> None:
    made = organisation(session)
    members(session, made, 8)
    run = issued(ledger, on=DAY, confirmed=False)
    assert (run.state, run.total) == (RunState.READY, 8)
    assert numbers(session) == []
    assert session.scalar(select(func.count()).select_from(FeePeriod)) == 0
    previewed = session.execute(
        select(InvoiceItem.seq, InvoiceItem.payer_id, InvoiceItem.amount, InvoiceItem.due_on).order_by(InvoiceItem.seq)
    ).all()
    late = member(session, made, joined_on=DAY)
    done = confirmed(ledger, run.run_id)
    assert (done.state, done.total, done.done) == (RunState.DONE, 8, 8)
    assert done.result["amounts"] == {str(made.creditor.id): 8 * FEE}
    written = session.execute(
        select(Invoice.item_seq, Invoice.payer_id, Invoice.amount, Invoice.due_on).order_by(Invoice.item_seq)
    ).all()
    assert written == previewed
    assert session.get_one(Membership, late.id).charged_through is None


def test_an_invoice_has_its_lines_claim_postings_and_message(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    who = member(session, made, joined_on=DAY, email="kim@example.org")
    issued(ledger, on=DAY)
    invoice = session.scalars(select(Invoice)).one()
    assert (invoice.number, invoice.amount, invoice.currency, invoice.issued_on) == (1, FEE, "SEK", DAY)
    assert invoice.due_on == DAY + dt.timedelta(days=30)
    lines = session.execute(
        select(InvoiceLine.component_id, InvoiceLine.beneficiary_id, InvoiceLine.amount).order_by(InvoiceLine.position)
    ).all()
    assert lines == [(made.national.id, made.root.id, NATIONAL_FEE), (made.local.id, made.north.id, LOCAL_FEE)]
    claim = session.scalars(select(Claim)).one()
    assert (claim.debtor_id, claim.open_amount, claim.due_on, claim.ended) == (who.person_id, FEE, invoice.due_on, None)
    assert (claim.country, claim.consumer) == ("SE", True)
    receivable = select(Account.id).where(
        Account.role == AccountRole.RECEIVABLE, Account.creditor_id == made.creditor.id
    )
    booked = session.execute(
        select(Posting.debit_account_id, Posting.amount, Posting.claim_id, Posting.service_from, Posting.service_to)
    ).all()
    through = dt.date(2027, 3, 9)
    assert sorted(booked) == [
        (session.scalar(receivable), amount, claim.id, DAY, through) for amount in (LOCAL_FEE, NATIONAL_FEE)
    ]
    message = session.scalars(select(Message)).one()
    assert (message.kind, message.subject_id, message.channel) == ("invoice", invoice.id, Channel.EMAIL)
    assert (message.address, message.language) == ("kim@example.org", "sv")


def test_a_run_books_one_voucher_for_each_slice_and_creditor(session: Session, ledger: OpenSession) -> None:
    for prefix, country in (("one", "SE"), ("two", "NL")):
        members(session, organisation(session, country=country, prefix=prefix), 4)
    run = issued(ledger, on=DAY)
    assert len(run.result["amounts"]) == 2
    vouchers = session.execute(select(Entry.creditor_id, Entry.number).order_by(Entry.creditor_id, Entry.number)).all()
    assert [number for _, number in vouchers] == [1, 2, 1, 2]
    assert numbers(session) == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_parent_pays_for_a_child(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    parent = person(session, given_name="Eva", family_name="Ek", email="eva@example.org")
    child = person(session, given_name="Ali", family_name="Ek", born=dt.date(2016, 1, 1))
    member(session, made, joined_on=DAY, who=child, payer=parent)
    issued(ledger, on=DAY)
    invoice, claim = session.scalars(select(Invoice)).one(), session.scalars(select(Claim)).one()
    assert (invoice.payer_id, invoice.payer_name, claim.debtor_id) == (parent.id, "Eva Ek", parent.id)
    named = select(InvoiceLine.member_name, InvoiceLine.person_id).distinct()
    assert session.execute(named).one() == ("Ali Ek", child.id)
    assert session.scalars(select(Message.address)).all() == ["eva@example.org"]


def test_a_payer_pays_only_from_day_to_day(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    parent = person(session)
    grown = member(session, made, joined_on=DAY, payer=parent)
    session.execute(text("UPDATE payer SET to_on = from_on"))
    issued(ledger, on=DAY + dt.timedelta(days=1))
    assert session.scalars(select(Invoice.payer_id)).all() == [grown.person_id]


def test_what_was_printed_stays_when_names_change(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    who = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    before = session.execute(
        select(Invoice.payer_name, Invoice.payer_street, Payee.content).join_from(
            Invoice, Payee, Payee.id == Invoice.payee_id
        )
    ).one()
    session.execute(update(Person).where(Person.id == who.person_id).values(family_name="Ny", street="Nygatan 1"))
    session.execute(update(Creditor).where(Creditor.id == made.creditor.id).values(name="Nya förbundet"))
    session.execute(update(BankAgreement).values(swish_number="1230000000"))
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    after = session.execute(
        select(Invoice.payer_name, Invoice.payer_street, Payee.content)
        .join_from(Invoice, Payee, Payee.id == Invoice.payee_id)
        .order_by(Invoice.number)
    ).all()
    assert after[0] == before
    assert after[1].content["name"] == "Nya förbundet"
    assert before.content["name"] == "Riksförbundet"


def test_two_runs_at_once_charge_everybody_once(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        members(session, made, 20)
    runs = [issued(opened, on=DAY, confirmed=False).run_id for _ in range(2)]
    with committing.unit_of_work(Role.JOBS) as session:
        for run_id in runs:
            confirm(session, run_id=run_id)
    found = together(*(partial(finished, opened, run_id) for run_id in runs))
    assert all(isinstance(one, Outcome) and one.state is RunState.DONE for one in found), found
    results = [outcome(opened, run_id).result for run_id in runs]
    assert sum(result["issued"] for result in results) == 20
    assert sum(result["excluded"].get("already invoiced", 0) for result in results) == 20
    with opened() as session:
        assert numbers(session) == list(range(1, 21))
        assert session.scalar(select(func.count(func.distinct(InvoiceLine.membership_id)))) == 20
    with opened() as session:
        assert verify(session).ok


def test_two_workers_on_one_run_share_it(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        members(session, organisation(session), 20)
        run_id = start_issue(session, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=3).id
    assert not [one for one in together(*[partial(finished, opened, run_id)] * 2) if isinstance(one, Exception)]
    assert outcome(opened, run_id).result["issued"] == 20
    with opened() as session:
        assert verify(session).ok


def test_one_run_on_several_connections_is_the_same_run(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    with committing.unit_of_work(Role.JOBS) as session:
        for prefix, country in (("one", "SE"), ("two", "NL")):
            members(session, organisation(session, country=country, prefix=prefix), 20)
        run_id = start_issue(session, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=3).id
    run = finished(opened, run_id, parallel=3)
    assert (run.total, run.done, run.result["issued"]) == (40, 40, 40)
    assert sorted(run.result["amounts"].values()) == [20 * FEE] * 2
    with opened() as session:
        assert numbers(session) == sorted([*range(1, 21)] * 2)
    with opened() as session:
        assert verify(session).ok


def test_a_run_can_be_paused_and_goes_on_where_it_stopped(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members(session, made, 9)
    run = issued(ledger, on=DAY, confirmed=False)
    with ledger() as other, other.begin():
        confirm(other, run_id=run.run_id)
        pause(other, run_id=run.run_id)
    assert finished(ledger, run.run_id).state is RunState.PAUSED
    assert numbers(session) == []
    with ledger() as other, other.begin():
        resume(other, run_id=run.run_id)
    assert finished(ledger, run.run_id).result["issued"] == 9


def test_a_run_that_failed_midway_is_resumed_without_loss_or_double(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members(session, made, 9)
    seen = 0

    def fail_once(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise MemoryError("no memory")

    event.listen(Entry, "before_insert", fail_once)
    try:
        with pytest.raises(MemoryError):
            issued(ledger, on=DAY)
    finally:
        event.remove(Entry, "before_insert", fail_once)
    failed = session.scalars(select(Run)).one()
    assert (failed.state, failed.error, failed.done) == (RunState.FAILED, "MemoryError: no memory", 3)
    assert numbers(session) == [1, 2, 3]
    with ledger() as other, other.begin():
        resume(other, run_id=failed.id)
    assert finished(ledger, failed.id).result["issued"] == 9
    assert numbers(session) == list(range(1, 10))


def test_a_preview_can_be_thrown_away(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    members(session, made, 2)
    run = issued(ledger, on=DAY, confirmed=False)
    with ledger() as other, other.begin():
        discard(other, run_id=run.run_id)
    assert finished(ledger, run.run_id).state is RunState.DISCARDED
    assert owed(ledger) == []
    states = session.scalars(select(InvoiceItem.state)).all()
    assert states == [ItemState.READY] * 2


def test_a_group_that_is_not_there_is_named(session: Session) -> None:
    with pytest.raises(UnknownGroupError, match="no group called 'nowhere'"):
        start_issue(session, on=DAY, by=COMMAND_LINE, group="nowhere")
