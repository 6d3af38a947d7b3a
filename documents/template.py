"""An organisation's own template: its source, and why one is refused."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LARGEST_SOURCE: Final = 200_000
"""Bytes of a template."""


class Reason(StrEnum):
    """Why a template was refused."""

    TOO_LARGE = "too large"
    NOT_TEXT = "not text"
    NO_BODY = "no body"
    FILE = "file"
    PACKAGE = "package"
    TOO_SLOW = "too slow"
    TOO_MUCH_MEMORY = "too much memory"
    WRONG = "wrong"


class TemplateError(ValueError):
    """A template that cannot be used: why, in which of its lines where that is known, and what the compiler said."""

    def __init__(self, reason: Reason, line: int | None = None, said: str = "") -> None:
        super().__init__(f"Line {line}: {said or reason}" if line else said or str(reason))
        self.reason = reason
        self.line = line
        self.said = said


@dataclass(frozen=True, slots=True)
class Template:
    """The source of an own template; `digest` is its SHA-256 in hexadecimal."""

    source: str
    digest: str


def template_of(content: bytes) -> Template:
    """Return a file that was sent as a template; raise TemplateError where it is too large, or no text."""
    if len(content) > LARGEST_SOURCE:
        raise TemplateError(Reason.TOO_LARGE)
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(Reason.NOT_TEXT) from error
    if not source.strip() or "\0" in source:
        raise TemplateError(Reason.NOT_TEXT)
    return Template(source, hashlib.sha256(source.encode()).hexdigest())
