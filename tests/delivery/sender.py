"""A worker to be killed: sends what waits to a mail server, in a process of its own."""

from __future__ import annotations

import datetime as dt

from database.connect import Database, Role
from dues.delivery.models import Channel
from dues.delivery.send import send
from dues.delivery.smtp import SmtpCarrier
from dues.invoicing.mail import InvoiceRenderer
from settings import Smtp
from tests.delivery.conftest import INSTALLATION

LEASE = dt.timedelta(seconds=1)


def run(address: str, port: int) -> None:
    """Send what waits in a database to a mail server on this machine."""
    send(
        Database(address).opener(Role.JOBS),
        post={Channel.EMAIL: SmtpCarrier(Smtp("127.0.0.1", port), name="mail.example.org")},
        renderers={"invoice": InvoiceRenderer(INSTALLATION)},
        lease=LEASE,
    )
