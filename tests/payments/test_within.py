"""A bank file taken in for one group: only that group's own accounts are ours, whether it is read at once or later."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dues.actor import COMMAND_LINE
from dues.groups.establish import make_creditor
from dues.groups.models import Group, ReferenceKind
from dues.journal.chart import add_bank, set_up_books
from dues.payments.accept import accept, receive
from dues.payments.errors import FileRefusedError
from dues.payments.files import files
from dues.payments.models import BankFile, FileState, Payment
from tests.factories.money import camt, paid
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import finished

if TYPE_CHECKING:
    from database.connect import OpenSession
    from dues.groups.models import BankAgreement

DAY = dt.date(2026, 3, 10)


@pytest.fixture
def made(ledger: OpenSession) -> Organisation:
    with ledger() as session, session.begin():
        found = organisation(session)
        session.expunge_all()
        return found


def own(ledger: OpenSession, made: Organisation) -> BankAgreement:
    """Give the north books and an account of its own."""
    with ledger() as session, session.begin():
        creditor = make_creditor(
            session,
            group=session.get_one(Group, made.north.id),
            name="Norr",
            org_number="802000-0009",
            currency="SEK",
            street="Gatan 1",
            postcode="111 22",
            city="Stockholm",
            email="norr@example.org",
        )
        set_up_books(session, creditor=creditor)
        agreement = add_bank(
            session, creditor=creditor, scheme="BGNR", number="550-0004", reference_kind=ReferenceKind.OCR
        )
        session.expunge_all()
        return agreement


def test_a_file_for_another_account_is_refused(ledger: OpenSession, made: Organisation) -> None:
    agreement = own(ledger, made)
    foreign, ours = camt(made.agreement, [paid(500)], on=DAY), camt(agreement, [paid(700)], on=DAY)
    with ledger() as session, session.begin(), pytest.raises(FileRefusedError, match="none of ours"):
        accept(session, stream=foreign, name="foreign.xml", on=DAY, by=COMMAND_LINE, path=made.north.path)
    with ledger() as session, session.begin():
        run = accept(session, stream=ours, name="ours.xml", on=DAY, by=COMMAND_LINE, path=made.north.path).run_id
    finished(ledger, run)
    with ledger() as session:
        assert list(session.scalars(select(Payment.amount))) == [700]
        assert [one.name for one in files(session, limit=5, path=made.north.path)] == ["ours.xml"]
        assert files(session, limit=5, path=made.south.path) == []


def test_so_is_one_that_is_read_later(ledger: OpenSession, made: Organisation) -> None:
    own(ledger, made)
    with ledger() as session, session.begin():
        foreign = camt(made.agreement, [paid(500)], on=DAY)
        _file, run = receive(session, stream=foreign, name="foreign.xml", on=DAY, by=COMMAND_LINE, path=made.north.path)
        run_id = run.id
    finished(ledger, run_id)
    with ledger() as session:
        file = session.scalars(select(BankFile)).one()
        assert file.state is FileState.REFUSED
        assert session.scalars(select(Payment)).all() == []
