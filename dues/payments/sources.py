"""Banks' servers as officers set them up: where files lie, who logs in, and which key of the server was agreed to."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.editing import EditingError, held
from dues.editing import remove as remove_row
from dues.groups.models import BankAgreement
from dues.paging import Page, Place, Walk, read_page
from dues.payments.accounts import accounts_called
from dues.payments.fetching import sealed
from dues.payments.sftp import fingerprint, is_private_key
from dues.payments.source_models import BankSource

_WALK: Final = Walk(BankSource, ("id",), "uuid")


class UnknownAccountError(EditingError):
    """No account of ours is called by this number."""

    def __init__(self, written: str) -> None:
        super().__init__(f"No bank agreement has the number {written!r}.")


class NoWayInError(EditingError):
    """Neither a password nor a private key is given."""

    def __init__(self) -> None:
        super().__init__("Give a password or a private key.")


class PrivateKeyError(EditingError):
    """No private key in a form that can be read, or one that asks for a passphrase."""

    def __init__(self) -> None:
        super().__init__("This is no private key, or it asks for a passphrase.")


class OtherKeyError(EditingError):
    """The server shows another key than the one that somebody has looked at."""

    def __init__(self) -> None:
        super().__init__("The server shows another key by now. Compare it again.")


@dataclass(frozen=True, slots=True)
class Server:
    """Where files lie and who fetches them; empty secrets keep those that there are."""

    account: str
    host: str
    port: int
    username: str
    folder: str
    pattern: str
    every_minutes: int
    active: bool
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A bank's server in a list, and the account that its files are for."""

    source: BankSource
    number: str
    scheme: str


def sources_page(session: Session, *, at: Place | None) -> Page[ListedSource]:
    """Return a page of banks' servers in the order they were added."""
    page = read_page(session, _WALK, at=at)
    wanted = select(BankAgreement).where(BankAgreement.id.in_([row.agreement_id for row in page.rows]))
    accounts = {one.id: one for one in session.scalars(wanted)}
    return page.turned(
        lambda row: ListedSource(row, accounts[row.agreement_id].number, accounts[row.agreement_id].scheme)
    )


def source_of(session: Session, *, name: UUID) -> ListedSource | None:
    """Return a bank's server by the name it has outside, None where there is none such."""
    wanted = select(BankSource, BankAgreement).join(BankAgreement, BankAgreement.id == BankSource.agreement_id)
    found = session.execute(wanted.where(BankSource.uuid == name)).first()
    return None if found is None else ListedSource(found[0], found[1].number, found[1].scheme)


def add_source(session: Session, *, place: Server, secret: str) -> BankSource:
    """Add a bank's server; raises UnknownAccountError, NoWayInError and PrivateKeyError."""
    row = BankSource()
    _write(session, row, place, secret=secret)
    session.add(row)
    session.flush()  # gives the row its name
    return row


def change_source(session: Session, *, source_id: int, place: Server, secret: str) -> None:
    """Change a bank's server; another host has another key, which is to be agreed to again. Raises as `add_source`."""
    row = held(session, BankSource, source_id)
    before = (row.host, row.port)
    _write(session, row, place, secret=secret)
    if (row.host, row.port) != before:
        row.host_key = None
    row.tried_at = row.trouble = None  # what was wrong may be right now


def remove_source(session: Session, *, source_id: int) -> None:
    """Take a bank's server away, with what is known of its files; the files themselves stay."""
    remove_row(session, held(session, BankSource, source_id))


def trust(session: Session, *, source_id: int, host_key: str, seen: str) -> None:
    """Agree to a server's key, whose fingerprint somebody has ``seen``; raise OtherKeyError where it is another."""
    if fingerprint(host_key) != seen:
        raise OtherKeyError
    row = held(session, BankSource, source_id)
    row.host_key, row.tried_at, row.trouble = host_key, None, None


def _write(session: Session, row: BankSource, place: Server, *, secret: str) -> None:
    found = accounts_called(session, [place.account])
    if place.account not in found:
        raise UnknownAccountError(place.account)
    if place.private_key and not is_private_key(place.private_key):
        raise PrivateKeyError
    row.agreement_id = found[place.account]
    for name in ("host", "port", "username", "folder", "pattern", "every_minutes", "active"):
        setattr(row, name, getattr(place, name))
    if place.password:
        row.password = sealed(place.password, secret=secret)
    if place.private_key:
        row.private_key = sealed(place.private_key + "\n", secret=secret)
    if row.password is None and row.private_key is None:
        raise NoWayInError
