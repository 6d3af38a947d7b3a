"""The same table is charged once, whoever sends it how often, and however many press at the same moment."""

from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.groups.models import Group
from dues.invoicing.charge_columns import Reading
from dues.invoicing.charge_errors import ChargedBeforeError
from dues.invoicing.charge_file import charge_table, keep_table
from dues.invoicing.charge_models import ChargeFile
from dues.invoicing.models import Invoice
from dues.runs.models import Run
from dues.runs.start import discard
from tests.factories.members import person
from tests.factories.organisation import organisation
from tests.factories.products import product
from tests.factories.runs import finished, undone
from tests.invoicing.test_charge_file import DAY, confirmed
from tests.together import together

HOW = Reading(columns={"number": "Who", "product": "What"})


def kept(opened: OpenSession, *, times: int) -> list[int]:
    """Keep one table some times over, before anything is done with it, and return the files."""
    with opened() as session, session.begin():
        set_clock(session, to=DAY, real=DAY)
        made = organisation(session)
        product(session, made.root)
        content = f"Who;What\n{person(session).id};10\n".encode()
        root = session.get_one(Group, made.root.id)
        return [
            keep_table(session, content=content, name=f"{n}.csv", group=root, by=COMMAND_LINE).id for n in range(times)
        ]


def charged(opened: OpenSession, file: int) -> int:
    with opened() as session, session.begin():
        found = session.get_one(ChargeFile, file)
        return charge_table(session, file=found, reading=HOW, on=DAY, by=COMMAND_LINE).id


def test_a_table_that_was_sent_twice_is_charged_once(session: Session, ledger: OpenSession) -> None:
    first, second = kept(ledger, times=2)
    run_id = charged(ledger, first)
    with pytest.raises(ChargedBeforeError) as refused:
        charged(ledger, second)
    assert refused.value.run == session.get_one(Run, run_id).uuid
    finished(ledger, run_id)
    confirmed(ledger, run_id)
    for file in (first, second):  # nor the first one again, now that its run is done
        with pytest.raises(ChargedBeforeError):
            charged(ledger, file)
    assert session.scalar(select(func.count()).select_from(Invoice)) == 1


def test_what_was_put_aside_or_undone_may_be_charged_by_the_other(ledger: OpenSession) -> None:
    first, second = kept(ledger, times=2)
    aside = charged(ledger, first)
    finished(ledger, aside)
    with ledger() as opened, opened.begin():
        discard(opened, run_id=aside)
    run_id = charged(ledger, second)
    finished(ledger, run_id)
    confirmed(ledger, run_id)
    undone(ledger, run_id, on=DAY)
    assert charged(ledger, first) > run_id


def test_two_who_press_at_the_same_moment_start_one_run(committing: Database) -> None:
    opened = committing.opener(Role.JOBS)
    first, second = kept(opened, times=2)
    found = together(*(partial(charged, opened, file) for file in (first, first, second)))
    assert sum(isinstance(one, int) for one in found) == 1, found
    assert all(isinstance(one, int | ChargedBeforeError) for one in found)
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1
