"""An invoice that invites to pay more, behind its link: it says for what, and its payer chooses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import Overpaid
from dues.invoicing.access import create_links
from dues.invoicing.gift_models import FundChoice
from dues.payments.gifts.funds import add_fund
from dues.payments.overpaid import set_overpaid
from tests.admin.office.desk_work import billed
from tests.portal.test_invoice import EMAIL, opened

if TYPE_CHECKING:
    from settings import Settings
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_payer_chooses_what_more_money_goes_to(browser: Browser, town: Town, settings: Settings) -> None:
    plain = billed(town, email="before@example.org").invoice_id
    with town.database.unit_of_work(Role.JOBS) as session:
        hall, youth, _not_offered = (
            add_fund(session, creditor_id=town.creditor, names={"en": name}, offered=name != "Reserve").id
            for name in ("the hall", "young people", "Reserve")
        )
        rule = {"overpaid": Overpaid.ASK, "fund_id": hall, "tolerance": 0}
        set_overpaid(session, creditor_id=town.creditor, invites=True, **rule)  # type: ignore[arg-type]
    who = billed(town, email="giver@example.org")
    with town.database.unit_of_work(Role.JOBS) as session:
        set_overpaid(session, creditor_id=town.creditor, **rule)  # type: ignore[arg-type]
        token, other = create_links(session, wanted=[(who.invoice_id, EMAIL), (plain, EMAIL)])
    assert "You may pay more" not in opened(browser, town, settings, other).text

    page = opened(browser, town, settings, token)
    assert re.search(r"You may pay more. What exceeds [^.]*500.* is a gift to the hall\.", page.text)
    assert page.page.xpath("//select[@id='fund']/option/text()") == ["the hall", "young people"]
    chosen = page.page.xpath("string(//select[@id='fund']/option[2]/@value)")
    page.submit(fund=chosen)
    assert "Your choice is kept" in page.text
    assert "is a gift to young people." in page.text
    with town.database.opener(Role.JOBS)() as session:
        assert session.scalars(select(FundChoice.fund_id)).all() == [youth]
