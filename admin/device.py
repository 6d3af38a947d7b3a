"""What somebody recognises a browser of theirs by, in a few words; nothing that tells it from others of its kind."""

from typing import Final

from flask import request

# The first that is found in what the browser calls itself; most of them also claim to be those further down.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device() -> str:
    """Return, for example, "Firefox, Windows"; nothing where the browser says nothing."""
    said = request.user_agent.string
    return ", ".join(name for name in (_first(said, _BROWSERS), _first(said, _SYSTEMS)) if name)


def _first(said: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in said), "")
