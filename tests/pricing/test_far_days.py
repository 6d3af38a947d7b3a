"""Days next to the end of the calendar are no days that people mean, and stop nothing where they are kept."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.dates import FIRST, LAST, read_day, set_clock
from dues.pricing.discounts import Discounted, set_discount
from dues.pricing.errors import DaysError
from dues.pricing.models import Discount
from tests.factories.members import member
from tests.factories.organisation import organisation
from tests.factories.runs import issued

DAY = dt.date(2026, 3, 10)
END = dt.date(9999, 12, 31)


def test_a_discount_for_ever_is_refused_and_one_that_is_kept_stops_no_run(
    session: Session, ledger: OpenSession
) -> None:
    set_clock(session, to=DAY, real=DAY)
    made = organisation(session)
    wanted = Discounted(group_id=made.root.id, names={"en": "Half"}, share=5000, valid_to=LAST)
    with pytest.raises(DaysError):
        set_discount(session, discounted=Discounted(group_id=made.root.id, names={"en": "x"}, share=1, valid_to=END))
    set_discount(session, discounted=wanted)
    session.execute(update(Discount).values(valid_to=END))
    member(session, made, joined_on=DAY)
    assert issued(ledger, on=DAY).result["issued"] == 1


@given(day=st.dates())
def test_a_day_is_read_within_the_days_that_we_count_with(day: dt.date) -> None:
    if FIRST <= day <= LAST:
        assert read_day(day.isoformat()) == day
    else:
        with pytest.raises(ValueError, match=day.isoformat()):
            read_day(day.isoformat())
