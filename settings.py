"""Settings: what the environment says, typed and checked once at start."""

from __future__ import annotations

import dataclasses
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import settings_values as value
from settings_values import SettingsError, SmsGateway, Smtp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Documented", "Oidc", "Settings", "SettingsError", "SmsGateway", "Smtp", "documented"]

_HIGHEST_PORT = 65535
_MOST_WORKERS = 256
_MOST_PROXIES = 10


class Documented(NamedTuple):
    """One setting as the manual shows it: variable, default in words, meaning."""

    name: str
    default: str
    meaning: str


def _from(
    name: str, parse: Callable[[str, str], object], default: str, meaning: str, *, secret: bool = False
) -> dict[str, object]:
    """Metadata that ties a field to its variable; `default` and `meaning` are shown in the manual."""
    return {"name": name, "parse": parse, "default": default, "meaning": meaning, "secret": secret}


_DATABASE_URL = _from(
    "DATABASE_URL",
    value.postgresql_url,
    "the embedded PostgreSQL",
    "Address of the database as its owner, who runs the migrations. Set it together with REDIS_URL, or neither.",
)
_DATABASE_WEB_URL = _from(
    "DATABASE_WEB_URL",
    value.postgresql_url,
    "as DATABASE_URL",
    "Address of the database for the web, as a role that owns nothing.",
)
_DATABASE_JOBS_URL = _from(
    "DATABASE_JOBS_URL",
    value.postgresql_url,
    "as DATABASE_URL",
    "Address of the database for the workers, as a role that owns nothing.",
)
_REDIS_URL = _from(
    "REDIS_URL",
    value.redis_url,
    "the embedded Redis",
    "Address of the Redis or Valkey that wakes the workers; it holds nothing that may not be lost.",
)
_DATA = _from(
    "KONTINGENT_DATA",
    value.folder,
    "var",
    "Folder of everything kept on this machine: embedded servers, secret key, inbox, print folder.",
)
_SECRET_KEY = _from(
    "KONTINGENT_SECRET_KEY",
    value.secret,
    "made once, kept in KONTINGENT_DATA",
    "Signs sessions and links. Must be the same on every machine that serves the same address.",
)
_HOST = _from("KONTINGENT_HOST", value.text, "127.0.0.1", "Network address that the web listens on.")
_PORT = _from("KONTINGENT_PORT", value.number(1, _HIGHEST_PORT), "8000", "Port that the web listens on.")
_BASE_URL = _from(
    "KONTINGENT_BASE_URL",
    value.web_address,
    "http://127.0.0.1:KONTINGENT_PORT",
    "Address that members and banks reach this installation by; links in messages begin with it.",
)
_SMTP_URL = _from(
    "KONTINGENT_SMTP_URL",
    value.smtp,
    "none: mail waits in the queue",
    "Mail server: smtp://user:password@host:port, or smtps:// where the connection itself is encrypted.",
)
_MAIL_FROM = _from(
    "KONTINGENT_MAIL_FROM",
    value.sender,
    "kontingent@localhost",
    "Sender of mail where a creditor has none of its own. Required with KONTINGENT_SMTP_URL.",
)
_SMS_URL = _from(
    "KONTINGENT_SMS_URL",
    value.gateway_address,
    "none: no text messages",
    "Address that a gateway takes text messages at, one JSON object each. Set KONTINGENT_SMS_TOKEN and _SENDER, too.",
)
_SMS_TOKEN = _from("KONTINGENT_SMS_TOKEN", value.text, "none", "The token that the gateway gave.", secret=True)
_SMS_SENDER = _from(
    "KONTINGENT_SMS_SENDER",
    value.sms_sender,
    "none",
    "Who text messages are from: 3 to 11 letters and digits, or a number such as +46701234567.",
)
_WORKERS = _from(
    "KONTINGENT_WORKERS", value.number(1, _MOST_WORKERS), "2", "How many worker processes run beside the web."
)
_INBOX = _from(
    "KONTINGENT_INBOX", value.folder, "KONTINGENT_DATA/inbox", "Watched folder: bank files put here are read in."
)
_PRINT = _from(
    "KONTINGENT_PRINT", value.folder, "KONTINGENT_DATA/print", "Folder that letters for the printer are put in."
)
_TIME_ZONE = _from(
    "KONTINGENT_TIME_ZONE",
    value.time_zone,
    "Europe/Stockholm",
    "Where the organisation is: its midnight begins the next business day.",
)
_PROXIES = _from(
    "KONTINGENT_PROXIES",
    value.number(0, _MOST_PROXIES),
    "0",
    "How many proxies of yours stand before the web; that many entries of X-Forwarded-For and -Proto are believed.",
)
_AUDIT_DAYS = _from(
    "KONTINGENT_AUDIT_DAYS",
    value.number(30, 36_500),
    "1095",
    "Days that the audit log keeps values; who and when stay.",
)
_EXPORT_DAYS = _from(
    "KONTINGENT_EXPORT_DAYS", value.number(1, 365), "7", "Days after which files of exports are deleted."
)
_DEMO = _from(
    "KONTINGENT_DEMO",
    value.flag,
    "0",
    "1 shows at /demo/outbox every mail that the local catcher kept; never set it where members are real.",
)
_DEVELOPMENT = _from(
    "KONTINGENT_DEVELOPMENT",
    value.flag,
    "0",
    "1 reloads the web on a change of the code and shows tracebacks; never set it where others can reach it.",
)


