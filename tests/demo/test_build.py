"""The demonstration: a federation that looks real, is the same each time, and agrees with itself."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session
from stdnum import iban, luhn
from stdnum.no import kontonr

from database.connect import Database, Role
from dues.dates import age_on
from dues.demo.build import Counts, build
from dues.demo.errors import NotEmptyError
from dues.groups.establish import add_group
from dues.members.keys import email_key, name_key
from language import SUPPORTED
from tests.servers import TestServers

TODAY = dt.date(2026, 11, 22)
MEMBERS = 500


@pytest.fixture(scope="module")
def demonstration(servers: TestServers) -> Iterator[Database]:
    """A demonstration of 500 members, built once for the tests that only look at it."""
    with servers.copy() as database:
        with database.unit_of_work(Role.JOBS) as session:
            build(session, members=MEMBERS, seed=1, today=TODAY)
        yield database


@pytest.fixture
def built(demonstration: Database) -> Iterator[Session]:
    with demonstration.unit_of_work(Role.JOBS) as session:
        yield session


def rows(session: Session, query: str, **values: Any) -> list[RowMapping]:
    return list(session.execute(text(query), values).mappings())


def figure(session: Session, query: str, **values: Any) -> int:
    return int(session.execute(text(query), values).scalar_one())


EVERYBODY = """
    SELECT p.given_name, p.family_name, p.name_key, p.email, p.phone, p.birth_date, p.language, p.street, p.postcode,
        p.city, p.country, m.joined_on, m.charged_through, g.slug, t.slug AS type, payer.email AS payer
    FROM person p
    LEFT JOIN membership m ON m.person_id = p.id
    LEFT JOIN groups g ON g.id = m.group_id
    LEFT JOIN membership_type t ON t.id = m.type_id
    LEFT JOIN payer pays ON pays.person_id = p.id
    LEFT JOIN person payer ON payer.id = pays.payer_id
    ORDER BY p.id
