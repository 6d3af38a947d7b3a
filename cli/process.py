"""`kontingent process`: single processes of the tree, for installations on several machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from settings import Settings, SettingsError

if TYPE_CHECKING:
    from cli.desk import Desk

QUEUES = ("bulk", "mail")


@click.group()
def process() -> None:
    """Run one process of the tree by itself; `kontingent up` runs all of them."""


@process.command()
@click.option("--queue", "queues", type=click.Choice(QUEUES), multiple=True, default=QUEUES, show_default=True)
@click.pass_obj
def worker(desk: Desk, queues: tuple[str, ...]) -> None:
    """Work on what is queued, until SIGTERM."""
    desk.ports.worker(_settings(), queues)


@process.command()
@click.pass_obj
def clock(desk: Desk) -> None:
    """Move the business day on, start the daily work, and wake workers; a second one waits for the first to end."""
    desk.ports.clock(_settings())


def _settings() -> Settings:
    """Read the settings; the servers must be named, because one process does not start them."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if settings.embedded:
        raise click.ClickException("Set DATABASE_URL and REDIS_URL, or start everything with: kontingent up")
    return settings
