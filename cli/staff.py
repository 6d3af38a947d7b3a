"""`kontingent staff`: who may work at a desk."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from dues import dates
from dues.access import second_factor
from dues.access.grants import give
from dues.access.roles import role_id
from dues.access.staff import add_staff, find_staff, set_password
from dues.actor import COMMAND_LINE
from dues.groups.find import group_id
from language import SUPPORTED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cli.desk import Desk

_FROM_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def staff() -> None:
    """Who may work at a desk."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--language", type=click.Choice(SUPPORTED), default="en", show_default=True, help="What they read.")
@click.option("--role", "roles", multiple=True, metavar="SLUG", help="A role, in the whole organisation; repeatable.")
@_FROM_STDIN
@click.pass_obj
@answers
def add(desk: Desk, /, *, email: str, name: str, language: str, roles: tuple[str, ...], password_stdin: bool) -> Answer:
    """Take somebody in. The password is asked for."""
    chosen = _password(from_stdin=password_stdin)
    with desk.house() as house, house.work() as session:
        added = add_staff(session, name=name, email=email, password=chosen, language=language)
        for role in roles:
            _give(session, staff_id=added.id, role=role, group=None)
        address = f"{house.settings.base_url}/admin/"
        return Answer({"staff": str(added.uuid), "email": email}, [f"{email} can log in at {address}"])


@staff.command()
@click.argument("email")
@click.argument("role")
@click.option("--group", metavar="SLUG", help="In this group and below it; the whole organisation without it.")
@click.pass_obj
@answers
def grant(desk: Desk, email: str, role: str, group: str | None) -> Answer:
    """Give somebody a ROLE."""
    with desk.house() as house, house.work() as session:
        found = find_staff(session, email=email)
        _give(session, staff_id=found.id, role=role, group=group)
        return Answer({"staff": str(found.uuid), "role": role, "group": group}, [f"{email} is {role} now."])


@staff.command()
@click.argument("email")
@_FROM_STDIN
@click.pass_obj
@answers
def password(desk: Desk, email: str, password_stdin: bool) -> Answer:
    """Give somebody another password; all their logins end."""
    chosen = _password(from_stdin=password_stdin)
    with desk.house() as house, house.work() as session:
        changed = set_password(session, email=email, password=chosen, now=dt.datetime.now(dt.UTC))
        return Answer({"staff": str(changed.uuid), "email": email}, [f"{email} has another password."])


@staff.command()
@click.argument("email")
@click.pass_obj
@answers
def recover(desk: Desk, email: str) -> Answer:
    """Take somebody's second factor off who has lost their phone; all their logins end."""
    with desk.house() as house, house.work() as session:
        found = find_staff(session, email=email)
        second_factor.take_all_off(session, staff_id=found.id, now=dt.datetime.now(dt.UTC))
        return Answer({"staff": str(found.uuid), "email": email}, [f"{email} sets up another second factor."])


def _give(session: Session, *, staff_id: int, role: str, group: str | None) -> None:
    give(
        session,
        staff_id=staff_id,
        role_id=role_id(session, role),
        group_id=None if group is None else group_id(session, slug=group),
        from_on=dates.today(session),
        by=COMMAND_LINE,
    )


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
