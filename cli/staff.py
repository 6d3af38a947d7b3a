"""`kontingent staff`: who may work at a desk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from dues.access.staff import add_staff, set_password
from language import SUPPORTED

if TYPE_CHECKING:
    from cli.desk import Desk

_FROM_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def staff() -> None:
    """Who may work at a desk."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--language", type=click.Choice(SUPPORTED), default="en", show_default=True, help="What they read.")
@_FROM_STDIN
@click.pass_obj
@answers
def add(desk: Desk, email: str, name: str, language: str, password_stdin: bool) -> Answer:
    """Take somebody in. The password is asked for."""
    chosen = _password(from_stdin=password_stdin)
    with desk.house() as house, house.work() as session:
        added = add_staff(session, name=name, email=email, password=chosen, language=language)
        address = f"{house.settings.base_url}/admin/"
        return Answer({"staff": str(added.uuid), "email": email}, [f"{email} can log in at {address}"])


@staff.command()
@click.argument("email")
@_FROM_STDIN
@click.pass_obj
@answers
def password(desk: Desk, email: str, password_stdin: bool) -> Answer:
    """Give somebody another password; all their logins end."""
    chosen = _password(from_stdin=password_stdin)
    with desk.house() as house, house.work() as session:
        changed = set_password(session, email=email, password=chosen)
        return Answer({"staff": str(changed.uuid), "email": email}, [f"{email} has another password."])


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
