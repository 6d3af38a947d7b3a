"""Notes: one line at the top of the next page that says what was done, with its undo where there is one."""

from dataclasses import dataclass
from typing import Final

from flask import Flask
from flask import session as cookie

_KEPT: Final = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """What was done. ``undo`` is the address that takes it back when it is posted to, nothing where none does."""

    text: str
    undo: str
    tone: str


def equip(app: Flask) -> None:
    """Let templates show the note, once."""
    app.jinja_env.globals.update(taken_note=taken_note)


def note(text: str, *, undo: str = "", tone: str = "good") -> None:
    """Leave a note for the next page; a later one takes its place."""
    cookie[_KEPT] = [text, undo, tone]


def taken_note() -> Note | None:
    """Return the note that was left, and let go of it."""
    kept = cookie.pop(_KEPT, None)
    return Note(*kept) if kept else None
