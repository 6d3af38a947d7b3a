"""Takes single numbers of a creditor's series; runs reserve whole blocks instead."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.groups.models import NumberSeries


def take_number(session: Session, *, creditor_id: int, series: str) -> int:
    """Take the next number of a series ("invoice", "entry"); its counter stays locked until the transaction ends."""
    statement = insert(NumberSeries).values(creditor_id=creditor_id, series=series, next_number=2)
    statement = statement.on_conflict_do_update(
        index_elements=["creditor_id", "series"], set_={"next_number": NumberSeries.next_number + 1}
    )
    return session.scalars(statement.returning(NumberSeries.next_number)).one() - 1
