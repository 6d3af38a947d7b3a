"""Finding anything: what was written is read in every way it can be meant, and names are found in any order."""

import datetime as dt
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.invoicing.models import Invoice
from dues.members.called import who_is_called
from dues.members.keys import name_key
from dues.members.models import MembershipStatus, Person
from dues.members.person_list import PersonsWanted, persons
from dues.overview import find as finding
from dues.overview.asked import read
from dues.overview.find import find
from dues.overview.found import Findings, How
from dues.payments.credit_invoice import credit_invoice
from tests.factories.members import member, person
from tests.factories.money import owed
from tests.factories.organisation import organisation
from tests.factories.runs import issued
from tests.payments.test_allocate import OFFICER

DAY = dt.date(2026, 3, 10)


def found(session: Session, written: str) -> Findings:
    return find(session, asked=read(written))


def names(session: Session, written: str) -> list[str]:
    return [one.name for one in found(session, written).persons]


@pytest.fixture
def people(session: Session) -> list[Person]:
    """Some namesakes, a Dutch name, a double one and a hyphen."""
    called = (
        ("Anna", "Nord"),
        ("Annika", "Nordin"),
        ("Anna Maria", "Nord"),
        ("Nora", "Annerstedt"),
        ("Joost", "van der Berg"),
        ("Anna-Lena", "Ek"),
        ("", "Nordens Kör AB"),
    )
    return [person(session, given_name=given_name, family_name=family) for given_name, family in called]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("asa", ["Asa Ek", "Åsa Ångström"]),
        ("Åsa", ["Åsa Ångström"]),
        ("angstrom", ["Åsa Ångström"]),
        ("angstrom asa", ["Åsa Ångström"]),
        ("Asa Ang", ["Åsa Ångström"]),
        ("muller", ["Eva von Müller-Lüdenscheidt", "Jürgen Müller"]),
        ("Mueller", ["Uwe Mueller", "Eva von Müller-Lüdenscheidt", "Jürgen Müller"]),
        ("juergen", ["Jürgen Müller"]),
        ("ludenscheidt", ["Eva von Müller-Lüdenscheidt"]),
        ("sorensen", ["Bjørn Sørensen"]),
        ("bjorn soerensen", ["Bjørn Sørensen"]),
        ("soerensen bjorn", ["Bjørn Sørensen"]),
        ("bjoern soerensen", ["Bjørn Sørensen"]),
        ("strasser", ["Zoé Straßer"]),
        ("zoe", ["Zoé Straßer"]),
    ],
)
def test_a_name_is_found_without_its_accents_after_those_who_are_written_so(
    session: Session, written: str, expected: list[str]
) -> None:
    called = "Asa Ek|Åsa Ångström|Jürgen Müller|Uwe Mueller|Bjørn Sørensen|Zoé Straßer|Eva von Müller-Lüdenscheidt"
    for one in called.split("|"):
        given_name, _, family = one.partition(" ")
        person(session, given_name=given_name, family_name=family)
    assert names(session, written) == expected
    listed = persons(session, PersonsWanted(search=written), at=None)[0].rows
    assert {f"{one.given_name} {one.family_name}" for one in listed} == set(expected)


@pytest.mark.parametrize("most", [0, 10])
@pytest.mark.parametrize("written", ["asa angstrom", "aangstroem", "ångström åsa", "asa aangstroem"])
def test_of_too_many_each_is_asked_for_the_name_without_accents_too(session: Session, written: str, most: int) -> None:
    asa = person(session, given_name="Åsa", family_name="Ångström")
    person(session, given_name="Åsa", family_name="Ek")
    they = who_is_called(session, written, most=most)
    assert list(session.scalars(select(Person.id).where(they.is_theirs(Person.id)))) == [asa.id]


def test_who_is_called_otherwise_now_is_not_found_by_the_old_name(session: Session) -> None:
    asa = person(session, given_name="Åsa", family_name="Ångström")
    asa.family_name, asa.name_key = "Öberg", name_key("Åsa", "Öberg")
    session.flush()
    assert (names(session, "angstrom"), names(session, "oberg asa")) == ([], ["Åsa Öberg"])


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nord anna", ["Anna Nord", "Anna Maria Nord"]),
        ("anna nord", ["Anna Nord", "Anna Maria Nord"]),
        ("NOR ann", ["Anna Nord", "Anna Maria Nord", "Annika Nordin", "Nora Annerstedt"]),
        ("maria nord", ["Anna Maria Nord"]),
        ("nord maria anna", ["Anna Maria Nord"]),
        ("berg", ["Joost van der Berg"]),
        ("joost berg", ["Joost van der Berg"]),
        ("lena", ["Anna-Lena Ek"]),
        ("anna-lena", ["Anna-Lena Ek"]),
        ("anna lena ek", ["Anna-Lena Ek"]),
        ("nordens", ["Nordens Kör AB"]),
        ("kör", ["Nordens Kör AB"]),
        ("  Nord   ANNA ", ["Anna Nord", "Anna Maria Nord"]),
        ("ord", []),
        ("anna berg", []),
        ("%", []),
        ("_nna", []),
    ],
)
def test_a_name_is_found_by_the_beginnings_of_its_words_in_any_order(
    session: Session, written: str, expected: list[str]
) -> None:
    assert sorted(names(session, written)) == sorted(expected)


