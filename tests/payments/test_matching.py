"""Money that came through bank files: what it settles by itself, and what waits for a person, with which reason."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankfiles.types import Reference
from bankfiles.write import Incoming
from database.connect import Database, OpenSession, Role
from dues.actor import COMMAND_LINE
from dues.delivery.models import Message
from dues.groups.models import BankAgreement
from dues.invoicing.models import Claim, ClaimEnd, FeePeriod, Invoice
from dues.journal.models import Account, AccountRole, Entry, Posting
from dues.journal.verify import verify
from dues.members.models import Membership, MembershipStatus, StatusChange
from dues.payments import accept as accepting
from dues.payments.credit_invoice import credit_invoice
from dues.payments.models import Allocation, BankFile, CaseReason, Payment, PaymentCase
from dues.payments.queries import open_cases
from tests.factories.members import member, person
from tests.factories.money import banked, bgmax, camt, owed, paid, taken
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import Outcome, finished, issued
from tests.together import together

DAY = dt.date(2026, 3, 10)
PAID = dt.date(2026, 3, 20)
THROUGH = dt.date(2027, 3, 9)


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation with two members who have been invoiced."""
    found = organisation(session)
    for _ in range(2):
        member(session, found, joined_on=DAY)
    issued(ledger, on=DAY)
    return found


def reasons(session: Session) -> list[tuple[CaseReason, int]]:
    found = select(PaymentCase.reason, PaymentCase.unallocated).order_by(PaymentCase.payment_id)
    return list(session.execute(found).all())


def in_the_bank(session: Session, made: Organisation, currency: str = "SEK") -> int:
    """What the bank accounts hold in the books, in minor units."""
    bank = select(Account.id).where(
        Account.role == AccountRole.BANK, Account.currency == currency, Account.creditor_id == made.creditor.id
    )
    came = session.scalar(select(func.sum(Posting.amount)).where(Posting.debit_account_id.in_(bank))) or 0
    left = session.scalar(select(func.sum(Posting.amount)).where(Posting.credit_account_id.in_(bank))) or 0
    return int(came - left)


def test_a_payment_that_agrees_settles_covers_activates_and_is_receipted(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    claim, reference, _ = owed(ledger)[0]
    run = banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    assert run.result == {"matched": 1, "unmatched": 0}
    settled = session.get_one(Claim, claim)
    assert (settled.open_amount, settled.ended, settled.ended_on) == (0, ClaimEnd.PAID, PAID)
    invoice = session.get_one(Invoice, settled.invoice_id)
    membership = session.scalars(select(Membership).where(Membership.person_id == invoice.payer_id)).one()
    assert (membership.status, membership.paid_through) == (MembershipStatus.ACTIVE, THROUGH)
    states = session.scalars(select(FeePeriod.state).where(FeePeriod.membership_id == membership.id)).all()
    assert states == ["covered", "covered"]
    steps = select(StatusChange.status, StatusChange.from_on).where(StatusChange.membership_id == membership.id)
    assert session.execute(steps.order_by(StatusChange.id)).all() == [("applied", DAY), ("active", PAID)]
    allocation = session.scalars(select(Allocation)).one()
    assert (allocation.claim_id, allocation.amount, allocation.person_id) == (claim, FEE, invoice.payer_id)
    receipt = session.scalars(select(Message).where(Message.kind == "receipt")).one()
    assert (receipt.subject_id, receipt.person_id) == (allocation.id, invoice.payer_id)
    assert in_the_bank(session, made) == FEE
    assert open_cases(session, limit=10) == []


def test_who_has_no_email_address_gets_no_receipt(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY, email="")
    issued(ledger, on=DAY)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    assert session.scalars(select(Message.kind)).all() == ["invoice"]


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        ((FEE, "999999999999"), CaseReason.UNKNOWN_REFERENCE),
        ((FEE, ""), CaseReason.NO_REFERENCE),
        ((FEE + 1, "right"), CaseReason.TOO_MUCH),
        ((FEE - 1, "right"), CaseReason.TOO_LITTLE),
        ((-FEE, "right"), CaseReason.MONEY_LEFT),
        ((-FEE, ""), CaseReason.MONEY_LEFT),
    ],
)
def test_what_does_not_agree_waits_with_its_reason(
    session: Session, ledger: OpenSession, made: Organisation, came: tuple[int, str], reason: CaseReason
) -> None:
    amount, reference = came
    claim, right, _ = owed(ledger)[0]
    quoted = right if reference == "right" else reference
    run = banked(ledger, camt(made.agreement, [paid(amount, quoted)], on=PAID), on=PAID)
    assert run.result == {"matched": 0, "unmatched": 1}
    (case,) = open_cases(session, limit=10)
    assert (case.reason, case.unallocated, case.amount) == (reason, amount, amount)
    assert case.claim_id == (claim if quoted == right else None)
    assert [left for _, _, left in owed(ledger)] == [FEE, FEE]
    assert in_the_bank(session, made) == amount
    assert session.scalars(select(Message.id).where(Message.kind == "receipt")).all() == []


