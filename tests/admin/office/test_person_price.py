"""Segments and income of a person at the desk, and the page that says why a membership costs what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, update

from database.connect import Role
from dues.audit.models import ChangeValue
from dues.groups.models import Group
from dues.members.models import Membership, MembershipType, Person, PersonIncome, Segment
from dues.members.segments import set_up_segment
from dues.pricing.discounts import Discounted, set_discount
from dues.pricing.models import Discount, PriceRule
from tests.admin.office.desk_work import billed
from tests.admin.office.test_person import first_form
from tests.portal.town import TODAY

if TYPE_CHECKING:
    from tests.portal.town import Town
    from tests.web.browser import Browser


def subscribers(town: Town) -> str:
    with town.database.unit_of_work(Role.JOBS) as session:
        root = session.scalars(select(Group.id).where(Group.parent_id.is_(None)).order_by(Group.id)).first() or 0
        segment = set_up_segment(session, group_id=root, names={"en": "Subscriber"})
        set_discount(session, discounted=Discounted(root, {"en": "Loyal"}, share=1500, segment_id=segment.id))
        return str(segment.id)


def price_page(town: Town, person: object) -> str:
    with town.database.unit_of_work(Role.JOBS) as session:
        found = select(Membership.uuid).join(Person, Person.id == Membership.person_id).where(Person.uuid == person)
        return f"/admin/persons/{person}/memberships/{session.scalars(found).one()}/price"


def test_somebody_is_put_into_a_segment_and_the_page_says_what_it_does(desk: Browser, town: Town) -> None:
    who, segment = billed(town, email="kim@files.example"), subscribers(town)
    page = price_page(town, who.person)
    desk.get(page)
    assert "not of the segment" in desk.text
    assert "500.00" in desk.text
    desk.get(f"/admin/persons/{who.person}/segments")
    desk.submit(form=first_form(desk, "Add the segment"), segment="", from_on=TODAY.isoformat())
    assert desk.error_at("segment") == "Choose a segment."
    desk.submit(
        form=first_form(desk, "Add the segment"), segment=segment, from_on=TODAY.isoformat(), to_on="2020-01-01"
    )
    assert "the last day lies before the first" in desk.error_at("to_on").lower()
    desk.submit(form=first_form(desk, "Add the segment"), segment=segment, to_on="")
    assert "Subscriber" in desk.text
    desk.get(page)
    assert "Less: Loyal, 15" in desk.text
    assert "425.00" in desk.text
    desk.get(f"{page}?on=2019-01-01&type=&group=")
    assert "500.00" in desk.text


def test_an_income_makes_the_fee_and_the_log_does_not_tell_it(desk: Browser, town: Town) -> None:
    who = billed(town, email="kim@files.example")
    with town.database.unit_of_work(Role.JOBS) as session:
        first = select(PriceRule.id).order_by(PriceRule.id).limit(1).scalar_subquery()
        session.execute(update(PriceRule).where(PriceRule.id == first).values(income_share=100, most=50_000))
    desk.get(f"/admin/persons/{who.person}/income")
    desk.submit(form=first_form(desk, "Keep the income"), amount="much", from_on=TODAY.isoformat())
    assert desk.error_at("amount").startswith("Write the amount in digits")
    desk.submit(form=first_form(desk, "Keep the income"), amount="123 456")
    with town.database.unit_of_work(Role.JOBS) as session:
        assert session.scalars(select(PersonIncome.amount)).all() == [12_345_600]
        assert not [one for one in session.scalars(select(ChangeValue)) if "12345600" in repr(vars(one))]
    desk.get(price_page(town, who.person))
    assert "1% of the income" in desk.text.replace("\xa0", "")
    assert "123,456.00 SEK" in desk.text.replace("\xa0", " ") or "123,456.00" in desk.text


def test_segments_and_discounts_are_set_up(desk: Browser, town: Town) -> None:
    desk.get("/admin/setup/segments/new/").submit(form=1, group="Riks", **cast("Any", {"names-en": "Student"}))
    assert "“Student” is added." in desk.text
    new = {"names-en": "Half for students", "group": "Riks", "share": "50", "amount": "10", "currency": "SEK"}
    desk.get("/admin/setup/discounts/new/").submit(form=1, **cast("Any", new))
    assert desk.error_at("share").startswith("Write either per cent")
    with town.database.unit_of_work(Role.JOBS) as session:
        segment = str(session.scalars(select(Segment.id).where(Segment.slug == "student")).one())
    desk.submit(form=1, amount="", currency="", segment=segment)
    assert "“Half for students” is added." in desk.text
    assert "50" in desk.text
    with town.database.unit_of_work(Role.JOBS) as session:
        found = session.scalars(select(Discount).where(Discount.share == 5000)).one()
        assert (found.share, found.amount, found.currency, found.segment_id) == (5000, None, None, int(segment))
    desk.get(f"/admin/setup/segments/{segment}/delete/").submit(form=1)
    assert "used by discounts" in desk.text


def test_a_type_that_does_not_renew_is_renewed_where_somebody_chooses(desk: Browser, town: Town) -> None:
    who = billed(town, email="kim@files.example")
    with town.database.unit_of_work(Role.JOBS) as session:
        session.execute(update(MembershipType).values(renews=False, lead_days=366))
    desk.get(f"/admin/persons/{who.person}")
    assert "Renew for another period" in desk.text
