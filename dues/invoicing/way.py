"""By which way somebody gets a document: mail first, then text messages where the creditor sends them, then paper."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.delivery.models import Channel
from dues.groups.models import Creditor
from dues.members.models import Person


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and the address or number on it, which is empty on paper."""

    channel: Channel
    address: str


def find_way(session: Session, *, payer: Person, creditor_id: int) -> Way:
    """Return how a creditor reaches a payer now, as runs choose it (`way_to`); a letter may lack an address."""
    channel = Channel(_chosen(session, payer.email, payer.phone, creditor_id))
    return Way(channel, {Channel.EMAIL: payer.email, Channel.SMS: payer.phone, Channel.PRINT: ""}[channel])


def number_of(session: Session, *, phone: str, creditor_id: int) -> str:
    """Return the number that a creditor's text messages to a telephone go to, nothing where it gets none."""
    return phone if _chosen(session, "", phone, creditor_id) == Channel.SMS else ""


def _chosen(session: Session, email: str, phone: str, creditor_id: int) -> str:
    chosen = select(func.way_to(email, phone, Creditor.sms)).where(Creditor.id == creditor_id)
    found: str = session.execute(chosen).scalar_one()
    return found


def arrives(way: Way, payer: Person) -> bool:
    """Tell whether it leads to anybody: a letter needs a place and a street or a postcode."""
    return way.channel is not Channel.PRINT or bool(payer.city and (payer.street or payer.postcode))
