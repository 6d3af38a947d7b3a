"""Groups, creditors and bank agreements at the desk: added, changed, refused with what was written kept."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.groups.models import BankAgreement, Creditor, Group, Logo
from tests.admin.conftest import logged_in
from tests.factories.documents import SVG_LOGO
from tests.together import together
from tests.web.browser import Browser
from web.house import House

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town

GROUPS = "/admin/setup/groups/"


def group(town: Town, slug: str) -> Group:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.scalars(select(Group).where(Group.slug == slug)).one()
        session.expunge(found)
        return found


def address(town: Town, slug: str) -> str:
    return f"{GROUPS}{group(town, slug).uuid}/"


def upload(desk: Browser, path: str, content: bytes, name: str = "logo.svg", **fields: str) -> Browser:
    """Fill in the form of a page and send a file with it, as a browser does."""
    desk.get(path)
    form = next(one for one in desk.page.forms if one.get("enctype") == "multipart/form-data")
    values: dict[str, Any] = {key: value or "" for key, value in form.form_values()}
    values.update(fields, logo=(BytesIO(content), name))
    answer = desk._client.post(path, data=values, environ_base=desk._environ, headers=desk._headers)
    return desk._load(path, answer, 200)


def test_groups_are_found_and_walked(desk: Browser, town: Town) -> None:
    page = desk.get(f"{GROUPS}?q=no")
    assert page.page.xpath("//tbody//td[1]//text()") == ["Norr"]
    assert "Riksförbundet" in page.text
    assert desk.get(f"{GROUPS}?q={town.other}").page.xpath("//tbody//td[1]//text()") == ["Syd"]
    assert len(desk.get(f"{GROUPS}?view=creditors").page.xpath("//tbody/tr")) == 1
    assert len(desk.get(f"{GROUPS}?view=joinable").page.xpath("//tbody/tr")) == 2


def test_a_group_is_added_below_another_by_the_beginning_of_its_name(desk: Browser, town: Town) -> None:
    desk.get(f"{GROUPS}new/").submit(
        form=1, name="Västra kören", parent="nor", joinable="y", **cast("Any", {"welcome-sv": "Hej!"})
    )
    assert "“Västra kören” is added." in desk.text
    made = group(town, "vastra-koren")
    assert (made.parent_id, made.joinable, made.welcome) == (group(town, town.slug).id, True, {"sv": "Hej!"})


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("name", "", "Fill this in."),
        ("parent", "", "Fill this in."),
        ("parent", "nobody", "Nothing is called so. Write the beginning of the name."),
        ("slug", "Två ord", "Use small letters a to z and digits, words joined by single hyphens."),
        ("slug", "org-norr", "Another group has this short name. Choose another one."),
        ("colour", "yellow", "Write # and six digits, for example #0b5c62."),
        ("country", "Atlantis", "Choose one of the list."),
    ],
)
def test_what_cannot_be_is_said_beside_its_box_and_kept(desk: Browser, field: str, wrong: str, sentence: str) -> None:
    fine = {"name": "Ny", "parent": "Norr (org-norr)", field: wrong}
    desk.get(f"{GROUPS}new/").submit(form=1, **cast("Any", fine))
    assert desk.title.startswith("Error: Add a group")
    assert desk.error_at(field) == sentence
    label = desk.page.xpath(f"string(//label[@for='{field}']/text())").strip()
    assert label
    assert desk.summary() == [f"{label}: {sentence}"]
    if field != "country":
        assert desk.page.xpath(f"string(//input[@name='{field}']/@value)") == wrong


def test_several_that_could_be_meant_are_named(desk: Browser, town: Town) -> None:
    for slug in ("norra-1", "norra-2"):
        desk.get(f"{GROUPS}new/").submit(form=1, name="Norra", slug=slug, parent="Riks")
    desk.get(f"{GROUPS}new/").submit(form=1, name="Under", parent="norra")
    assert desk.error_at("parent").startswith(
        "Several could be meant. Write one of them: Norra (norra-1); Norra (norra-2)"
    )
    desk.submit(form=1, parent="Norra (norra-2)")
    assert group(town, "under").parent_id == group(town, "norra-2").id


def test_a_group_is_changed_and_keeps_its_place(desk: Browser, town: Town) -> None:
    desk.get(address(town, town.slug))
    assert "Riks (org)" in desk.text
    desk.submit(form=1, name="Nya Norr", colour="#ff0000", parent="Syd", joinable=None)
    made = group(town, town.slug)
    assert (made.name, made.colour, made.joinable, made.parent_id) == (
        "Nya Norr",
        "#ff0000",
        False,
        group(town, "org").id,
    )
    assert "Your colour" in desk.get(address(town, town.slug)).text


def test_who_is_overtaken_is_told_also_after_an_error(desk: Browser, town: Town) -> None:
    desk.get(address(town, town.slug))
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Group).where(Group.slug == town.slug).values(name="Theirs"))
    desk.submit(form=1, name="")
    assert desk.error_at("name") == "Fill this in."
    desk.submit(form=1, name="Mine")
    assert desk.summary() == ["Somebody else has changed this while you did. Look at it first."]
    assert "Theirs" in desk.page.xpath("string(//*[@id='overtaken'])")
    desk.submit(form=1, name="Mine")
    assert group(town, town.slug).name == "Mine"


def test_of_two_who_save_at_the_same_moment_one_is_told(app: Flask, town: Town) -> None:
    both = [logged_in(Browser(app)).get(address(town, town.slug)) for _ in range(2)]
    together(
        *[lambda one=one, number=number: one.submit(form=1, name=f"Name {number}") for number, one in enumerate(both)]
    )
    told = [one for one in both if one.summary()]
    assert [one.summary() for one in told] == [["Somebody else has changed this while you did. Look at it first."]]
    assert group(town, town.slug).name == f"Name {1 - both.index(told[0])}"


def test_a_logo_is_taken_in_shown_and_taken_away(desk: Browser, town: Town) -> None:
    upload(desk, address(town, town.slug), SVG_LOGO)
    assert "is saved" in desk.text
    desk.get(address(town, town.slug))
    picture = desk.page.xpath("string(//*[@class='plate']/img/@src)")
    assert desk.get(picture).answer.data == SVG_LOGO
    desk.get(address(town, town.slug)).submit(form=1, no_logo="y")
    assert group(town, town.slug).logo_id is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "This SVG does more than show a picture"),
        (b"GIF89a", "This is no PNG or SVG picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50_000, "The picture is larger than 40 kB."),
    ],
)
def test_what_is_no_logo_is_refused_whatever_it_is_called(
    desk: Browser, town: Town, content: bytes, sentence: str
) -> None:
    upload(desk, address(town, town.slug), content, name="logo.png", name_="x")
    assert desk.error_at("logo").startswith(sentence)
    with town.database.unit_of_work(Role.JOBS) as session:
        assert not session.scalars(select(Logo.id).where(Logo.content == content)).all()


def test_a_group_that_is_used_stays(desk: Browser, town: Town) -> None:
    desk.get(f"{address(town, 'org')}delete/").submit(form=1)
    assert "This cannot be taken away: it is used by" in desk.text
    desk.get(f"{address(town, town.other)}delete/").submit(form=1)
    assert "“Syd” is taken away." in desk.text


@pytest.mark.usefixtures("town")
def test_a_script_is_offered_groups_and_creditors(desk: Browser) -> None:
    desk.get(f"{GROUPS}suggest/?q=nor")
    assert desk.answer.json == [{"words": "Norr (org-norr)", "above": "Riks"}]
    desk.get("/admin/setup/creditors/suggest/?q=")
    assert desk.answer.json == [{"words": "Riks (org)", "above": ""}]


NEW: dict[str, Any] = {
    "group": "Norr (org-norr)",
    "name": "Norrs kassa",
    "org_number": "802999-9995",
    "street": "Gatan 1",
    "postcode": "75320",
    "city": "Uppsala",
    "email": "kassa@example.org",
    "phone": "018-12 34 56",
}


def test_a_creditor_is_founded_and_changed_but_not_its_currency_once_used(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/creditors/new/").submit(form=1, **NEW)
    assert "“Norrs kassa” is added." in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        made = session.scalars(select(Creditor).where(Creditor.name == "Norrs kassa")).one()
        assert (made.postcode, made.phone, made.sensitive) == ("753 20", "+4618123456", True)
        used = session.scalars(select(Creditor.uuid).where(Creditor.id == town.creditor)).one()
        path = f"/admin/setup/creditors/{made.uuid}/"
    desk.get(path).submit(form=1, payment_days="14", currency="EUR", sensitive=None)
    with town.database.unit_of_work(Role.JOBS) as session:
        made = session.scalars(select(Creditor).where(Creditor.name == "Norrs kassa")).one()
        assert (made.payment_days, made.currency, made.sensitive) == (14, "EUR", False)
    desk.get(f"/admin/setup/creditors/{used}/")
    assert not desk.page.xpath("//*[@name='currency']")
    desk.submit(form=1, currency="EUR", max_reminders="2")
    with town.database.unit_of_work(Role.JOBS) as session:
        kept = session.get_one(Creditor, town.creditor)
        assert (kept.currency, kept.max_reminders) == ("SEK", 2)


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("org_number", "802999-9996", "This is no organisation number of Sweden. Check its digits."),
        ("postcode", "7532", "Write the postcode as it stands in addresses, for example 114 55."),
        ("email", "kassa@", "Write an e-mail address, for example name@example.com."),
        ("phone", "12", "Write a telephone number that exists, or leave the box empty."),
        ("payment_days", "400", "Write a number from 0 to 365."),
        ("group", "Riks", "This group has books of its own already. Change those instead."),
    ],
)
def test_what_no_creditor_can_be_is_said_beside_its_box(desk: Browser, field: str, wrong: str, sentence: str) -> None:
    desk.get("/admin/setup/creditors/new/").submit(form=1, **cast("Any", {**NEW, field: wrong}))
    assert desk.error_at(field) == sentence
    assert desk.page.xpath("string(//input[@name='city']/@value)") == "Uppsala"


def test_text_messages_are_refused_where_no_gateway_takes_them(
    app: Flask, desk: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        path = f"/admin/setup/creditors/{session.get_one(Creditor, town.creditor).uuid}/"
    (name, here), *_ = ((name, held) for name, held in app.extensions.items() if isinstance(held, House))
    monkeypatch.setitem(app.extensions, name, replace(here, settings=replace(here.settings, demo=False)))
    desk.get(path).submit(form=1, sms="y")
    assert desk.error_at("sms").startswith("No gateway for text messages is set up here yet.")
    monkeypatch.setitem(app.extensions, name, here)
    desk.get(path).submit(form=1, sms="y")  # a demonstration has one that sends nothing
    assert not desk.page.xpath("//*[@id='sms-error']")
    desk.get(path).submit(form=1, sms=None)


def test_every_fault_of_a_form_is_told_at_once(desk: Browser) -> None:
    wrong = {"org_number": "1", "postcode": "1", "email": "x", "phone": "1"}
    desk.get("/admin/setup/creditors/new/").submit(form=1, **cast("Any", {**NEW, **wrong}))
    assert len(desk.summary()) == 4


def test_a_bank_agreement_is_added_proved_and_preferred(desk: Browser, town: Town) -> None:
    new = {"creditor": "Riks", "scheme": "PGNR", "reference_kind": "ocr"}
    desk.get("/admin/setup/agreements/new/").submit(form=1, number="4 15 28-2", **cast("Any", new))
    assert desk.error_at("number").startswith("This number cannot be right")
    assert desk.page.xpath("string(//input[@name='number']/@value)") == "4 15 28-2"
    desk.submit(form=1, number="4 15 28-1", reference_kind="kid")
    assert desk.error_at("reference_kind").startswith("Payments to accounts of this kind")
    desk.submit(form=1, number="4 15 28-1", reference_kind="ocr")
    assert "is added" in desk.text
    assert "changes when a second person agrees" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        found = {one.number: one for one in session.scalars(select(BankAgreement))}
        assert {number: one.preferred for number, one in found.items()} == {"50501055": True, "415281": False}
        mine, other = found["50501055"].id, found["415281"].id
    desk.get(f"/admin/setup/agreements/{mine}/").submit(form=1, preferred=None)
    assert desk.error_at("preferred").startswith("Invoices need an account.")
    desk.get(f"/admin/setup/agreements/{other}/delete/").submit(form=1)
    assert "is taken away" in desk.text


@pytest.mark.parametrize(
    "path", ["agreements/0/", "agreements/x/", f"agreements/{2**70}/", "creditors/1/", "types/-1/"]
)
def test_what_calls_nothing_is_not_there(desk: Browser, path: str) -> None:
    desk.get(f"/admin/setup/{path}", status=404)
