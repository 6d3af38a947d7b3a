"""Passkeys (WebAuthn): keys in somebody's devices, bound to this house's address, instead of codes."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dues.access.errors import WrongCodeError
from dues.access.models import Passkey, Staff

_NUMBER: Final = re.compile(r"[0-9.]+|.*:.*")


@dataclass(frozen=True, slots=True)
class Site:
    """The house as browsers know it: its address and its name."""

    origin: str
    name: str

    @property
    def named(self) -> bool:
        """Whether its address has a name: browsers bind no passkey to a number."""
        return not _NUMBER.fullmatch(self.domain)

    @property
    def domain(self) -> str:
        """What passkeys are bound to."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device is asked to sign: ``options`` for the browser (JSON), ``challenge`` to compare with the answer."""

    options: str
    challenge: bytes


def offer(session: Session, *, staff_id: int, site: Site) -> Challenge:
    """Ask a device for a new key of somebody's."""
    staff = session.get_one(Staff, staff_id)
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=site.name,
        user_name=staff.email,
        user_id=staff.uuid.bytes,
        user_display_name=staff.name,
        exclude_credentials=_known(session, staff_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return Challenge(options_to_json(options), options.challenge)


def add(session: Session, *, staff_id: int, site: Site, challenge: bytes, answer: Mapping[str, Any], name: str) -> None:
    """Take a new key on; raise WrongCodeError for an answer that does not fit the challenge."""
    try:
        found = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError) as error:
        raise WrongCodeError from error
    session.add(
        Passkey(
            staff_id=staff_id,
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            name=name,
        )
    )


def ask(session: Session, *, staff_id: int, site: Site) -> Challenge | None:
    """Ask for a signature by one of somebody's keys; None where they have none."""
    known = _known(session, staff_id)
    if not known:
        return None
    options = generate_authentication_options(
        rp_id=site.domain, allow_credentials=known, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Challenge(options_to_json(options), options.challenge)


def check(
    session: Session, *, staff_id: int, site: Site, challenge: bytes, answer: Mapping[str, Any], now: dt.datetime
) -> None:
    """Take a signature; raise WrongCodeError for a wrong one, also for one whose counter did not rise."""
    try:
        key = _named(session, staff_id, base64url_to_bytes(str(answer["rawId"])))
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError) as error:
        raise WrongCodeError from error
    key.sign_count, key.used_at = found.new_sign_count, now


def keys(session: Session, *, staff_id: int) -> list[Passkey]:
    """Return somebody's keys, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id)))


def drop(session: Session, *, staff_id: int, public_id: uuid.UUID) -> None:
    """Let go of a key."""
    session.execute(delete(Passkey).where(Passkey.staff_id == staff_id, Passkey.uuid == public_id))


def read_answer(text: str) -> Mapping[str, Any]:
    """Read what a browser sends back; raise WrongCodeError for anything but an object."""
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise WrongCodeError from error
    if not isinstance(answer, dict):
        raise WrongCodeError
    return answer


def _named(session: Session, staff_id: int, credential_id: bytes) -> Passkey:
    wanted = select(Passkey).where(Passkey.staff_id == staff_id, Passkey.credential_id == credential_id)
    key = session.scalar(wanted.with_for_update())
    if key is None:
        raise WrongCodeError
    return key


def _known(session: Session, staff_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys(session, staff_id=staff_id)]
