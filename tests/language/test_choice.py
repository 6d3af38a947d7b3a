import pytest

from language import NamelessError, best, pick


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (["nb-NO", "en"], "nb"),
        (["no"], "nb"),
        (["nn-NO", "de"], "nb"),
        (["fi", "sv_SE"], "sv"),
        (["fr", "DE-at"], "de"),
        (["fi"], "en"),
        ([], "en"),
    ],
)
def test_a_reader_gets_the_first_language_we_speak(accept: list[str], expected: str) -> None:
    assert best(accept) == expected


def test_the_organisation_may_choose_another_language_to_fall_back_to() -> None:
    assert best(["fi"], default="sv") == "sv"


def test_a_name_falls_back_from_asked_to_english_to_swedish_to_any() -> None:
    assert pick({"nl": "Lid", "en": "Member"}, "nl") == "Lid"
    assert pick({"sv": "Medlem", "en": "Member"}, "nl") == "Member"
    assert pick({"fi": "Jäsen", "sv": "Medlem"}, "nl") == "Medlem"
    assert pick({"fi": "Jäsen"}, "nl") == "Jäsen"
    assert pick({"nl": " ", "de": "Mitglied"}, "nl") == "Mitglied"


def test_a_thing_without_any_name_is_refused() -> None:
    with pytest.raises(NamelessError, match="at least one language"):
        pick({"sv": ""}, "sv")
