"""Rules of instalments at the desk: added, changed and ended, each for invoices to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.invoicing.instalment_models import InstalmentRule

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def in_force(town: Town) -> list[tuple[int, int, int]]:
    """The rules in force: number, amount and parts."""
    wanted = select(InstalmentRule.id, InstalmentRule.least, InstalmentRule.parts)
    with town.database.opener(Role.JOBS)() as session:
        rows = session.execute(wanted.where(InstalmentRule.ended_at.is_(None)).order_by(InstalmentRule.id))
        return [(id_, least, parts) for id_, least, parts in rows]


def test_a_rule_is_added_changed_and_ended(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/instalments/new/").submit(form=1, creditor="Riks", least="100000", parts="13")
    assert "12" in desk.error_at("parts")
    desk.submit(form=1, parts="4")
    assert "3 months" not in desk.text
    assert "4, one a month" in desk.text
    ((number, least, parts),) = in_force(town)
    assert (least, parts) == (10_000_000, 4)
    desk.get("/admin/setup/instalments/new/").submit(form=1, creditor="Riks", least="100000")
    assert desk.error_at("least").startswith("There is a rule from this amount on already.")
    desk.get(f"/admin/setup/instalments/{number}/").submit(form=1, parts="6", unit="week", every="2")
    assert "6, one every 2 weeks" in desk.text
    ((changed, _, parts),) = in_force(town)
    assert (changed != number, parts) == (True, 6)
    desk.get(f"/admin/setup/instalments/{number}/", status=404)
    desk.get(f"/admin/setup/instalments/{changed}/delete/").submit(form=1)
    assert in_force(town) == []
