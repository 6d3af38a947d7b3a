"""Own templates at the desk: sent, tried, seen, used from a day, and put aside."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from database.connect import Role
from documents import EXAMPLE
from dues.groups.models import Creditor
from dues.groups.template_models import OwnTemplate, TemplateUse
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def page(desk: Browser, town: Town) -> Browser:
    with town.database.unit_of_work(Role.JOBS) as session:
        address = session.get_one(Creditor, town.creditor).uuid
    return desk.get(f"/admin/setup/own-templates/{address}/")


def send(desk: Browser, source: str) -> Browser:
    token = desk.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    fields: dict[str, Any] = {"csrf_token": token, "file": (io.BytesIO(source.encode()), "own.typ")}
    return desk.post(desk.path, **fields)


def test_a_template_is_sent_seen_used_and_put_aside(desk: Browser, town: Town) -> None:
    page(desk, town)
    assert "No template of your own yet" in desk.text
    send(desk, EXAMPLE)
    assert "holds for every sample" in desk.text
    assert desk.page.xpath("//img[@class='page-sample'][starts-with(@src, 'data:image/png;base64,')]")
    desk.submit(form=-1, from_on="2020-01-01")
    assert desk.error_at("from_on").startswith("Choose today or a later day")
    desk.submit(form=-1, from_on=TODAY.isoformat())
    assert "The template is used from" in desk.text
    assert desk.page.xpath("//dl[@class='facts']//a[.='own.typ']")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(TemplateUse.from_on)).all() == [TODAY]
    back = next(place for place, form in enumerate(_posts(desk)) if form.action.endswith("/ours"))
    desk.submit(form=back)
    assert "built-in layout" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(TemplateUse.template_id)).all() == [None]


def _posts(desk: Browser) -> list[Any]:
    return [one for one in desk.page.forms if one.method == "POST"]


def test_a_template_that_fails_says_where_and_why_and_nothing_is_kept(desk: Browser, town: Town) -> None:
    page(desk, town)
    send(desk, '\n#let body(doc) = read("/etc/passwd")')
    assert desk.error_at("file").startswith("This template does not hold")
    assert "One line, English" in desk.text
    assert "Line 2: A template can read no files" in desk.text
    send(page(desk, town), "#let body(doc) = doc.title")
    assert "It does not show the amount" in desk.text
    send(page(desk, town), " ")
    assert desk.error_at("file").startswith("This is no Typst file")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(OwnTemplate.id)).all() == []


def test_the_example_can_be_taken_along(desk: Browser, town: Town) -> None:
    page(desk, town)
    assert desk.page.xpath("//a[@href='/admin/setup/own-templates/example.typ']")
