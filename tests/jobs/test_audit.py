"""The active clock chains what has settled, and erases what is older than the installation keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from database.connect import Role
from dues.audit.models import Change, ChangeValue, Verb
from dues.audit.verify import prove
from jobs.audit import erase_old, seal_settled
from tests.jobs.town import settle

if TYPE_CHECKING:
    from jobs.house import House


def test_what_has_settled_is_chained(house: House) -> None:
    settle(house)
    done = seal_settled(house)
    assert done > 5
    assert seal_settled(house) == 0
    with house.open_session() as session:
        assert prove(session).links == done


def test_one_look_chains_only_so_much(house: House) -> None:
    settle(house, members=20)
    assert seal_settled(house, slices=1, size=7) == 7
    assert seal_settled(house, slices=2, size=7) == 14


def test_old_values_are_erased_by_the_clock(house: House) -> None:
    settle(house)
    with house.database.owner.begin() as owner:
        owner.execute(text("ALTER TABLE audit_change DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_change SET recorded_at = recorded_at - interval '1096 days' WHERE id <= 3"))
        owner.execute(text("ALTER TABLE audit_change ENABLE TRIGGER USER"))
    with house.open_session() as session:
        before = session.scalar(select(func.count()).select_from(ChangeValue)) or 0
    assert erase_old(house) == 3
    assert erase_old(house) == 0
    seal_settled(house)
    with house.database.unit_of_work(Role.JOBS) as session:
        assert session.scalar(select(func.count()).select_from(ChangeValue)) == before - 3 + 1
        line = session.scalars(select(Change).where(Change.verb == Verb.ERASED)).one()
        assert (line.actor, line.touched) == ("job:automatic", 3)
        assert prove(session).ok