def test_an_amount_of_nothing_is_kept_and_books_nothing(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    banked(ledger, bgmax(made.agreement, [paid(0, reference), paid(FEE, reference)], on=PAID), on=PAID)
    assert reasons(session) == [(CaseReason.NO_AMOUNT, 0)]
    assert in_the_bank(session, made) == FEE


def test_paid_twice_in_one_file_settles_once(session: Session, ledger: OpenSession, made: Organisation) -> None:
    reference = owed(ledger)[0][1]
    file = camt(made.agreement, [paid(FEE, reference), paid(FEE, reference)], on=PAID)
    assert banked(ledger, file, on=PAID).result == {"matched": 1, "unmatched": 1}
    assert reasons(session) == [(CaseReason.ALREADY_PAID, FEE)]
    assert in_the_bank(session, made) == 2 * FEE


def test_a_part_before_the_whole_does_not_take_its_place(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    file = camt(made.agreement, [paid(100, reference), paid(FEE, reference)], on=PAID)
    assert banked(ledger, file, on=PAID).result == {"matched": 1, "unmatched": 1}
    assert reasons(session) == [(CaseReason.TOO_LITTLE, 100)]


def test_paid_again_in_a_later_file_waits(session: Session, ledger: OpenSession, made: Organisation) -> None:
    reference = owed(ledger)[0][1]
    for day in (PAID, PAID + dt.timedelta(days=1)):
        banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=day), on=day)
    assert reasons(session) == [(CaseReason.ALREADY_PAID, FEE)]


