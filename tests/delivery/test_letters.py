"""Letters for the printer: one file a creditor, written whole, and again under the same name after a kill."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, update

from database.connect import Database, OpenSession, Role
from dues.delivery.letters import PrintFolder
from dues.delivery.models import Channel, Message, MessageState
from dues.delivery.post import Letter
from dues.delivery.send import Sent, send
from tests.delivery.catcher import words_of
from tests.delivery.loop import JOINED, invoice_all, messages, remind_all
from tests.factories.members import member
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dues.delivery.bind import Renderers
    from dues.delivery.post import Make, Outgoing


def print_out(open_session: OpenSession, renderers: Renderers, folder: Path) -> Sent:
    """Send what waits, to the print folder only."""
    return send(open_session, post={Channel.PRINT: PrintFolder(folder)}, renderers=renderers)


def files(folder: Path) -> dict[str, str]:
    """The words of each file in the folder, by its name."""
    return {path.name: words_of(path.read_bytes()) for path in sorted(folder.iterdir())}


def test_who_has_no_address_gets_letters_one_file_a_creditor(
    session: Session, open_session: OpenSession, renderers: Renderers, tmp_path: Path
) -> None:
    creditors = []
    for country in ("SE", "NO"):
        org = organisation(session, prefix=country.lower(), country=country, sensitive=country == "NO")
        creditors.append(org.creditor.id)
        for _ in range(2):
            member(session, org, joined_on=JOINED, email="")
    invoice_all(session)
    folder = tmp_path / "print"
    assert print_out(open_session, renderers, folder) == Sent(sent=4, failed=0, queued=0)
    first = messages(session)[0].id
    printed = files(folder)
    swedish = f"letters-{creditors[0]}-{first}-{first + 1}.pdf"
    norwegian = f"letters-{creditors[1]}-{first + 2}-{first + 3}.pdf"
    assert set(printed) == {swedish, norwegian}
    for words in ("Fakturanummer 1", "Fakturanummer 2", "500,00", "5050-1055"):
        assert words in printed[swedish]
    assert "8601.11.17947" in printed[norwegian], "a letter is closed: it may say what it is about"
    assert folder.stat().st_mode & 0o077 == 0


def test_reminders_are_printed_too(
    session: Session, open_session: OpenSession, renderers: Renderers, tmp_path: Path
) -> None:
    member(session, organisation(session), joined_on=JOINED, email="")
    invoice_all(session)
    print_out(open_session, renderers, tmp_path / "invoices")
    remind_all(session)
    assert print_out(open_session, renderers, tmp_path / "reminders").sent == 1
    (words,) = files(tmp_path / "reminders").values()
    assert "Påminnelse" in words
    assert "Faktura 1 av den 1 november 2026" in words


def test_letters_whose_worker_was_killed_are_not_printed_twice(
    committing: Database, renderers: Renderers, tmp_path: Path
) -> None:
    """What was written but not marked is claimed again alone, and so falls on its own file."""
    opener = committing.opener(Role.JOBS)
    with opener() as session:
        org = organisation(session)
        for _ in range(3):
            member(session, org, joined_on=JOINED, email="")
        invoice_all(session)
        print_out(opener, renderers, tmp_path)
        before = files(tmp_path)
        session.execute(
            update(Message).values(state=MessageState.SENDING, claimed_until=func.now() - dt.timedelta(seconds=1))
        )
        for _ in range(2):
            member(session, org, joined_on=JOINED, email="")
        invoice_all(session)
    assert print_out(opener, renderers, tmp_path).sent == 5
    after = files(tmp_path)
    assert len(after) == 2
    assert after.items() >= before.items()


def test_a_folder_that_cannot_be_written_loses_nothing(
    session: Session, open_session: OpenSession, renderers: Renderers, tmp_path: Path
) -> None:
    member(session, organisation(session), joined_on=JOINED, email="")
    invoice_all(session)
    (tmp_path / "print").write_text("a file where the folder should be")
    assert print_out(open_session, renderers, tmp_path / "print") == Sent(sent=0, failed=0, queued=1)
    assert "cannot be written" in (messages(session)[0].error or "")


class _Spoilt:
    """Renders as the house does, but gives one letter an amount that no QR code can hold."""

    def __init__(self, renderer: Any, spoilt: int) -> None:
        self._renderer = renderer
        self._spoilt = spoilt

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        makes = dict(self._renderer.load(session, messages))
        letter = makes[self._spoilt]()
        assert isinstance(letter, Letter)
        (line, *rest) = letter.document.lines
        document = replace(letter.document, lines=(replace(line, amount=10**14), *rest))
        makes[self._spoilt] = lambda: replace(letter, document=document)
        return makes


def test_a_letter_that_cannot_be_set_stops_no_other(
    session: Session, open_session: OpenSession, renderers: Renderers, tmp_path: Path
) -> None:
    org = organisation(session, country="NL")
    for _ in range(5):
        member(session, org, joined_on=JOINED, email="")
    invoice_all(session)
    spoilt = messages(session)[2].id
    spoiling = {**renderers, "invoice": _Spoilt(renderers["invoice"], spoilt)}
    assert print_out(open_session, spoiling, tmp_path) == Sent(sent=4, failed=1, queued=0)
    assert [m.id for m in messages(session) if m.state is MessageState.FAILED] == [spoilt]
    assert sum(words.count("Factuurnummer") for words in files(tmp_path).values()) == 4
