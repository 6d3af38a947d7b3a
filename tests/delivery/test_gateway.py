"""Text messages: by whom, over real HTTP to a gateway, once each, and by letter where none can be delivered."""

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.delivery.bind import Renderer
from dues.delivery.errors import UnavailableError
from dues.delivery.gateway import GatewayCarrier
from dues.delivery.installation import Installation
from dues.delivery.models import Channel, Message, MessageState
from dues.delivery.outbox import ATTEMPTS, claim, mark
from dues.delivery.post import Make, Outcome, Parcel, Result, Sms
from dues.delivery.simulated import ENDING, SimulatedGateway
from dues.delivery.sms import Alphabet, sms_length
from dues.invoicing.access import request_code
from dues.invoicing.code_mail import CodeRenderer
from dues.invoicing.mail import InvoiceRenderer
from dues.invoicing.models import AccessLink
from settings import SmsGateway
from tests.factories.members import member, person
from tests.factories.organisation import organisation
from tests.factories.runs import issued

DAY = dt.date(2026, 3, 10)
HOUSE = Installation("https://dues.example.org", "Dues <dues@example.org>", "s" * 32)
MOBILE = "+46701740605"


class Gateway:
    """What the counterpart at the other end of the wire was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.answers: list[int] = []


@contextmanager
def gateway() -> Iterator[tuple[Gateway, SmsGateway]]:
    """A gateway that listens on this machine."""
    seen = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            key, token = self.headers["Idempotency-Key"], self.headers["Authorization"]
            seen.asked.append((token, key, json.loads(body)))
            self.send_response(seen.answers.pop(0) if seen.answers else 202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield seen, SmsGateway(f"http://127.0.0.1:{server.server_port}/send?v=1", "secret", "Union")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def dropping() -> Iterator[tuple[list[bytes], SmsGateway]]:
    """A gateway that takes each message and hangs up without a word."""
    took: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                data = b""
                while b'"id"' not in data:
                    data += line.recv(65536)
                took.append(data.split(b"\r\n\r\n", 1)[1])

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield took, SmsGateway(f"http://127.0.0.1:{server.getsockname()[1]}/", "secret", "Union")
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def reachable_by_phone(session: Session, *, sensitive: bool = False, phone: str = MOBILE) -> None:
    made = organisation(session, sensitive=sensitive)
    made.creditor.sms = True
    who = person(session, email="")
    who.phone = phone
    member(session, made, joined_on=DAY, who=who)
    session.flush()


def taken(session: Session) -> list[Parcel]:
    """Claim what waits for the gateway, and make it."""
    lease = dt.timedelta(seconds=20)
    found = claim(session, channel=Channel.SMS, kinds=["invoice", "code"], size=10, lease=lease)
    renderers: dict[str, Renderer] = {"invoice": InvoiceRenderer(HOUSE), "code": CodeRenderer(HOUSE)}
    makes: dict[int, Make] = {}
    for kind in {one.kind for one in found}:
        makes |= renderers[kind].load(session, [one for one in found if one.kind == kind])
    made = []
    for one in found:
        content = makes[one.id]()
        assert isinstance(content, Sms)
        made.append(Parcel(one, content))
    return made


def only(session: Session) -> Message:
    return session.scalars(select(Message).execution_options(populate_existing=True)).one()


def test_who_has_a_mobile_and_no_mail_gets_a_text_with_a_link(session: Session, ledger: OpenSession) -> None:
    reachable_by_phone(session)
    issued(ledger, on=DAY)
    assert (only(session).channel, only(session).address) == (Channel.SMS, MOBILE)
    parcels = taken(session)
    with gateway() as (seen, there):
        seen.answers = [503, 202]
        (outcome,) = GatewayCarrier(there).carry(parcels)
        assert outcome.result is Result.LATER
        assert MOBILE not in outcome.words
        mark(session, outcome=outcome)
        assert only(session).state is MessageState.QUEUED
        session.execute(update(Message).values(not_before=None))
        again = taken(session)
        (outcome,) = GatewayCarrier(there).carry(again)
        mark(session, outcome=outcome)
    assert only(session).state is MessageState.SENT
    (first, second) = seen.asked
    assert isinstance(again[0].content, Sms)
    assert first[:2] == second[:2] == ("Bearer secret", again[0].content.key)
    sent = second[2]
    assert (sent["from"], sent["to"], sent["id"]) == ("Union", MOBILE, second[1])
    assert sent["text"].startswith("Riksförbundet: ")
    assert "500 kr" in sent["text"]
    link = sent["text"].split("https://dues.example.org/i/")[1].split()[0]
    length = sms_length(sent["text"])
    assert (length.alphabet, length.parts) == (Alphabet.GSM_7, 1)

    now = session.scalar(select(func.now()))
    assert now is not None
    request_code(session, token=link, now=now, secret=HOUSE.secret)
    (code,) = taken(session)
    assert isinstance(code.content, Sms)
    assert code.content.to == MOBILE


def test_a_sensitive_creditor_says_nothing_in_a_text(session: Session, ledger: OpenSession, tmp_path: Path) -> None:
    reachable_by_phone(session, sensitive=True)
    issued(ledger, on=DAY)
    parcels = taken(session)
    for _ in range(2):  # the second time replaces the first
        assert [one.result for one in SimulatedGateway(tmp_path).carry(parcels)] == [Result.SENT]
    (file,) = tmp_path.glob(f"*{ENDING}")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["to"] == MOBILE
    assert "Riks" not in kept["text"]
    assert "500" not in kept["text"].split("https://")[0]


def test_what_cannot_be_delivered_goes_by_letter(session: Session, ledger: OpenSession) -> None:
    reachable_by_phone(session)
    issued(ledger, on=DAY)
    (parcel,) = taken(session)
    with gateway() as (seen, there):
        seen.answers = [422]
        (outcome,) = GatewayCarrier(there).carry([parcel])
        mark(session, outcome=outcome)
        left = only(session)
        assert (left.channel, left.state, left.attempts) == (Channel.PRINT, MessageState.QUEUED, 0)
        for ours in (401, 404, 405, 307):
            seen.answers = [ours]
            with pytest.raises(UnavailableError):  # our own fault is nobody's message's
                list(GatewayCarrier(there).carry([parcel]))
    mark(session, outcome=Outcome((parcel.message,), Result.FAILED, "late"))
    assert only(session).state is MessageState.QUEUED  # whoever lost it says nothing any more


def test_what_is_taken_without_an_answer_is_tried_five_times_in_the_same_words(
    session: Session, ledger: OpenSession
) -> None:
    reachable_by_phone(session)
    issued(ledger, on=DAY)
    with dropping() as (took, there):
        for _ in range(ATTEMPTS):
            session.execute(update(Message).values(not_before=None))
            (outcome,) = GatewayCarrier(there).carry(taken(session))
            assert MOBILE not in outcome.words
            mark(session, outcome=outcome)
    assert (len(took), len(set(took))) == (ATTEMPTS, 1)
    assert only(session).channel is Channel.PRINT  # and nobody waits behind it any more
    assert session.scalar(select(func.count()).select_from(AccessLink)) == 1
    with pytest.raises(UnavailableError, match="reached"):  # nobody listens there any more: nothing was sent
        list(GatewayCarrier(there).carry([Parcel(outcome.messages[0], Sms(MOBILE, "Hej", "1"))]))


@pytest.mark.parametrize(("phone", "way"), [("+46812345678", Channel.PRINT), ("+4791234567", Channel.SMS)])
def test_a_telephone_at_home_gets_letters(session: Session, ledger: OpenSession, phone: str, way: Channel) -> None:
    reachable_by_phone(session, phone=phone)
    issued(ledger, on=DAY)
    assert only(session).channel is way
