"""Details changed with the keys that searches read, unless a colleague was quicker."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from dues.members.change import change_details, details_of, fingerprint
from dues.members.errors import ChangedMeanwhileError, UnknownPersonError
from tests.factories.members import person


def test_the_keys_follow(session: Session) -> None:
    who = person(session, email="Kim@Example.org", family_name="Ek")
    held = details_of(who)
    wanted = replace(
        held, given_name="Åsa", family_name="van der  Berg", email="ASA@example.org", birth_date=dt.date(1990, 2, 3)
    )
    assert change_details(session, person_id=who.id, details=wanted, seen=fingerprint(held))
    session.refresh(who)
    assert details_of(who) == wanted
    assert (who.name_key, who.email_key) == ("van der berg åsa", "asa@example.org")


def test_nothing_changes_where_all_is_as_it_was(session: Session) -> None:
    who = person(session)
    assert not change_details(session, person_id=who.id, details=details_of(who), seen="whatever was seen")


def test_who_was_slower_is_told(session: Session) -> None:
    who = person(session)
    seen = fingerprint(details_of(who))
    first = replace(details_of(who), phone="+46701740605")
    change_details(session, person_id=who.id, details=first, seen=seen)
    second = replace(details_of(who), phone="+46701740606")
    with pytest.raises(ChangedMeanwhileError):
        change_details(session, person_id=who.id, details=second, seen=seen)
    session.refresh(who)
    assert who.phone == "+46701740605"
    assert change_details(session, person_id=who.id, details=second, seen=fingerprint(first))


def test_nobody_unknown_is_changed(session: Session) -> None:
    held = details_of(person(session))
    with pytest.raises(UnknownPersonError):
        change_details(session, person_id=2**62, details=held, seen=fingerprint(held))