"""


def everybody(session: Session, **wanted: Any) -> list[RowMapping]:
    """Build a demonstration, read everybody in it, and take it back."""
    with session.begin_nested() as point:
        build(session, **{"members": 60, "seed": 1, "today": TODAY, **wanted})
        found = rows(session, EVERYBODY)
        point.rollback()
    return found


def test_the_same_seed_builds_the_same_people(session: Session) -> None:
    assert everybody(session) == everybody(session)


def test_another_seed_builds_other_people(session: Session) -> None:
    one, other = everybody(session), everybody(session, seed=2)
    assert {row["name_key"] for row in one} != {row["name_key"] for row in other}


def test_another_day_moves_the_dates_and_keeps_the_people(session: Session) -> None:
    one, other = everybody(session), everybody(session, today=TODAY + dt.timedelta(days=7))
    assert [row["name_key"] for row in one] == [row["name_key"] for row in other]
    assert one != other


def test_the_counts_are_what_the_tables_hold(session: Session) -> None:
    counts = build(session, members=100, seed=1, today=TODAY)
    assert counts == Counts(
        groups=figure(session, "SELECT count(*) FROM groups"),
        persons=figure(session, "SELECT count(*) FROM person"),
        memberships=figure(session, "SELECT count(*) FROM membership"),
    )
    assert counts.memberships == 100
    assert counts.groups == 1 + 4 + 4 + 8
    assert counts.persons > 100


def test_it_is_never_mixed_into_an_organisation(session: Session) -> None:
    add_group(session, name="Root", slug="root", parent=None, language="sv", country="SE")
    with pytest.raises(NotEmptyError, match="not empty"):
        build(session, members=10, seed=1, today=TODAY)


@pytest.mark.parametrize(("share", "expected"), [(0.2, 12), (0.0, 0), (1.0, 60), (0.55, 33)])
def test_the_share_that_is_due_is_exact(session: Session, share: float, expected: int) -> None:
    ends = [row["charged_through"] for row in everybody(session, due_share=share) if row["charged_through"]]
    assert sum(end - dt.timedelta(days=29) <= TODAY for end in ends) == expected


@pytest.mark.parametrize(
    "today",
    [
        TODAY,
        dt.date(2028, 2, 28),
        dt.date(2028, 2, 29),
        dt.date(2027, 2, 28),
        dt.date(2026, 12, 1),
        dt.date(2026, 1, 1),
    ],
)
def test_ends_are_soon_or_later_and_never_past(session: Session, today: dt.date) -> None:
    days = [(row["charged_through"] - today).days for row in everybody(session, today=today) if row["charged_through"]]
    assert sum(-1 <= day <= 29 for day in days) == 12
    assert sum(day >= 32 for day in days) == 48
    assert len(set(days)) > 20


def test_a_fifth_is_due_unless_told_otherwise(built: Session) -> None:
    due = "SELECT count(*) FROM membership WHERE charged_through + 1 - 30 <= :today"
    assert figure(built, due, today=TODAY) == MEMBERS // 5


def test_each_membership_has_its_three_components_covered_as_far_as_it_is_paid(built: Session) -> None:
    wrong = """
        SELECT m.id FROM membership m
        LEFT JOIN fee_period p ON p.membership_id = m.id AND p.state = 'covered' AND p.run_id IS NULL
            AND p.after_on = '-infinity' AND p.to_on = m.charged_through AND p.from_on >= m.joined_on
        WHERE m.status = 'active' AND m.paid_through = m.charged_through
        GROUP BY m.id
        HAVING count(*) = 3 AND count(DISTINCT p.component_id) = 3 AND count(DISTINCT p.from_on) = 1
    """
    assert len(rows(built, wrong)) == MEMBERS
    assert figure(built, "SELECT count(*) FROM fee_period") == 3 * MEMBERS


@pytest.mark.parametrize("today", [TODAY, dt.date(2028, 2, 29), dt.date(2026, 12, 31), dt.date(2027, 3, 1)])
def test_every_paid_year_is_the_one_a_run_would_have_charged(session: Session, today: dt.date) -> None:
    build(session, members=120, seed=3, today=today, due_share=0.5)
    strays = """
        SELECT p.from_on, p.to_on, m.joined_on FROM fee_period p
        JOIN membership m ON m.id = p.membership_id JOIN membership_type t ON t.id = m.type_id
        WHERE period_end(p.from_on, m.joined_on, t.calendar, t.term_months) <> p.to_on
    """
    assert rows(session, strays) == []


def test_everybody_has_a_history_that_ends_active(built: Session) -> None:
    history = """
        SELECT m.id FROM membership m JOIN membership_status s ON s.membership_id = m.id
        GROUP BY m.id
        HAVING string_agg(s.status, ' ' ORDER BY s.from_on, s.id) = 'applied active'
            AND min(s.from_on) = m.joined_on AND max(s.from_on) <= :today
    """
    assert len(rows(built, history, today=TODAY)) == MEMBERS


def test_keys_are_what_a_search_is_folded_to(built: Session) -> None:
    for row in rows(built, "SELECT given_name, family_name, name_key, email, email_key FROM person"):
        assert row["name_key"] == name_key(row["given_name"], row["family_name"])
        assert row["email_key"] == email_key(row["email"])


def test_children_have_a_parent_who_pays_and_lives_with_them(built: Session) -> None:
    families = rows(
        built,
        """
        SELECT child.birth_date AS born, parent.birth_date AS parent_born,
            (child.family_name, child.street, child.postcode, child.city)
                = (parent.family_name, parent.street, parent.postcode, parent.city) AS together
        FROM membership m JOIN person child ON child.id = m.person_id
        LEFT JOIN payer pays ON pays.person_id = child.id AND pays.from_on = m.joined_on
        LEFT JOIN person parent ON parent.id = pays.payer_id
        WHERE pays.id IS NOT NULL OR child.birth_date > :grown
        """,
        grown=dt.date(TODAY.year - 18, TODAY.month, TODAY.day),
    )
    assert len(families) > MEMBERS // 10
    for family in families:
        assert age_on(family["born"], TODAY) < 18 <= age_on(family["parent_born"], TODAY)
        assert family["together"]


def test_some_get_letters_and_nearly_all_of_them_have_an_address(built: Session) -> None:
    invoiced = rows(
        built,
        """
        SELECT DISTINCT p.id, p.email, p.city FROM membership m
        LEFT JOIN payer pays ON pays.person_id = m.person_id
        JOIN person p ON p.id = coalesce(pays.payer_id, m.person_id)
        """,
    )
    letters = [row for row in invoiced if not row["email"]]
    assert 0.04 < len(letters) / len(invoiced) < 0.10
    assert sum(not row["city"] for row in letters) <= len(letters) // 4
    kept_for_examples = (".example", "@example.org", "@example.com", "@example.net")
    assert all(row["email"].endswith(kept_for_examples) for row in invoiced if row["email"])


def test_people_live_in_the_country_and_read_its_language(built: Session) -> None:
    found = rows(
        built,
        """
        SELECT p.country, mode() WITHIN GROUP (ORDER BY p.language) AS language, count(DISTINCT p.family_name) AS names,
            count(*) AS people
        FROM person p JOIN membership m ON m.person_id = p.id JOIN groups g ON g.id = m.group_id
        WHERE g.country = p.country GROUP BY p.country
        """,
    )
    assert {row["country"]: row["language"] for row in found} == {"SE": "sv", "NO": "nb", "NL": "nl", "DE": "de"}
    assert sum(row["people"] for row in found) == MEMBERS
    assert all(row["names"] > 30 for row in found)


def test_nobody_was_a_member_before_they_could_walk(built: Session) -> None:
    youngest = (
        "SELECT min(age(m.joined_on, p.birth_date)) > '2 years' FROM membership m JOIN person p ON p.id = m.person_id"
    )
    assert figure(built, youngest)


def test_bank_accounts_have_right_check_digits(built: Session) -> None:
    found = {row["scheme"]: row["number"] for row in rows(built, "SELECT * FROM bank_agreement WHERE scheme <> 'IBAN'")}
    assert luhn.is_valid(found["BGNR"])
    assert kontonr.is_valid(found["BBAN"])
    ibans = [row["iban"] for row in rows(built, "SELECT iban FROM bank_agreement")]
    assert len(ibans) == 4
    assert all(iban.is_valid(number, check_country=False) for number in ibans)


def test_one_branch_is_sensitive_and_each_has_its_own_books(built: Session) -> None:
    found = rows(
        built, "SELECT c.country, c.currency, c.sensitive FROM creditor c JOIN books b ON b.creditor_id = c.id"
    )
    assert {row["country"]: row["sensitive"] for row in found} == {"SE": False, "NO": False, "NL": False, "DE": True}
    assert {row["country"]: row["currency"] for row in found} == {"SE": "SEK", "NO": "NOK", "NL": "EUR", "DE": "EUR"}


def test_groups_that_can_be_joined_welcome_in_every_language_and_have_a_logo(built: Session) -> None:
    found = rows(
        built,
        """
        SELECT g.name, g.welcome, g.colour, l.content FROM groups g LEFT JOIN logo l ON l.id = g.logo_id
        WHERE g.joinable
        """,
    )
    assert len(found) == 4
    for row in found:
        assert set(row["welcome"]) == set(SUPPORTED)
        assert all(row["name"] in words for words in row["welcome"].values())
        assert row["colour"].encode() in row["content"]
        assert len(row["content"]) < 1000


def test_a_larger_federation_has_more_groups_all_of_different_names(session: Session) -> None:
    counts = build(session, members=20_000, seed=1, today=TODAY, due_share=0)
    assert counts.groups == 1 + 4 + 4 * 6 + 100
    assert figure(session, "SELECT count(DISTINCT (name, country)) FROM groups") == counts.groups
    empty = "SELECT count(*) FROM groups g WHERE NOT EXISTS (SELECT FROM membership m WHERE m.group_id = g.id)"
    assert figure(session, empty) < 4 + 4 * 6 + 20


def test_every_branch_sells_what_its_books_can_earn_on(built: Session) -> None:
    sold = rows(
        built,
        """
        SELECT g.slug, count(*) AS products, count(DISTINCT r.credit_account_id) AS accounts,
            bool_and(x.currency = k.currency) AS priced, max(p.vat_rate) AS highest
        FROM product p
        JOIN groups g ON g.id = p.group_id
        JOIN creditor k ON k.group_id = g.id
        JOIN product_price x ON x.product_id = p.id
        JOIN posting_rule r ON r.product_id = p.id AND r.creditor_id = k.id
        GROUP BY g.slug ORDER BY g.slug
        """,
    )
    assert [(row["products"], row["accounts"], row["priced"]) for row in sold] == [(3, 3, True)] * 4
    assert sorted(row["highest"] for row in sold) == [1900, 2100, 2500, 2500]
