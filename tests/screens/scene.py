"""What stands in the database when screens are looked at: the same organisation, days, money and failures each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text, update

from app import bind_deeds
from database.connect import Role
from dues.access.grants import give, offer
from dues.access.models import Staff
from dues.access.roles import role_id
from dues.access.scope import Rights
from dues.actor import COMMAND_LINE, Actor
from dues.collection.hold import hold_invoice
from dues.collection.models import HoldReason
from dues.dates import set_clock
from dues.demo.build import build
from dues.demo.desks import FIRST, take_in
from dues.groups.models import BankAgreement, Creditor, Group
from dues.invoicing.charge_file import charge_table, keep_table, reading_of, table_of
from dues.invoicing.charge_models import ChargeFile
from dues.invoicing.models import Claim, Invoice, PaymentReference
from dues.members.models import Membership, Person
from dues.payments.accept import accept, keep_refused
from dues.payments.allocate import allocate
from dues.payments.bank_table import Layout
from dues.payments.credit_invoice import credit_invoice
from dues.payments.errors import FileRefusedError
from dues.payments.models import Allocation, BankFile, CaseReason, CaseVisit, PaymentCase
from dues.payments.presence import attend
from dues.pricing.models import PriceRule
from dues.runs.models import Run, RunPreview, RunState
from dues.runs.start import confirm
from tests.factories.money import banked, camt, paid
from tests.factories.runs import finished, issued, reminded, undone
from tests.screens import lists, refunds
from tests.screens.elsewhere import taken_in
from tests.screens.own_template import own_template
from tests.screens.sent_scene import send
from tests.screens.still import NOTED, stand_still

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
_REMINDED: Final = Claim.ended.is_(None) & (Claim.dunning_level > 0)
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
    membership: UUID
    open_invoice: UUID
    paid_invoice: UUID
    held_invoice: UUID
    credited_invoice: UUID
    credit_note: UUID
    used_payment: int
    invoice_run: UUID
    undoing: UUID
    preview: UUID
    moved_run: UUID
    working_run: UUID
    paused_run: UUID
    failed_run: UUID
    bank_run: UUID
    bank_file: UUID
    refused_file: UUID
    bank_table: UUID
    charges: tuple[UUID, UUID, UUID]
    taken_in: tuple[UUID, UUID, UUID, UUID]
    """A table of lines whose columns nobody has chosen yet, one with faults, and the run of a third one."""
    sent: tuple[UUID, UUID, UUID]
    """A template, an invoice that sold something, and the preview of the template to many."""
    waiting_payment: int
    cases: dict[str, int]
    """A payment without an invoice of each reason, by the reason's word; with a colleague at one."""
    settings: dict[str, str]
    """A row of each table of the set-up, by the table's address."""
    colleague: UUID
    house: str
    named_list: UUID
    export: UUID


_WAITING: Final = text("SELECT min(payment_id) FROM payment_case WHERE closed_at IS NULL")


def set_scene(database: Database) -> Scene:
    """Build it: half the members were invoiced in autumn, some have paid, all others are looked at today."""
    open_session = database.opener(Role.JOBS)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=AUTUMN, real=AUTUMN)
        build(session, members=MEMBERS, seed=1, today=AUTUMN, due_share=0.5)
        take_in(session, on=AUTUMN)
        _let_the_first_edit_members(session)
        _wishes(session)
    autumn = issued(open_session, on=AUTUMN, slice_size=200)
    bank_run = _money(open_session)
    with database.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=TODAY, real=TODAY)
    reminded(open_session, on=TODAY)
    preview = issued(open_session, on=TODAY + dt.timedelta(days=20), confirmed=False, slice_size=200)
    halfway = _halfway(open_session)
    _refused(open_session)
    tables, taken = _tables(open_session), taken_in(open_session, on=TODAY)
    with database.unit_of_work(Role.JOBS) as session:
        session.execute(_SENT)
        session.execute(_FAILED)
        held, credited = _decided(session)
    undoing = undone(open_session, autumn.run_id, on=TODAY, confirmed=False)
    sent = send(open_session, on=TODAY)
    stand_still(database)
    with database.unit_of_work(Role.JOBS) as session:
        _let_a_colleague_in(session)
        return _named(
            session,
            database,
            runs=_Runs(autumn.run_id, bank_run, preview.run_id, undoing.run_id, halfway, tables, taken, sent),
            held=held,
            credited=credited,
        )


