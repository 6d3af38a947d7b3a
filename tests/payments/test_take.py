"""Files stored block by block while they are read: what is stored is what a plain count of their payments says."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bankfiles.types import Account, Event, SectionClosed, SectionOpened
from bankfiles.types import Payment as Read
from dues.actor import COMMAND_LINE
from dues.payments.errors import FileRefusedError
from dues.payments.incoming import stage
from dues.payments.models import BankFile, FileState, Payment
from dues.payments.take import Taking
from dues.runs.models import RunSlice
from tests.factories.organisation import organisation
from tests.payments.test_matching import PAID

Row = tuple[str, int, int]
"""A payment as (key, amount, day): few of each, so that twins, overlaps and contradictions are common."""

ROWS = st.tuples(st.sampled_from("abc"), st.sampled_from([100, 100, 100, 200]), st.integers(0, 1))
STORED = select(Payment.key, Payment.occurrence, Payment.amount, Payment.position, Payment.file_id)


@dataclass
class Model:
    """What is stored: of each key, the amounts and places of its occurrences."""

    stored: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)

    def take(self, number: int, rows: list[Row]) -> int | str:
        """Take a file; return how many of its payments were new, or the place of the one that contradicts."""
        seen: Counter[str] = Counter()
        new: dict[tuple[str, int], tuple[int, str]] = {}
        for place, (key, amount, _) in enumerate(rows):
            seen[key] += 1
            before = self.stored.get((key, seen[key]))
            if before is None:
                new[key, seen[key]] = (amount, f"{number}.{place}")
            elif before[0] != amount:
                return f"{number}.{place}"
        self.stored |= new
        return len(new)


def events(number: int, rows: list[Row], account: Account) -> Iterator[Event]:
    yield SectionOpened(f"section {number}", account, "SEK")
    for place, (key, amount, day) in enumerate(rows):
        yield Read(amount, "SEK", PAID + dt.timedelta(days=day), key, f"{number}.{place}")
    yield SectionClosed(f"section {number}", len(rows), sum(amount for _, amount, _ in rows))


def taken(session: Session, number: int, rows: list[Row], account: Account, size: int) -> tuple[int | str, Taking]:
    """Take a file as accepting does, ``size`` payments at a time."""
    file = BankFile(
        name="f", state=FileState.ACCEPTED, digest=f"{number}", plain_digest=f"plain {number}", size=1, actor=""
    )
    taking = Taking(session, file, PAID, COMMAND_LINE)
    try:
        with session.begin_nested():
            intake = stage(
                session,
                name="f",
                events=events(number, rows, account),
                size=size,
                take=lambda sections: lambda: taking.take(sections, ()),
            )
            taking.close(intake.sections, slice_size=2 * size)
            session.execute(text("DROP TABLE pg_temp.incoming, pg_temp.known, pg_temp.stretch, pg_temp.tally"))
    except FileRefusedError as refused:
        return refused.position, taking
    return taking.stored, taking


def planned(session: Session, taking: Taking) -> None:
    """Every new payment is in exactly one slice, with no others than those of its day, and none of other files."""
    run = taking.open()
    found = []
    for part in session.scalars(select(RunSlice).where(RunSlice.run_id == run.id)):
        within = session.scalars(select(Payment).where(Payment.id.between(part.first, part.last))).all()
        assert {payment.file_id for payment in within} == {taking.file.id}
        assert len({payment.booked_on for payment in within}) == 1
        assert len(within) == part.survivors
        found += [payment.id for payment in within]
    assert sorted(found) == sorted(session.scalars(select(Payment.id).where(Payment.file_id == taking.file.id)))
    assert run.total == len(found)


def test_blocks_store_what_the_whole_would(session: Session) -> None:
    made = organisation(session)
    account = Account("BGNR", made.agreement.number)

    @settings(max_examples=80, deadline=None)
    @given(files=st.lists(st.lists(ROWS, min_size=1, max_size=9), min_size=1, max_size=4), size=st.integers(1, 4))
    def check(files: list[list[Row]], size: int) -> None:
        before, model = session.begin_nested(), Model()
        try:
            for number, rows in enumerate(files):
                result, taking = taken(session, number, rows, account, size)
                assert result == model.take(number, rows)
                if isinstance(result, int):
                    planned(session, taking)
            found = {(row.key, row.occurrence): (row.amount, row.position) for row in session.execute(STORED)}
            assert found == model.stored
        finally:
            before.rollback()

    check()
