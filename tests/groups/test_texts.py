"""Own words: what may be left open, who says what, and what held when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update

from dues.actor import COMMAND_LINE
from dues.editing import GoneError, MissingError
from dues.groups.models import Medium, Occasion, OwnText
from dues.groups.texts import Moment, Saying, TextTwiceError, add_text, change_text, end_text, own_words
from dues.groups.wording import (
    LONGEST,
    PLACES,
    LooseBraceError,
    MarkupError,
    Place,
    TooLongError,
    UnknownPlaceError,
    WordingError,
    checked,
    filled,
)
from tests.factories.organisation import Organisation, organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("Hello {nme}", UnknownPlaceError),
        ("Pay by {pay by}", UnknownPlaceError),
        ("Hello {name", LooseBraceError),
        ("Hello }", LooseBraceError),
        ("Hello {{name}}", LooseBraceError),
        ("Hello <b>you</b>", MarkupError),
        ("x" * (LONGEST + 1), TooLongError),
    ],
)
def test_what_would_be_read_wrongly_is_refused(written: str, refused: type[WordingError]) -> None:
    with pytest.raises(refused):
        checked(written, Occasion.INVOICE)


def test_an_unknown_place_names_the_known_ones() -> None:
    with pytest.raises(UnknownPlaceError, match=r"\{nme\} is not known here\. Known are \{name\}, \{amount\}"):
        checked("{nme}", Occasion.INVOICE)


def test_places_may_be_written_as_people_write() -> None:
    words = checked("1 < 2 & {Due  Date}\r\n\r\n\r\n\r\n  by   {NAME}\x00 ", Occasion.INVOICE)
    assert words == "1 < 2 & {Due Date}\n\nby {NAME}"
    assert filled(words, {Place.DUE_DATE: "1 May", Place.NAME: "Kim"}) == "1 < 2 & 1 May\n\nby Kim"


@given(st.text(max_size=300), st.sampled_from(list(Occasion)))
def test_what_is_taken_can_be_filled_and_is_taken_again(written: str, occasion: Occasion) -> None:
    try:
        words = checked(written, occasion)
    except WordingError:
        return
    assert checked(words, occasion) == words
    said = filled(words, dict.fromkeys(PLACES[occasion], "X"))
    assert "{" not in said
    assert "}" not in said


def say(session: Session, group: int, words: str, **more: object) -> OwnText:
    saying = Saying(group, more.pop("occasion", Occasion.INVOICE), more.pop("language", "sv"), **more)  # type: ignore[arg-type]
    return add_text(session, saying=saying, words=words, by=COMMAND_LINE)


def read(session: Session, group: int, occasion: Occasion = Occasion.INVOICE, **more: object) -> tuple[str, str]:
    moment = Moment(group, occasion, more.pop("language", "sv"), **more)  # type: ignore[arg-type]
    found = own_words(session, [moment]).get(moment)
    return (found.email, found.document) if found else ("", "")


def test_the_nearest_group_that_says_something_wins(session: Session) -> None:
    made = organisation(session)
    say(session, made.root.id, "from the root")
    assert read(session, made.north.id) == ("from the root", "from the root")
    north = say(session, made.north.id, "from the north", medium=Medium.EMAIL)
    assert read(session, made.north.id) == ("from the north", "from the root")
    say(session, made.north.id, "from the north for all")
    assert read(session, made.north.id) == ("from the north", "from the north for all")
    assert read(session, made.south.id) == ("from the root", "from the root")
    end_text(session, text_id=north.id, by=COMMAND_LINE)
    assert read(session, made.north.id) == ("from the north for all", "from the north for all")


def test_words_are_for_their_language_occasion_and_level_alone(session: Session) -> None:
    made = organisation(session)
    say(session, made.root.id, "första", occasion=Occasion.REMINDER, level=1)
    assert read(session, made.north.id, Occasion.REMINDER, level=1) == ("första", "första")
    assert read(session, made.north.id, Occasion.REMINDER, level=2) == ("", "")
    assert read(session, made.north.id, Occasion.REMINDER, level=1, language="de") == ("", "")
    assert read(session, made.north.id) == ("", "")


def test_a_renewal_without_words_of_its_own_is_an_invoice(session: Session) -> None:
    made = organisation(session)
    say(session, made.north.id, "an invoice")
    assert read(session, made.north.id, Occasion.RENEWAL)[0] == "an invoice"
    say(session, made.root.id, "welcome back", occasion=Occasion.RENEWAL)
    assert read(session, made.north.id, Occasion.RENEWAL)[0] == "welcome back"
    assert read(session, made.north.id)[0] == "an invoice"


def test_what_held_once_is_found_for_that_time(session: Session) -> None:
    made = organisation(session)
    first = say(session, made.root.id, "before")
    second = change_text(session, text_id=first.id, words="after", by=COMMAND_LINE)
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    between = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    session.execute(update(OwnText).where(OwnText.id == first.id).values(recorded_at=long_ago, ended_at=between))
    session.execute(update(OwnText).where(OwnText.id == second.id).values(recorded_at=between))
    session.expire_all()
    days = {dt.timedelta(0): "before", dt.timedelta(days=30): "before", dt.timedelta(days=31): "after"}
    for later, words in days.items():
        assert read(session, made.north.id, at=long_ago + later)[0] == words
    assert read(session, made.north.id, at=long_ago - dt.timedelta(seconds=1))[0] == ""
    assert read(session, made.north.id)[0] == "after"


def test_a_group_says_one_thing_on_one_occasion(session: Session) -> None:
    made = organisation(session)
    text = say(session, made.root.id, "one")
    with pytest.raises(TextTwiceError) as refused:
        say(session, made.root.id, "two")
    assert refused.value.text_id == text.id
    assert change_text(session, text_id=text.id, words=" one ", by=COMMAND_LINE).id == text.id
    end_text(session, text_id=text.id, by=COMMAND_LINE)
    with pytest.raises(GoneError):
        change_text(session, text_id=text.id, words="three", by=COMMAND_LINE)
    with pytest.raises(MissingError):
        say(session, made.root.id, " \n ")


def test_many_moments_are_read_in_two_statements(session: Session) -> None:
    made: list[Organisation] = [organisation(session), organisation(session, prefix="nl", country="NL")]
    for one in made:
        say(session, one.root.id, one.root.slug)
    moments = [
        Moment(g.id, o, "sv")
        for one in made
        for g in (one.root, one.north, one.south)
        for o in Occasion
        if o is not Occasion.REMINDER
    ]
    counted: list[str] = []
    connection = session.connection()
    listener = lambda *said: counted.append(said[2])  # noqa: E731  # listened to and let go below
    event.listen(connection, "before_cursor_execute", listener)
    found = own_words(session, moments)
    event.remove(connection, "before_cursor_execute", listener)
    assert len(counted) == 2
    assert len(found) == 12
