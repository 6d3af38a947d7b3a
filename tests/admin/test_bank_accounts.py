"""Bank accounts at the desk: what is missing is said on Today and on the account, until it is there or explained."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.groups.models import BankAgreement
from tests.factories.money import taken
from tests.factories.statements import statement
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


@pytest.fixture
def agreement(town: Town) -> BankAgreement:
    with town.database.opener(Role.JOBS)() as session:
        found = session.scalars(select(BankAgreement).where(BankAgreement.creditor_id == town.creditor)).first()
        assert found is not None
        session.expunge(found)
        return found


def came(town: Town, agreement: BankAgreement, number: int, *, opening: int) -> None:
    on = TODAY - dt.timedelta(days=20 - number)
    file = statement(agreement, number=number, on=on, opening=opening, amounts=[1000])
    taken(town.database.opener(Role.JOBS), file, on=TODAY, name=f"statement-{number}.xml")


def test_what_is_missing_is_said_until_it_comes_or_somebody_says_why_not(
    desk: Browser, town: Town, agreement: BankAgreement
) -> None:
    came(town, agreement, 1, opening=0)
    came(town, agreement, 4, opening=3000)
    today = desk.get("/admin/").page.xpath("//a[contains(@href, '/bank-accounts/?state=missing')]/@href")
    assert "Bank statement that seems to be missing" in desk.text
    desk.get(str(today[0]))
    assert desk.page.xpath("count(//tbody/tr)") == 1
    here = str(desk.page.xpath("//tbody//a/@href")[0])
    desk.get(here)
    assert "Statements 2 to 3 are missing. The balance does not carry on: 10.00 SEK" in desk.text
    came(town, agreement, 2, opening=1000)
    came(town, agreement, 3, opening=2000)
    desk.get(here)
    assert "missing" not in desk.text
    assert desk.page.xpath("string(//tbody/tr[1]/td[1])").strip() == "3"

    came(town, agreement, 6, opening=4000)
    desk.get(here).submit(form=1, status=200, note=" ")
    assert "Say in a few words why nothing is missing." in desk.text
    desk.get(here).submit(form=1, note="It was empty, says the bank.")
    assert "Statement 5 is missing. The balance carries on all the same" in desk.text
    assert "It was empty, says the bank." in desk.text
    assert "seems to be missing" not in desk.get("/admin/").text
    desk.get(here).submit(form=1)  # take it back
    assert "seems to be missing" in desk.get("/admin/").text
    desk.get(here).submit(form=1, note="Really.")
