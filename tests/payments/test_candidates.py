"""Whose a payment may be: each kind of evidence leads to the right claim, and is said; chance is not shown."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Incoming
from database.connect import OpenSession
from dues.invoicing.models import Claim, Invoice
from dues.members.models import Person
from dues.payments.allocate import allocate
from dues.payments.candidates import Candidate, candidates
from dues.payments.case import Case, read_case
from dues.payments.evidence import Fact
from dues.payments.models import CaseReason, Payment, PaymentCase
from dues.payments.outcome import Outcome, outcomes
from dues.payments.pile import Wanted, before, how_many, next_case, pile, previous_case
from dues.payments.seek import seek
from dues.payments.slips import Slip
from tests.factories.members import member, person
from tests.factories.money import banked, camt, owed, paid
from tests.factories.organisation import FEE, Organisation, organisation
from tests.factories.runs import issued
from tests.payments.test_allocate import OFFICER
from tests.payments.test_matching import DAY, PAID, THROUGH

IBAN = account("IBAN", "DE89370400440532013000")
NAMES = (("Anders", "Johansson"), ("Käthe", "Müller"), ("Jan", "Bakker"))


@pytest.fixture
def made(session: Session, ledger: OpenSession) -> Organisation:
    """An organisation that three members with names of their own owe a year's fee."""
    found = organisation(session)
    for given, family in NAMES:
        member(session, found, joined_on=DAY, who=person(session, given_name=given, family_name=family))
    issued(ledger, on=DAY)
    return found


def came(ledger: OpenSession, made: Organisation, *payments: Incoming) -> list[Case]:
    """Money that came and waits, as an officer looks at it."""
    banked(ledger, camt(made.agreement, payments, on=PAID), on=PAID)
    with ledger() as session:
        ids = session.scalars(select(PaymentCase.payment_id).where(PaymentCase.closed_at.is_(None))).all()
        found = [read_case(session, payment_id=payment_id) for payment_id in sorted(ids)]
    return [one for one in found if one is not None][-len(payments) :]


def anonymous(amount: int = FEE, reference: str = "", message: str = "") -> Incoming:
    """A payment whose name and account say nothing."""
    return replace(paid(amount, reference, message=message), payer_name="KASSA")


def facts(one: Candidate) -> list[Fact]:
    return [evidence.fact for evidence in one.evidence]


def slip_of(one: Candidate) -> tuple[Slip | None, int]:
    found = next(evidence for evidence in one.evidence if evidence.fact is Fact.SLIP)
    return found.slip, found.position


@pytest.mark.parametrize("country", ["SE", "NO", "NL"])
def test_one_wrong_digit_leads_to_the_claim_it_was_meant_for(
    session: Session, ledger: OpenSession, country: str
) -> None:
    made = organisation(session, country=country)
    for _ in range(3):
        member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    claim, reference, _ = owed(ledger)[1]
    places = range(2 if reference.startswith("RF") else 0, len(reference))
    wrong = [reference[:at] + str((int(reference[at]) + 1) % 10) + reference[at + 1 :] for at in places]
    cases = came(ledger, made, *[anonymous(reference=one) for one in wrong])
    for at, case in zip(places, cases, strict=True):
        assert case.reason is CaseReason.UNKNOWN_REFERENCE
        meant = next(one for one in candidates(session, case) if one.claim_id == claim)
        assert facts(meant) == [Fact.SLIP, Fact.AMOUNT]
        assert slip_of(meant) == (Slip.WRONG_DIGIT, at)


def test_a_slip_is_no_evidence_for_another_amount(session: Session, ledger: OpenSession, made: Organisation) -> None:
    _, reference, _ = owed(ledger)[0]
    wrong = reference[:4] + "7" + reference[5:]
    (case,) = came(ledger, made, anonymous(FEE - 100, wrong))
    assert candidates(session, case) == []
    (named,) = came(ledger, made, replace(anonymous(FEE - 100, wrong), payer_name="ANDERS JOHANSSON"))
    assert [facts(one) for one in candidates(session, named)] == [[Fact.NAME, Fact.SLIP]]


