"""Our own styles, scripts and pictures: under an address that changes with them, and so cached for ever."""

import gzip
import hashlib
import importlib.resources
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from dues.access.declare import public

FOREVER: Final = "public, max-age=31536000, immutable"
_FOLDER: Final = Path(__file__).resolve().parent.parent / "static"
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
# Sheets that a page always needs together travel together.
_WORK: Final = ("desk-tables.css", "desk-today.css", "desk-files.css", "desk-runs.css", "desk-money.css")
_TOGETHER: Final = {
    "site.css": ("tokens.css", "parts.css", "site.css"),
    "desk.css": ("bootstrap", "tokens.css", "parts.css", "desk.css", *_WORK, "desk-staff.css"),
    # A group's house has the desk's parts in the group's look, and none of the generated tables.
    "group.css": ("tokens.css", "parts.css", "desk.css", *_WORK, "group.css"),
}
_BOOTSTRAP: Final = ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css")

# The way to sources that are not sent along: browsers would ask for them in vain.
_MAP: Final = re.compile(rb"/\*# sourceMappingURL=[^*]*\*/")

doors = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: plain, and compressed once when the program starts."""

    media_type: str
    plain: bytes
    packed: bytes
    digest: str


def _read(name: str) -> Asset:
    return _packed(_TYPES[Path(name).suffix], b"\n".join(_part(part) for part in _TOGETHER.get(name, (name,))))


@cache
def _packed(media_type: str, plain: bytes) -> Asset:
    """What did not change is compressed once a process, however many applications it makes."""
    return Asset(media_type, plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])


def _part(name: str) -> bytes:
    return _bootstrap() if name == "bootstrap" else (_FOLDER / name).read_bytes()


def _bootstrap() -> bytes:
    """Return Bootstrap's sheet from its package, in a layer that every rule of our own goes before."""
    package, path = _BOOTSTRAP
    sheet = importlib.resources.files(package).joinpath(path).read_bytes()
    sheet = sheet.removeprefix(b'@charset "UTF-8";')
    return b"@layer bootstrap{" + _MAP.sub(b"", sheet) + b"}"


class Shelf:
    """The files of the static folder; with ``fresh`` they are read again whenever a page asks."""

    def __init__(self, *, fresh: bool) -> None:
        self._fresh = fresh
        self._read = {name: _read(name) for name in self._names()}
        self._addresses: dict[tuple[str, str], str] = {}

    @staticmethod
    def _names() -> list[str]:
        return [path.name for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES]

    def get(self, name: str) -> Asset | None:
        """Return a file by its name, None where there is none such."""
        if self._fresh and name in self._names():
            self._read[name] = _read(name)
        return self._read.get(name)

    def address(self, name: str) -> str:
        """Return the address of a file as it is now; a list asks for the same drawings hundreds of times."""
        key = (request.script_root, name)
        if self._fresh or key not in self._addresses:
            self._addresses[key] = self._address(name)
        return self._addresses[key]

    def _address(self, name: str) -> str:
        found = self.get(name)
        if found is None:
            raise FileNotFoundError(name)
        return url_for("assets.send", digest=found.digest, name=name)


def lay_out(app: Flask, *, fresh: bool) -> None:
    """Let an application serve the files and its templates name their addresses: ``asset("site.css")``."""
    shelf = Shelf(fresh=fresh)
    app.extensions["assets"] = shelf
    app.jinja_env.globals["asset"] = shelf.address
    app.register_blueprint(doors)


@doors.get("/static/<digest>/<name>")
@public
def send(digest: str, name: str) -> Response:
    """Send a file; an address of yesterday's content is not there any more."""
    found: Asset | None = current_app.extensions["assets"].get(name)
    if found is None or found.digest != digest:
        abort(404)
    return sent(found.plain, found.media_type, packed=found.packed)


def sent(plain: bytes, media_type: str, *, packed: bytes | None = None) -> Response:
    """Answer with bytes that never change under their address, compressed where the browser takes it."""
    squeezed = packed is not None and request.accept_encodings.quality("gzip") > 0
    response = Response(packed if squeezed else plain, content_type=media_type)
    response.headers["Cache-Control"] = FOREVER
    if packed is not None:
        response.vary.add("Accept-Encoding")
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    return response
