"""One invoice for all whom somebody pays for: previewed as one, issued as one, paid, ended and undone as one."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.delivery.models import Message
from dues.groups.models import NumberVoid
from dues.invoicing import issue, items
from dues.invoicing.document import invoice_documents
from dues.invoicing.models import Claim, FeePeriod, Invoice, InvoiceLine
from dues.invoicing.sample import samples
from dues.journal.verify import prove
from dues.loop.end import end_membership
from dues.members.models import Membership, MembershipStatus, Person
from dues.runs.drive import Progress, drive
from dues.runs.models import Run
from dues.runs.preview import preview_of
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, organisation
from tests.factories.runs import confirmed, issued, outcome, undone
from tests.invoicing.test_faulty import mend, spoil
from tests.invoicing.test_ground import confirmed_as_seen

DAY = dt.date(2026, 3, 10)
BORN = dt.date(2014, 4, 1)


class Family:
    """A parent who is a member in the north, with two children there and one in the south; and a stranger."""

    def __init__(self, session: Session, *, wish: bool | None = True, creditor: bool = False) -> None:
        self.made = made = organisation(session)
        set_clock(session, to=DAY, real=DAY)
        made.creditor.one_invoice = creditor
        self.parent = person(session, given_name="Eva", family_name="Ek", email="eva@example.org")
        self.parent.one_invoice = wish
        self.own = member(session, made, joined_on=DAY, who=self.parent)
        names = ("Ali", "Bo", "Cia")
        self.children = [person(session, given_name=name, family_name="Ek", born=BORN) for name in names]
        places = (made.north, made.north, made.south)
        self.theirs = [
            member(session, made, joined_on=DAY, who=child, payer=self.parent, group=place)
            for child, place in zip(self.children, places, strict=True)
        ]
        self.stranger = member(session, made, joined_on=DAY)
        session.flush()


def invoice_of(session: Session, payer: Person) -> Invoice:
    return session.scalars(select(Invoice).where(Invoice.payer_id == payer.id, Invoice.kind == "invoice")).one()


def held(session: Session, one: Membership) -> Membership:
    return session.get_one(Membership, one.id, populate_existing=True)


def test_a_family_gets_one_invoice_and_everybody_is_covered_when_it_is_paid(
    session: Session, ledger: OpenSession
) -> None:
    family = Family(session)
    run = issued(ledger, on=DAY, confirmed=False)
    assert run.total == 2
    rows = items.rows(session, run_id=run.run_id, wanted=items.Wanted(), after=0, limit=50)
    assert [(row.total, len(row.charged)) for row in rows] == [(FEE, 1), (4 * FEE, 4)]
    assert [one.member for one in rows[1].charged] == ["Eva Ek", "Ali Ek", "Bo Ek", "Cia Ek"]
    for wanted in (items.Wanted(text="Ek Cia"), items.Wanted(group_id=family.made.south.id)):
        found = items.rows(session, run_id=run.run_id, wanted=wanted, after=0, limit=50)
        assert [row.total for row in found] == [4 * FEE]
    kept = preview_of(session, run_id=run.run_id)
    assert kept is not None
    shown = samples(session, run=session.get_one(Run, run.run_id), seqs=kept.content["samples"])
    assert sorted(one.total for one in shown) == [FEE, 4 * FEE]

    done = confirmed(ledger, run.run_id)
    assert (done.done, done.result["amounts"]) == (2, {str(family.made.creditor.id): 5 * FEE})
    invoice = invoice_of(session, family.parent)
    assert (invoice.amount, invoice.group_id) == (4 * FEE, family.made.root.id)
    assert session.scalars(select(Message.subject_id).where(Message.address == "eva@example.org")).all() == [invoice.id]
    document = invoice_documents(session, invoices=[invoice.id])[invoice.id]
    assert document.total == 4 * FEE
    assert list(dict.fromkeys(line.member for line in document.lines)) == ["Eva Ek", "Ali Ek", "Bo Ek", "Cia Ek"]
    souths = select(func.count()).where(InvoiceLine.beneficiary_id == family.made.south.id)
    assert session.scalar(souths) == 1  # the local fee of the child there
    after = items.rows(session, run_id=run.run_id, wanted=items.Wanted(each=True), after=0, limit=50)
    assert [row.number for row in after] == [1, 2, 2, 2, 2]

    claim = session.scalars(select(Claim.id).where(Claim.invoice_id == invoice.id)).one()
    reference = next(value for id_, value, _ in owed(ledger) if id_ == claim)
    banked(ledger, camt(family.made.agreement, [paid(4 * FEE, reference)], on=DAY), on=DAY)
    for one in (family.own, *family.theirs):
        assert (held(session, one).status, held(session, one).paid_through) == ("active", dt.date(2027, 3, 9))
    assert held(session, family.stranger).paid_through is None
    assert prove(session).ok


def test_who_ends_is_credited_alone_and_the_others_stay(session: Session, ledger: OpenSession) -> None:
    family = Family(session)
    issued(ledger, on=DAY)
    with ledger() as other, other.begin():
        (note,) = end_membership(
            other,
            membership_id=family.theirs[0].id,
            status=MembershipStatus.LEFT,
            on=DAY,
            today=DAY,
            by=COMMAND_LINE,
        )
    assert session.get_one(Invoice, note).amount == FEE
    assert session.scalars(select(InvoiceLine.person_id).where(InvoiceLine.invoice_id == note).distinct()).all() == [
        family.children[0].id
    ]
    claim = session.scalars(select(Claim).where(Claim.debtor_id == family.parent.id)).one()
    assert (claim.open_amount, claim.credited_amount, claim.ended) == (3 * FEE, FEE, None)
    assert held(session, family.theirs[0]).charged_through is None
    assert held(session, family.theirs[1]).charged_through == dt.date(2027, 3, 9)
    assert prove(session).ok


def test_undoing_the_run_takes_the_one_invoice_back(session: Session, ledger: OpenSession) -> None:
    family = Family(session)
    run = issued(ledger, on=DAY)
    undone(ledger, run.run_id, on=DAY)
    notes = session.scalars(select(Invoice.amount).where(Invoice.kind == "credit note").order_by(Invoice.amount)).all()
    assert notes == [FEE, 4 * FEE]
    assert {held(session, one).charged_through for one in (family.own, *family.theirs, family.stranger)} == {None}
    assert prove(session).ok
    assert issued(ledger, on=DAY).done == 2


@pytest.mark.parametrize(
    ("wish", "creditor", "invoices"), [(None, False, 5), (None, True, 2), (False, True, 5), (True, False, 2)]
)
def test_the_payers_wish_goes_before_the_creditors_custom(
    session: Session, ledger: OpenSession, *, wish: bool | None, creditor: bool, invoices: int
) -> None:
    Family(session, wish=wish, creditor=creditor)
    assert issued(ledger, on=DAY).done == invoices


def test_a_wish_that_comes_after_the_preview_is_shown_before_anything_is_issued(
    session: Session, ledger: OpenSession
) -> None:
    family = Family(session, wish=None)
    run = issued(ledger, on=DAY, confirmed=False)
    with ledger() as other, other.begin():
        other.get_one(Person, family.parent.id).one_invoice = True
    again = confirmed_as_seen(ledger, run.run_id)
    assert (again.state, again.total, again.done) == ("ready", 2, 0)
    assert confirmed_as_seen(ledger, run.run_id).done == 2
    assert prove(session).ok


@pytest.mark.parametrize("size", [1, 50])
@pytest.mark.parametrize("all_of_them", [False, True])
def test_who_ends_while_the_run_writes_is_not_charged_and_no_number_is_lost(
    session: Session, ledger: OpenSession, *, size: int, all_of_them: bool
) -> None:
    family = Family(session)
    gone = [family.own, *family.theirs] if all_of_them else [family.own]
    with ledger() as starting, starting.begin():
        run_id = issue.start_issue(starting, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=size).id
    waiting = [one.id for one in gone]

    def watch(progress: Progress) -> None:
        while progress.phase == "write" and waiting:
            with ledger() as other, other.begin():
                end_membership(
                    other,
                    membership_id=waiting.pop(),
                    status=MembershipStatus.LEFT,
                    on=DAY,
                    today=DAY,
                    by=COMMAND_LINE,
                    seen=[],
                )

    drive(ledger, run_id, watch=watch)
    session.expire_all()
    assert outcome(ledger, run_id).done == (1 if all_of_them else 2)
    amounts = session.scalars(select(Invoice.amount).order_by(Invoice.amount)).all()
    assert amounts == ([FEE] if all_of_them else [FEE, 3 * FEE])
    assert len(session.scalars(select(NumberVoid.number).where(NumberVoid.series == "invoice")).all()) == all_of_them
    states = select(FeePeriod.state).where(FeePeriod.membership_id == family.own.id).distinct()
    assert session.scalars(states).all() == ["released"]
    assert prove(session).ok


def test_who_is_charged_elsewhere_before_the_claim_stays_off_the_one_invoice(
    session: Session, ledger: OpenSession
) -> None:
    family = Family(session)
    with ledger() as starting, starting.begin():
        run_id = issue.start_issue(starting, on=DAY, by=COMMAND_LINE, confirmed=True).id
    waiting = [family.own.id]

    def watch(progress: Progress) -> None:
        if progress.phase == "claim" and waiting:
            issued(ledger, on=DAY, memberships=[waiting.pop()])

    drive(ledger, run_id, watch=watch)
    session.expire_all()
    amounts = session.scalars(select(Invoice.amount).where(Invoice.payer_id == family.parent.id)).all()
    assert sorted(amounts) == [FEE, 3 * FEE]
    left = items.rows(session, run_id=run_id, wanted=items.Wanted(left_out=True), after=0, limit=5)
    assert [(row.member, row.reason, row.number) for row in left] == [("Eva Ek", "already invoiced", None)]
    rows = items.rows(session, run_id=run_id, wanted=items.Wanted(), after=0, limit=5)
    assert [len(row.charged) for row in rows] == [1, 3]
    assert prove(session).ok


@pytest.mark.parametrize(("table", "column", "void"), [("invoice", "payer_id", 1), ("fee_period", "membership_id", 0)])
def test_of_a_familys_invoice_that_cannot_be_written_nothing_is_and_the_others_are(
    session: Session, ledger: OpenSession, *, table: str, column: str, void: int
) -> None:
    family = Family(session)
    another = member(session, family.made, joined_on=DAY, payer=person(session))
    spoil(session, family.own, table=table, column=column)
    run = issued(ledger, on=DAY, slice_size=50)
    assert (run.done, run.result["excluded"]) == (2, {"this row is broken": 4})
    assert held(session, another).charged_through == dt.date(2027, 3, 9)
    assert {held(session, one).charged_through for one in (family.own, *family.theirs)} == {None}
    assert len(session.scalars(select(NumberVoid.number).where(NumberVoid.series == "invoice")).all()) == void
    mend(session, table=table)
    again = issued(ledger, on=DAY)
    assert again.done == 1
    assert prove(session).ok
