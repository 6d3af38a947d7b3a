"""How bank files may come in by themselves: a folder for each account, and a bank's server just written down.

Nothing is fetched from the server before somebody agrees to its key.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement
from dues.payments.sources import Server, add_source

HOST: Final = "sftp.bank.example"
"""A name kept for examples (RFC 2606), which no server has."""


def write_server_down(session: Session, *, secret: str) -> None:
    """Add the server of the Norwegian bank; ``secret`` is the installation's, under which the password is sealed."""
    number = session.scalars(select(BankAgreement.number).where(BankAgreement.scheme == "BBAN")).one()
    server = Server(
        account=number,
        host=HOST,
        port=22,
        username="kontingent-demo",
        folder="/ut",
        pattern="*.xml",
        every_minutes=60,
        active=True,
        password="demo",  # noqa: S106 -- of a server that there is not
    )
    add_source(session, place=server, secret=secret)


def lay_folders_out(session: Session, *, inbox: Path) -> None:
    """Make a folder below the watched one for each account, which takes files for that account alone."""
    for number in session.scalars(select(BankAgreement.number)):
        (inbox / number).mkdir(mode=0o700, parents=True, exist_ok=True)
