"""Whatever a bank writes arrives in the table as it was, and what cannot be stored says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from dues.payments.copying import Copying, line

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COPY = "COPY copied (number, what, more) FROM STDIN"
ODD = ["", "\\N", "\\", "a\tb", "a\nb\r\n", "\\t", "\\.", "å\u2028é", "'; --", "😀", None]


def test_texts_arrive_as_they_were(session: Session) -> None:
    session.execute(text("CREATE TEMPORARY TABLE copied (number bigint, what text, more text) ON COMMIT DROP"))
    with Copying(session, COPY) as copying:
        for number, what in enumerate(ODD):
            copying.send(line([str(number), what, "more"]))
    found = session.execute(text("SELECT what, more FROM copied ORDER BY number")).all()
    assert [(row.what, row.more) for row in found] == [(what, "more") for what in ODD]


def test_the_connection_is_free_after_waiting(session: Session) -> None:
    session.execute(text("CREATE TEMPORARY TABLE copied (number bigint, what text, more text) ON COMMIT DROP"))
    with Copying(session, COPY) as copying:
        copying.send(line(["1", None, None]) * 1000)
        copying.wait()
        assert session.scalar(text("SELECT count(*) FROM copied")) == 1000
        copying.send(line(["2", None, None]))
    assert session.scalar(text("SELECT count(*) FROM copied")) == 1001


def test_what_cannot_be_stored_is_told(session: Session) -> None:
    session.execute(text("CREATE TEMPORARY TABLE copied (number bigint, what text, more text) ON COMMIT DROP"))
    with pytest.raises(psycopg.DataError), Copying(session, COPY) as copying:
        copying.send(line(["1", "nul \0", None]))
