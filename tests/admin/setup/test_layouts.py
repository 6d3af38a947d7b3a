"""How documents are laid out, at the desk; and that what was issued keeps the layout it had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from database.connect import Role
from documents import Column, Grouping, LogoPlace
from dues.groups.layout import layout_of
from dues.groups.models import Creditor
from dues.invoicing.document import senders_of
from dues.invoicing.freeze import freeze_payees
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser

CHOSEN: dict[str, Any] = {
    "columns-0": "2",
    "columns-1": "1",
    "columns-3": "",
    "columns-6": "3",
    "grouping": "member",
    "logo": "right",
    "footer": "Open on  Tuesdays\r\n\r\nVAT registered",
}


def form(desk: Browser) -> Browser:
    desk.get("/admin/setup/layouts/")
    return desk.get(desk.page.xpath("string(//tbody//a/@href)"))


def test_a_layout_holds_from_the_next_document_on_and_not_for_those_before(desk: Browser, town: Town) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        before = freeze_payees(session, creditors=[town.creditor], on=TODAY)[town.creditor]
    form(desk).submit(form=1, **CHOSEN)
    assert "is saved" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        after = freeze_payees(session, creditors=[town.creditor], on=TODAY)[town.creditor]
        senders = senders_of(session, [before, after])
        layout = senders[after].look.layout
        assert layout.columns == (Column.MEMBER, Column.WHAT, Column.AMOUNT)
        assert (layout.grouping, layout.logo) == (Grouping.MEMBER, LogoPlace.RIGHT)
        assert layout.footer == ("Open on Tuesdays", "VAT registered")
        assert senders[before].look.layout == layout_of({})


def test_the_house_s_own_layout_is_kept_as_none(desk: Browser, town: Town) -> None:
    form(desk).submit(form=1, **CHOSEN)
    own: dict[str, Any] = {
        "columns-0": "1",
        "columns-1": "",
        "columns-3": "2",
        "grouping": "none",
        "logo": "left",
        "footer": "",
    }
    form(desk).submit(form=1, **own)
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(Creditor.layout)).all() == [{}]


def test_what_no_page_can_be_set_in_is_refused_beside_its_field(desk: Browser) -> None:
    form(desk).submit(form=1, **{**CHOSEN, "columns-6": ""})
    assert desk.error_at("columns").startswith("Give description and amount a place.")
    form(desk).submit(form=1, **{**CHOSEN, "footer": "x" * 101})
    assert desk.error_at("footer").startswith("There is room for 3 lines of 100 characters.")


def test_a_layout_is_seen_before_it_is_saved(desk: Browser, town: Town) -> None:
    form(desk)
    token = desk.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    creditor = desk.page.xpath("string(//main//input[@name='creditor']/@value)")
    sent = {**CHOSEN, "csrf_token": token, "creditor": creditor}
    seen = desk.post("/admin/setup/layouts/preview/", **sent).answer.get_data(as_text=True)
    assert 'src="data:image/png;base64,' in seen
    pdf = desk.post("/admin/setup/layouts/document/", **sent).answer
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(Creditor.layout)).all() == [{}]
