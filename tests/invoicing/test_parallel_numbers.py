"""Runs over overlapping memberships at the same time: everybody is charged once, and numbers have no gap."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.dates import set_clock
from dues.invoicing.issue import start_issue
from dues.invoicing.models import Invoice, InvoiceKind, InvoiceLine
from dues.invoicing.undo import start_undo
from dues.journal.verify import verify
from tests.factories.members import member
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import Outcome, finished
from tests.invoicing.test_renewal import DAY
from tests.together import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from database.connect import Database

EVERYBODY = "everybody"
SOME = "some"
"""Of those who have just joined every other one, and the first two."""
SETTINGS = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # an example that failed leaves rows behind, and cannot be made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
"""The database is the same for all examples: each adds members, and what must hold must hold for all of them."""


def charged(session: Session) -> Counter[int]:
    """How often each membership is charged by invoices that no credit note takes back."""
    note = Invoice.__table__.alias()
    standing = (
        select(InvoiceLine.membership_id, func.count(func.distinct(Invoice.id)))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .outerjoin(note, note.c.credits_id == Invoice.id)
        .where(Invoice.kind == InvoiceKind.INVOICE, note.c.id.is_(None))
        .group_by(InvoiceLine.membership_id)
    )
    return Counter({membership: times for membership, times in session.execute(standing) if membership is not None})


def gaps(session: Session) -> list[int]:
    """Numbers that are missing or double."""
    used = Counter(int(number) for number in session.scalars(select(Invoice.called)))
    return [number for number in range(1, max(used, default=0) + 1) if used[number] != 1]


def joined(session: Session, made: Organisation, north: int, south: int) -> list[int]:
    groups = [made.north] * north + [made.south] * south
    return [member(session, made, joined_on=DAY, group=group).id for group in groups]


def started(session: Session, over: str | Sequence[int], size: int) -> int:
    """Start a run over everybody, a group or some memberships."""
    group = over if isinstance(over, str) and over != EVERYBODY else None
    some = () if isinstance(over, str) else over
    return start_issue(
        session, on=DAY, by=COMMAND_LINE, group=group, memberships=some, confirmed=True, slice_size=size
    ).id


def test_whoever_two_runs_both_find_is_charged_once(committing: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=DAY, real=DAY)
        made = organisation(session)
        session.expunge_all()

    @SETTINGS
    @given(
        north=st.integers(0, 9),
        south=st.integers(0, 9),
        sizes=st.tuples(st.integers(1, 6), st.integers(1, 6)),
        overs=st.tuples(*[st.sampled_from([EVERYBODY, "north", "south", SOME])] * 2),
    )
    def holds(north: int, south: int, sizes: tuple[int, int], overs: tuple[str, str]) -> None:
        with committing.unit_of_work(Role.JOBS) as session:
            new = joined(session, made, north, south)
            named = {"north": made.north.slug, "south": made.south.slug, EVERYBODY: EVERYBODY}
            runs = [
                started(session, named.get(over, new[place::2] + new[:2]), size)
                for place, (over, size) in enumerate(zip(overs, sizes, strict=True))
            ]
        done = together(*(partial(finished, committing.opener(Role.JOBS), run, parallel=2) for run in runs))
        assert all(isinstance(one, Outcome) for one in done), done
        with committing.unit_of_work(Role.JOBS) as session:
            rest = started(session, EVERYBODY, 5)
        finished(committing.opener(Role.JOBS), rest)
        with committing.opener(Role.JOBS)() as session:
            times = charged(session)
            assert all(times[one] == 1 for one in new)
            assert set(times.values()) <= {1}
            assert gaps(session) == []

    holds()
    with committing.opener(Role.JOBS)() as session:
        assert verify(session).ok


def test_numbers_have_no_gap_while_one_run_issues_and_another_is_undone(committing: Database) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        set_clock(session, to=DAY, real=DAY)
        made = organisation(session)
        session.expunge_all()
    opener = committing.opener(Role.JOBS)

    @settings(SETTINGS, max_examples=6)
    @given(first=st.integers(1, 9), second=st.integers(1, 9), sizes=st.tuples(st.integers(1, 5), st.integers(1, 5)))
    def holds(first: int, second: int, sizes: tuple[int, int]) -> None:
        with committing.unit_of_work(Role.JOBS) as session:
            joined(session, made, first, 0)
            run = started(session, EVERYBODY, 4)
        issued = finished(opener, run).result["issued"]
        with committing.unit_of_work(Role.JOBS) as session:
            joined(session, made, 0, second)
            undoing = start_undo(session, run_id=run, on=DAY, by=COMMAND_LINE, confirmed=True, slice_size=sizes[0]).id
            another = started(session, made.south.slug, sizes[1])
        done = together(*(partial(finished, opener, one, parallel=2) for one in (undoing, another)))
        assert all(isinstance(one, Outcome) for one in done), done
        assert [one.result.get("credited", one.result.get("issued")) for one in done if isinstance(one, Outcome)] == [
            issued,
            second,
        ]
        with opener() as session:
            assert gaps(session) == []
            assert set(charged(session).values()) <= {1}

    holds()
    with opener() as session:
        assert verify(session).ok
