"""One bound for amounts of all currencies, though some have no hundredths and some have thousandths."""

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from dues.groups.currencies import unusual, within
from tests.factories.organisation import books_of_its_own, organisation

OTHER = {0: ["ISK", "JPY"], 3: ["KWD"]}


@pytest.mark.parametrize(
    ("minor", "currency", "least", "most", "found"),
    [
        (25_000, "SEK", 25_000, 25_000, True),
        (24_999, "SEK", 25_000, None, False),
        (250, "ISK", 25_000, 25_000, True),
        (249, "ISK", 25_000, None, False),
        (250, "ISK", 24_950, 25_049, True),
        (251, "ISK", None, 25_099, False),
        (250_000, "KWD", 25_000, 25_000, True),
        (250_001, "KWD", None, 25_000, False),
        (249_999, "KWD", 25_000, None, False),
        (-3, "JPY", -350, -250, True),
    ],
)
def test_a_bound_means_the_same_money_in_every_currency(
    session: Session, *, minor: int, currency: str, least: int | None, most: int | None, found: bool
) -> None:
    asked = within(literal(minor), literal(currency), least, most, other=OTHER)
    assert session.scalar(select(asked)) is found


def test_only_currencies_in_use_are_asked_for(session: Session) -> None:
    made = organisation(session)
    assert unusual(session) == {}
    books_of_its_own(session, made.south, currency="ISK")
    assert unusual(session) == {0: ["ISK"]}
