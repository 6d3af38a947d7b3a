"""Search keys: what two spellings of one name have in common."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.folding import folded
from dues.members.keys import email_key, name_key, phone_keys
from dues.members.models import PersonWord
from tests.factories.members import person


def test_a_name_is_looked_up_by_its_family_first() -> None:
    assert name_key("Åsa  Karin", " Öberg") == "öberg åsa karin"
    assert name_key("", "Örebro Kör AB") == "örebro kör ab"


def test_one_letter_in_two_encodings_is_one_letter() -> None:
    assert folded("A\u030asa") == folded("Åsa")


@pytest.mark.parametrize("written", ["Kim.Ek@Example.org", " kim.ek@example.org\n", "KIM.EK@EXAMPLE.ORG"])
def test_case_and_blanks_around_an_address_do_not_matter(written: str) -> None:
    assert email_key(written) == "kim.ek@example.org"


@given(st.text(alphabet="aÅåßİ \u00a0\tÉe\u0301-'Z"), st.text(alphabet="aÅåßİ \u00a0\tÉe-'Z"))
def test_folded_parts_joined_are_the_folded_whole(one: str, other: str) -> None:
    assert folded(f"{one} {other}") == f"{folded(one)} {folded(other)}".strip()


WORDS = st.lists(st.text(alphabet="aåéÉß-'Z", min_size=1, max_size=4), min_size=0, max_size=3).map(" ".join)


@given(given_name=WORDS, family_name=WORDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_the_database_turns_a_name_around(session: Session, given_name: str, family_name: str) -> None:
    key = name_key(given_name, family_name)
    turned = session.scalar(select(func.given_name_first(key, given_name)))
    assert turned == folded(f"{given_name} {family_name}")


def test_words_within_a_name_are_kept_and_follow_it(session: Session) -> None:
    anna = person(session, given_name="Anna Maria", family_name="van der Berg-Holm")
    assert words(session) == ["berg", "der", "holm", "maria"]
    anna.family_name, anna.name_key = "Ek", name_key("Anna Maria", "Ek")
    session.flush()
    session.refresh(anna)
    assert (words(session), anna.given_key) == (["maria"], "anna maria ek")


def words(session: Session) -> list[str]:
    return list(session.scalars(select(PersonWord.word).order_by(PersonWord.word)))


def test_only_the_digits_of_a_telephone_number_are_kept(session: Session) -> None:
    found = person(session)
    found.phone = "+46 70-123 45 67"
    session.flush()
    session.refresh(found)
    assert found.phone_key == "46701234567"


@pytest.mark.parametrize(
    "written", ["+46 70-123 45 67", "0046701234567", "070-123 45 67", "(070) 1234567", "46701234567"]
)
def test_a_telephone_number_is_the_same_however_it_is_dialled(written: str) -> None:
    assert "46701234567" in phone_keys(written, ["SE", "NO"])


def test_a_number_without_a_leading_zero_is_dialled_within_any_country() -> None:
    assert phone_keys("912 34 567", ["NO"]) == ["91234567", "4791234567"]
