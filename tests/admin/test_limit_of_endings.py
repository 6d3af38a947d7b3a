"""Ending a membership credits no more than whoever ends it may credit alone."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from database.connect import Role
from dues.groups.limits import set_limits
from dues.members.models import Membership, Person
from tests.admin.conftest import entered
from tests.admin.office.desk_work import Member, billed, jobs
from tests.admin.test_limit import ended
from tests.factories.organisation import FEE
from tests.factories.staff import employ
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.portal.town import Town

TODAY = "2026-11-22"
_numbers = count(1)


@pytest.fixture
def clerk(app: Flask, town: Town) -> Iterator[Browser]:
    """Somebody who edits members and credits no invoice, where one person credits less than a fee."""
    limited(town, FEE - 1)
    email = f"clerk{next(_numbers)}@ending.example"
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="clerk", email=email, roles=["member-officer"])
    yield entered(Browser(app), town.database, email=email)
    limited(town, None)


def limited(town: Town, limit: int | None) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        set_limits(session, creditor_id=town.creditor, refund=None, write_off=limit)


def left(desk: Browser, who: Member) -> str:
    desk.get(f"/admin/persons/{who.person}/memberships/{who.membership}/end?on={TODAY}&how=left&paid=credit")
    said = desk.text
    desk.submit(form=-1)
    return said


def has_ended(town: Town, who: Member) -> bool:
    with jobs(town)() as session:
        return session.query(Membership).filter_by(uuid=who.membership).one().ended_on is not None


def agreed(app: Flask, town: Town, number: int) -> None:
    email = f"economist{next(_numbers)}@ending.example"
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="economist", email=email, roles=["economist"])
    other = entered(Browser(app), town.database, email=email).get("/admin/approvals/")
    wish = f"//article[contains(., 'invoice {number}')]//form[contains(@action, '/agree')]"
    other.submit(form=[form for form in other.page.forms if form.method == "POST"].index(other.page.xpath(wish)[0]))
    assert "it is done" in other.text


def test_above_the_limit_a_second_person_credits_and_the_membership_ends_at_once(
    app: Flask, town: Town, clerk: Browser
) -> None:
    who = billed(town)
    assert f"A second person is asked to credit invoice {who.number}" in left(clerk, who)
    assert "1 invoice is credited when a second person agrees." in clerk.text
    assert has_ended(town, who)
    assert ended(town, who.claim_id) is None
    agreed(app, town, who.number)
    assert ended(town, who.claim_id) == "credited"


def test_within_the_limit_what_is_unpaid_follows_from_the_ending(town: Town, clerk: Browser) -> None:
    limited(town, FEE)
    who = billed(town)
    assert f"Invoice {who.number} is credited, because it is not needed any more" in left(clerk, who)
    assert ended(town, who.claim_id) == "credited"


def test_a_death_is_recorded_and_what_is_above_the_limit_waits(app: Flask, town: Town, clerk: Browser) -> None:
    who = billed(town)
    clerk.get(f"/admin/persons/{who.person}/death?on={TODAY}")
    assert f"A second person is asked to credit invoice {who.number}" in clerk.text
    clerk.submit(form=-1)
    assert "1 invoice is credited when a second person agrees." in clerk.text
    with jobs(town)() as session:
        assert session.query(Person).filter_by(uuid=who.person).one().deceased_on is not None
    assert ended(town, who.claim_id) is None
    agreed(app, town, who.number)
    assert ended(town, who.claim_id) == "credited"