PART = st.text(alphabet="abåé", min_size=1, max_size=4)
NAME = st.tuples(st.lists(PART, min_size=1, max_size=2), st.lists(PART, min_size=1, max_size=3))


@given(NAME, st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_person_is_found_by_any_beginnings_of_any_of_their_words(
    session: Session, name: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    given_names, family = name
    with session.begin_nested() as nested:
        someone = person(session, given_name=" ".join(given_names), family_name=" ".join(family))
        words = data.draw(st.lists(st.sampled_from([*given_names, *family]), min_size=1, max_size=4))
        written = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in words)
        assert someone.id in [one.id for one in found(session, written).persons], written
        nested.rollback()


def test_what_is_most_like_the_search_comes_first(session: Session, people: list[Person]) -> None:
    assert people
    assert names(session, "nord anna")[0] == "Anna Nord"
    assert names(session, "nord") == ["Anna Nord", "Anna Maria Nord", "Nordens Kör AB", "Annika Nordin"]


def test_the_first_twenty_are_shown_and_that_there_are_more_is_told(session: Session) -> None:
    for number in range(21):
        person(session, family_name=f"Hansen{number:02}")
    result = found(session, "hansen")
    assert ([one.name for one in result.persons][-1], len(result.persons)) == ("Kim Hansen19", 20)
    assert result.more == {"persons"}
    assert found(session, "hansen0").more == frozenset()


def test_a_search_goes_through_so_many_names_and_no_further(
    session: Session, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people
    monkeypatch.setattr(finding, "_SCAN", 1)
    assert len(names(session, "ann nor")) < 4
    assert names(session, "nord anna") == ["Anna Nord", "Anna Maria Nord"]


def test_an_e_mail_address_is_found_by_its_beginning_and_meant_when_whole(session: Session) -> None:
    person(session, email="Anna.Nord@example.org")
    person(session, email="anna.nord@example.com")
    assert len(found(session, "anna.nord").persons) == 2
    assert found(session, "anna.nord@").single is None
    one = found(session, "ANNA.nord@example.org").single
    assert one is not None
    assert one.how is How.EMAIL


@pytest.mark.parametrize("written", ["+46 70-123 45 67", "0701234567", "070 123 45", "0046701234567"])
def test_a_telephone_number_is_found_however_it_is_written(session: Session, written: str) -> None:
    organisation(session)
    someone = person(session)
    someone.phone = "+46701234567"
    session.flush()
    result = found(session, written)
    assert [(one.id, one.how) for one in result.persons] == [(someone.id, How.PHONE)]
    assert result.single is None


def test_invoices_are_found_by_number_and_reference_with_blanks(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    reference = owed(ledger)[0][1]
    for written in (reference, f"{reference[:4]} {reference[4:8]} {reference[8:]}", f"{reference[:3]}-{reference[3:]}"):
        one = found(session, written).single
        assert one is not None
        assert one.how is How.REFERENCE
    number = session.scalars(select(Invoice.called)).one()
    assert [(one.number, one.how) for one in found(session, str(number)).invoices] == [(number, How.NUMBER)]
    assert found(session, f"#{number}").invoices


def test_a_credit_note_has_no_claim_and_is_found_all_the_same(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    with ledger() as working, working.begin():
        credit_invoice(working, invoice_id=working.scalars(select(Invoice.id)).one(), on=DAY, by=OFFICER)
    assert [(one.kind, one.open_amount) for one in found(session, "2").invoices] == [("credit note", None)]


def test_a_number_that_means_two_things_opens_neither(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    someone = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    number = session.scalars(select(Invoice.number)).one()
    invoice = found(session, str(number))
    assert invoice.invoices
    assert [one.id for one in found(session, str(someone.person_id)).persons] == [someone.person_id]


def test_a_uuid_leads_to_whatever_has_it(session: Session, ledger: OpenSession) -> None:
    made = organisation(session)
    someone = member(session, made, joined_on=DAY)
    issued(ledger, on=DAY)
    who = session.get_one(Person, someone.person_id)
    invoice = session.scalars(select(Invoice)).one()
    for written, public_id in ((who.uuid, who.uuid), (someone.uuid, who.uuid), (invoice.uuid, invoice.uuid)):
        one = found(session, f" {str(written).upper()} ").single
        assert one is not None
        assert one.public_id == public_id
    assert found(session, str(uuid4())).nothing


def test_groups_are_found_by_words_and_told_with_what_is_above_them(session: Session) -> None:
    organisation(session)
    assert [(one.name, one.above) for one in found(session, "nor").groups] == [("Norr", ())]
    assert found(session, "norr syd").groups == ()


def test_persons_are_told_apart_by_what_they_are_members_of(session: Session) -> None:
    made = organisation(session)
    someone = member(session, made, joined_on=DAY)
    (one,) = found(session, str(someone.person_id)).persons
    assert [(m.group, m.status) for m in one.memberships] == [("Norr", MembershipStatus.APPLIED)]


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_is_written_is_answered(session: Session, written: str) -> None:
    assert find(session, asked=read(written.replace("\0", "").encode("utf-8", "replace").decode())).nothing


@pytest.mark.parametrize("written", ["9" * 18, "9" * 19, "9" * 200, "0", "+", "-" * 50, "@", "RF18 5390", "٣٤"])
def test_numbers_of_any_length_and_script_are_answered(session: Session, written: str) -> None:
    assert found(session, written).nothing