_OIDC_ISSUER = _from(
    "OIDC_ISSUER",
    value.web_address,
    "none: staff log in with passwords",
    "Address of an OpenID Connect provider that staff may log in with; set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, too.",
)
_OIDC_CLIENT_ID = _from("OIDC_CLIENT_ID", value.text, "none", "What the provider calls this installation.")
_OIDC_CLIENT_SECRET = _from(
    "OIDC_CLIENT_SECRET", value.text, "none", "The secret that the provider gave for it.", secret=True
)
_OIDC_NAME = _from(
    "OIDC_NAME", value.text, "the provider's host", "What the button at the entrance calls the provider."
)
_OIDC_STRONG = _from(
    "OIDC_SECOND_FACTOR",
    value.flag,
    "0",
    "1 where the provider itself always asks for a second factor, so that none is asked for here.",
)


@dataclass(frozen=True)
class Oidc:
    """An OpenID Connect provider; ``strong`` where it always asks for a second factor itself."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    strong: bool


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process; make it with `Settings.from_env()`, which checks every value.

    PostgreSQL addresses are in SQLAlchemy's form (`postgresql+psycopg://`), folders are absolute.
    """

    database_url: str | None = field(default=None, repr=False, metadata=_DATABASE_URL)
    database_web_url: str | None = field(default=None, repr=False, metadata=_DATABASE_WEB_URL)
    database_jobs_url: str | None = field(default=None, repr=False, metadata=_DATABASE_JOBS_URL)
    redis_url: str | None = field(default=None, repr=False, metadata=_REDIS_URL)
    data: Path = field(metadata=_DATA)
    secret_key: str | None = field(default=None, repr=False, metadata=_SECRET_KEY)
    host: str = field(default="127.0.0.1", metadata=_HOST)
    port: int = field(default=8000, metadata=_PORT)
    base_url: str = field(metadata=_BASE_URL)
    smtp: Smtp | None = field(default=None, metadata=_SMTP_URL)
    mail_from: str = field(default="kontingent@localhost", metadata=_MAIL_FROM)
    sms_url: str | None = field(default=None, metadata=_SMS_URL)
    sms_token: str | None = field(default=None, repr=False, metadata=_SMS_TOKEN)
    sms_sender: str | None = field(default=None, metadata=_SMS_SENDER)
    workers: int = field(default=2, metadata=_WORKERS)
    inbox: Path = field(metadata=_INBOX)
    print_folder: Path = field(metadata=_PRINT)
    time_zone: ZoneInfo = field(default=ZoneInfo("Europe/Stockholm"), metadata=_TIME_ZONE)
    proxies: int = field(default=0, metadata=_PROXIES)
    audit_days: int = field(default=1_095, metadata=_AUDIT_DAYS)
    export_days: int = field(default=7, metadata=_EXPORT_DAYS)
    demo: bool = field(default=False, metadata=_DEMO)
    development: bool = field(default=False, metadata=_DEVELOPMENT)
    oidc_issuer: str | None = field(default=None, metadata=_OIDC_ISSUER)
    oidc_client_id: str | None = field(default=None, metadata=_OIDC_CLIENT_ID)
    oidc_client_secret: str | None = field(default=None, repr=False, metadata=_OIDC_CLIENT_SECRET)
    oidc_name: str | None = field(default=None, metadata=_OIDC_NAME)
    oidc_second_factor: bool = field(default=False, metadata=_OIDC_STRONG)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read and check every setting; an empty variable counts as unset.

        Raises SettingsError with one sentence that names the variable.
        """
        given = _parsed(environ)
        _check_together(given)
        data = given.setdefault("data", Path("var").resolve())
        given.setdefault("base_url", f"http://127.0.0.1:{given.get('port', 8000)}")
        given.setdefault("inbox", Path(str(data), "inbox"))
        given.setdefault("print_folder", Path(str(data), "print"))
        return cls(**given)  # type: ignore[arg-type]  # each value was parsed by its own field's parser

    @property
    def embedded(self) -> bool:
        """Whether PostgreSQL and Redis are to be started from the wheels."""
        return self.database_url is None

    @property
    def sms(self) -> SmsGateway | None:
        """The gateway for text messages, if there is one."""
        if self.sms_url is None:
            return None
        return SmsGateway(self.sms_url, self.sms_token or "", self.sms_sender or "")

    @property
    def oidc(self) -> Oidc | None:
        """The provider that staff may log in with, if there is one."""
        if self.oidc_issuer is None:
            return None
        return Oidc(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id or "",
            client_secret=self.oidc_client_secret or "",
            name=self.oidc_name or urlsplit(self.oidc_issuer).hostname or "",
            strong=self.oidc_second_factor,
        )

    def with_servers(self, *, database_url: str, redis_url: str) -> Settings:
        """The same settings with the addresses of the embedded servers filled in."""
        url = value.postgresql_url("DATABASE_URL", database_url)
        return dataclasses.replace(self, database_url=url, redis_url=redis_url)

    def signing_key(self) -> str:
        """Give the secret key: the one of the environment, or one made once and kept in `<data>/secret-key` (0600)."""
        return self.secret_key or _kept_key(self.data)


def _variables() -> list[tuple[str, Mapping[str, object]]]:
    """Each field's name and its metadata."""
    return [(entry.name, entry.metadata) for entry in dataclasses.fields(Settings)]


