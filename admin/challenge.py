"""What a device is asked to sign, and for which house."""

import base64
from typing import Final

from flask import session as cookie

from dues.access.errors import WrongCodeError
from dues.access.passkeys import Challenge, Site
from web.house import house
from web.words import house_name

_CHALLENGE: Final = "challenge"


def site() -> Site:
    """Return the house as browsers know it; never by what a browser claims to have asked."""
    return Site(house().settings.base_url, house_name())


def keep_challenge(challenge: Challenge) -> None:
    """Remember what a device was asked to sign; the cookie is signed, so that nobody else can ask."""
    cookie[_CHALLENGE] = base64.b64encode(challenge.challenge).decode()


def taken_challenge() -> bytes:
    """Return what was asked, once; raise WrongCodeError where nothing was."""
    kept = cookie.pop(_CHALLENGE, None)
    if kept is None:
        raise WrongCodeError
    return base64.b64decode(kept)