def _tables(open_session: OpenSession) -> tuple[UUID, UUID, UUID]:
    """Tables of lines: one that just came, one with faults, and one that waits to be confirmed."""
    homes = select(Creditor.group_id).where(Creditor.country == "SE")
    head = "Medlemsnummer;E-post;Artikel;Text;Antal;Pris"
    with open_session() as session:
        group = session.scalars(select(Group).where(Group.id.in_(homes)).order_by(Group.id)).first()
        assert group is not None
        people = session.scalars(select(Person).where(Person.country == "SE").order_by(Person.id).limit(6)).all()
        session.expunge_all()
    lines = [f"{one.id};;10;Sångbok med noter;{place + 1};" for place, one in enumerate(people)]
    wrong = [*lines[:2], "999999;;10;;1;", f"{people[0].id};;77;;1;", f"{people[1].id};;10;;1;1,250", ";;10;;1;"]
    files = [
        _table(open_session, group, [head, *rows], name)
        for rows, name in (
            (lines[:4], "kurs-mars.csv"),
            (wrong, "lager.csv"),
            (lines, "sangbocker.csv"),
        )
    ]
    runs = [_charged(open_session, file) for file in files[1:]]
    with open_session() as session:
        first, second = (session.get_one(ChargeFile, file).uuid for file in files[:2])
        return first, second, session.get_one(Run, runs[1]).uuid


def _table(open_session: OpenSession, group: Group, lines: Sequence[str], name: str) -> int:
    with open_session() as session, session.begin():
        content = "\n".join(lines).encode()
        return keep_table(session, content=content, name=name, group=group, by=COMMAND_LINE).id


def _charged(open_session: OpenSession, file_id: int) -> int:
    with open_session() as session, session.begin():
        file = session.get_one(ChargeFile, file_id)
        reading = reading_of(session, file=file, table=table_of(file))
        run_id = charge_table(session, file=file, reading=reading, on=TODAY, by=COMMAND_LINE).id
    finished(open_session, run_id)
    return run_id


