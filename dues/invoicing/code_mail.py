"""Makes the mails that bring the codes of links."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from dues.delivery.envelope import envelope, message_id
from dues.delivery.forms import form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel
from dues.delivery.post import Mail, Make, Outgoing, Sms, Withheld
from dues.invoicing.access import CODE_LIFE, derive_code, link_number
from dues.invoicing.models import AccessLink
from language import Language


@dataclass(frozen=True, slots=True)
class CodeRenderer:
    """Renders messages whose subject is a link that somebody asked a code for."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read the links of these messages; one that was opened, or whose code is too old, gets no mail any more."""
        numbers = {message.subject_id for message in messages}
        wanted = select(AccessLink, func.now()).where(or_(*(_numbered(number) for number in numbers)))
        links = {link_number(link.token_hash): (link, now) for link, now in session.execute(wanted)}
        return {m.id: self._make(m, *links[m.subject_id]) for m in messages if m.subject_id in links}

    def _make(self, message: Outgoing, link: AccessLink, now: dt.datetime) -> Make:
        sent_at = link.code_sent_at
        if link.code_hash is None or sent_at is None or now - sent_at >= CODE_LIFE or link.revoked_at is not None:
            return partial(Withheld, "The code is not valid any more.")
        code = derive_code(link.token_hash, sent_at, self.installation.secret)
        return partial(_mail, self.installation, message, code)


def _numbered(number: int) -> ColumnElement[bool]:
    """The links whose hash begins with these 64 bits: a range of the primary key."""
    first = number.to_bytes(8, signed=True)
    return AccessLink.token_hash.between(first + bytes(24), first + b"\xff" * 24)


def _mail(installation: Installation, message: Outgoing, code: str) -> Mail | Sms:
    values = {"code": f"{code[:3]} {code[3:]}", "minutes": str(CODE_LIFE // dt.timedelta(minutes=1))}
    if message.channel is Channel.SMS:
        language = Language(message.language)
        words = language.gettext("Your code: %(code)s. It is valid for %(minutes)s minutes.", **values)
        return Sms(message.address, words, message_id(message, installation.domain))
    return envelope(installation, message, form("code", message.language).fill(values))
