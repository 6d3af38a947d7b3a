"""One slice of claimed messages: loaded together, made one by one, carried, and each marked as soon as it stands."""

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from database.connect import OpenSession
from dues.delivery import outbox
from dues.delivery.bind import Renderer, Renderers
from dues.delivery.errors import MissingSubjectError, UnavailableError
from dues.delivery.models import Channel
from dues.delivery.post import Carrier, Content, Make, Outcome, Outgoing, Parcel, Result, Withheld
from dues.members.models import Person

log = logging.getLogger(__name__)

PAUSE: Final = dt.timedelta(seconds=60)
"""How long messages rest when their channel takes nothing."""


class Slice:
    """Messages that this process has claimed for ``lease``; it renews the claim for as long as it lives and works."""

    def __init__(self, open_session: OpenSession, messages: Sequence[Outgoing], lease: dt.timedelta) -> None:
        self._open_session = open_session
        self._rest = {message.id: message for message in messages}
        self._lease = lease
        self._writing = Lock()
        self.results: Counter[Result] = Counter()

    def deliver(self, carrier: Carrier, renderers: Renderers) -> bool:
        """Deliver the slice; False when the channel takes nothing at present, and the rest was given back."""
        try:
            with self._held():
                for outcome in carrier.carry(self._parcels(self._load(renderers))):
                    self._note(outcome)
        except UnavailableError as error:
            log.warning("%s messages wait: %s", len(self._rest), error)
            self._give_back(PAUSE, str(error))
            return False
        except BaseException:
            self._give_back(dt.timedelta(), None)
            raise
        return True

    def _load(self, renderers: Renderers) -> dict[int, Make]:
        """Read everything the slice says, by kind; the connection is free again before anything is made of it."""
        by_kind: defaultdict[str, list[Outgoing]] = defaultdict(list)
        for message in self._rest.values():
            by_kind[message.kind].append(message)
        makes: dict[int, Make] = {}
        with self._open_session() as session, session.begin():
            for kind, messages in by_kind.items():
                makes |= load(session, renderers[kind], messages)
            makes |= _withheld_from_the_dead(session, self._rest.values())
        return makes

    def _parcels(self, makes: Mapping[int, Make]) -> Iterator[Parcel]:
        for message in list(self._rest.values()):
            if message.id not in self._rest:
                continue
            try:
                content = makes[message.id]() if message.id in makes else _missing(message)
            except Exception as error:
                log.exception("message %s cannot be made", message.id)
                self._note(Outcome((message,), Result.FAILED, f"{type(error).__name__}: {error}"))
                continue
            if isinstance(content, Withheld):
                self._note(Outcome((message,), Result.WITHHELD, content.reason))
            else:
                yield Parcel(message, content)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Renew the claim beside the work: a server may take longer to answer than a killed worker should be missed."""
        over = Event()
        thread = Thread(target=self._renew_until, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _renew_until(self, over: Event) -> None:
        while not over.wait(self._lease.total_seconds() / 4):
            try:
                self._renew()
            except DBAPIError as error:
                log.warning("a claim was not renewed: %s", type(error).__name__)

    def _renew(self) -> None:
        """Hold what is left for another lease; what somebody else has taken all the same is theirs."""
        with self._writing, self._open_session() as session, session.begin():
            held = outbox.renew(session, messages=list(self._rest.values()), lease=self._lease)
            self._rest = {id_: message for id_, message in self._rest.items() if id_ in held}

    def _note(self, outcome: Outcome) -> None:
        # Not while the claim is renewed: two transactions over the same rows could wait for each other.
        with self._writing:
            with self._open_session() as session, session.begin():
                results = outbox.mark(session, outcome=outcome)
            for message in outcome.messages:
                self._rest.pop(message.id, None)
        self.results += results

    def _give_back(self, pause: dt.timedelta, words: str | None) -> None:
        if not self._rest:
            return
        try:
            with self._open_session() as session, session.begin():
                outbox.release(session, messages=list(self._rest.values()), pause=pause, words=words)
        except DBAPIError:
            log.exception("%s messages could not be given back; their claim runs out by itself", len(self._rest))


def load(session: Session, renderer: Renderer, messages: Sequence[Outgoing]) -> dict[int, Make]:
    """Load messages of one kind; those that spoil it are found by halving and fail alone."""
    try:
        with session.begin_nested():
            return dict(renderer.load(session, messages))
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        if len(messages) == 1:
            return {messages[0].id: _failing(error)}
    middle = len(messages) // 2
    return load(session, renderer, messages[:middle]) | load(session, renderer, messages[middle:])


def _failing(error: Exception) -> Make:
    def fail() -> Content | Withheld:
        raise error

    return fail


def _missing(message: Outgoing) -> Content | Withheld:
    raise MissingSubjectError(message.kind, message.subject_id)


def _withheld_from_the_dead(session: Session, messages: Collection[Outgoing]) -> dict[int, Make]:
    """Nothing is sent to who has died since it was written; letters that somebody had sent again go to the estate."""
    wanted = select(Person.id).where(
        Person.id.in_({message.person_id for message in messages}), Person.deceased_on.is_not(None)
    )
    deceased = set(session.scalars(wanted))
    held = [one.id for one in messages if one.person_id in deceased and not _to_the_estate(one)]
    return dict.fromkeys(held, lambda: Withheld("The recipient has died."))


def _to_the_estate(message: Outgoing) -> bool:
    """Copies that waited were withheld when the death was recorded: whoever asked for this one knew of it."""
    return message.channel is Channel.PRINT and message.copy > 0
