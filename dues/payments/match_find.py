"""Looks for whose payments are: each rule is one statement that says where it points, and another judges what it found.

The statements work on what lies in `match_waiting`: cases that wait, or payments of the past on which a rule is tried.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.payments.match_models import Rule
from dues.payments.match_tokens import Written, tokens_of

TABLES: Final = ("waiting", "token", "found", "hit")
"""Temporary tables, `match_…`, in which one slice is worked on."""

_FILES: Final[Mapping[Rule, str]] = {
    rule: f"dues/payments/sql/match_by_{'text' if rule is Rule.IN_TEXT else rule.value}.sql" for rule in Rule
}


def run(session: Session, name: str, **values: Any) -> Any:
    """Run one of the statements of matching."""
    return session.execute(statement(f"dues/payments/sql/match_{name}.sql"), values)


def lay_out(session: Session) -> None:
    """Make the tables in which a slice is worked on; they go with the transaction."""
    for name in TABLES:
        run(session, name)


@dataclass(frozen=True, slots=True)
class Then:
    """The past as it was when each payment came, without invoices that were issued after a day."""

    until: dt.date


def find(session: Session, *, creditor_id: int, rules: Sequence[Rule], then: Then | None = None) -> None:
    """Let rules look at the waiting payments, in their order; what they find lies in `match_hit` afterwards.

    A fixed number of statements, whatever waits: five, and five for each rule.
    """
    _take_apart(session, rules)
    for table in ("match_waiting", "match_token"):
        session.execute(text(f"ANALYZE {table}"))  # nobody else does it for temporary tables
    for place, rule in enumerate(rules, start=1):
        session.execute(statement(_FILES[rule]), {"creditor": creditor_id})
        if then is None:
            run(session, "open", creditor=creditor_id)
        else:
            run(session, "open_then", creditor=creditor_id, until=then.until)
        run(session, "judge", rule=rule.value, place=place)
        run(session, "done")
        session.execute(text("TRUNCATE match_found"))
    session.execute(text("ANALYZE match_hit"))


def _take_apart(session: Session, rules: Collection[Rule]) -> None:
    """Lay out what the rules look up of what payers wrote."""
    tokens = [
        token
        for row in run(session, "written")
        for token in tokens_of(Written(row.id, row.reference, row.references or (), row.message, row.payer_name), rules)
    ]
    run(
        session,
        "tokens",
        payments=[one.payment_id for one in tokens],
        sorts=[one.sort.value for one in tokens],
        words=[one.value for one in tokens],
        places=[one.at for one in tokens],
        amounts=[one.amount for one in tokens],
        sources=[one.source for one in tokens],
    )
