"""The daily reconciliation at the desk: from a day's balances down to the line of a bank's file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import CASH, BankAgreement
from tests.factories.money import taken
from tests.factories.runs import finished
from tests.factories.statements import statement
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_days_balances_lead_to_the_line_of_the_file(desk: Browser, town: Town) -> None:
    opener = town.database.opener(Role.JOBS)
    with opener() as session:
        agreement = session.scalars(
            select(BankAgreement).where(BankAgreement.scheme != CASH).order_by(BankAgreement.id.desc())
        ).first()
        assert agreement is not None
        session.expunge(agreement)
    day = TODAY - dt.timedelta(days=300)
    file = statement(agreement, number=77, on=day, opening=-12345, amounts=[12345], text="Måsen")
    finished(opener, taken(opener, file, on=day + dt.timedelta(days=1), name="reconciled.xml").run_id)
    asked = f"account={agreement.id}&from={day}&to={day}"
    desk.get(f"/admin/reconciliation/?{asked}")
    said = [" ".join(cell.text_content().split()) for cell in desk.page.xpath("//tbody/tr/td")]
    cells = [one.removesuffix(f" {agreement.currency}") for one in said]
    assert cells[1:5] == ["0.00", "123.45", "0.00", "0.00"], cells
    assert "Bank and books agree" in desk.text
    answer = desk._client.get(f"/admin/reconciliation/table?{asked}", environ_base=desk._environ)
    waits = cells[5].replace("\N{NO-BREAK SPACE}", "")
    head, line = answer.get_data(as_text=True).strip().splitlines()
    assert head.startswith("Day,Account,Currency,Balance at the bank")
    assert line == f"{day},{agreement.number},{agreement.currency},0.00,-123.45,123.45,0.00,0.00,{waits},1"

    desk.get(str(desk.page.xpath("//tbody/tr/td[7]/a/@href")[0]))
    desk.get(str(desk.page.xpath("//main//tbody//td//a/@href")[0]))
    desk.get(str(desk.page.xpath("//a[contains(@href, '/lines?at=')]/@href")[0]))
    assert desk.heading == "reconciled.xml"
    assert "123.45" in desk.page.xpath("string(//tr[@class='meant'])")
    desk.get("/admin/reconciliation/?account=99999999", status=404)
    desk.get("/admin/reconciliation/?from=never&to=2026-99-99")
