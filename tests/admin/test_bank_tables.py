"""A table of payments at the desk: columns said once, the sum confirmed, booked by the worker, and known again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from database.connect import Role
from dues.groups.models import BankAgreement
from dues.payments.models import BankFile, FileState, Payment
from tests.admin.test_bank_files import agreement, send
from tests.factories.runs import finished

if TYPE_CHECKING:
    from dues.groups.models import BankAgreement as Agreement
    from tests.portal.town import Town
    from tests.web.browser import Browser
    from tests.web.waking import Woken

__all__ = ["agreement"]

MARCH = b"Datum;Betrag;Zweck\n02.03.2026;310,00;Beitrag Berg\n03.03.2026;-5,50;Entgelt\n"
APRIL = b"Datum;Betrag;Zweck\n02.04.2026;99,00;Beitrag Lind\n"


def tell(desk: Browser, said: dict[str, str], **more: str) -> None:
    """Choose the columns and press a button of the table's form."""
    forms = [one for one in desk.page.forms if one.method == "POST"]
    at = next(at for at, one in enumerate(forms) if (one.action or "").endswith("/table"))
    fields: dict[str, Any] = {**said, **more}
    desk.submit(form=at, **fields)


def test_a_table_is_taken_in_once_its_columns_are_said_and_its_sum_is_confirmed(
    desk: Browser, town: Town, agreement: Agreement, woken: Woken
) -> None:
    send(desk, (MARCH, "march.csv"))
    desk.get(desk.page.xpath("//ul[@class='sent']//a/@href")[0])
    assert "is no format" in desk.text or "known are" in desk.text
    desk.get(desk.page.xpath("//a[contains(@href, '/table')]/@href")[0])
    order = "string(//select[@name='dates']/option[@selected]/@value)"
    assert desk.page.xpath(order) == "day first"  # as nothing else fits days with points
    said = {"agreement": str(agreement.id), "booked": "Datum", "amount": "Betrag", "text": "Zweck"}
    tell(desk, said, notation="comma", dates="")
    assert desk.error_at("dates").startswith("Say how days are written")
    tell(desk, said, notation="comma", dates="iso")
    assert "“02.03.2026” is no day" in desk.text
    tell(desk, said, notation="comma", dates="day first")
    assert "304.50" in desk.text
    assert "nothing proves it whole" in desk.text
    tell(desk, said, notation="comma", dates="day first", sum="30449")
    assert woken.runs == []  # another sum than the one shown
    tell(desk, said, notation="comma", dates="day first", sum="30450")
    finished(town.database.opener(Role.JOBS), woken.runs[0])
    with town.database.opener(Role.JOBS)() as session:
        file = session.scalars(select(BankFile).where(BankFile.name == "march.csv")).one()
        assert (file.state, file.format, file.payments, file.amount) == (FileState.ACCEPTED, "Table", 2, 30_450)
        came = session.scalars(select(Payment).where(Payment.file_id == file.id).order_by(Payment.id)).all()
        assert [(one.amount, one.message) for one in came] == [(31_000, "Beitrag Berg"), (-550, "Entgelt")]
        assert any("carries no totals" in warning for warning in file.warnings)
        assert session.get_one(BankAgreement, agreement.id).table_layout is not None
    send(desk, (APRIL, "april.csv"))
    desk.get(desk.page.xpath("//ul[@class='sent']//a/@href")[0])
    desk.get(desk.page.xpath("//a[contains(@href, '/table')]/@href")[0])
    assert "99.00" in desk.text  # the columns are remembered, and what they bring is shown at once
