"""Staff at the desk: invited by mail, given roles, shut out; roles of one's own; and what needs two persons."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from database.connect import Role
from dues.access.models import Invitation, Staff, StaffSession
from dues.access.roles import define_role
from dues.access.scope import rights
from dues.delivery.installation import Installation
from dues.delivery.models import Message
from dues.delivery.outbox import claim
from dues.delivery.staff_mail import InvitationRenderer
from dues.groups.models import BankAgreement, Creditor
from tests.admin.conftest import entered
from tests.factories.staff import PASSWORD, employ
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from settings import Settings
    from tests.portal.town import Town
    from tests.web.waking import Woken

KEEPER = ("system-administrator",)
GOOD = "quiet lamp by the sea"


@pytest.fixture
def sit(app: Flask, town: Town) -> Callable[..., Browser]:
    """Let somebody with some roles sit down at the desk."""

    def begin(name: str, *roles: str) -> Browser:
        email = f"{name}@two.example"
        with town.database.unit_of_work(Role.JOBS) as session:
            employ(session, name=name, email=email, roles=roles or KEEPER)
        return entered(Browser(app), town.database, email=email)

    return begin


def someone(town: Town, email: str) -> Staff:
    with town.database.opener(Role.JOBS)() as session:
        return session.scalars(select(Staff).where(Staff.email == email)).one()


def address(town: Town, email: str) -> str:
    return f"/admin/staff/{someone(town, email).uuid}"


def may(town: Town, email: str, permission: str, path: str = "") -> bool:
    with town.database.opener(Role.JOBS)() as session:
        who = session.scalars(select(Staff.id).where(Staff.email == email)).one()
        return rights(session, staff_id=who, on=TODAY).may(permission, path)


def press(desk: Browser, words: str) -> Browser:
    said = [" ".join(form.xpath("string(.//button)").split()) for form in desk.page.forms if form.method == "POST"]
    return desk.submit(form=said.index(words))


def fill(desk: Browser, words: str, **fields: str | None) -> Browser:
    said = [" ".join(form.xpath("string(.//button)").split()) for form in desk.page.forms if form.method == "POST"]
    return desk.submit(form=said.index(words), status=200, **fields)


def link(town: Town, settings: Settings, email: str) -> str:
    """Where the newest link that went to somebody leads, as the mail says."""
    with town.database.unit_of_work(Role.JOBS) as session:
        mail = session.scalars(select(Message).where(Message.address == email).order_by(Message.id.desc())).first()
        assert mail is not None
        outgoing = [
            one
            for one in claim(session, channel=mail.channel, kinds=["invitation"], size=999, lease=dt.timedelta(0))
            if one.id == mail.id
        ]
        made = InvitationRenderer(Installation.from_settings(settings)).load(session, outgoing)[mail.id]()
        found = re.search(r"https://dues.example.org(/admin/welcome/\S+)", str(getattr(made, "text", "")))
        session.rollback()
        assert found is not None
        return found[1]


def test_somebody_is_invited_chooses_a_password_and_may_do_what_their_role_says(
    sit: Callable[..., Browser], town: Town, settings: Settings, woken: Woken, visit: Callable[..., Browser]
) -> None:
    desk = sit("host", "system-administrator", "support").get("/admin/staff/invite")
    fill(desk, "Invite", name="", email="nonsense")
    assert desk.error_at("email") == "Write an e-mail address, for example name@example.com."
    fill(desk, "Invite", name="New One", email="new@two.example", language="en")
    assert desk.heading == "New One"
    assert woken.mails
    assert "No role" in desk.text
    fill(desk, "Give this role", role=role(desk, "Support"), group="")
    assert "The role is given." in desk.text
    guest = visit().get(link(town, settings, "new@two.example"))
    assert guest.heading == "Choose your password"
    guest.submit(password="password1234")
    assert "less common password" in guest.error_at("password")
    guest.submit(password=GOOD)
    assert guest.heading == "Log in"
    guest.submit(email="new@two.example", password=GOOD)
    assert guest.heading == "Today"
    assert "See persons and memberships" in desk.get(desk.path).text


def role(desk: Browser, name: str) -> str:
    found: str = desk.page.xpath("string(//select[@name='role']/option[normalize-space()=$name]/@value)", name=name)
    return found


def test_a_link_is_good_once(
    sit: Callable[..., Browser], town: Town, settings: Settings, visit: Callable[..., Browser]
) -> None:
    desk = sit("linker").get("/admin/staff/invite")
    fill(desk, "Invite", name="Twice", email="twice@two.example", language="en")
    first = link(town, settings, "twice@two.example")
    press(desk, "Send the invitation again")
    assert visit().get(first).heading == "This link is not valid any more"
    second = link(town, settings, "twice@two.example")
    visit().get(second).submit(password=GOOD)
    assert visit().get(second).heading == "This link is not valid any more"
    assert visit().get("/admin/welcome/made-up").heading == "This link is not valid any more"
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(Invitation).values(expires_at=dt.datetime.now(dt.UTC)))


def test_a_known_address_is_not_invited_again(sit: Callable[..., Browser]) -> None:
    desk = sit("again").get("/admin/staff/invite")
    fill(desk, "Invite", name="Again", email="again@two.example", language="en")
    assert "works here already" in desk.error_at("email")


def test_the_list_is_narrowed_by_role_standing_and_words(sit: Callable[..., Browser], town: Town) -> None:
    desk = sit("lister")
    with town.database.unit_of_work(Role.JOBS) as session:
        employ(session, name="Zoe Auditor", email="zoe@two.example", roles=["auditor"])
    desk.get("/admin/staff/?q=auditor")
    assert "zoe@two.example" in desk.text
    value = desk.page.xpath("string(//select[@name='role']/option[normalize-space()='Auditor']/@value)")
    assert "zoe@two.example" in desk.get(f"/admin/staff/?role={value}").text
    assert "lister@two.example" not in desk.text
    assert "zoe@two.example" not in desk.get("/admin/staff/?view=disabled").text


def test_who_is_shut_out_is_out_at_once_and_may_come_again(sit: Callable[..., Browser], town: Town) -> None:
    other, desk = sit("shut", "support"), sit("shutter")
    assert other.get("/admin/").heading == "Today"
    press(desk.get(address(town, "shut@two.example")), "Let them in no more")
    assert other.get("/admin/").heading == "Log in"
    press(desk, "Let them in again")
    assert "At work" in desk.text


def test_nobody_shuts_themselves_out(sit: Callable[..., Browser], town: Town) -> None:
    desk = sit("selfish").get(address(town, "selfish@two.example"))
    assert "Let them in no more" not in desk.text


def test_a_lost_phone_is_helped_by_a_colleague(sit: Callable[..., Browser], town: Town) -> None:
    other, desk = sit("phoneless", "support"), sit("helper")
    with town.database.unit_of_work(Role.JOBS) as session:
        who = session.scalars(select(Staff).where(Staff.email == "phoneless@two.example")).one()
        who.otp_secret = b"sealed"
    press(desk.get(address(town, "phoneless@two.example")), "Take the second factor off")
    assert "They set up another one." in desk.text
    assert someone(town, "phoneless@two.example").otp_secret is None
    assert other.get("/admin/").heading == "Log in"


def test_a_role_that_its_giver_does_not_have_waits_for_a_second_person(sit: Callable[..., Browser], town: Town) -> None:
    first, second, stranger = sit("giver"), sit("agreer"), sit("outsider", "support")
    sit("taker", "support")
    desk = first.get(address(town, "taker@two.example"))
    fill(desk, "Give this role", role=role(desk, "Cashier"), group="")
    assert "waits until a second person agrees" in desk.text
    assert not may(town, "taker@two.example", "payments.allocate")
    assert "Thing that you want" in first.get("/admin/").text
    first.get("/admin/approvals/")
    assert "Somebody else must agree" in first.text
    assert "Agree" not in [button.text_content().strip() for button in first.page.xpath("//main//button")]
    assert "Nothing waits" in stranger.get("/admin/approvals/").text
    assert "Thing that a colleague wants" in second.get("/admin/").text
    second.get("/admin/approvals/")
    assert "Give taker (taker@two.example) the role Cashier" in second.text
    assert "Decide what payments are used for" in second.text
    press(second, "Agree")
    assert "You have agreed, and it is done." in second.text
    assert may(town, "taker@two.example", "payments.allocate")


def test_what_waits_is_refused_with_a_reason_or_withdrawn(sit: Callable[..., Browser], town: Town) -> None:
    first, second = sit("proposer"), sit("refuser")
    sit("hopeful", "support")
    for name in ("Cashier", "Economist"):
        desk = first.get(address(town, "hopeful@two.example"))
        fill(desk, "Give this role", role=role(desk, name), group="")
    press(first.get("/admin/approvals/"), "Withdraw it")
    fill(second.get("/admin/approvals/"), "Refuse", reason="Not before the meeting")
    assert "Not before the meeting" in second.text
    assert not may(town, "hopeful@two.example", "payments.allocate")
    assert "Nothing waits" in first.get("/admin/approvals/").text


def test_nobody_agrees_to_their_own_wish_by_its_address(sit: Callable[..., Browser], town: Town) -> None:
    first = sit("sly")
    desk = first.get(address(town, "sly@two.example"))
    fill(desk, "Give this role", role=role(desk, "Economist"), group="")
    first.get("/admin/approvals/")
    wish = next(str(form.action) for form in first.page.forms if str(form.action).endswith("/refuse"))
    token = first.page.xpath("string(//input[@name='csrf_token']/@value)")
    first.post(wish.replace("/refuse", "/agree"), csrf_token=token)
    assert "You proposed this yourself" in first.text
    assert not may(town, "sly@two.example", "invoices.credit")
    press(first, "Withdraw it")


def test_an_own_role_is_ticked_together_and_what_is_more_than_ones_own_waits(
    sit: Callable[..., Browser], town: Town
) -> None:
    desk = sit("maker", "system-administrator").get("/admin/setup/roles/new/")
    fields = {"names-en": "Door keeper", "slug": "door-keeper", "permissions": "staff.read"}
    fill(desk, "Save", **fields)
    assert "“Door keeper” is added." in desk.text
    desk.get("/admin/setup/roles/new/")
    fill(desk, "Save", **{"names-en": "Money maker", "slug": "money-maker", "permissions": "payments.allocate"})
    assert "waits until a second person agrees" in desk.text
    assert "Money maker" not in desk.text.partition("waits until")[2]
    desk.get("/admin/setup/roles/economist/")
    assert desk.page.xpath("//main//fieldset[@disabled]")
    press(desk.get("/admin/approvals/"), "Withdraw it")
    del town


def test_a_changed_role_shows_what_it_overwrites_what_is_added_and_what_is_taken_away(
    sit: Callable[..., Browser], town: Town
) -> None:
    with town.database.unit_of_work(Role.JOBS) as session:
        few = {"en": "Porter"}, ["desk.use", "members.read"]
        define_role(session, slug="porter", names=few[0], permissions=few[1])
    first, second = sit("role-changer"), sit("role-reader")
    first.get("/admin/setup/roles/porter/")
    fill(first, "Save", **{"names-en": "Head porter", "permissions": "payments.allocate"})
    second.get("/admin/approvals/")
    (card,) = second.page.xpath("//article[contains(., 'Porter')]")
    said = [" ".join(one.text_content().split()) for one in card.xpath(".//dl/div")]
    assert " ".join(card.xpath("string(.//h2)").split()) == "Change what the role Porter may do"
    assert {
        "Role that is changedPorter (porter)",
        "NameHead porter instead of Porter",
        "It may from then onDecide what payments are used for",
        "It may no longerUse the desk, See persons and memberships",
    } <= set(said), said
    with town.database.unit_of_work(Role.JOBS) as session:
        define_role(session, slug="porter", names=few[0], permissions=["desk.use", "members.read", "staff.read"])
    press(second, "Agree")
    assert "something has changed since" in second.text
    press(first.get("/admin/approvals/"), "Withdraw it")


def test_something_sensitive_asks_again_and_loses_nothing(sit: Callable[..., Browser], town: Town) -> None:
    desk = sit("stale", "system-administrator", "support")
    sit("given", "support")
    page = desk.get(address(town, "given@two.example"))
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    with town.database.unit_of_work(Role.JOBS) as session:
        who = session.scalars(select(Staff.id).where(Staff.email == "stale@two.example")).one()
        session.execute(update(StaffSession).where(StaffSession.staff_id == who).values(fresh_at=long_ago))
    fill(page, "Give this role", role=role(page, "Support"), group="Norr")
    assert desk.heading == "Is it still you?"
    fill(desk, "Go on", **{"again-password": "wrong"})
    assert desk.summary() == ["This is not your password. Try again."]
    fill(desk, "Go on", **{"again-password": PASSWORD})
    assert (desk.heading, "The role is given." in desk.text) == ("given", True)
    assert "and below" in desk.text


def test_a_changed_account_waits_and_tells_everybody_who_may_agree(
    sit: Callable[..., Browser], town: Town, woken: Woken
) -> None:
    first, second = sit("banker", "economist"), sit("second", "economist")
    with town.database.opener(Role.JOBS)() as session:
        ours = select(BankAgreement).where(BankAgreement.creditor_id == town.creditor, BankAgreement.preferred)
        before = session.scalars(ours).one()
    first.get("/admin/setup/agreements/new/")
    creditor = "Riks"
    fields = {"creditor": creditor, "scheme": "PGNR", "number": "4-2", "reference_kind": "ocr", "preferred": "y"}
    fill(first, "Save", **fields)
    assert "changes when a second person agrees" in first.text
    with town.database.opener(Role.JOBS)() as session:
        assert session.get_one(BankAgreement, before.id).preferred
        told = set(session.scalars(select(Message.address).where(Message.kind == "approval")))
    assert {"banker@two.example", "second@two.example"} <= told
    assert woken.mails
    second.get("/admin/approvals/")
    assert "PGNR 42" in second.text
    press(second, "Agree")
    with town.database.opener(Role.JOBS)() as session:
        assert not session.get_one(BankAgreement, before.id).preferred
    first.get(f"/admin/setup/agreements/{before.id}/")
    fill(first, "Save", preferred="y")
    press(second.get("/admin/approvals/"), "Agree")
    with town.database.opener(Role.JOBS)() as session:
        assert session.get_one(BankAgreement, before.id).preferred


def test_an_account_that_is_changed_while_it_waits_is_not_agreed_to(sit: Callable[..., Browser], town: Town) -> None:
    first, second = sit("switcher", "economist"), sit("reader", "economist")
    with town.database.opener(Role.JOBS)() as session:
        before = session.scalars(select(BankAgreement).where(BankAgreement.creditor_id == town.creditor)).first()
        assert before is not None
    first.get("/admin/setup/agreements/new/")
    honest = {"creditor": "Riks", "scheme": "BGNR", "number": "550-0046", "reference_kind": "ocr", "preferred": "y"}
    fill(first, "Save", **honest)
    second.get("/admin/approvals/")
    with town.database.opener(Role.JOBS)() as session:
        there = session.scalars(select(BankAgreement.id).where(BankAgreement.number == "5500046")).one()
    first.get(f"/admin/setup/agreements/{there}/")
    fill(first, "Save", number="991-2346", preferred=None)
    assert "BGNR 5500046" in second.text
    press(second, "Agree")
    assert "something has changed since" in second.text
    with town.database.opener(Role.JOBS)() as session:
        assert not session.get_one(BankAgreement, there).preferred
    press(first.get("/admin/approvals/"), "Withdraw it")


def test_the_first_account_of_a_group_whose_members_paid_above_waits(sit: Callable[..., Browser], town: Town) -> None:
    founder = sit("founder").get("/admin/setup/creditors/new/")
    said = {"group": "Norr", "name": "Norr", "country": "SE", "org_number": "802000-0033", "currency": "SEK"}
    place = {"street": "Storgatan 1", "postcode": "111 22", "city": "Stockholm", "email": "norr@two.example"}
    fill(founder, "Save", **said, **place)
    founder.get("/admin/setup/agreements/new/")
    fill(founder, "Save", creditor="Norr", scheme="BGNR", number="550-0053", reference_kind="ocr", preferred="y")
    assert "changes when a second person agrees" in founder.text, founder.summary()
    with town.database.opener(Role.JOBS)() as session:
        made = session.scalars(select(BankAgreement).where(BankAgreement.number == "5500053")).one()
        assert not made.preferred
    press(founder.get("/admin/approvals/"), "Withdraw it")
    for address in (f"agreements/{made.id}", f"creditors/{creditor_of(town, made)}"):
        founder.get(f"/admin/setup/{address}/delete/").submit(form=1)
        assert "is taken away" in founder.text


def creditor_of(town: Town, agreement: BankAgreement) -> str:
    with town.database.opener(Role.JOBS)() as session:
        return str(session.get_one(Creditor, agreement.creditor_id).uuid)


def test_limits_are_set_by_who_may(sit: Callable[..., Browser]) -> None:
    keeper = sit("limiter").get("/admin/setup/limits/")
    keeper.get(keeper.page.xpath("string(//main//tbody//a/@href)"))
    fill(keeper, "Save", refund_limit="1 000", write_off_limit="")
    assert "1,000.00" in keeper.text
    economist = sit("no-limiter", "economist").get("/admin/setup/limits/")
    economist.get(economist.page.xpath("string(//main//tbody//a/@href)"))
    assert economist.page.xpath("//main//fieldset[@disabled]")
