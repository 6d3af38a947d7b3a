"""The demonstration's outbox: every mail that the local catcher kept, readable without a mail program."""

import email
import email.policy
import json
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, render_template

from dues.access.declare import public
from dues.delivery.simulated import ENDING
from web.headers import keep_nothing, policy
from web.house import house

doors = Blueprint("outbox", __name__)
doors.before_request(keep_nothing)

_MOST: Final = 200
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+\.eml")
# What a browser may show by itself; everything else is saved as a file.
_SHOWN: Final = frozenset({"application/pdf", "image/png"})

_LINKS_ONLY: Final = "allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the list."""

    name: str
    to: str
    subject: str
    sent: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text message that the simulated gateway kept."""

    to: str
    words: str


@doors.get("/demo/outbox")
@public
def mails() -> str:
    """List the mails, newest first, and beside them the text messages."""
    folder = _folder()
    return render_template(
        "demo/outbox.html",
        mails=[_kept(path) for path in _newest(folder, "*.eml")],
        texts=[_text(path) for path in _newest(folder, f"*{ENDING}")],
    )


def _newest(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return found[:_MOST]


def _text(path: Path) -> Text:
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Text(kept["to"], kept["text"])


@doors.get("/demo/outbox/<name>")
@public
def mail(name: str) -> Response:
    """Show one mail: who it is for, its text, its HTML in a frame of its own, its attachments."""
    message = _message(name)
    plain = message.get_body(("plain",))
    page = render_template(
        "demo/mail.html",
        name=name,
        mail=_kept(_folder() / name),
        sender=str(message["From"] or ""),
        text=plain.get_content() if plain else "",
        sandbox=_LINKS_ONLY,
        has_html=message.get_body(("html",)) is not None,
        attachments=[(number, part.get_filename() or str(number)) for number, part in _attachments(message)],
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = policy(frame_src="'self'")
    return response


@doors.get("/demo/outbox/<name>/html")
@public
def html(name: str) -> Response:
    """Send a mail's HTML for its frame, where nothing runs and nothing is fetched."""
    body = _message(name).get_body(("html",))
    if body is None:
        abort(404)
    # Our own pages refuse to be framed: what a link in the mail leads to opens beside this page.
    page = str(body.get_content()).replace("<head>", '<head><base target="_blank">', 1)
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox {_LINKS_ONLY}"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@doors.get("/demo/outbox/<name>/<int:number>")
@public
def attachment(name: str, number: int) -> Response:
    """Send an attachment."""
    part = dict(_attachments(_message(name))).get(number)
    if part is None:
        abort(404)
    media_type = part.get_content_type()
    response = Response(_bytes(part), mimetype=media_type if media_type in _SHOWN else "application/octet-stream")
    how = "inline" if media_type in _SHOWN else "attachment"
    response.headers.set("Content-Disposition", how, filename=part.get_filename() or str(number))
    return response


def _folder() -> Path:
    """Return where the catcher keeps its mails; there is no such page outside a demonstration."""
    settings = house().settings
    if not settings.demo:
        abort(404)
    return settings.data / "outbox"


def _message(name: str) -> EmailMessage:
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    return _parsed(path)


def _parsed(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _kept(path: Path) -> Kept:
    message = _parsed(path)
    return Kept(path.name, str(message["To"] or ""), str(message["Subject"] or ""), str(message["Date"] or ""))


def _attachments(message: EmailMessage) -> list[tuple[int, EmailMessage]]:
    return list(enumerate(message.iter_attachments()))


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
