"""`kontingent up`: the whole program in the foreground."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.answer import REFUSED
from cli.demo import fill
from cli.process import QUEUES
from cli.refusal import refusal
from cli.supervise import Child, Patience, die_with_parent, run_tree, say
from cli.welcome import Welcome
from database.embedded import Reviver
from dues.demo.errors import NotEmptyError

if TYPE_CHECKING:
    from cli.desk import Desk, House
    from settings import Settings

_HOUSE = Path(__file__).resolve().parents[1]
_STOP_WITHIN = 5.0  # seconds for the children; the servers then have the rest of the ten
# A process that is killed again and again is back within seconds; one that cannot start at all is given up soon.
_PATIENCE = Patience(longest=5.0, healthy_after=20.0, most=8)
_DEMO_MEMBERS = 500
_DEMO_SEED = 1


class PortTakenError(Exception):
    """The web cannot listen where it should."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"The web cannot listen on {host}, port {port}: {why}. Choose another with --port.")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="Port of the web [KONTINGENT_PORT, 8000].")
@click.option("--host", metavar="H", help="Address the web listens on [KONTINGENT_HOST, 127.0.0.1].")
@click.option("--demo", is_flag=True, help="Fill an empty database with a demo organisation; catch all mail.")
@click.option("--with-parent", is_flag=True, help="Stop when the process that started this one ends.")
@click.pass_context
def up(context: click.Context, port: int | None, host: str | None, demo: bool, with_parent: bool) -> None:
    """Run everything: database, web, workers, clock. Ctrl-C stops all of it."""
    if with_parent:
        die_with_parent(signal.SIGTERM, parent=os.getppid())
    _note(port, host, demo)
    try:
        desk: Desk = context.obj
        with desk.house() as house:
            code = _run(house, demo=demo)
    except Exception as error:
        sentence = refusal(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        code = REFUSED
    context.exit(code)


def _note(port: int | None, host: str | None, demo: bool) -> None:
    """Put what was given into the environment, where this process and its children read their settings."""
    if port is not None:
        os.environ["KONTINGENT_PORT"] = str(port)
    if host is not None:
        os.environ["KONTINGENT_HOST"] = host
    if demo:
        os.environ["KONTINGENT_DEMO"] = "1"


def _run(house: House, *, demo: bool) -> int:
    settings = house.settings
    _refuse_taken_port(settings)
    house.bring_up()
    settings.inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    if demo:
        _fill(house)
    house.database.dispose()
    revive = Reviver(settings.data) if house.embedded else None
    with Welcome(settings, demo=demo):
        tree = children(settings, demo=demo)
        return run_tree(tree, stop_within=_STOP_WITHIN, patience=_PATIENCE, tick=revive)


def _refuse_taken_port(settings: Settings) -> None:
    """Say at once what gunicorn would fail on again and again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTakenError(settings.host, settings.port, error.strerror or str(error)) from error


def _fill(house: House) -> None:
    with suppress(NotEmptyError):
        fill(house, members=_DEMO_MEMBERS, seed=_DEMO_SEED)
        say(f"Made a demo organisation of {_DEMO_MEMBERS} members.")


def children(settings: Settings, *, demo: bool) -> list[Child]:
    """Return the processes of the tree, in the order of their start."""
    env = {
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "KONTINGENT_DATA": str(settings.data),
        "PYTHONPATH": os.pathsep.join([str(_HOUSE), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }
    itself = [sys.executable, "-P", "-m", "wiring", "process"]
    web = [sys.executable, "-P", "-m", "gunicorn", "--config", "python:cli.web", "app:create_app()"]
    tree = [Child("web", web, env)]
    for number in range(1, settings.workers + 1):
        # One worker never takes a long run, so that what people wait for goes out beside it.
        queues = QUEUES if number == 1 or number < settings.workers else QUEUES[1:]
        listening = [word for queue in queues for word in ("--queue", queue)]
        tree.append(Child(f"worker {number}", [*itself, "worker", *listening], env))
    tree.append(Child("clock", [*itself, "clock"], env))
    if demo:
        tree.insert(0, Child("mail", [sys.executable, "-P", "-m", "cli.catcher", str(outbox(settings))], env))
    return tree


def outbox(settings: Settings) -> Path:
    """Return the folder of caught mail."""
    return settings.data / "outbox"
