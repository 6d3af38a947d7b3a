"""A small OpenID Connect provider over loopback: discovery, authorization code with PKCE, tokens, keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT, SECRET = "kontingent", "the provider's secret"


@dataclass
class Provider:
    """Who is signed in there, and what its tokens claim; ``claims`` replace the right ones."""

    email: str = "clerk@example.org"
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    issuer: str = ""

    def app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self.discovery)
        app.add_url_rule("/authorize", view_func=self.authorize)
        app.add_url_rule("/token", view_func=self.token, methods=["POST"])
        app.add_url_rule("/keys", view_func=self.keys)
        return app

    def discovery(self) -> Response:
        doors = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify({"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in doors.items()}})

    def authorize(self) -> Any:
        assert request.args["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = request.args.to_dict()
        return redirect(f"{request.args['redirect_uri']}?code={code}&state={request.args['state']}")

    def token(self) -> Response:
        asked = self.codes.pop(request.form["code"], None)
        said = request.authorization
        if asked is None or said is None or (said.username, said.password) != (CLIENT, SECRET):
            abort(400)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            abort(400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims |= {"email": self.email, "email_verified": True, **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with or self.key)
        return jsonify({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    def keys(self) -> Response:
        return jsonify({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider as long as it is needed."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