def test_paid_after_it_was_credited_waits(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim, reference, _ = owed(ledger)[0]
    with ledger() as other, other.begin():
        credit_invoice(other, invoice_id=other.get_one(Claim, claim).invoice_id, on=PAID, by=COMMAND_LINE)
    banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    assert reasons(session) == [(CaseReason.ALREADY_CREDITED, FEE)]


def test_money_in_a_second_currency_of_the_account_opens_it_in_the_books(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    reference = owed(ledger)[0][1]
    file = camt(made.agreement, [paid(5000, reference), paid(700)], on=PAID, currency="EUR")
    assert banked(ledger, file, on=PAID).result == {"matched": 0, "unmatched": 2}
    assert reasons(session) == [(CaseReason.OTHER_CURRENCY, 5000), (CaseReason.NO_REFERENCE, 700)]
    assert (in_the_bank(session, made, "EUR"), in_the_bank(session, made)) == (5700, 0)
    opened = session.scalars(select(BankAgreement).where(BankAgreement.currency == "EUR")).one()
    assert (opened.number, opened.preferred) == (made.agreement.number, False)
    banked(ledger, camt(made.agreement, [paid(300)], on=PAID, currency="EUR"), on=PAID)
    assert in_the_bank(session, made, "EUR") == 6000


def test_a_payment_with_several_references_waits_for_a_person(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    references = tuple(Reference(reference, FEE) for _, reference, _ in owed(ledger))
    both = Incoming(amount=2 * FEE, bank_reference="000000000001", references=references)
    banked(ledger, camt(made.agreement, [both], on=PAID), on=PAID)
    assert reasons(session) == [(CaseReason.NO_REFERENCE, 2 * FEE)]
    assert session.scalars(select(Payment.references)).one() == [[r.value, FEE, True] for r in references]


def test_a_reference_typed_with_blanks_is_understood(session: Session, ledger: OpenSession) -> None:
    made = organisation(session, country="NL")
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    reference = owed(ledger)[0][1]
    file = camt(made.agreement, [paid(FEE, f"{reference[:4].lower()} {reference[4:]}")], on=PAID)
    assert banked(ledger, file, on=PAID).result["matched"] == 1


def test_the_parents_payment_activates_the_child(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    child = member(session, made, joined_on=DAY, payer=person(session))
    issued(ledger, on=DAY)
    banked(ledger, camt(made.agreement, [paid(FEE, owed(ledger)[0][1])], on=PAID), on=PAID)
    found = session.get_one(Membership, child.id)
    assert (found.status, found.paid_through) == (MembershipStatus.ACTIVE, THROUGH)


def test_a_bgmax_file_settles_like_any_other(ledger: OpenSession, made: Organisation) -> None:
    payments = [paid(FEE, reference) for _, reference, _ in owed(ledger)]
    assert banked(ledger, bgmax(made.agreement, payments, on=PAID), on=PAID).result["matched"] == 2


def test_each_day_and_creditor_has_vouchers_of_its_own(session: Session, ledger: OpenSession) -> None:
    both = [organisation(session, country=country, prefix=country.lower()) for country in ("SE", "NO")]
    days = [PAID, PAID + dt.timedelta(days=1)]
    for made in both:
        for day in days:
            banked(ledger, camt(made.agreement, [paid(100), paid(200)], on=day), on=days[1])
    found = session.execute(select(Entry.creditor_id, Entry.on_date, Entry.number)).all()
    assert sorted(found) == [(made.creditor.id, day, n) for made in both for n, day in enumerate(days, start=1)]


def test_slices_leave_nothing_out(
    session: Session, ledger: OpenSession, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "SLICE", 3)
    payments = [paid(amount) for amount in range(1, 11)]
    run = banked(ledger, camt(made.agreement, payments, on=PAID), on=PAID)
    assert (run.total, run.done, run.result["unmatched"]) == (10, 10, 10)
    assert in_the_bank(session, made) == 55


def test_what_the_file_says_is_kept_with_the_payment(session: Session, ledger: OpenSession, made: Organisation) -> None:
    one = paid(100, message="Hej\nfrån Kim", bank_reference="123456789012")
    accepted = taken(ledger, camt(made.agreement, [one], on=PAID, number=7), on=PAID)
    payment = session.scalars(select(Payment)).one()
    assert (payment.message, payment.payer_name, payment.value_on) == ("Hej\nfrån Kim", "Kim Ek", PAID)
    file = session.get_one(BankFile, accepted.file_id)
    assert (file.format, file.payments, file.amount, file.currency) == ("camt.054", 1, 100, "SEK")
    finished(ledger, accepted.run_id)


@pytest.mark.parametrize("written", ["a\tb", "\\N", "c:\\new\\table", "tab\\t", "”ÅÄÖ” ‰ 🎵", "'; --", "\\."])
def test_whatever_a_payer_writes_is_kept_as_it_is(
    session: Session, ledger: OpenSession, made: Organisation, written: str
) -> None:
    several = (Reference(f"A{written}"), Reference(f"B{written}"))
    one = Incoming(100, "000000000001", several, text=f"{written}\n{written}", payer_name=written)
    banked(ledger, camt(made.agreement, [one, paid(200, message="after")], on=PAID), on=PAID)
    first, second = session.scalars(select(Payment).order_by(Payment.id))
    assert first.message.split() == f"{written}\n{written}".split()
    assert first.payer_name.split() == written.split()
    assert first.references is not None
    assert [value.split() for value, _, _ in first.references] == [r.value.split() for r in several]
    assert (second.message, second.amount) == ("after", 200)


def committed(database: Database, many: int = 1) -> tuple[OpenSession, Organisation]:
    """An organisation with invoiced members in a database of its own."""
    opened = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        made = organisation(session)
        for _ in range(many):
            member(session, made, joined_on=DAY)
        session.expunge_all()
    issued(opened, on=DAY)
    return opened, made


def test_two_files_at_once_for_one_claim_settle_it_once(committing: Database) -> None:
    opened, made = committed(committing, many=6)
    claims = owed(opened)
    runs = [
        taken(opened, camt(made.agreement, [paid(FEE, reference) for _, reference, _ in turn], on=PAID), on=PAID).run_id
        for turn in (claims, claims[::-1])
    ]
    found = together(*(partial(finished, opened, run_id) for run_id in runs))
    assert all(isinstance(one, Outcome) for one in found), found
    results = [one.result for one in found if isinstance(one, Outcome)]
    assert sum(result["matched"] for result in results) == 6
    with opened() as session:
        assert reasons(session) == [(CaseReason.ALREADY_PAID, FEE)] * 6
        assert in_the_bank(session, made) == 12 * FEE
    with opened() as session:
        assert verify(session).ok


def test_two_workers_on_one_import_share_it(committing: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "SLICE", 2)
    opened, made = committed(committing, many=6)
    payments = [paid(FEE, reference) for _, reference, _ in owed(opened)] * 2
    run_id = taken(opened, camt(made.agreement, payments, on=PAID), on=PAID).run_id
    found = together(*[partial(finished, opened, run_id, parallel=2)] * 2)
    assert all(isinstance(one, Outcome) for one in found), found
    with opened() as session:
        assert session.scalars(select(Claim.ended)).all() == [ClaimEnd.PAID] * 6
        assert reasons(session) == [(CaseReason.ALREADY_PAID, FEE)] * 6
    with opened() as session:
        assert verify(session).ok
