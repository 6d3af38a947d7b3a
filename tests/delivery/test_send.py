"""The outbox is emptied by any number of senders, through refusals, broken servers and broken messages."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from database.connect import Database, OpenSession, Role
from dues.delivery.bind import Renderers, bound
from dues.delivery.errors import UnboundKindError
from dues.delivery.models import Channel, Message, MessageState
from dues.delivery.outbox import enqueue
from dues.delivery.send import Sent, send
from dues.delivery.smtp import SmtpCarrier
from settings import Smtp
from tests.delivery.catcher import Catcher, text_of
from tests.delivery.loop import JOINED, invoice_all, messages
from tests.factories.members import member
from tests.factories.organisation import organisation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

NAME: Final = "mail.example.org"


def invoiced(session: Session, number: int) -> None:
    """Let a number of members be invoiced, whose addresses are m0@x.org, m1@x.org and so on."""
    org = organisation(session)
    for index in range(number):
        member(session, org, joined_on=JOINED, email=f"m{index}@x.org")
    invoice_all(session)


def over_smtp(catcher: Catcher) -> dict[Channel, SmtpCarrier]:
    """A post that has e-mail only."""
    return {Channel.EMAIL: SmtpCarrier(catcher.server, name=NAME)}


def refusing(words: str, *, at: Collection[str]) -> Callable[[str], str]:
    """Refuse some addresses with the server's words."""
    return lambda address: words if address in at else ""


def test_a_passing_refusal_is_tried_again_after_a_while(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 3)
    catcher.to_recipient = refusing("451 4.7.1 greylisted", at=["m1@x.org"])
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=2, failed=0, queued=1)
    waits = messages(session)[1]
    assert waits.state is MessageState.QUEUED
    assert waits.error is not None
    assert "451 4.7.1 greylisted" in waits.error
    assert send(open_session, post=over_smtp(catcher), renderers=renderers).sent == 0, "it waits for its time"
    catcher.to_recipient = lambda _address: ""
    let_time_pass(session)
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=1, failed=0, queued=0)
    assert set(catcher.ids().values()) == {1}


def let_time_pass(session: Session) -> None:
    """Let the time come that messages wait for."""
    session.execute(update(Message).values(not_before=func.now() - dt.timedelta(seconds=1)))
    session.commit()


def test_after_five_passing_refusals_a_person_has_to_look(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 1)
    catcher.to_recipient = refusing("450 mailbox busy", at=["m0@x.org"])
    for _ in range(4):
        assert send(open_session, post=over_smtp(catcher), renderers=renderers).failed == 0
        let_time_pass(session)
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=0, failed=1, queued=0)
    assert messages(session)[0].state is MessageState.FAILED


def test_a_lasting_refusal_fails_with_the_servers_words(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 2)
    catcher.to_recipient = refusing("550 5.1.1 no such user", at=["m0@x.org"])
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=1, failed=1, queued=0)
    failed = messages(session)[0]
    assert failed.state is MessageState.FAILED
    assert failed.error == "The mail server refused it: 550 5.1.1 no such user"


def test_an_address_that_is_none_fails_alone(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    org = organisation(session)
    for address in ("no address at all", "a@b@c", "fine@x.org", "bjørn\n@x.org"):
        member(session, org, joined_on=JOINED, email=address)
    invoice_all(session)
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=1, failed=3, queued=0)
    assert "Correct it" in (messages(session)[0].error or "")


def test_a_server_that_hangs_up_after_some_mails_gets_the_others_on_a_new_connection(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 7)
    catcher.per_connection = 3
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=7, failed=0, queued=0)
    assert catcher.connections == 3


def test_without_a_server_mail_waits_and_no_attempt_is_counted(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 2)
    nobody = SmtpCarrier(Smtp("127.0.0.1", 1), name=NAME)
    for _ in range(6):
        assert send(open_session, post={Channel.EMAIL: nobody}, renderers=renderers).queued == 2
        let_time_pass(session)
    assert {message.attempts for message in messages(session)} == {0}
    assert "The mail server 127.0.0.1 cannot be used" in (messages(session)[0].error or "")
    assert send(open_session, post=over_smtp(catcher), renderers=renderers).sent == 2


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    session: Session, open_session: OpenSession, renderers: Renderers
) -> None:
    invoiced(session, 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        carrier = SmtpCarrier(Smtp("127.0.0.1", silent.getsockname()[1]), name=NAME, timeout=0.2)
        assert send(open_session, post={Channel.EMAIL: carrier}, renderers=renderers) == Sent(0, 0, 2)
    assert "timed out" in (messages(session)[0].error or "")


def test_a_mail_whose_connection_broke_is_sent_again_under_the_same_id(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 2)
    catcher.break_at = 1
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=1, failed=0, queued=1)
    assert "broke" in (messages(session)[0].error or "")
    let_time_pass(session)
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=1, failed=0, queued=0)
    assert sorted(catcher.ids().values()) == [1, 2]


def test_a_sender_that_is_not_allowed_fails_no_message(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 2)
    catcher.to_sender = lambda _address: "550 5.7.1 not allowed to send"
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=0, failed=0, queued=2)
    assert "not allowed to send" in (messages(session)[0].error or "")


def test_a_mail_over_the_servers_size_fails_alone(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 1)
    catcher.to_sender = lambda _address: "552 message too large"
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=0, failed=1, queued=0)


