"""Links to invoices that were sent out, and the codes that open them.

Of a link only the SHA-256 of its 256 bits is kept: random ones in mails; those in text messages are derived from the
message and the installation's secret, so that a message says the same at each try. A code goes to the address that the
link went to; it is derived where it is needed, by HMAC from the installation's secret, the link and the moment it was
asked for, so that nothing readable is stored and a mail sent twice holds the same code.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.delivery.models import Channel, Message
from dues.delivery.outbox import enqueue
from dues.invoicing.access_errors import (
    CodeExpiredError,
    CodeRefusedError,
    LinkNotValidError,
    TooManyCodesError,
    TooSoonError,
    WrongCodeError,
)
from dues.invoicing.models import AccessLink, Invoice

CODE_LIFE: Final = dt.timedelta(minutes=15)
"""How long a code opens its link."""

CODE_PAUSE: Final = dt.timedelta(minutes=1)
"""How long a link gets no other code."""

TRIES: Final = 5
"""How often a code may be tried."""

CODES: Final = 30
"""How many codes a link gets in its life: 150 guesses at one of a million."""

LINK_LIFE: Final = dt.timedelta(days=400)
"""How long a link leads anywhere: a year's invoice and the time to settle it."""

KIND: Final = "code"
"""The kind of the message that brings a code."""

_TOKEN_BYTES: Final = 32
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of a code: the invoice it opens, or why it opens none.

    The refusal is returned rather than raised, because the try that was counted must be committed.
    """

    invoice_id: int | None
    refusal: CodeRefusedError | None = None


def create_links(session: Session, *, wanted: Sequence[tuple[int, str]]) -> list[str]:
    """Make a link for each (invoice id, e-mail address) and return their tokens in the same order.

    A token is 43 characters fit for a web address; it exists nowhere but in the mail. Older links stay valid.
    """
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in wanted]
    keep_links(session, links=[(token, *whither) for token, whither in zip(tokens, wanted, strict=True)])
    return tokens


def keep_links(session: Session, *, links: Sequence[tuple[str, int, str]]) -> None:
    """Keep links of (token, invoice id, address); those that are kept already stay as they are, revoked or not."""
    rows = [
        {"token_hash": token_hash(token), "invoice_id": invoice_id, "address": address}
        for token, invoice_id, address in links
    ]
    if rows:
        session.execute(insert(AccessLink).values(rows).on_conflict_do_nothing())


def derive_token(key: str, address: str, secret: str) -> str:
    """Return the token of a message called ``key`` to an address: 43 characters, the same at each try."""
    derived = hmac.digest(secret.encode(), f"link {key} {address}".encode(), "sha256")
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


def request_code(session: Session, *, token: str, now: dt.datetime, secret: str) -> None:
    """Send a new code to the link's address; the one sent before is void.

    ``now`` is the real time, not the business clock. Raises LinkNotValidError (the same for unknown, revoked and
    expired links), TooSoonError within a minute, TooManyCodesError after thirty codes.
    """
    link = _link(session, token, now)
    if link.code_sent_at is not None and now - link.code_sent_at < CODE_PAUSE:
        raise TooSoonError((link.code_sent_at + CODE_PAUSE - now).seconds + 1)
    number = link_number(link.token_hash)
    sent = session.scalar(select(func.count()).where(Message.kind == KIND, Message.subject_id == number)) or 0
    if sent >= CODES:
        raise TooManyCodesError
    link.code_sent_at, link.code_tries = now, 0
    link.code_hash = _code_hash(token, derive_code(link.token_hash, now, secret))
    session.flush()
    payer = select(Invoice.payer_id, Invoice.language).where(Invoice.id == link.invoice_id)
    person_id, language = session.execute(payer).one()
    enqueue(
        session,
        kind=KIND,
        subject_id=number,
        copy=sent,
        person_id=person_id,
        address=link.address,
        language=language,
        channel=Channel.EMAIL if "@" in link.address else Channel.SMS,
    )


def open_with_code(session: Session, *, token: str, code: str, now: dt.datetime) -> Opening:
    """Try a code, blanks ignored; a code opens its link once, within a quarter of an hour and five tries.

    Commit whatever comes back: a wrong code is a counted try. Raises LinkNotValidError as `request_code` does.
    """
    link = _link(session, token, now)
    if link.code_hash is None or link.code_sent_at is None:
        return Opening(None, CodeExpiredError())
    if now - link.code_sent_at >= CODE_LIFE or link.code_tries >= TRIES:
        return Opening(None, CodeExpiredError())
    link.code_tries += 1
    if not hmac.compare_digest(_code_hash(token, "".join(code.split())), link.code_hash):
        return Opening(None, WrongCodeError(TRIES - link.code_tries))
    link.code_hash = None
    return Opening(link.invoice_id)


def leads_to(session: Session, *, token: str, now: dt.datetime) -> int | None:
    """Return the invoice of a link that was opened with a code before; None once it is revoked or too old."""
    link = session.get(AccessLink, token_hash(token))
    return link.invoice_id if link is not None and _holds(link, now) else None


def token_hash(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def link_number(hashed: bytes) -> int:
    """Return the number that messages call a link by: the first 64 bits of its hash, signed."""
    return int.from_bytes(hashed[:8], signed=True)


def derive_code(hashed: bytes, sent_at: dt.datetime, secret: str) -> str:
    """Return the six digits of the code that a link was sent at a moment."""
    moment = sent_at.astimezone(dt.UTC).isoformat()
    derived = hmac.digest(secret.encode(), hashed + moment.encode(), "sha256")
    return f"{int.from_bytes(derived[:8]) % 10**_DIGITS:0{_DIGITS}}"


def _code_hash(token: str, code: str) -> bytes:
    """Salted with the token, which the database does not know: a million codes cannot be tried against it."""
    return hmac.digest(token.encode(), code.encode(), "sha256")


def _link(session: Session, token: str, now: dt.datetime) -> AccessLink:
    """Lock the link, so that tries made at once are counted one by one."""
    link = session.get(AccessLink, token_hash(token), with_for_update=True, populate_existing=True)
    if link is None or not _holds(link, now):
        raise LinkNotValidError
    return link


def _holds(link: AccessLink, now: dt.datetime) -> bool:
    return link.revoked_at is None and now - link.recorded_at < LINK_LIFE
