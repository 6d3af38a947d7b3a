"""Binds what the faces ask for to what the domain and the other faces have, and starts the command line."""

from __future__ import annotations

import logging
import sys
from functools import partial
from typing import TYPE_CHECKING

from cli.catcher import catcher
from cli.desk import Ports, database_of
from cli.main import main
from cli.up import outbox
from database.connect import Role
from dues.collection import remind
from dues.collection.mail import ReminderRenderer
from dues.delivery import staff_mail
from dues.delivery.bind import bound
from dues.delivery.gateway import GatewayCarrier
from dues.delivery.installation import Installation
from dues.delivery.letters import PrintFolder
from dues.delivery.models import Channel
from dues.delivery.send import Sent, send
from dues.delivery.simulated import SimulatedGateway
from dues.delivery.smtp import SmtpCarrier
from dues.invoicing import bulk, charge_stage, issue, take_in, undo
from dues.invoicing.code_mail import CodeRenderer
from dues.invoicing.mail import InvoiceRenderer
from dues.lists import export
from dues.payments import bank_run, book, match, used_mail
from dues.payments.mail import ReceiptRenderer
from dues.payments.refunds import mail as refund_mail
from dues.payments.refunds import order as refund_order
from dues.payments.returned_mail import ReturnedRenderer
from dues.runs.drive import bind
from jobs import clock, logs, worker
from jobs.house import House
from jobs.queues import Queues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from database.connect import Database
    from dues.delivery.bind import Renderers
    from dues.delivery.post import Carrier, Post
    from settings import Settings


def bind_kinds() -> None:
    """Say what does the work of each kind of run."""
    works = (
        (issue.KIND, issue.WORK),
        (book.KIND, bank_run.WORK),
        (match.KIND, match.WORK),
        (remind.KIND, remind.WORK),
        (undo.KIND, undo.WORK),
        (bulk.KIND, bulk.WORK),
    )
    for kind, step in works:
        bind(kind, step)
    bind(charge_stage.KIND, charge_stage.WORK)
    bind(take_in.KIND, take_in.WORK)
    bind(refund_order.KIND, refund_order.WORK)
    bind(export.KIND, export.WORK)


def post(settings: Settings) -> Post:
    """Return the channels that messages can go by now.

    Where a mail catcher lives, mail goes to it and nowhere else, and text messages to a simulated gateway: what a
    demonstration writes must reach nobody.
    """
    carriers: dict[Channel, Carrier] = {Channel.PRINT: PrintFolder(settings.print_folder)}
    kept = outbox(settings)
    caught = catcher(kept)
    server = caught or settings.smtp
    if server is not None:
        carriers[Channel.EMAIL] = SmtpCarrier(server, name=Installation.from_settings(settings).domain)
    if caught is not None:
        carriers[Channel.SMS] = SimulatedGateway(kept)
    elif settings.sms is not None:
        carriers[Channel.SMS] = GatewayCarrier(settings.sms)
    return carriers


def renderers(settings: Settings) -> Renderers:
    """Return what renders each kind of message; raise UnboundKindError where one is missing."""
    installation = Installation.from_settings(settings)
    return bound(
        {
            "invoice": InvoiceRenderer(installation),
            "receipt": ReceiptRenderer(installation),
            "returned": ReturnedRenderer(installation),
            used_mail.KIND: used_mail.UsedRenderer(installation),
            refund_mail.KIND: refund_mail.RefundRenderer(installation),
            "reminder": ReminderRenderer(installation),
            "code": CodeRenderer(installation),
            staff_mail.INVITATION: staff_mail.InvitationRenderer(installation),
            staff_mail.APPROVAL: staff_mail.ApprovalRenderer(installation),
        }
    )


def ports() -> Ports:
    """Return what the command line is bound to."""
    return Ports(wake=lambda settings: Queues(settings.redis_url or ""), send=_send, worker=_worker, clock=_clock)


def _send(database: Database, settings: Settings) -> Sent:
    return send(database.opener(Role.JOBS), post=post(settings), renderers=renderers(settings))


def _house(settings: Settings) -> House:
    logs.configure()
    return House(
        settings=settings,
        database=database_of(settings),
        queues=Queues(settings.redis_url or ""),
        post=partial(post, settings),
        renderers=renderers(settings),
    )


def _worker(settings: Settings, queues: Sequence[str]) -> None:
    worker.run(_house(settings), queues)


def _clock(settings: Settings) -> None:
    clock.run(_house(settings))


def command_line() -> int:
    """Be the command `kontingent`; return its exit code."""
    bind_kinds()
    logs.configure(logging.WARNING)
    return main(ports())


if __name__ == "__main__":
    sys.exit(command_line())
