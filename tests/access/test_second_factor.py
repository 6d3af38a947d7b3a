"""Codes of an app, each good once, and codes on paper."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyotp
import pytest

from dues.access import second_factor
from dues.access.errors import WrongCodeError
from dues.access.models import Staff
from dues.access.sealing import UnreadableSealError
from dues.access.staff import add_staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOW = dt.datetime(2026, 11, 22, 12, 0, 10, tzinfo=dt.UTC)
SECRET = "s" * 40
STEP = dt.timedelta(seconds=second_factor.STEP)


@pytest.fixture
def staff_id(session: Session) -> int:
    return add_staff(session, name="Kim", email="kim@example.org", password="quiet lamp by the sea", language="en").id


@pytest.fixture
def app(session: Session, staff_id: int) -> pyotp.TOTP:
    """An app that was taken on at NOW."""
    made = pyotp.TOTP(second_factor.new_secret())
    second_factor.set_up(session, staff_id=staff_id, app_secret=made.secret, code=made.at(NOW), now=NOW, secret=SECRET)
    return made


def check(session: Session, staff_id: int, code: str, *, now: dt.datetime, secret: str = SECRET) -> None:
    second_factor.check_code(session, staff_id=staff_id, code=code, now=now, secret=secret)


def test_an_app_is_taken_on_only_with_a_right_code(session: Session, staff_id: int) -> None:
    made = pyotp.TOTP(second_factor.new_secret())
    with pytest.raises(WrongCodeError):
        second_factor.set_up(session, staff_id=staff_id, app_secret=made.secret, code="000000", now=NOW, secret=SECRET)
    assert not second_factor.has_one(session, staff_id=staff_id)


def test_a_code_is_good_once_and_the_one_it_was_taken_on_with_never(
    session: Session, staff_id: int, app: pyotp.TOTP
) -> None:
    with pytest.raises(WrongCodeError):
        check(session, staff_id, app.at(NOW), now=NOW)
    later = NOW + 2 * STEP
    check(session, staff_id, app.at(later), now=later)
    with pytest.raises(WrongCodeError):
        check(session, staff_id, app.at(later), now=later)


def test_after_a_later_code_an_earlier_one_is_no_more_good(session: Session, staff_id: int, app: pyotp.TOTP) -> None:
    later = NOW + 4 * STEP
    check(session, staff_id, app.at(later), now=later)
    with pytest.raises(WrongCodeError):
        check(session, staff_id, app.at(later - STEP), now=later)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(
    session: Session, staff_id: int, app: pyotp.TOTP, steps: int, *, good: bool
) -> None:
    now = NOW + 10 * STEP
    code = app.at(now + steps * STEP)
    if good:
        check(session, staff_id, f"{code[:3]} {code[3:]}", now=now)
    else:
        with pytest.raises(WrongCodeError):
            check(session, staff_id, code, now=now)


def test_what_is_kept_of_an_app_cannot_be_read_without_the_installations_secret(
    session: Session, staff_id: int, app: pyotp.TOTP
) -> None:
    kept = session.get_one(Staff, staff_id).otp_secret
    assert kept is not None
    assert app.secret.encode() not in kept
    with pytest.raises(UnreadableSealError):
        check(session, staff_id, app.at(NOW + STEP), now=NOW + STEP, secret="another" * 8)


def test_a_code_on_paper_lets_in_once(session: Session, staff_id: int) -> None:
    codes = second_factor.new_paper_codes(session, staff_id=staff_id, secret=SECRET)
    assert len(set(codes)) == second_factor.CODES
    second_factor.use_paper_code(session, staff_id=staff_id, code=f" {codes[0].upper()} ", now=NOW, secret=SECRET)
    with pytest.raises(WrongCodeError):
        second_factor.use_paper_code(session, staff_id=staff_id, code=codes[0], now=NOW, secret=SECRET)
    assert second_factor.paper_codes_left(session, staff_id=staff_id) == second_factor.CODES - 1


def test_new_codes_on_paper_make_the_old_ones_void_and_are_nobody_elses(session: Session, staff_id: int) -> None:
    other = add_staff(session, name="Bo", email="bo@example.org", password="quiet lamp by the sea", language="en")
    old = second_factor.new_paper_codes(session, staff_id=staff_id, secret=SECRET)
    new = second_factor.new_paper_codes(session, staff_id=staff_id, secret=SECRET)
    for whose, code in ((staff_id, old[0]), (other.id, new[0])):
        with pytest.raises(WrongCodeError):
            second_factor.use_paper_code(session, staff_id=whose, code=code, now=NOW, secret=SECRET)
