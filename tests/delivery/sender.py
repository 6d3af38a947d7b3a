"""A worker to be killed: sends what waits to a mail server, in a process of its own.

Usage: python -m tests.delivery.sender DATABASE PORT
"""

from __future__ import annotations

import datetime as dt
import sys

from database.connect import Database, Role
from dues.delivery.models import Channel
from dues.delivery.send import send
from dues.delivery.smtp import SmtpCarrier
from dues.invoicing.mail import InvoiceRenderer
from settings import Smtp
from tests.delivery.conftest import INSTALLATION

LEASE = dt.timedelta(seconds=1)

if __name__ == "__main__":
    address, port = sys.argv[1:]
    send(
        Database(address).opener(Role.JOBS),
        post={Channel.EMAIL: SmtpCarrier(Smtp("127.0.0.1", int(port)), name="mail.example.org")},
        renderers={"invoice": InvoiceRenderer(INSTALLATION)},
        lease=LEASE,
    )
