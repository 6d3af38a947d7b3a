"""The second factor: codes from an app (RFC 6238), each good once, and codes on paper for when the phone is gone."""

import datetime as dt
import secrets
from typing import Final

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dues.access.errors import WrongCodeError
from dues.access.models import Passkey, RecoveryCode, Staff
from dues.access.sealing import keyed_hash, seal, unseal
from dues.access.sessions import end_all

STEP: Final = 30
"""Seconds a code lives; the one before and the one after are taken as well, for clocks that differ."""
CODES: Final = 10
"""Codes on paper that are given out at a time."""

_OTP: Final = "second factor"
_PAPER: Final = "recovery codes"
# No letters that look like digits: they are written down by hand.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH: Final = 10


def new_secret() -> str:
    """Return a secret for an app, as base32: what is shown and scanned before it is confirmed."""
    return pyotp.random_base32()


def address_for_app(secret: str, *, email: str, issuer: str) -> str:
    """Return what the app's QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def set_up(session: Session, *, staff_id: int, app_secret: str, code: str, now: dt.datetime, secret: str) -> None:
    """Take an app on once it has shown a right code; raise WrongCodeError."""
    step = _step_of(app_secret, code, now=now, after=0)
    if step is None:
        raise WrongCodeError
    staff = session.get_one(Staff, staff_id, with_for_update=True)
    staff.otp_secret, staff.otp_step = seal(app_secret.encode(), secret=secret, purpose=_OTP), step


def check_code(session: Session, *, staff_id: int, code: str, now: dt.datetime, secret: str) -> None:
    """Take a code of the app; raise WrongCodeError for a wrong one and for one that was used before."""
    staff = session.get_one(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff.otp_secret is None:
        raise WrongCodeError
    app_secret = unseal(staff.otp_secret, secret=secret, purpose=_OTP).decode()
    step = _step_of(app_secret, code, now=now, after=staff.otp_step)
    if step is None:
        raise WrongCodeError
    staff.otp_step = step


def take_off(session: Session, *, staff_id: int) -> None:
    """Let go of the app and of the codes on paper."""
    staff = session.get_one(Staff, staff_id, with_for_update=True)
    staff.otp_secret = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def take_all_off(session: Session, *, staff_id: int, now: dt.datetime) -> None:
    """Take off app, codes on paper and passkeys, for who has lost them, and end all their logins."""
    take_off(session, staff_id=staff_id)
    session.execute(delete(Passkey).where(Passkey.staff_id == staff_id))
    end_all(session, staff_id=staff_id, now=now)


def has_app(session: Session, *, staff_id: int) -> bool:
    """Tell whether somebody has an app that shows codes."""
    return session.scalar(select(Staff.id).where(Staff.id == staff_id, Staff.otp_secret.is_not(None))) is not None


def has_one(session: Session, *, staff_id: int) -> bool:
    """Tell whether somebody has a second factor: an app or a passkey."""
    app = select(Staff.id).where(Staff.id == staff_id, Staff.otp_secret.is_not(None))
    key = select(Passkey.id).where(Passkey.staff_id == staff_id)
    return session.scalar(app.union_all(key).limit(1)) is not None


def new_paper_codes(session: Session, *, staff_id: int, secret: str) -> list[str]:
    """Return ten new codes on paper; the ones before are void. They are shown once and kept as hashes."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(CODES)]
    session.add_all(RecoveryCode(staff_id=staff_id, code_hash=_paper_hash(code, staff_id, secret)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def use_paper_code(session: Session, *, staff_id: int, code: str, now: dt.datetime, secret: str) -> None:
    """Take a code on paper, once; raise WrongCodeError."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.code_hash == _paper_hash(plain, staff_id, secret),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if session.scalar(used) is None:
        raise WrongCodeError


def paper_codes_left(session: Session, *, staff_id: int) -> int:
    """Return how many codes on paper are still good."""
    left = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(left) or 0


def _paper_hash(plain: str, staff_id: int, secret: str) -> bytes:
    return keyed_hash(f"{staff_id}:{plain}", secret=secret, purpose=_PAPER)


def _step_of(app_secret: str, code: str, *, now: dt.datetime, after: int) -> int | None:
    """Return the half-minute that a code belongs to, later than ``after``; None where it fits none nearby."""
    digits = "".join(sign for sign in code if sign.isdigit())
    otp = pyotp.TOTP(app_secret, interval=STEP)
    today = int(now.timestamp()) // STEP
    fitting = (step for step in (today, today - 1, today + 1) if pyotp.utils.strings_equal(otp.at(step * STEP), digits))
    return next((step for step in fitting if step > after), None)
