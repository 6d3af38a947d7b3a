"""What stands in the database when screens are looked at: the same organisation, days, money and failures each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Row, select, text

from database.connect import Role
from dues.dates import set_clock
from dues.demo.build import build
from dues.demo.desks import take_in
from dues.groups.models import BankAgreement, Creditor, Group
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.members.models import Person
from dues.runs.models import Run
from tests.factories.money import banked, camt, paid
from tests.factories.runs import issued, reminded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from bankfiles.write import Incoming
    from database.connect import Database, OpenSession

TODAY: Final = dt.date(2026, 11, 22)
AUTUMN: Final = TODAY - dt.timedelta(days=50)
PAID_ON: Final = TODAY - dt.timedelta(days=20)
MEMBERS: Final = 300

_OWED: Final = (
    select(Claim.id, PaymentReference.value, Claim.open_amount, Invoice.payer_name)
    .join(PaymentReference, PaymentReference.claim_id == Claim.id)
    .join(Invoice, Invoice.id == Claim.invoice_id)
    .order_by(Claim.id)
)
# What became of messages; nothing is sent from here.
_SENT: Final = text("UPDATE message SET state = 'sent', sent_at = recorded_at WHERE state = 'queued' AND id % 17 <> 0")
_FAILED: Final = text(
    "UPDATE message SET state = 'failed', attempts = 3, error = '550 5.1.1 no such mailbox' "
    "WHERE id IN (SELECT id FROM message WHERE state = 'queued' AND channel = 'email' ORDER BY id LIMIT 3)"
)


@dataclass(frozen=True)
class Scene:
    """Whom and what screens are looked at for, by the names they have in addresses."""

    database: Database
    group: str
    person: UUID
    open_invoice: UUID
    paid_invoice: UUID
    invoice_run: UUID
    preview: UUID
    bank_run: UUID
    waiting_payment: int


def set_scene(database: Database) -> Scene:
    """Build it: half the members were invoiced in autumn, some have paid, all others are looked at today."""
    open_session = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=AUTUMN, real=AUTUMN)
        build(session, members=MEMBERS, seed=1, today=AUTUMN, due_share=0.5)
        take_in(session, on=AUTUMN)
    autumn = issued(open_session, on=AUTUMN, slice_size=200)
    bank_run = _money(open_session)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
    reminded(open_session, on=TODAY)
    preview = issued(open_session, on=TODAY + dt.timedelta(days=20), confirmed=False, slice_size=200)
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(_SENT)
        session.execute(_FAILED)
        return _named(session, database, autumn=autumn.run_id, bank=bank_run, preview=preview.run_id)


def _money(open_session: OpenSession) -> int:
    """Money for a Swedish creditor: most of it fits, some of it needs somebody."""
    with open_session() as session:
        agreement = session.scalars(
            select(BankAgreement).join(Creditor).where(Creditor.country == "SE").order_by(BankAgreement.id).limit(1)
        ).one()
        owed = session.execute(_OWED.where(Claim.creditor_id == agreement.creditor_id)).all()
    exact = [paid(row.open_amount, row.value) for row in owed[: len(owed) // 2]]
    return banked(open_session, camt(agreement, [*exact, *_odd(owed[len(owed) // 2 :])], on=PAID_ON), on=PAID_ON).run_id


def _odd(owed: Sequence[Row[int, str, int, str]]) -> list[Incoming]:
    """One of each kind that does not match by itself."""
    wrong, much, little, again, nameless = owed[:5]
    digit = str((int(wrong.value[-2]) + 1) % 10)
    return [
        paid(wrong.open_amount, f"{wrong.value[:-2]}{digit}{wrong.value[-1]}"),
        paid(much.open_amount + 5000, much.value),
        paid(little.open_amount - 10000, little.value),
        paid(again.open_amount, again.value),
        paid(again.open_amount, again.value),
        paid(nameless.open_amount, message="medlemsavgift"),
        paid(240000, message="körresa våren"),
    ]


def _named(session: Session, database: Database, *, autumn: int, bank: int, preview: int) -> Scene:
    open_claim = session.scalars(
        select(Claim).where(Claim.ended.is_(None), Claim.dunning_level > 0).order_by(Claim.id).limit(1)
    ).one()
    paid_claim = session.scalars(select(Claim).where(Claim.ended == "paid").order_by(Claim.id).limit(1)).one()
    waiting = session.scalar(text("SELECT min(payment_id) FROM payment_case WHERE closed_at IS NULL"))
    return Scene(
        database=database,
        group=session.scalars(
            select(Group.slug).where(Group.joinable, Group.country == "SE").order_by(Group.id).limit(1)
        ).one(),
        person=session.get_one(Person, open_claim.debtor_id).uuid,
        open_invoice=session.get_one(Invoice, open_claim.invoice_id).uuid,
        paid_invoice=session.get_one(Invoice, paid_claim.invoice_id).uuid,
        invoice_run=session.get_one(Run, autumn).uuid,
        preview=session.get_one(Run, preview).uuid,
        bank_run=session.get_one(Run, bank).uuid,
        waiting_payment=int(waiting or 0),
    )