def test_a_message_that_cannot_be_made_stops_no_other(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 3)
    enqueue(session, kind="invoice", subject_id=999_999, copy=0, person_id=1, address="nobody@x.org", language="sv")
    session.execute(update(Message).where(Message.address == "m1@x.org").values(language="xx"))
    session.commit()
    assert send(open_session, post=over_smtp(catcher), renderers=renderers) == Sent(sent=2, failed=2, queued=0)
    assert [m.error for m in messages(session) if m.state is MessageState.FAILED] == [
        "UnsupportedLanguageError: There is no language “xx” here; use one of sv, nb, nl, de, en.",
        "MissingSubjectError: There is no invoice 999999 to send.",
    ]


def test_a_limit_is_kept(session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher) -> None:
    invoiced(session, 3)
    assert send(open_session, post=over_smtp(catcher), renderers=renderers, limit=2) == Sent(2, 0, 1)


def test_who_waits_at_a_screen_is_served_before_what_has_waited_longer(
    session: Session, open_session: OpenSession, renderers: Renderers, catcher: Catcher
) -> None:
    invoiced(session, 2)
    kim = messages(session)[0]
    enqueue(session, kind="code", subject_id=7, copy=0, person_id=kim.person_id, address="code@x.org", language="sv")
    session.commit()
    send(open_session, post=over_smtp(catcher), renderers=renderers, limit=1)
    assert [(m.kind, m.state) for m in messages(session)] == [
        ("invoice", MessageState.QUEUED),
        ("invoice", MessageState.QUEUED),
        ("code", MessageState.FAILED),
    ]


def test_many_messages_are_read_in_as_many_statements_as_two(session: Session, renderers: Renderers) -> None:
    def statements_of_loading() -> int:
        waiting = [m for m in messages(session) if m.state is MessageState.QUEUED]
        counted: list[str] = []
        connection = session.connection()
        listener = lambda *said: counted.append(said[2])  # noqa: E731  # listened to and let go below
        event.listen(connection, "before_cursor_execute", listener)
        makes = renderers["invoice"].load(session, waiting)  # type: ignore[arg-type]  # a row has what it reads
        event.remove(connection, "before_cursor_execute", listener)
        assert len(makes) == len(waiting)
        return len(counted)

    invoiced(session, 2)
    few = statements_of_loading()
    org = organisation(session, prefix="other", country="NO")
    for _ in range(30):
        member(session, org, joined_on=JOINED)
    invoice_all(session)
    assert statements_of_loading() == few == 7


def test_a_kind_that_nothing_renders_stops_the_start(renderers: Renderers) -> None:
    with pytest.raises(UnboundKindError, match="nothing renders 'receipt'"):
        bound({kind: renderer for kind, renderer in renderers.items() if kind != "receipt"})
    with pytest.raises(UnboundKindError, match="'sms' is no kind of message"):
        bound({**renderers, "sms": renderers["code"]})


def test_several_senders_at_once_send_every_mail_once(
    committing: Database, renderers: Renderers, catcher: Catcher
) -> None:
    with committing.unit_of_work(Role.JOBS) as session:
        org = organisation(session)
        for index in range(40):
            member(session, org, joined_on=JOINED, email=f"m{index}@x.org")
    with committing.opener(Role.JOBS)() as session:
        invoice_all(session)
    results: list[Sent] = []

    def work() -> None:
        post, opener = over_smtp(catcher), committing.opener(Role.JOBS)
        results.extend(send(opener, post=post, renderers=renderers, limit=4) for _ in range(6))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(result.sent for result in results) == 40
    assert len(catcher.ids()) == 40
    assert set(catcher.ids().values()) == {1}
    with committing.unit_of_work(Role.JOBS) as session:
        assert set(session.scalars(select(Message.state))) == {MessageState.SENT}


def test_what_a_lost_worker_had_claimed_is_sent_when_its_claim_runs_out(
    committing: Database, renderers: Renderers, catcher: Catcher
) -> None:
    with committing.opener(Role.JOBS)() as session:
        invoiced(session, 2)
        session.execute(
            update(Message).values(
                state=MessageState.SENDING, attempts=1, claimed_until=func.now() + dt.timedelta(minutes=1)
            )
        )
        session.commit()
        assert send(committing.opener(Role.JOBS), post=over_smtp(catcher), renderers=renderers) == Sent(0, 0, 2)
        session.execute(update(Message).values(claimed_until=func.now() - dt.timedelta(seconds=1)))
        session.commit()
        assert send(committing.opener(Role.JOBS), post=over_smtp(catcher), renderers=renderers) == Sent(2, 0, 0)
    assert "500" in text_of(catcher.to("m0@x.org"))


def test_a_claim_is_renewed_while_its_slice_takes_long(
    committing: Database, renderers: Renderers, catcher: Catcher
) -> None:
    with committing.opener(Role.JOBS)() as session:
        invoiced(session, 4)
    other: list[Sent] = []
    post, opener = over_smtp(catcher), committing.opener(Role.JOBS)

    def slowly(number: int) -> None:
        threading.Event().wait(1.5 if number == 3 else 0.1)  # once longer than the claim would hold by itself
        if number == 3:
            other.append(send(opener, post=post, renderers=renderers, lease=dt.timedelta(seconds=1)))

    catcher.heard = slowly
    assert send(opener, post=post, renderers=renderers, lease=dt.timedelta(seconds=1)).sent == 4
    assert set(catcher.ids().values()) == {1}
    assert other[0].sent == 0
