"""An organisation that people join in tests of the public face: prices by age, a look, a welcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from database.connect import Role
from dues.dates import set_clock
from dues.groups.models import Group, Logo
from dues.pricing.set_up import add_price, add_type
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from database.connect import Database

TODAY: Final = dt.date(2026, 11, 22)
YELLOW: Final = "#f5c400"
DOT: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'


@dataclass(frozen=True)
class Town:
    """What stands in the database of these tests. An adult pays 500 kr, who is under 18 only 350 kr."""

    database: Database
    slug: str
    other: str
    member_type: int
    supporter_type: int
    creditor: int


def build_town(database: Database, *, country: str = "SE", sensitive: bool = False) -> Town:
    """Set the organisation up and put the clock at 22 November 2026."""
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
        found = organisation(session, country=country, sensitive=sensitive)
        supporter = add_type(
            session,
            group=found.root,
            slug="supporter",
            names={"en": "Supporter", "sv": "Stödmedlem"},
            components=(found.national,),
            min_age=18,
            position=1,
        )
        found.member_type.names = {"en": "Member", "sv": "Medlem", "nb": "Medlem", "nl": "Lid", "de": "Mitglied"}
        add_price(session, component=found.local, amount=5000, currency=found.creditor.currency, ages=(None, 17))
        _dress(session, found.root.id)
        found.north.colour = YELLOW
        found.north.welcome = {"sv": "Välkommen till Norr.", "en": "Welcome to the north."}
        return Town(
            database=database,
            slug=found.north.slug,
            other=found.south.slug,
            member_type=found.member_type.id,
            supporter_type=supporter.id,
            creditor=found.creditor.id,
        )


def _dress(session: Session, root: int) -> None:
    logo = Logo(media_type="image/svg+xml", content=DOT, digest="d" * 64)
    session.add(logo)
    session.flush()
    session.get_one(Group, root).logo_id = logo.id
