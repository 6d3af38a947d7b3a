"""Freezes the looks of groups: a document looks as its group, or the nearest above, where the creditor lets them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from dues.groups.models import Creditor, Group
from dues.invoicing.freeze import Looks, keep_payees, senders_now

HOUSE_COLOUR: Final = "#0b5c62"
"""The colour of a group that has chosen none."""

_Bearer = Row[int, int | None, str, dict[str, Any]]


def who_lets(session: Session, *, creditors: Iterable[int]) -> set[int]:
    """Return those of some creditors whose groups may look their own way."""
    return set(session.scalars(select(Creditor.id).where(Creditor.id.in_(set(creditors)), Creditor.groups_look)))


def freeze_looks(session: Session, *, creditors: Collection[int], groups: Iterable[int], on: dt.date) -> dict[int, int]:
    """Freeze the looks of some groups of creditors that let them have some; return group id to payee id.

    Groups that look as their creditor does are missing, as are those of other creditors. Six statements at most.
    """
    senders = senders_now(session, creditors=creditors, on=on)
    paths = session.execute(
        select(Group.id, Group.path, Creditor.id.label("creditor_id"))
        .join(Creditor, Creditor.id == Group.creditor_id)
        .where(Group.id.in_(set(groups)), Creditor.id.in_(list(senders)))
    ).all()
    bearers = _bearers(session, {int(part) for row in paths for part in _parts(row.path)})
    wanted = {}
    for group_id, path, creditor_id in paths:
        sender = senders[creditor_id]
        looks = looks_of(sender.looks, path, home=sender.creditor.group_id, bearers=bearers)
        if looks != sender.looks:
            wanted[group_id] = (sender, looks)
    return dict(zip(wanted, keep_payees(session, list(wanted.values())), strict=True))


def looks_of(own: Looks, path: str, *, home: int, bearers: Mapping[int, _Bearer]) -> Looks:
    """Return what the documents of a group look like: from its creditor's group (``home``) down, the nearest wins."""
    looks = own
    for group_id in _below(path, home):
        bearer = bearers.get(group_id)
        if bearer is None:
            continue
        _id, logo_id, colour, layout = bearer
        looks = replace(
            looks,
            logo_id=logo_id or looks.logo_id,
            colour=looks.colour if colour == HOUSE_COLOUR else colour,
            layout=layout or looks.layout,
        )
    return looks


def looks_now(session: Session, *, group: Group, on: dt.date) -> Looks | None:
    """Return what the documents of a group look like on a day, None where it has no creditor that could send any."""
    if group.creditor_id is None:
        return None
    sender = senders_now(session, creditors=[group.creditor_id], on=on).get(group.creditor_id)
    if sender is None or not sender.creditor.groups_look:
        return sender.looks if sender else None
    bearers = _bearers(session, {int(part) for part in _parts(group.path)})
    return looks_of(sender.looks, group.path, home=sender.creditor.group_id, bearers=bearers)


def _bearers(session: Session, groups: Collection[int]) -> dict[int, _Bearer]:
    wanted = select(Group.id, Group.logo_id, Group.colour, Group.layout).where(
        Group.id.in_(groups), (Group.logo_id.is_not(None)) | (Group.colour != HOUSE_COLOUR) | (Group.layout != {})
    )
    return {row.id: row for row in session.execute(wanted)}


def _parts(path: str) -> list[str]:
    return path.rstrip(".").split(".")


def _below(path: str, home: int) -> Iterator[int]:
    """Yield the groups of a path below one, from above."""
    ids = [int(part) for part in _parts(path)]
    yield from ids[ids.index(home) + 1 :] if home in ids else ()
