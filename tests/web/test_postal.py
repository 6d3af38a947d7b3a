import pytest

from web import postal


@pytest.mark.parametrize(
    ("country", "written", "tidy"),
    [
        ("SE", "75320", "753 20"),
        ("SE", "SE-753 20", "753 20"),
        ("NO", "0550", "0550"),
        ("NL", "1012ab", "1012 AB"),
        ("DE", "D-10115", "10115"),
        ("GB", "sw1a  1aa", "SW1A 1AA"),
    ],
)
def test_postcodes_are_written_as_their_country_does(country: str, written: str, tidy: str) -> None:
    assert postal.postcode(written, country) == tidy


@pytest.mark.parametrize(("country", "written"), [("SE", "1234"), ("SE", "012 34"), ("NO", "055O"), ("NL", "1012")])
def test_what_is_no_postcode_there_is_refused_with_an_example(country: str, written: str) -> None:
    with pytest.raises(postal.PostcodeError) as refused:
        postal.postcode(written, country)
    assert postal.postcode(refused.value.example, country) == refused.value.example


@pytest.mark.parametrize(
    ("country", "written"), [("SE", "070-174 06 05"), ("NO", "+46 70 174 06 05"), ("DE", "0046701740605")]
)
def test_telephone_numbers_are_kept_as_the_world_dials_them(country: str, written: str) -> None:
    assert postal.phone(written, country) == "+46701740605"


@pytest.mark.parametrize("written", ["12", "070", "call me", "+46 70 174 06 05 99 99 99"])
def test_numbers_that_cannot_exist_are_refused(written: str) -> None:
    with pytest.raises(postal.PhoneError):
        postal.phone(written, "SE")


def test_addresses_that_mail_systems_may_not_take_are_refused() -> None:
    assert postal.email(" Alva@Bücher.example ") == "Alva@xn--bcher-kva.example"
    for written in ("alva", "alva@", "alva@localhost", "rönn@example.org", "a@b@c.example", "a b@c.example"):
        with pytest.raises(postal.EmailError):
            postal.email(written)


def test_names_are_tidied_and_may_be_anything_but_advertisement() -> None:
    assert postal.name("  Anne-Marie   d'Été ") == "Anne-Marie d'Été"
    for written in ("Buy at https://x.example", "www.casino.example", "<b>Kim</b>", "win@x.example"):
        with pytest.raises(postal.WrittenNameError):
            postal.name(written)
