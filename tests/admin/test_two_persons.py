"""Two persons are two: nobody alone makes the second person that they need."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from database.connect import Role
from dues.access.grants import give
from dues.access.models import Staff
from dues.access.roles import define_role, role_id
from dues.access.scope import rights
from dues.access.staff import set_password
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement
from tests.admin.conftest import entered
from tests.factories.staff import PASSWORD, employ
from tests.portal.town import TODAY
from tests.web.browser import Browser

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.town import Town

KEEPER = "System administrator"


class Hall:
    """Desks of an organisation whose staff make each other."""

    def __init__(self, app: Flask, town: Town) -> None:
        self.app, self.town = app, town

    def rooted(self, name: str, *roles: str) -> Browser:
        """Somebody whom the command line took in."""
        with self.town.database.unit_of_work(Role.JOBS) as session:
            employ(session, name=name, email=mail(name), roles=roles or ("system-administrator",))
        return self.enter(name)

    def enter(self, name: str) -> Browser:
        return entered(Browser(self.app), self.town.database, email=mail(name))

    def invited(self, by: Browser, name: str, *, role: str = KEEPER) -> Browser:
        """Somebody whom a colleague invites and gives a role, both by themselves; they come in at once."""
        fill(by.get("/admin/staff/invite"), "Invite", name=name, email=mail(name), language="en")
        assert "The role is given." in self.give(by, name, role).text
        with self.town.database.unit_of_work(Role.JOBS) as session:
            set_password(session, email=mail(name), password=PASSWORD, now=dt.datetime.now(dt.UTC))
        return self.enter(name)

    def give(self, by: Browser, name: str, role: str) -> Browser:
        with self.town.database.opener(Role.JOBS)() as session:
            public_id = session.scalars(select(Staff.uuid).where(Staff.email == mail(name))).one()
        by.get(f"/admin/staff/{public_id}")
        value = by.page.xpath("string(//select[@name='role']/option[normalize-space()=$role]/@value)", role=role)
        return fill(by, "Give this role", role=value, group="")

    def wants(self, by: Browser, taker: str) -> None:
        """Want a role that may do more: it waits for a second person."""
        with self.town.database.unit_of_work(Role.JOBS) as session:
            employ(session, name=taker, email=mail(taker), roles=["support"])
        assert "waits until a second person agrees" in self.give(by, taker, "Cashier").text

    def got(self, taker: str) -> bool:
        with self.town.database.opener(Role.JOBS)() as session:
            who = session.scalars(select(Staff.id).where(Staff.email == mail(taker))).one()
            return rights(session, staff_id=who, on=TODAY).may("payments.allocate", "")


@pytest.fixture
def hall(app: Flask, town: Town) -> Hall:
    return Hall(app, town)


def mail(name: str) -> str:
    return f"{name}@hands.example"


def fill(desk: Browser, words: str, **fields: str | None) -> Browser:
    said = [" ".join(form.xpath("string(.//button)").split()) for form in desk.page.forms if form.method == "POST"]
    return desk.submit(form=said.index(words), status=200, **fields)


def offered(desk: Browser, taker: str) -> str:
    """What the page says and offers about the wish for somebody."""
    desk.get("/admin/approvals/")
    return " ".join(desk.page.xpath("string(//article[contains(., $taker)])", taker=mail(taker)).split())


def press(desk: Browser, taker: str, what: str) -> Browser:
    """Agree, or refuse, by the address: also past what the page leaves out."""
    offered(desk, taker)
    forms = desk.page.xpath("//article[contains(., $taker)]//form/@action", taker=mail(taker))
    token = desk.page.xpath("string(//input[@name='csrf_token']/@value)")
    return desk.post(str(forms[-1]).rpartition("/")[0] + f"/{what}", csrf_token=token)


def test_whom_somebody_invites_and_gives_a_role_is_no_second_person_for_them(hall: Hall) -> None:
    maker = hall.rooted("maker")
    puppet = hall.invited(maker, "puppet")
    hall.wants(maker, "taker")
    said = offered(puppet, "taker")
    assert "your role comes from maker alone" in said
    assert "Agree" not in said
    assert "your role comes from maker alone" in press(puppet, "taker", "agree").text
    assert not hall.got("taker")
    press(puppet, "taker", "refuse")
    assert "taker@" not in maker.get("/admin/approvals/").page.xpath("string(//article)")


def test_a_puppet_of_a_puppet_is_none_either_and_a_role_once_more_from_a_colleague_helps(hall: Hall) -> None:
    maker, other = hall.rooted("chief"), hall.rooted("colleague")
    last = hall.invited(hall.invited(maker, "first-puppet"), "last-puppet")
    hall.wants(maker, "wanted")
    assert "your role comes from chief alone" in press(last, "wanted", "agree").text
    assert not hall.got("wanted")
    hall.give(other, "last-puppet", KEEPER)
    assert "it is done" in press(last, "wanted", "agree").text
    assert hall.got("wanted")


def test_nobody_agrees_to_what_they_let_a_puppet_want_nor_do_two_puppets_for_each_other(hall: Hall) -> None:
    maker, other = hall.rooted("mastermind"), hall.rooted("bystander")
    one, two = hall.invited(maker, "one"), hall.invited(maker, "two")
    hall.wants(one, "gain")
    assert "has their role from you alone" in offered(maker, "gain")
    assert "has their role from you alone" in press(maker, "gain", "agree").text
    assert "your role comes from mastermind alone" in press(two, "gain", "agree").text
    assert not hall.got("gain")
    assert "it is done" in press(other, "gain", "agree").text
    assert hall.got("gain")


def test_puppets_that_give_each_other_roles_stay_puppets(hall: Hall) -> None:
    maker = hall.rooted("weaver")
    one, two = hall.invited(maker, "left"), hall.invited(maker, "right")
    hall.give(one, "right", KEEPER)
    hall.give(two, "left", KEEPER)
    hall.give(one, "weaver", KEEPER)
    hall.wants(maker, "circle")
    assert "alone" in press(two, "circle", "agree").text
    assert not hall.got("circle")
    press(maker, "circle", "refuse")


def test_a_role_that_two_persons_gave_makes_a_second_person(hall: Hall) -> None:
    maker, other = hall.rooted("proposing", "system-administrator"), hall.rooted("agreeing")
    fill(maker.get("/admin/staff/invite"), "Invite", name="fair", email=mail("fair"), language="en")
    assert "waits" in hall.give(maker, "fair", "Economist").text
    assert "it is done" in press(other, "fair", "agree").text
    with hall.town.database.unit_of_work(Role.JOBS) as session:
        set_password(session, email=mail("fair"), password=PASSWORD, now=dt.datetime.now(dt.UTC))
    fair = hall.enter("fair")
    edit = maker.get("/admin/setup/agreements/new/")
    fields = {"creditor": "Riks", "scheme": "PGNR", "number": "12-5", "reference_kind": "ocr", "preferred": "y"}
    assert "changes when a second person agrees" in fill(edit, "Save", **fields).text
    fair.get("/admin/approvals/")
    assert "Agree" in fair.page.xpath("string(//article[contains(., 'PGNR 125')])")
    fill(maker.get("/admin/approvals/"), "Withdraw it")
    with hall.town.database.opener(Role.JOBS)() as session:
        there = session.scalars(select(BankAgreement.id).where(BankAgreement.number == "125")).one()
    maker.get(f"/admin/setup/agreements/{there}/delete/").submit(form=1)


def test_what_an_own_role_came_to_do_later_counts_once_it_is_given_once_more(hall: Hall) -> None:
    maker = hall.rooted("widener", "system-administrator", "support")
    with hall.town.database.unit_of_work(Role.JOBS) as session:
        names, few = {"en": "Helper"}, ["desk.use", "staff.read"]
        helper = define_role(session, slug="helper-hands", names=names, permissions=few)
        who = employ(session, name="helper", email=mail("helper"), roles=[]).id
        give(session, staff_id=who, role_id=helper, group_id=None, from_on=TODAY, by=COMMAND_LINE)
    fields = {"names-en": "Helper", "permissions": "staff.edit"}
    maker.get("/admin/setup/roles/helper-hands/")
    assert "waits" not in fill(maker, "Save", **fields).text
    hall.wants(maker, "widened")
    assert "alone" in press(hall.enter("helper"), "widened", "agree").text
    assert not hall.got("widened")
    with hall.town.database.unit_of_work(Role.JOBS) as session:
        wanted = role_id(session, "helper-hands")
        give(session, staff_id=who, role_id=wanted, group_id=None, from_on=TODAY, by=COMMAND_LINE)
    assert "it is done" in press(hall.enter("helper"), "widened", "agree").text