def documented() -> list[Documented]:
    """Every setting, in the order of the manual."""
    rows = [metadata for _, metadata in _variables()]
    return [Documented(str(row["name"]), str(row["default"]), str(row["meaning"])) for row in rows]


def _parsed(environ: Mapping[str, str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, metadata in _variables():
        variable, parse = str(metadata["name"]), metadata["parse"]
        value = environ.get(variable, "").strip()
        if value and callable(parse):
            given[name] = parse(variable, value)
    return given


def _check_together(given: Mapping[str, object]) -> None:
    """Refuse combinations that would start half a system."""
    if ("database_url" in given) != ("redis_url" in given):
        raise SettingsError("DATABASE_URL and REDIS_URL must be both set, or both left out for the embedded servers.")
    for name, variable in (("database_web_url", "DATABASE_WEB_URL"), ("database_jobs_url", "DATABASE_JOBS_URL")):
        if name in given and "database_url" not in given:
            raise SettingsError(f"{variable} needs DATABASE_URL and REDIS_URL beside it.")
    if len({name for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret") if name in given}) not in (0, 3):
        raise SettingsError("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be all set, or none of them.")
    if len({name for name in ("sms_url", "sms_token", "sms_sender") if name in given}) not in (0, 3):
        raise SettingsError("KONTINGENT_SMS_URL, KONTINGENT_SMS_TOKEN and KONTINGENT_SMS_SENDER go together, or none.")
    if "smtp" in given and "mail_from" not in given:
        raise SettingsError("KONTINGENT_MAIL_FROM must be set where KONTINGENT_SMTP_URL is.")


def _kept_key(data: Path) -> str:
    """Read the key, or make it; of two processes that make it at once one wins and both read the same."""
    path = data / "secret-key"
    if not path.exists():
        _keep_new_key(path)
    key = path.read_text(encoding="ascii").strip()
    return value.secret(f"The key in {path}", key)


def _keep_new_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-key-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
