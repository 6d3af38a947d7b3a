"""Log in with another house: OpenID Connect, by the authorization code with PKCE, state and nonce.

The other house says who somebody is; whether they are staff here, and what they may do, is said here.
"""

import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from admin.login import enter_as, go_on, onward
from dues.access.declare import entrance
from dues.access.models import Staff
from dues.access.staff import let_in_by_address
from language import gettext_noop as _
from settings import Oidc
from web.house import absolute, house, session
from web.limits import LOGIN, limiter
from web.notes import note
from web.speech import gettext

log = logging.getLogger(__name__)

doors = Blueprint("sign_in", __name__, url_prefix="/admin/login/elsewhere")

_KEPT: Final = "signing in"
_TIMEOUT: Final = 10.0
_LEEWAY: Final = 60
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]


@dataclass(frozen=True, slots=True)
class Provider:
    """What the other house says of itself (OpenID Connect Discovery 1.0)."""

    authorize: str
    token: str
    keys: str


class SignInError(Exception):
    """The other house did not say who somebody is in a way that can be believed."""


@doors.post("/")
@entrance
@limiter.limit(LOGIN)
def begin() -> Response:
    """Send somebody to the other house."""
    oidc = house().settings.oidc
    if oidc is None:
        return _refused()
    try:
        provider = _provider(oidc)
    except (SignInError, httpx2.HTTPError):
        return _refused()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _unused in range(3))
    cookie[_KEPT] = [state, nonce, verifier, onward()]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": oidc.client_id,
        "redirect_uri": _back(),
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return redirect(f"{provider.authorize}?{urlencode(asked)}", code=303)


@doors.get("/back")
@entrance
@limiter.limit(LOGIN)
def back() -> Response:
    """Take somebody back from the other house."""
    oidc, kept = house().settings.oidc, cookie.pop(_KEPT, None)
    if (
        oidc is None
        or kept is None
        or not secrets.compare_digest(request.args.get("state", "").encode(), str(kept[0]).encode())
    ):
        return _refused()
    _state, nonce, verifier, to = kept
    try:
        email = _email(oidc, request.args.get("code", ""), nonce=nonce, verifier=verifier)
    except (SignInError, AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError) as error:
        log.warning("signing in elsewhere failed: %s", type(error).__name__)
        return _refused()
    staff = let_in_by_address(session(), email=email)
    if staff is None:
        return _refused()
    return _enter(staff, oidc, to)


def _enter(staff: Staff, oidc: Oidc, to: str) -> Response:
    cookie.clear()
    return enter_as(staff, to=to, strong=True) if oidc.strong else go_on(staff, to=to)


def _email(oidc: Oidc, code: str, *, nonce: str, verifier: str) -> str:
    """Return the address that the other house has verified; raise SignInError for a token that is not for us."""
    provider = _provider(oidc)
    with OAuth2Client(oidc.client_id, oidc.client_secret, redirect_uri=_back(), timeout=_TIMEOUT) as client:
        tokens = client.fetch_token(provider.token, grant_type="authorization_code", code=code, code_verifier=verifier)
    keys = KeySet.import_key_set(_json(httpx2.get(provider.keys, timeout=_TIMEOUT)))
    token = jwt.decode(str(tokens.get("id_token", "")), keys, algorithms=_ALGORITHMS)
    jwt.JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": oidc.issuer},
        aud={"essential": True, "value": oidc.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(token.claims)
    if token.claims.get("email_verified") is not True or not token.claims.get("email"):
        raise SignInError
    return str(token.claims["email"])


def _provider(oidc: Oidc) -> Provider:
    """Ask the other house where its doors are; raise SignInError when it says it is somebody else."""
    found = _json(httpx2.get(f"{oidc.issuer}/.well-known/openid-configuration", timeout=_TIMEOUT))
    if str(found.get("issuer", "")).rstrip("/") != oidc.issuer:
        raise SignInError
    try:
        return Provider(found["authorization_endpoint"], found["token_endpoint"], found["jwks_uri"])
    except KeyError as error:
        raise SignInError from error


def _json(answer: httpx2.Response) -> Any:
    return answer.raise_for_status().json()


def _back() -> str:
    return absolute(url_for("sign_in.back"))


def _refused() -> Response:
    note(gettext(_("Logging in there did not work, or nobody with that address works here.")), tone="warn")
    return redirect(url_for("login.ask"), code=303)
