"""Grows the demonstration's tree: a federation, its branches with their books, regions, and local groups."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from database.base import Names
from dues.demo.branches import BRANCHES, Branch
from dues.demo.fees import Fees, price_locally, set_up_fees
from dues.demo.logos import keep_logos
from dues.demo.shop import set_up_shop
from dues.demo.words import Words, plain
from dues.folding import folded
from dues.groups.establish import DEFAULT_COLOUR, add_group, make_creditor
from dues.groups.models import Group

MEMBERS_PER_GROUP = 200
FEWEST_GROUPS = 8
GROUPS_PER_REGION = 4
JOINABLE_EVERY = 2
MOST_LOCAL_PRICES = 15
"""Local groups with a price of their own, in one branch: enough to show, few enough to read."""

WELCOME: Names = {
    "sv": "Välkommen till {name}! Vi träffas varje vecka och tar gärna emot nybörjare.",
    "nb": "Velkommen til {name}! Vi møtes hver uke og tar gjerne imot nybegynnere.",
    "nl": "Welkom bij {name}! We komen elke week bij elkaar en beginners zijn van harte welkom.",
    "de": "Willkommen bei {name}! Wir treffen uns jede Woche und freuen uns über Anfänger.",
    "en": "Welcome to {name}! We meet every week and are glad to see beginners.",
}


Logos = Sequence[tuple[str, int]]
"""Each logo's colour and id."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A branch with its fees, and its local groups' ids in the order of their names."""

    branch: Branch
    fees: Fees
    locals: Sequence[int]


def grow(session: Session, *, members: int, today: dt.date) -> list[Grown]:
    """Grow a tree that fits a number of members, one local group for each 200 of them and at least eight."""
    logos = keep_logos(session)
    root = add_group(session, name="Kontingent Demo", slug="demo", parent=None, language="en", country="SE")
    root.logo_id = logos[0][1]
    wanted = max(FEWEST_GROUPS, members // MEMBERS_PER_GROUP)
    grown = []
    for number, branch in enumerate(BRANCHES):
        group = _add_branch(session, root, branch, logos)
        creditor = make_creditor(session, group=group, **branch.creditor)
        fees = set_up_fees(session, branch=branch, group=group, creditor=creditor, today=today)
        set_up_shop(session, branch=branch, group=group)
        count = wanted // len(BRANCHES) + (number < wanted % len(BRANCHES))
        grown.append(Grown(branch, fees, _add_locals(session, branch, group, count, logos)))
        _price_some(session, grown[-1])
    return grown


def _add_branch(session: Session, root: Group, branch: Branch, logos: Logos) -> Group:
    group = add_group(
        session,
        name=branch.creditor["name"],
        slug=branch.slug,
        parent=root,
        language=branch.language,
        country=branch.country,
        colour=branch.colour,
    )
    group.logo_id = next(logo for colour, logo in logos if colour == branch.colour)
    return group


def _add_locals(session: Session, branch: Branch, group: Group, count: int, logos: Logos) -> list[int]:
    """Add regions and, in one statement, the local groups below them; return the latter's ids in order."""
    regions = _add_regions(session, branch, group, count)
    ids = session.scalars(select(func.nextval("groups_id_seq")).select_from(func.generate_series(1, count))).all()
    rows = [
        {"id": group_id, **_local(branch, regions[number % len(regions)], number, group_id, logos)}
        for number, group_id in enumerate(ids)
    ]
    session.execute(insert(Group), rows)
    return list(ids)


def _add_regions(session: Session, branch: Branch, parent: Group, count: int) -> list[Group]:
    number = min(len(branch.words.regions), max(1, count // GROUPS_PER_REGION))
    return [
        add_group(
            session,
            name=f"Demo {name}",
            slug=f"{branch.slug}-{plain(name)}",
            parent=parent,
            language=branch.language,
            country=branch.country,
        )
        for name in branch.words.regions[:number]
    ]


def _local(branch: Branch, region: Group, number: int, group_id: int, logos: Logos) -> dict[str, Any]:
    """Make a row as `add_group` would; five thousand groups are not five thousand calls."""
    name = local_name(branch.words, number)
    joinable = number % JOINABLE_EVERY == 0
    colour, logo = logos[number // JOINABLE_EVERY % len(logos)]
    return {
        "parent_id": region.id,
        "path": f"{region.path}{group_id}.",
        "slug": f"{branch.slug}-{plain(name)}",
        "name": name,
        "name_key": folded(name),
        "language": branch.language,
        "country": branch.country,
        "creditor_id": region.creditor_id,
        "joinable": joinable,
        "colour": colour if joinable else DEFAULT_COLOUR,
        "welcome": {code: words.format(name=name) for code, words in WELCOME.items()} if joinable else {},
        "logo_id": logo if joinable else None,
    }


def local_name(words: Words, number: int) -> str:
    """Return the name of a branch's local group, a different one for every number.

    The town changes fastest, so that neighbours in the numbering are far apart, and the town of a group is its
    number modulo the number of towns.
    """
    rest, town = divmod(number, len(words.cities))
    rest, choir = divmod(rest, len(words.choirs))
    rest, quarter = divmod(rest, len(words.quarters) + 1)
    parts = [words.choirs[choir], words.cities[town].name]
    if quarter:
        parts.append(words.quarters[quarter - 1])
    if rest:
        parts.append(str(rest + 1))
    return " ".join(parts)


def _price_some(session: Session, grown: Grown) -> None:
    """Give every fourth local group a price of its own, up to a number that stays readable."""
    for number, group_id in enumerate(grown.locals[::GROUPS_PER_REGION][:MOST_LOCAL_PRICES]):
        group = session.get_one(Group, group_id)
        price_locally(session, branch=grown.branch, fees=grown.fees, group=group, percent=40 + 5 * (number % 8))
