"""A sensitive creditor's mails say nothing; a code sent to the same address opens what they link to."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from dues.delivery.models import Channel, MessageState
from dues.delivery.send import send
from dues.delivery.smtp import SmtpCarrier
from dues.invoicing.access import open_with_code, request_code
from dues.invoicing.access_errors import (
    CodeExpiredError,
    LinkNotValidError,
    TooManyCodesError,
    TooSoonError,
    WrongCodeError,
)
from dues.invoicing.models import AccessLink, Invoice
from language import SUPPORTED
from tests.delivery.catcher import Catcher, html_of, text_of
from tests.delivery.conftest import INSTALLATION
from tests.delivery.loop import JOINED, invoice_all, messages, pay, remind_all
from tests.factories.members import member, person
from tests.factories.organisation import FEE, Organisation, organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from database.connect import OpenSession
    from dues.delivery.bind import Renderers

SECRET: Final = INSTALLATION.secret
MINUTE: Final = dt.timedelta(minutes=1)
RANDOM: Final = {"Message-ID", "Content-Type"}  # numbers and a boundary, in which any digits may stand
TELLTALE: Final = ("Riksförbundet", "office@example.org", "500", "5050", "SEK", " kr", "invoice", "faktura", "member")


@pytest.fixture
def deliver(open_session: OpenSession, renderers: Renderers, catcher: Catcher) -> Callable[[], int]:
    """Send what waits to the catcher; return how many went."""
    post = {Channel.EMAIL: SmtpCarrier(catcher.server, name="mail.example.org")}
    return lambda: send(open_session, post=post, renderers=renderers).sent


@pytest.fixture
def organised(session: Session) -> Organisation:
    """A sensitive organisation with one invoiced member, Kim."""
    org = organisation(session, sensitive=True)
    member(session, org, joined_on=JOINED, who=person(session, language="en", email="k@x.org"))
    invoice_all(session)
    return org


@pytest.fixture
def token(organised: Organisation, deliver: Callable[[], int], catcher: Catcher) -> str:
    """The token of the link that Kim was sent."""
    assert organised.creditor.sensitive
    deliver()
    (mail,) = catcher.mails
    catcher.mails.clear()
    (found,) = set(re.findall(r"https://dues\.example\.org/i/([\w-]{43})\b", text_of(mail)))
    return str(found)


@pytest.fixture
def now() -> dt.datetime:
    """The real time, which codes live by."""
    return dt.datetime.now(dt.UTC)


def code_in(catcher: Catcher) -> str:
    """The code in the last mail."""
    (found,) = re.findall(r"\b\d{3} \d{3}\b", text_of(catcher.mails[-1]))
    return str(found)


def test_mails_name_neither_sender_nor_amount_nor_membership(
    session: Session, deliver: Callable[[], int], catcher: Catcher
) -> None:
    org = organisation(session, sensitive=True)
    for language in SUPPORTED:
        member(session, org, joined_on=JOINED, who=person(session, language=language))
    invoice_all(session)
    assert deliver() == len(SUPPORTED)
    remind_all(session)
    assert deliver() == len(SUPPORTED)
    for mail in catcher.mails:
        assert list(mail.iter_attachments()) == []
        headers = [str(value) for name, value in mail.items() if name not in RANDOM]
        words = "\n".join([*headers, text_of(mail), html_of(mail)])
        body = re.sub(r"<style>.*</style>|https://\S+?/i/[\w-]+", "", words, flags=re.DOTALL)
        assert [telltale for telltale in TELLTALE if telltale in body] == []
        assert str(mail["From"]) == "Dues <dues@mail.example.org>"
        assert mail["Reply-To"] is None
    assert {str(mail["Subject"]) for mail in catcher.mails} == {
        "Du har ett nytt dokument",
        "Du har et nytt dokument",
        "U hebt een nieuw document",
        "Sie haben ein neues Dokument",
        "You have a new document",
    }


def test_the_receipt_of_a_sensitive_creditor_is_a_link_too(
    session: Session, organised: Organisation, deliver: Callable[[], int], catcher: Catcher
) -> None:
    deliver()
    catcher.mails.clear()
    pay(session, organised, amount=FEE)
    assert deliver() == 1
    (mail,) = catcher.mails
    assert str(mail["Subject"]) == "You have a new document"
    assert "/i/" in text_of(mail)


def test_a_creditor_that_becomes_sensitive_is_so_at_once(
    session: Session, deliver: Callable[[], int], catcher: Catcher
) -> None:
    org = organisation(session)
    member(session, org, joined_on=JOINED, email="k@x.org")
    invoice_all(session)
    org.creditor.sensitive = True
    session.commit()
    deliver()
    assert "Riksförbundet" not in text_of(catcher.to("k@x.org"))


def test_the_code_that_was_mailed_opens_the_invoice_once(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    request_code(session, token=token, now=now, secret=SECRET)
    session.commit()
    deliver()
    mail = catcher.to("k@x.org")
    assert str(mail["Subject"]) == "Your code"
    code = code_in(catcher)
    opening = open_with_code(session, token=token, code=code, now=now + MINUTE)
    assert opening.invoice_id == session.scalar(select(Invoice.id))
    again = open_with_code(session, token=token, code=code, now=now + MINUTE)
    assert isinstance(again.refusal, CodeExpiredError)


def test_neither_token_nor_code_can_be_read_in_the_database(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    request_code(session, token=token, now=now, secret=SECRET)
    session.commit()
    deliver()
    code = code_in(catcher).replace(" ", "")
    link = session.scalars(select(AccessLink)).one()
    kept = repr([vars(link), *(vars(message) for message in messages(session))])
    assert token not in kept
    assert code not in kept


def test_five_wrong_codes_are_enough(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    request_code(session, token=token, now=now, secret=SECRET)
    session.commit()
    deliver()
    right = code_in(catcher)
    wrong = "000000" if right != "000 000" else "111111"
    left = []
    for _ in range(5):
        refusal = open_with_code(session, token=token, code=wrong, now=now).refusal
        assert isinstance(refusal, WrongCodeError)
        left.append(refusal.left)
    assert left == [4, 3, 2, 1, 0]
    assert isinstance(open_with_code(session, token=token, code=right, now=now).refusal, CodeExpiredError)


def test_a_code_is_void_after_a_quarter_of_an_hour(session: Session, token: str, now: dt.datetime) -> None:
    request_code(session, token=token, now=now, secret=SECRET)
    late = open_with_code(session, token=token, code="123456", now=now + 15 * MINUTE)
    assert isinstance(late.refusal, CodeExpiredError)


def test_a_code_that_came_too_late_to_be_sent_is_not_sent(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    request_code(session, token=token, now=now - 20 * MINUTE, secret=SECRET)
    session.commit()
    assert deliver() == 0
    assert catcher.mails == []
    assert messages(session)[-1].state is MessageState.WITHHELD


def test_there_is_one_code_a_minute_and_the_last_one_counts(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    request_code(session, token=token, now=now - 2 * MINUTE, secret=SECRET)
    with pytest.raises(TooSoonError, match="in 30 seconds"):
        request_code(session, token=token, now=now - 2 * MINUTE + dt.timedelta(seconds=31), secret=SECRET)
    session.commit()
    deliver()
    first = code_in(catcher)
    request_code(session, token=token, now=now, secret=SECRET)
    session.commit()
    deliver()
    second = code_in(catcher)
    assert first != second
    assert isinstance(open_with_code(session, token=token, code=first, now=now).refusal, WrongCodeError)
    assert open_with_code(session, token=token, code=second, now=now).invoice_id is not None


def test_a_link_gets_thirty_codes_in_its_life(session: Session, token: str, now: dt.datetime) -> None:
    for number in range(30):
        request_code(session, token=token, now=now + number * MINUTE, secret=SECRET)
    with pytest.raises(TooManyCodesError):
        request_code(session, token=token, now=now + 30 * MINUTE, secret=SECRET)


def test_unknown_revoked_and_old_links_answer_alike(session: Session, token: str, now: dt.datetime) -> None:
    def answers(asked: str, at: dt.datetime) -> set[str]:
        said = set()
        with pytest.raises(LinkNotValidError) as refused:
            request_code(session, token=asked, now=at, secret=SECRET)
        said.add(str(refused.value))
        with pytest.raises(LinkNotValidError) as refused:
            open_with_code(session, token=asked, code="123456", now=at)
        return said | {str(refused.value)}

    unknown = answers("A" * 43, now)
    old = answers(token, now + dt.timedelta(days=401))
    session.scalars(select(AccessLink)).one().revoked_at = now
    revoked = answers(token, now)
    assert unknown == old == revoked
    assert len(unknown) == 1


def test_a_link_sent_earlier_still_opens(
    session: Session, token: str, deliver: Callable[[], int], catcher: Catcher, now: dt.datetime
) -> None:
    remind_all(session)
    deliver()
    assert token not in text_of(catcher.mails[-1])
    request_code(session, token=token, now=now, secret=SECRET)
    session.commit()
    deliver()
    assert open_with_code(session, token=token, code=code_in(catcher), now=now).invoice_id is not None
