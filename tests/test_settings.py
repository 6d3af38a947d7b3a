"""Settings as an operator meets them: defaults that work, and a sentence for each mistake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from settings import Settings, SettingsError, Smtp, documented

SERVERS = {"DATABASE_URL": "postgres://owner:geheim@db:5432/dues", "REDIS_URL": "redis://queue:6379/0"}


def test_an_empty_environment_means_embedded_servers_on_this_machine() -> None:
    settings = Settings.from_env({})
    assert settings.embedded
    assert settings.data == Path("var").resolve()
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 2)
    assert settings.inbox == settings.data / "inbox"
    assert settings.print_folder == settings.data / "print"
    assert settings.smtp is None
    assert not settings.development


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_env({"KONTINGENT_PORT": "", "DATABASE_URL": " "}) == Settings.from_env({})


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = Settings.from_env(
        SERVERS
        | {
            "DATABASE_WEB_URL": "postgresql://web@db/dues",
            "KONTINGENT_DATA": str(tmp_path),
            "KONTINGENT_PORT": "9000",
            "KONTINGENT_BASE_URL": "https://dues.example.org/",
            "KONTINGENT_SMTP_URL": "smtps://post:p%40ss@mail.example.org",
            "KONTINGENT_MAIL_FROM": "Dues <dues@example.org>",
            "KONTINGENT_DEVELOPMENT": "yes",
        }
    )
    assert settings.database_url == "postgresql+psycopg://owner:geheim@db:5432/dues"
    assert settings.database_web_url == "postgresql+psycopg://web@db/dues"
    assert settings.database_jobs_url is None
    assert settings.redis_url == "redis://queue:6379/0"
    assert settings.base_url == "https://dues.example.org"
    assert settings.smtp == Smtp("mail.example.org", 465, "post", "p@ss", tls=True)
    assert settings.data == tmp_path
    assert settings.development
    assert not settings.embedded


def test_the_default_address_follows_the_port() -> None:
    assert Settings.from_env({"KONTINGENT_PORT": "9000"}).base_url == "http://127.0.0.1:9000"


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    key = "k" * 40
    smtp = {"KONTINGENT_SMTP_URL": "smtp://post:hemligt@mail", "KONTINGENT_MAIL_FROM": "a@b"}
    shown = repr(Settings.from_env(SERVERS | smtp | {"KONTINGENT_SECRET_KEY": key}))
    assert "geheim" not in shown
    assert "hemligt" not in shown
    assert key not in shown


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://db/dues"}, "DATABASE_URL and REDIS_URL must be both set"),
        ({"REDIS_URL": "redis://queue"}, "DATABASE_URL and REDIS_URL must be both set"),
        ({"DATABASE_WEB_URL": "postgresql://db/dues"}, "DATABASE_WEB_URL needs DATABASE_URL"),
        (SERVERS | {"DATABASE_URL": "sqlite:///dues"}, "DATABASE_URL must be a PostgreSQL address such as"),
        (SERVERS | {"DATABASE_URL": "postgresql://db:port/dues"}, "DATABASE_URL must be a PostgreSQL address"),
        (SERVERS | {"DATABASE_URL": "postgresql://db"}, "DATABASE_URL must be a PostgreSQL address"),
        (SERVERS | {"REDIS_URL": "queue:6379"}, "REDIS_URL must be a Redis address such as"),
        ({"KONTINGENT_PORT": "eighty"}, "KONTINGENT_PORT must be a whole number from 1 to 65535, not 'eighty'"),
        ({"KONTINGENT_PORT": "70000"}, "KONTINGENT_PORT must be a whole number from 1 to 65535"),
        ({"KONTINGENT_WORKERS": "0"}, "KONTINGENT_WORKERS must be a whole number from 1 to"),
        ({"KONTINGENT_BASE_URL": "dues.example.org"}, "KONTINGENT_BASE_URL must be a web address such as"),
        ({"KONTINGENT_SMTP_URL": "mail.example.org"}, "KONTINGENT_SMTP_URL must be a mail server such as"),
        ({"KONTINGENT_SMTP_URL": "smtp://mail"}, "KONTINGENT_MAIL_FROM must be set"),
        ({"KONTINGENT_MAIL_FROM": "nobody"}, "KONTINGENT_MAIL_FROM must be an e-mail address"),
        ({"KONTINGENT_SECRET_KEY": "short"}, "KONTINGENT_SECRET_KEY must be at least 32 random characters"),
        ({"KONTINGENT_DEVELOPMENT": "perhaps"}, "KONTINGENT_DEVELOPMENT must be 1 or 0"),
        ({"KONTINGENT_DATA": __file__}, "KONTINGENT_DATA must be a folder"),
    ],
)
def test_a_wrong_value_is_refused_by_name(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env(environ)
    assert str(refusal.value).startswith(sentence)
    assert "geheim" not in str(refusal.value)


def test_the_signing_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    environ = {"KONTINGENT_DATA": str(tmp_path / "var")}
    key = Settings.from_env(environ).signing_key()
    assert len(key) >= 32
    assert Settings.from_env(environ).signing_key() == key
    (kept,) = (tmp_path / "var").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert Settings.from_env(environ | {"KONTINGENT_SECRET_KEY": "e" * 32}).signing_key() == "e" * 32


def test_a_kept_key_that_was_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("", encoding="ascii")
    with pytest.raises(SettingsError, match="secret-key"):
        Settings.from_env({"KONTINGENT_DATA": str(tmp_path)}).signing_key()


def test_embedded_servers_fill_in_the_addresses() -> None:
    settings = Settings.from_env({}).with_servers(database_url="postgresql://o@/k?host=%2Frun", redis_url="unix:///r")
    assert settings.database_url == "postgresql+psycopg://o@/k?host=%2Frun"
    assert settings.redis_url == "unix:///r"


def test_every_setting_is_documented_once() -> None:
    rows = documented()
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.default and row.meaning.endswith(".") for row in rows)
    assert {"DATABASE_URL", "KONTINGENT_DATA", "KONTINGENT_PRINT"} <= {row.name for row in rows}


def test_the_time_zone_is_one_that_exists() -> None:
    assert str(Settings.from_env({}).time_zone) == "Europe/Stockholm"
    assert str(Settings.from_env({"KONTINGENT_TIME_ZONE": "Europe/Oslo"}).time_zone) == "Europe/Oslo"
    for wrong in ("Europe/Atlantis", "Europe", "../etc"):
        with pytest.raises(SettingsError, match="KONTINGENT_TIME_ZONE must be a time zone"):
            Settings.from_env({"KONTINGENT_TIME_ZONE": wrong})


def test_the_real_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in documented():
        monkeypatch.delenv(row.name, raising=False)
    monkeypatch.setitem(os.environ, "KONTINGENT_PORT", "8123")
    assert Settings.from_env().port == 8123
