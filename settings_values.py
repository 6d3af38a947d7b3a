"""The values of settings: each parser reads one variable of the environment, or says what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST_SECRET = 32
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_POSTGRESQL_SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")


class SettingsError(Exception):
    """A variable of the environment is wrong; the message names it and says what is expected."""


@dataclass(frozen=True)
class Smtp:
    """A mail server; `tls` is true where the connection itself is encrypted (`smtps://`), else STARTTLS is tried."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False


@dataclass(frozen=True)
class SmsGateway:
    """A gateway for text messages: where it listens, the token it knows us by, and what stands as the sender."""

    url: str
    token: str = field(repr=False)
    sender: str


def text(_name: str, value: str) -> str:
    """Take it as it is."""
    return value


def postgresql_url(name: str, value: str) -> str:
    """Read a PostgreSQL address, in SQLAlchemy's form."""
    scheme, found, rest = value.partition("://")
    if not found or scheme not in _POSTGRESQL_SCHEMES or not _database_named(rest):
        raise SettingsError(
            f"{name} must be a PostgreSQL address such as postgresql://user:password@host:5432/database."
        )
    return f"postgresql+psycopg://{rest}"


def _database_named(rest: str) -> bool:
    try:
        parts = urlsplit(f"postgresql://{rest}")
        _ = parts.port
    except ValueError:
        return False
    return len(parts.path) > 1


def redis_url(name: str, value: str) -> str:
    """Read the address of a Redis or Valkey."""
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.netloc or parts.path):
        raise SettingsError(f"{name} must be a Redis address such as redis://host:6379/0, rediss://… or unix:///path.")
    return value


def web_address(name: str, value: str) -> str:
    """Read a web address, without the slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be a web address such as https://dues.example.org, without ? or #.")
    return value.rstrip("/")


def smtp(name: str, value: str) -> Smtp:
    """Read a mail server."""
    parts = urlsplit(value)
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError:
        port = 0
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not port:
        raise SettingsError(f"{name} must be a mail server such as smtp://user:password@host:587 or smtps://host:465.")
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return Smtp(parts.hostname, port, username, password, tls=parts.scheme == "smtps")


def gateway_address(name: str, value: str) -> str:
    """Read where a gateway listens: encrypted, unless it is on this machine."""
    parts = urlsplit(value)
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and here)):
        raise SettingsError(f"{name} must be an address such as https://sms.example.org/v1/send.")
    return value


def sms_sender(name: str, value: str) -> str:
    """Read who text messages are from."""
    if not re.fullmatch(r"[A-Za-z0-9]{3,11}|\+[0-9]{7,15}", value):
        raise SettingsError(f"{name} must be 3 to 11 letters and digits, or a number such as +46701234567.")
    return value


def sender(name: str, value: str) -> str:
    """Read an e-mail address, with or without a name before it."""
    if "@" not in value or "\n" in value:
        raise SettingsError(f"{name} must be an e-mail address such as Our Club <dues@example.org>.")
    return value


def secret(name: str, value: str) -> str:
    """Read a secret that is long enough."""
    if len(value) < _SHORTEST_SECRET:
        raise SettingsError(
            f"{name} must be at least {_SHORTEST_SECRET} random characters; leave it out to have one made."
        )
    return value


def number(lowest: int, highest: int) -> Callable[[str, str], int]:
    """Return what reads a whole number between two bounds."""

    def parse(name: str, value: str) -> int:
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            raise SettingsError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}.")
        return int(value)

    return parse


def flag(name: str, value: str) -> bool:
    """Read a switch."""
    if value.lower() not in _TRUE | _FALSE:
        raise SettingsError(f"{name} must be 1 or 0, not {value!r}.")
    return value.lower() in _TRUE


def time_zone(name: str, value: str) -> ZoneInfo:
    """Read a time zone."""
    try:
        return ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:  # unknown names, folders, paths
        raise SettingsError(f"{name} must be a time zone such as Europe/Oslo, not {value!r}.") from error


def folder(name: str, value: str) -> Path:
    """Read a folder, as an absolute path; it need not exist yet."""
    path = Path(value).expanduser()
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"{name} must be a folder, but {path} is a file.")
    return path
