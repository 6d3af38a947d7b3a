"""`kontingent messages`: what waits in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers

if TYPE_CHECKING:
    from cli.desk import Desk


@click.group()
def messages() -> None:
    """Mail and letters in the outbox."""


@messages.command()
@click.pass_obj
@answers
def send(desk: Desk) -> Answer:
    """Deliver what is queued, now."""
    with desk.house() as house:
        done = desk.ports.send(house.database, house.settings)
    figures = {"sent": done.sent, "failed": done.failed, "queued": done.queued}
    return Answer(figures, [f"{done.sent} sent, {done.failed} failed, {done.queued} still queued"])
