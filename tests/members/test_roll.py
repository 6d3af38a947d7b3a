"""The roll of a group: by name through all its groups, searched as people write, and kept when somebody is renamed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dues.members import roll as rolls
from dues.members.change import change_details, details_of, fingerprint
from dues.members.models import Person
from dues.members.roll import RollWanted, going_on, how_many_on_roll, narrowings, roll
from tests.factories.members import member, person
from tests.factories.organisation import Organisation, organisation
from tests.factories.year import JOINED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NAMES = [("Anna", "Öberg"), ("Karl-Erik", "van Dal"), ("Bo", "Ek"), ("Åsa", "Müller"), ("Eva", "Ek")]
BY_NAME = ["Bo Ek", "Eva Ek", "Åsa Müller", "Karl-Erik van Dal", "Anna Öberg"]


@pytest.fixture
def made(session: Session) -> Organisation:
    """An organisation whose two groups have members by turns."""
    found = organisation(session)
    for number, (given, family) in enumerate(NAMES):
        who = person(session, given_name=given, family_name=family, email=f"{number}@example.org")
        member(session, found, joined_on=JOINED, who=who, group=found.north if number % 2 else found.south)
    session.flush()
    return found


@pytest.fixture(params=["each group's own beginning", "the register"])
def _read_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few groups are read one by one, many along the register: both give the same."""
    if request.param == "the register":
        monkeypatch.setattr(rolls, "_MANY_GROUPS", 0)
        monkeypatch.setattr(rolls, "COUNTED", 1)


def names(session: Session, wanted: RollWanted) -> list[str]:
    return [row.name for row in roll(session, wanted, limit=10)]


@pytest.mark.usefixtures("_read_by")
def test_a_roll_is_by_name_through_all_groups(session: Session, made: Organisation) -> None:
    whole = RollWanted(below=made.root.path)
    assert names(session, whole) == BY_NAME
    assert names(session, RollWanted(below=made.north.path)) == ["Åsa Müller", "Karl-Erik van Dal"]
    assert names(session, replace(whole, group=made.south.uuid)) == ["Bo Ek", "Eva Ek", "Anna Öberg"]
    assert names(session, replace(whole, standing="ended")) == []
    first = roll(session, whole, limit=2)
    assert [row.name for row in roll(session, whole, after=first[1].public_id, limit=2)] == BY_NAME[2:4]
    assert [row.name for row in roll(session, whole, behind=first[0].key, limit=2)] == BY_NAME[1:3]
    assert how_many_on_roll(session, whole) == len(NAMES)
    assert len(narrowings(session, below=made.root.path).types) == 1


@pytest.mark.usefixtures("_read_by")
@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("ek", BY_NAME[:2]),
        ("eva ek", ["Eva Ek"]),
        ("Ek, Eva", ["Eva Ek"]),
        ("müll", ["Åsa Müller"]),
        ("mueller asa", ["Åsa Müller"]),
        ("Oberg", ["Anna Öberg"]),
        ("erik", ["Karl-Erik van Dal"]),
        ("karl-erik", ["Karl-Erik van Dal"]),
        ("2@example", ["Bo Ek"]),
        ("nobody", []),
    ],
)
def test_somebody_is_found_as_people_write(
    session: Session, made: Organisation, written: str, found: list[str]
) -> None:
    assert names(session, RollWanted(below=made.root.path, search=written)) == found


def test_who_is_renamed_stands_where_the_new_name_belongs(session: Session, made: Organisation) -> None:
    who = session.query(Person).filter_by(given_name="Bo").one()
    renamed = replace(details_of(who), family_name="Zetterberg")
    change_details(session, person_id=who.id, details=renamed, seen=fingerprint(details_of(who)))
    session.flush()
    wanted = RollWanted(below=made.root.path)
    assert names(session, wanted) == ["Eva Ek", "Åsa Müller", "Karl-Erik van Dal", "Bo Zetterberg", "Anna Öberg"]
    assert names(session, replace(wanted, search="zett")) == ["Bo Zetterberg"]


def test_the_memberships_of_a_group_are_counted_no_further_than_said(
    session: Session, made: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [going_on(session, below=one.path) for one in (made.root, made.north)] == [5, 2]
    monkeypatch.setattr(rolls, "COUNTED", 3)
    assert going_on(session, below=made.root.path) == 3
