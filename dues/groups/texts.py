"""Keeps the organisation's own words by group, occasion and language, and finds those that hold for documents."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.base import Names
from dues.actor import Actor
from dues.editing import EditingError, GoneError, MissingError, held
from dues.groups.errors import LanguageError
from dues.groups.models import Group, Medium, Occasion, OwnText
from dues.groups.wording import checked
from language import SUPPORTED

HIGHEST_LEVEL: Final = 9


class TextTwiceError(EditingError):
    """The group says something on this occasion already, in this language and place; ``text_id`` is what it says."""

    def __init__(self, text_id: int) -> None:
        super().__init__("There are words for this already. Change those.")
        self.text_id = text_id


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says something, when, in which language, and where it is read."""

    group_id: int
    occasion: Occasion
    language: str
    level: int = 0
    medium: Medium = Medium.EVERYWHERE


def add_text(session: Session, *, saying: Saying, words: str, by: Actor) -> OwnText:
    """Let a group and those below it say something from now on.

    Raises TextTwiceError, MissingError, LanguageError, GoneError and a WordingError.
    """
    if saying.language not in SUPPORTED:
        raise LanguageError(saying.language)
    if session.get(Group, saying.group_id, with_for_update={"key_share": True}) is None:
        raise GoneError("groups")
    _refuse_twice(session, saying)
    return _said(session, saying, words, by)


def change_text(session: Session, *, text_id: int, words: str, by: Actor) -> OwnText:
    """Say something else from now on; what is written already keeps the old words.

    Raises MissingError, a WordingError and an EditingError.
    """
    old = _in_force(session, text_id)
    saying = Saying(old.group_id, old.occasion, old.language, old.level, old.medium)
    if checked(words, old.occasion) == old.words:
        return old
    _end(session, old, by)
    return _said(session, saying, words, by)


def end_text(session: Session, *, text_id: int, by: Actor) -> None:
    """Say nothing of one's own any more; the nearest group above may still have words. Raises an EditingError."""
    _end(session, _in_force(session, text_id), by)


def _in_force(session: Session, text_id: int) -> OwnText:
    text = held(session, OwnText, text_id)
    if text.ended_at is not None:
        raise GoneError(OwnText.__tablename__)
    return text


def _end(session: Session, text: OwnText, by: Actor) -> None:
    text.ended_at, text.ended_by = session.scalar(select(func.now())), str(by)
    session.flush()


def _said(session: Session, saying: Saying, words: str, by: Actor) -> OwnText:
    kept = checked(words, saying.occasion)
    if not kept:
        raise MissingError("words")
    text = OwnText(
        group_id=saying.group_id,
        occasion=saying.occasion,
        level=saying.level,
        language=saying.language,
        medium=saying.medium,
        words=kept,
        actor=str(by),
    )
    session.add(text)
    session.flush()
    return text


def _refuse_twice(session: Session, saying: Saying) -> None:
    same = select(OwnText.id).where(
        OwnText.group_id == saying.group_id,
        OwnText.occasion == saying.occasion,
        OwnText.level == saying.level,
        OwnText.language == saying.language,
        OwnText.medium == saying.medium,
        OwnText.ended_at.is_(None),
    )
    if (found := session.scalar(same)) is not None:
        raise TextTwiceError(found)


@dataclass(frozen=True, slots=True)
class Moment:
    """What words are looked for: a group's, on an occasion, in a language, as they held at a time (None: now)."""

    group_id: int
    occasion: Occasion
    language: str
    level: int = 0
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What is said in mails and what on documents, with its places still open; empty where nothing is."""

    email: str = ""
    document: str = ""

    @property
    def said(self) -> bool:
        """Whether anything is said at all."""
        return bool(self.email or self.document)


NOTHING: Final = OwnWords()


def own_words(session: Session, moments: Collection[Moment]) -> Mapping[Moment, OwnWords]:
    """Find the words of many moments, in two statements however many there are; a moment without any is missing.

    The nearest group that says something in that language wins; in one group, words for mails or documents alone go
    before words for both. A renewal for which nobody has words is an invoice.
    """
    above = _above(session, {moment.group_id for moment in moments})
    said = _said_by(session, {group for groups in above.values() for group in groups})
    found = {moment: _words_of(moment, above.get(moment.group_id, ()), said) for moment in moments}
    return {moment: words for moment, words in found.items() if words.said}


def welcome(session: Session, *, group: Group) -> Names:
    """Return what stands first on a group's page for joining: in each language the nearest group's that has one."""
    above = [int(step) for step in group.path.strip(".").split(".")]
    found = session.scalars(select(Group.welcome).where(Group.id.in_(above)).order_by(Group.path))
    return {code: words for one in found for code, words in one.items() if words.strip()}


def _above(session: Session, groups: Collection[int]) -> dict[int, Sequence[int]]:
    """Each group's own id and those above it, nearest first."""
    rows = session.execute(select(Group.id, Group.path).where(Group.id.in_(groups)))
    return {group_id: [int(step) for step in reversed(path.strip(".").split("."))] for group_id, path in rows}


_Said = Mapping[tuple[int, Occasion, int, str], Sequence[OwnText]]


def _said_by(session: Session, groups: Collection[int]) -> _Said:
    """All that groups say and have said, by group, occasion, level and language."""
    if not groups:
        return {}
    said: defaultdict[tuple[int, Occasion, int, str], list[OwnText]] = defaultdict(list)
    for text in session.scalars(select(OwnText).where(OwnText.group_id.in_(groups))):
        said[text.group_id, text.occasion, text.level, text.language].append(text)
    return said


@dataclass(slots=True)
class _Found:
    """The words found so far on the way up the tree."""

    words: dict[Medium, str] = field(default_factory=dict)

    def take(self, texts: Sequence[OwnText], at: dt.datetime | None) -> None:
        here = {text.medium: text.words for text in texts if _held(text, at)}
        for medium in (Medium.EMAIL, Medium.DOCUMENT):
            words = here.get(medium) or here.get(Medium.EVERYWHERE)
            if words:
                self.words.setdefault(medium, words)


def _held(text: OwnText, at: dt.datetime | None) -> bool:
    if at is None:
        return text.ended_at is None
    return text.recorded_at <= at and (text.ended_at is None or at < text.ended_at)


def _words_of(moment: Moment, above: Sequence[int], said: _Said) -> OwnWords:
    found = _Found()
    occasions = [moment.occasion, *([Occasion.INVOICE] if moment.occasion is Occasion.RENEWAL else [])]
    for occasion in occasions:
        for group in above:
            found.take(said.get((group, occasion, moment.level, moment.language), ()), moment.at)
    return OwnWords(found.words.get(Medium.EMAIL, ""), found.words.get(Medium.DOCUMENT, ""))
