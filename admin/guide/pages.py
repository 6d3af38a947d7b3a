"""The doors of the guide: its index, its pages, and their pictures; for all staff, and in English."""

from pathlib import Path
from typing import Final

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from admin.guide.markdown import page as set_page
from admin.guide.markdown import title
from dues.access.declare import staff

doors = Blueprint("guide", __name__, url_prefix="/admin/guide")

_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_INDEX: Final = _DOCS / "officers.md"
_PAGES: Final = {path.stem: path for path in sorted((_DOCS / "guide").glob("*.md"))}
_PICTURES: Final = {path.name: path for path in (_DOCS / "pictures").glob("*.png")}


@doors.get("/")
@staff()
def index() -> str:
    """Show what the guide has pages about."""
    return _shown(_INDEX)


@doors.get("/<name>")
@staff()
def page(name: str) -> str:
    """Show a page."""
    if name not in _PAGES:
        abort(404)
    return _shown(_PAGES[name])


@doors.get("/pictures/<name>")
@staff()
def picture(name: str) -> Response:
    """Send a picture."""
    if name not in _PICTURES:
        abort(404)
    return Response(_PICTURES[name].read_bytes(), mimetype="image/png")


def _shown(path: Path) -> str:
    text = path.read_text("utf-8")
    called = title(text)
    body = set_page(text.partition("\n")[2], address_of)
    return render_template("admin/guide.html", called=called, body=body, is_index=path == _INDEX)


def address_of(target: str) -> str:
    """Return where a link of the guide's pages leads at the desk, "" for what only the source has."""
    path, sign, anchor = target.partition("#")
    name = Path(path)
    if not path:
        return target
    if name.suffix == ".png":
        return url_for("guide.picture", name=name.name)
    if name.suffix == ".md" and name.stem in _PAGES and name.parent.name in {"", "guide"}:
        return f"{url_for('guide.page', name=name.stem)}{sign}{anchor}"
    return ""
