"""Mails to staff: the link of an invitation, and that something waits for a second person."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dues.access.invitations import token_of
from dues.access.models import Approval, ApprovalState, Invitation, Staff
from dues.actor import Actor
from dues.delivery.envelope import envelope
from dues.delivery.forms import form
from dues.delivery.installation import Installation
from dues.delivery.outbox import enqueue
from dues.delivery.post import Mail, Make, Outgoing, Withheld

INVITATION: Final = "invitation"
APPROVAL: Final = "approval"
WELCOME: Final = "/admin/welcome/"
"""Where the link of an invitation leads, before its token."""

_NOBODY: Final = 0
"""Staff are no persons of the register."""


def post_invitation(session: Session, *, invitation: Invitation, staff: Staff, by: Actor) -> None:
    """Put the mail with an invitation's link into the outbox."""
    enqueue(
        session,
        kind=INVITATION,
        subject_id=invitation.id,
        copy=0,
        person_id=_NOBODY,
        address=staff.email,
        language=staff.language,
        by=by,
    )


def tell_of(session: Session, *, approval: Approval, to: Iterable[Staff], by: Actor) -> None:
    """Tell some of the staff that something waits for one of them."""
    for copy, staff in enumerate(to):
        enqueue(
            session,
            kind=APPROVAL,
            subject_id=approval.id,
            copy=copy,
            person_id=_NOBODY,
            address=staff.email,
            language=staff.language,
            by=by,
        )


@dataclass(frozen=True, slots=True)
class InvitationRenderer:
    """Renders messages whose subject is an invitation."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read the invitations; one that was used, or is too old, gets no mail any more."""
        wanted = select(Invitation, Staff.name, func.now()).join(Staff, Staff.id == Invitation.staff_id)
        rows = session.execute(wanted.where(Invitation.id.in_({message.subject_id for message in messages})))
        found = {invitation.id: (invitation, name, now) for invitation, name, now in rows}
        return {m.id: self._make(m, *found[m.subject_id]) for m in messages if m.subject_id in found}

    def _make(self, message: Outgoing, invitation: Invitation, name: str, now: dt.datetime) -> Make:
        if invitation.used_at is not None or invitation.expires_at <= now:
            return partial(Withheld, "The link is not valid any more.")
        link = self.installation.base_url + WELCOME + token_of(invitation, secret=self.installation.secret)
        return partial(_invitation, self.installation, message, first=invitation.first, name=name, link=link)


@dataclass(frozen=True, slots=True)
class ApprovalRenderer:
    """Renders messages whose subject waits for a second person."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read what waits; what was decided meanwhile needs no mail any more."""
        subjects = {message.subject_id for message in messages}
        states = dict(session.execute(select(Approval.id, Approval.state).where(Approval.id.in_(subjects))).all())
        return {m.id: self._make(m, states[m.subject_id]) for m in messages if m.subject_id in states}

    def _make(self, message: Outgoing, state: ApprovalState) -> Make:
        if state is not ApprovalState.WAITING:
            return partial(Withheld, "It was decided already.")
        return partial(_approval, self.installation, message)


def _invitation(installation: Installation, message: Outgoing, *, first: bool, name: str, link: str) -> Mail:
    shape = frozenset({"first"}) if first else frozenset[str]()
    return envelope(
        installation, message, form("invitation", message.language, shape).fill({"name": name, "link": link})
    )


def _approval(installation: Installation, message: Outgoing) -> Mail:
    link = f"{installation.base_url}/admin/approvals/"
    return envelope(installation, message, form("approval", message.language).fill({"link": link}))
