import pytest
from babel.messages.catalog import Catalog

from language import SUPPORTED, UnsupportedLanguageError, catalogues, extract, translations


@pytest.mark.parametrize("locale", catalogues.TRANSLATED)
def test_every_text_is_translated_and_keeps_its_placeholders(locale: str) -> None:
    assert list(catalogues.faults(catalogues.read(locale))) == []


def test_the_catalogues_hold_every_text_of_the_source() -> None:
    source = {(message.context, message.id) for message in extract.template() if message.id}
    for locale in catalogues.TRANSLATED:
        held = {(message.context, message.id) for message in catalogues.read(locale) if message.id}
        assert source - held == set(), f"run python -m language.extract, then translate in {catalogues.path(locale)}"


def test_updating_twice_changes_nothing() -> None:
    source = extract.template()
    assert extract.updated("sv", source) == extract.updated("sv", source)
    assert b"Date" not in extract.updated("sv", source).split(b"\n\n")[0]


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ("Pay", "", "untranslated"),
        ("Pay %(amount)s", "Betala", "placeholders differ"),
        ("Pay %(amount)s", "Betala %(belopp)s", "placeholders differ"),
        (("%(num)s day", "%(num)s days"), ("%(num)s dag", ""), "untranslated"),
        (("one day", "%(num)s days"), ("en dag", "%(num)s dagar"), None),
    ],
)
def test_a_faulty_text_is_named(
    source: str | tuple[str, str], target: str | tuple[str, str], fault: str | None
) -> None:
    catalogue = Catalog(locale="sv", fuzzy=False)
    catalogue.add(source, target)
    found = list(catalogues.faults(catalogue))
    assert [sentence.split(":")[0] for sentence in found] == ([fault] if fault else [])


def test_a_fuzzy_text_is_a_fault() -> None:
    catalogue = Catalog(locale="sv", fuzzy=False)
    catalogue.add("Pay", "Betala", flags=("fuzzy",))
    assert list(catalogues.faults(catalogue)) == ["fuzzy: Pay"]


def test_an_unknown_text_is_shown_in_english_and_an_unknown_language_refused() -> None:
    for locale in SUPPORTED:
        assert translations(locale).gettext("no such text") == "no such text"
    with pytest.raises(UnsupportedLanguageError, match="use one of sv, nb, nl, de, en"):
        translations("fi")