def _refused(open_session: OpenSession) -> None:
    """A file that a bank cut short: it is kept, with the reason why nothing of it was taken in."""
    with open_session() as session, session.begin():
        agreement = session.scalars(select(BankAgreement).order_by(BankAgreement.id).limit(1)).one()
        agreement.table_layout = Layout({"booked": "Booked", "amount": "Amount", "text": "Text"}).stored()
        table = BytesIO(b"Booked,Amount,Text,Fee\n2026-11-20,300.00,Ada Berg 2026,\n2026-11-21,-4.50,Charges,yes\n")
        no_format = FileRefusedError("november.csv", "", "the file begins as no format known here does")
        keep_refused(session, stream=table, name="november.csv", error=no_format, by=COMMAND_LINE)
        whole = camt(agreement, [paid(30000, "1234567897")], on=PAID_ON).getvalue()
        cut = BytesIO(whole[: len(whole) // 2])
        try:
            accept(session, stream=cut, name="camt054-2026-11-21.xml", on=TODAY, by=COMMAND_LINE)
        except FileRefusedError as error:
            keep_refused(session, stream=cut, name="camt054-2026-11-21.xml", error=error, by=COMMAND_LINE)


def _let_the_first_edit_members(session: Session) -> None:
    """Whoever looks at the screens may open them all."""
    first = session.scalars(select(Staff.id).where(Staff.email == FIRST)).one()
    wanted = role_id(session, "member-officer")
    give(session, staff_id=first, role_id=wanted, group_id=None, from_on=AUTUMN, by=COMMAND_LINE)


def _let_a_colleague_in(session: Session) -> None:
    """Somebody has a case before them, and stays for as long as screens are looked at."""
    case = session.scalars(select(PaymentCase).where(PaymentCase.reason == CaseReason.TOO_MUCH).limit(1)).one()
    colleague = session.scalars(select(Staff.id).where(Staff.email == "member-officer@example.org")).one()
    attend(session, payment_id=case.payment_id, staff_id=colleague)
    session.execute(update(CaseVisit).values(seen_at=func.now() + dt.timedelta(days=1), came_at=NOTED))


def _cases(session: Session) -> dict[str, int]:
    last = select(PaymentCase.reason, func.max(PaymentCase.payment_id)).where(PaymentCase.closed_at.is_(None))
    return {str(reason): payment for reason, payment in session.execute(last.group_by(PaymentCase.reason))}


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
    wrong, much, little, again, nameless, mistyped = owed[:6]
    return [
        paid(wrong.open_amount, _one_digit_off(wrong.value)),
        paid(much.open_amount + 5000, much.value),
        paid(little.open_amount - 10000, little.value),
        paid(again.open_amount, again.value),
        paid(again.open_amount, again.value),
        paid(nameless.open_amount, message="medlemsavgift"),
        paid(240000, message="körresa våren"),
        paid(mistyped.open_amount, _one_digit_off(mistyped.value)),
    ]


def _one_digit_off(reference: str) -> str:
    return f"{reference[:-2]}{(int(reference[-2]) + 1) % 10}{reference[-1]}"


@dataclass(frozen=True)
class _Runs:
    """The runs of a scene, by id."""

    autumn: int
    bank: int
    preview: int
    undoing: int
    halfway: tuple[int, int, int, int]
    """One whose ground has moved, one at work, one paused, one that failed."""
    tables: tuple[UUID, UUID, UUID]
    taken_in: tuple[UUID, UUID, UUID, UUID]
    sent: tuple[UUID, UUID, UUID]


def _halfway(open_session: OpenSession) -> tuple[int, int, int, int]:
    """Runs as one meets them on the way; nobody works on them here."""
    moved, working, paused, failed = (
        issued(open_session, on=TODAY + dt.timedelta(days=days), confirmed=False).run_id for days in (30, 40, 50, 60)
    )
    on_the_way = {"phase": "write", "total": 18204, "done": 11870, "confirmed": True}
    with open_session() as session, session.begin():
        session.execute(update(PriceRule).values(amount=PriceRule.amount + 1000))
        confirm(session, run_id=moved, seen=session.get_one(RunPreview, moved).fingerprint)
        for run_id, state, error in (
            (working, RunState.WORKING, None),
            (paused, RunState.PAUSED, None),
            (failed, RunState.FAILED, "OperationalError: no space left on the disk of the database"),
        ):
            values = {"state": state, "error": error, "lease_until": func.now(), **on_the_way}
            session.execute(update(Run).where(Run.id == run_id).values(values))
    finished(open_session, moved)
    with open_session() as session, session.begin():
        session.execute(update(PriceRule).values(amount=PriceRule.amount - 1000))
    return moved, working, paused, failed


def _wishes(session: Session) -> None:
    """What waits for a second person: a role that somebody wants for a colleague."""
    bind_deeds()
    keeper = session.scalars(select(Staff.id).where(Staff.email == "system-administrator@example.org")).one()
    taker = session.scalars(select(Staff.id).where(Staff.email == "support@example.org")).one()
    offer(
        session,
        staff_id=taker,
        role_id=role_id(session, "cashier"),
        group_id=None,
        from_on=AUTUMN,
        by=keeper,
        giver=Rights({}),
    )


def _decided(session: Session) -> tuple[int, int]:
    """What officers decided: a complaint about a part-paid invoice, and an invoice credited."""
    officer = Actor("staff", str(session.scalars(select(func.min(Staff.id))).one()))
    other = session.scalars(select(Claim).where(_REMINDED).order_by(Claim.id).offset(1).limit(1)).one()
    waiting = select(PaymentCase).where(PaymentCase.reason == CaseReason.UNKNOWN_REFERENCE)
    case = session.scalars(waiting.order_by(PaymentCase.payment_id).limit(1)).one()
    creditor = select(Claim).where(_REMINDED, Claim.creditor_id == case.creditor_id).order_by(Claim.id.desc())
    part = session.scalars(creditor.limit(1)).one()
    allocate(session, payment_id=case.payment_id, claim_id=part.id, amount=5000, on=TODAY, by=officer)
    hold_invoice(
        session,
        invoice_id=part.invoice_id,
        reason=HoldReason.COMPLAINT,
        until=TODAY + dt.timedelta(days=9),
        note="Says that the magazine never came.",
        on=TODAY,
        by=officer,
    )
    return part.invoice_id, credit_invoice(session, invoice_id=other.invoice_id, on=TODAY, by=officer)


def _named(session: Session, database: Database, *, runs: _Runs, held: int, credited: int) -> Scene:
    reminded = select(Claim).where(_REMINDED, Claim.held_until.is_(None)).order_by(Claim.id)
    open_claim = session.scalars(reminded.limit(1)).one()
    debtor = session.get_one(Person, open_claim.debtor_id)
    note = session.get_one(Invoice, credited)
    paid_claim = session.scalars(select(Claim).where(Claim.ended == "paid").order_by(Claim.id).limit(1)).one()
    house = session.get_one(Group, session.get_one(Invoice, open_claim.invoice_id).group_id)
    first = session.scalars(select(Staff.id).where(Staff.email == FIRST)).one()
    role = role_id(session, "group-administrator")
    give(session, staff_id=first, role_id=role, group_id=house.id, from_on=TODAY, by=COMMAND_LINE)
    return Scene(
        database=database,
        colleague=session.scalars(select(Staff.uuid).where(Staff.email == "group-administrator@example.org")).one(),
        house=house.slug,
        named_list=lists.keep_one(session, staff_id=first),
        export=lists.take_one(session, staff_id=first, on=TODAY),
        group=session.scalars(
            select(Group.slug).where(Group.joinable, Group.country == "SE").order_by(Group.id).limit(1)
        ).one(),
        person=debtor.uuid,
        membership=session.scalars(
            select(Membership.uuid).where(Membership.person_id == debtor.id).order_by(Membership.id).limit(1)
        ).one(),
        held_invoice=session.get_one(Invoice, held).uuid,
        credited_invoice=session.get_one(Invoice, note.credits_id).uuid,
        credit_note=note.uuid,
        used_payment=session.scalars(select(func.min(Allocation.payment_id))).one() or 0,
        open_invoice=session.get_one(Invoice, open_claim.invoice_id).uuid,
        paid_invoice=session.get_one(Invoice, paid_claim.invoice_id).uuid,
        invoice_run=session.get_one(Run, runs.autumn).uuid,
        undoing=session.get_one(Run, runs.undoing).uuid,
        preview=session.get_one(Run, runs.preview).uuid,
        moved_run=session.get_one(Run, runs.halfway[0]).uuid,
        working_run=session.get_one(Run, runs.halfway[1]).uuid,
        paused_run=session.get_one(Run, runs.halfway[2]).uuid,
        failed_run=session.get_one(Run, runs.halfway[3]).uuid,
        bank_run=session.get_one(Run, runs.bank).uuid,
        bank_file=session.scalars(select(BankFile.uuid).where(BankFile.run_id == runs.bank)).one(),
        refused_file=session.scalars(select(BankFile.uuid).order_by(BankFile.id.desc()).limit(1)).one(),
        bank_table=session.scalars(select(BankFile.uuid).where(BankFile.name == "november.csv")).one(),
        waiting_payment=session.scalar(_WAITING) or 0,
        charges=runs.tables,
        taken_in=runs.taken_in,
        sent=runs.sent,
        cases=_cases(session),
        settings=_settings(session),
    )


def _settings(session: Session) -> dict[str, str]:
    return {
        "groups": str(session.scalars(select(Group.uuid).order_by(Group.id).limit(1)).one()),
        "creditors": str(session.scalars(select(Creditor.uuid).order_by(Creditor.id).limit(1)).one()),
        "agreements": str(session.scalars(select(func.min(BankAgreement.id))).one()),
        "prices": str(session.scalars(select(func.min(PriceRule.id))).one()),
        "own_template": own_template(session),
        "refund": refunds.pay_back(session, on=TODAY),
        **dict(zip(("refund_refused", "bank_report"), refunds.reported(session, on=TODAY), strict=True)),
    }