def test_a_missing_zero_is_said(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim, reference, _ = owed(ledger)[0]
    (case,) = came(ledger, made, anonymous(reference=reference.replace("0", "", 1)))
    (found,) = candidates(session, case)
    assert (found.claim_id, slip_of(found)[0]) == (claim, Slip.MISSING_ZERO)
    (row,) = pile(session, Wanted(), limit=10)
    assert row.slip is Slip.MISSING_ZERO


def test_reference_and_number_are_found_in_the_text(session: Session, ledger: OpenSession, made: Organisation) -> None:
    (first, reference, _), (second, _, _), _ = owed(ledger)
    number = session.scalars(select(Invoice.number).join(Claim).where(Claim.id == second)).one()
    spread = f"avgift {reference[:4]} {reference[4:8]} {reference[8:]}"
    cases = came(ledger, made, anonymous(message=spread), anonymous(1, message=f"faktura {number}"))
    assert [(one.claim_id, facts(one)) for one in candidates(session, cases[0])] == [
        (first, [Fact.IN_TEXT, Fact.AMOUNT])
    ]
    assert [(one.claim_id, facts(one)) for one in candidates(session, cases[1])] == [(second, [Fact.NUMBER])]


def test_several_references_are_all_found(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claims = owed(ledger)[:2]
    both = replace(anonymous(2 * FEE), references=tuple(Reference(reference) for _, reference, _ in claims))
    (case,) = came(ledger, made, both)
    found = candidates(session, case)
    assert [(one.claim_id, facts(one)) for one in found] == [(claim, [Fact.LISTED]) for claim, _, _ in claims]


@pytest.mark.parametrize(
    ("written", "fact"), [("JOHANSSON ANDERS", Fact.NAME), ("Johansson A", Fact.ALIKE), ("NOBODY AT ALL", None)]
)
def test_names_are_compared_as_banks_write_them(
    session: Session, ledger: OpenSession, made: Organisation, written: str, fact: Fact | None
) -> None:
    claim = owed(ledger)[0][0]
    (case,) = came(ledger, made, replace(paid(FEE), payer_name=written))
    found = [(one.claim_id, facts(one)) for one in candidates(session, case)]
    expected = sorted([fact, Fact.AMOUNT], key=list(Fact).index) if fact else []
    assert found == ([(claim, expected)] if fact else [])


def test_an_account_that_paid_before_leads_to_who_was_paid_for(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    first, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [replace(paid(FEE, reference), payer_account=IBAN)], on=PAID), on=PAID)
    (case,) = came(ledger, made, replace(anonymous(), payer_account=IBAN))
    (found,) = candidates(session, case)
    assert (found.claim_id, found.evidence[0].fact, found.evidence[0].on) == (None, Fact.ACCOUNT, PAID)
    assert found.person_id == session.get_one(Claim, first).debtor_id


def test_paid_twice_is_offered_as_credit_to_who_paid(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim, reference, _ = owed(ledger)[0]
    banked(ledger, camt(made.agreement, [paid(FEE, reference)], on=PAID), on=PAID)
    (case,) = came(ledger, made, anonymous(reference=reference))
    (found,) = candidates(session, case)
    assert (found.claim_id, found.key) == (None, f"credit-{found.person}")
    assert facts(found) == [Fact.SETTLED]
    assert found.person_id == session.get_one(Claim, claim).debtor_id


def test_better_founded_comes_first(session: Session, ledger: OpenSession, made: Organisation) -> None:
    _, reference, _ = owed(ledger)[1]
    wrong = reference[:-1] + str((int(reference[-1]) + 5) % 10)
    (case,) = came(ledger, made, replace(paid(FEE, wrong), payer_name="Käthe Müller"))
    found = candidates(session, case)
    assert found[0].name == "Käthe Müller"
    assert facts(found[0]) == [Fact.NAME, Fact.SLIP, Fact.AMOUNT]


def test_an_officers_choice_is_among_them(session: Session, ledger: OpenSession, made: Organisation) -> None:
    claim = owed(ledger)[2][0]
    who = session.get_one(Person, session.get_one(Claim, claim).debtor_id)
    (case,) = came(ledger, made, anonymous())
    assert [one.claim_id for one in candidates(session, case, chosen=f"claim-{claim}")] == [claim]
    chosen = candidates(session, case, chosen=f"credit-{who.uuid}")
    assert {one.claim_id for one in chosen} == {claim, None}
    for strange in ("claim-", "claim-99999999999999999999", "credit-x", "credit-", "claim-0x1", "nothing"):
        assert candidates(session, case, chosen=strange) == []


def foretold(session: Session, case: Case, claim: int) -> Outcome:
    shown = candidates(session, case, chosen=f"claim-{claim}")
    return outcomes(session, case, shown)[f"claim-{claim}"]


@pytest.mark.parametrize("amount", [FEE, FEE - 100, FEE + 700])
def test_what_is_foretold_is_what_happens(
    session: Session, ledger: OpenSession, made: Organisation, amount: int
) -> None:
    claim = owed(ledger)[0][0]
    (case,) = came(ledger, made, anonymous(amount))
    told = foretold(session, case, claim)
    with ledger() as working, working.begin():
        done = allocate(working, payment_id=case.payment_id, claim_id=claim, amount=None, on=PAID, by=OFFICER)
    assert (told.used, told.remains, told.credit) == (done.amount, done.open_amount, done.credit)
    assert told.paid is (done.open_amount == 0)
    assert told.through == (THROUGH if told.paid else None)
    assert bool(told.receipt) is told.paid


def test_the_pile_is_walked_filtered_and_searched(session: Session, ledger: OpenSession, made: Organisation) -> None:
    names = ["Åsa Berg", "BO EK", "Åsa Dal", "Eva Fors"]
    cases = came(
        ledger,
        made,
        *[
            replace(paid(100 + n, "" if n else "123456", message="Höst avgift"), payer_name=name)
            for n, name in enumerate(names)
        ],
    )
    ids = [case.payment_id for case in cases]
    assert [row.payment_id for row in pile(session, Wanted(), limit=10)] == ids
    assert [row.payment_id for row in pile(session, Wanted(), after=ids[0], limit=2)] == ids[1:3]
    assert [row.payer_name for row in pile(session, Wanted(words="  åsa "), limit=10)] == ["Åsa Berg", "Åsa Dal"]
    assert [row.payer_name for row in pile(session, Wanted(words="höst dal"), limit=10)] == ["Åsa Dal"]
    for written in ("asa hoest", "aasa host", "Åsa"):
        assert [row.payer_name for row in pile(session, Wanted(words=written), limit=10)] == ["Åsa Berg", "Åsa Dal"]
    assert [row.payer_name for row in pile(session, Wanted(words="ék"), limit=10)] == ["BO EK"]
    unknown = Wanted(reason=CaseReason.UNKNOWN_REFERENCE)
    assert [row.payment_id for row in pile(session, unknown, limit=10)] == ids[:1]
    assert pile(session, Wanted(agreement_id=made.agreement.id + 1), limit=10) == []
    house = Wanted(path=made.root.path)
    assert [row.payment_id for row in pile(session, house, after=ids[0], limit=2)] == ids[1:3]
    assert [before(session, house, first=ids[3], limit=2), previous_case(session, house, before=ids[2])] == ids[:2]
    assert (how_many(session, house, most=2), how_many(session, Wanted(path=made.south.path))) == (3, 0)
    assert (how_many(session, Wanted()), how_many(session, Wanted(), most=2), how_many(session, unknown)) == (4, 3, 1)
    assert next_case(session, Wanted(), after=ids[1]) == ids[2]
    assert next_case(session, Wanted(), after=ids[3]) == ids[0]
    assert previous_case(session, Wanted(), before=ids[0]) is None
    assert previous_case(session, Wanted(), before=ids[2]) == ids[1]
    assert before(session, Wanted(), first=ids[3], limit=2) == ids[0]
    assert before(session, Wanted(), first=ids[1], limit=2) == 0
    assert before(session, Wanted(), first=ids[0], limit=2) is None


@pytest.mark.parametrize("words", ["johansson", "Anders Joh", "johansson, anders", "anders johansson", "kim."])
def test_somebody_is_found_as_one_writes_them(
    session: Session, ledger: OpenSession, made: Organisation, words: str
) -> None:
    claim, reference, _ = owed(ledger)[0]
    who = session.get_one(Person, session.get_one(Claim, claim).debtor_id)
    number = session.scalars(select(Invoice.number).join(Claim).where(Claim.id == claim)).one()
    asked = who.email if words == "kim." else words
    for wanted in (asked, f"faktura {number}", f"{reference[:6]} {reference[6:]}"):
        found = seek(session, words=wanted, creditor_id=made.creditor.id, currency="SEK")
        assert [hit.name for hit in found] == ["Anders Johansson"]
        assert [owing.claim_id for owing in found[0].owes] == [claim]
    assert seek(session, words="zz", creditor_id=made.creditor.id, currency="SEK") == []
    assert seek(session, words="", creditor_id=made.creditor.id, currency="SEK") == []


def test_nobodys_payment_has_no_case(session: Session) -> None:
    assert read_case(session, payment_id=1) is None
    assert session.scalar(select(func.count()).select_from(Payment)) == 0


@pytest.mark.parametrize(
    ("written", "fact"),
    [
        *(("MULLER ASA", Fact.PLAIN), ("Åsa Mueller", Fact.PLAIN), ("AASA MÜLLER", Fact.PLAIN)),
        *(("Müller Åsa", Fact.NAME), ("Mueller A", Fact.ALIKE), ("MOLLER ASA", None)),
    ],
)
def test_a_name_with_accents_is_known_without_them(
    session: Session, ledger: OpenSession, made: Organisation, written: str, fact: Fact | None
) -> None:
    who = person(session, given_name="Åsa", family_name="Müller")
    member(session, made, joined_on=DAY, who=who)
    issued(ledger, on=DAY)
    (case,) = came(ledger, made, replace(paid(FEE), payer_name=written))
    found = [(one.person_id, facts(one)) for one in candidates(session, case)]
    assert found == ([(who.id, sorted([fact, Fact.AMOUNT], key=list(Fact).index))] if fact else [])
    hits = seek(session, words=written, creditor_id=made.creditor.id, currency="SEK")
    assert [hit.name for hit in hits] == (["Åsa Müller"] if fact else [])


def test_a_name_without_accents_is_known_by_one_that_has_them(
    session: Session, ledger: OpenSession, made: Organisation
) -> None:
    (case,) = came(ledger, made, replace(paid(FEE), payer_name="Jöhanssón Anders"))
    assert [facts(one) for one in candidates(session, case)] == [[Fact.PLAIN, Fact.AMOUNT]]
