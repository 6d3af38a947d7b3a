"""Banks' servers at the desk: added, compared, tried; what was secret is never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from database.connect import Role
from dues.groups.models import BankAgreement
from dues.payments.source_models import BankSource, Trouble
from tests.jobs.sftp import PASSWORD, USER, bank_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.town import Town
    from tests.web.browser import Browser


def test_a_banks_server_is_added_compared_and_tried(desk: Browser, town: Town, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "monday.xml").write_bytes(b"<x/>")
    with town.database.opener(Role.JOBS)() as session:
        number = session.scalars(select(BankAgreement.number).order_by(BankAgreement.id)).first()
    with bank_server(tmp_path) as port:
        filled = {"host": "127.0.0.1", "port": str(port), "username": USER, "folder": "out", "pattern": "*.xml"}

        def made(**more: str | None) -> None:
            desk.get("/admin/setup/bank-servers/new/")
            wanted: dict[str, Any] = {**filled, **more}
            desk.submit(form=1, **wanted)

        made(account="4711")
        assert "No bank agreement has this number." in desk.text
        assert desk.page.xpath("//input[@name='host']/@value") == ["127.0.0.1"]
        made(account=number)
        assert "Write a password or a private key" in desk.text
        made(account=number, password=PASSWORD)
        assert "Key not agreed to" in desk.text
        desk.get(str(desk.page.xpath("//tbody//a[contains(@href, '/bank-servers/')]/@href")[0]))
        here = desk.path
        desk.submit(form=1)
        assert "Is this the bank's server?" in desk.text
        desk.submit(form=1)
        assert "The key is agreed to." in desk.text
        desk.submit(form=1)
        assert "The connection works. One file fits. monday.xml" in desk.text
        assert PASSWORD not in desk.get(here.replace("/admin/", "/admin/setup/") + "/").answer.get_data(as_text=True)
        desk.submit(form=1, pattern="camt*")
    desk.get(here).submit(form=1)
    assert "The server does not answer." in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        source = session.scalars(select(BankSource)).one()
        assert (source.pattern, source.host_key is not None) == ("camt*", True)
        source.trouble = Trouble.LOGIN
        told = session.scalars(text("SELECT coalesce(string_agg(v::text, ' '), '') FROM audit_value v")).one()
        assert PASSWORD not in told
    assert "Bank's server that files cannot be fetched from" in desk.get("/admin/").text
    desk.get("/admin/setup/bank-servers/")
    assert "Does not work" in desk.text
