"""The words for occasions, for where texts are read, and for the places they may leave open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from admin.shell import reading_choices
from admin.tables.filters import Choices
from dues.groups.models import Medium, Occasion
from dues.groups.texts import HIGHEST_LEVEL
from dues.groups.wording import PLACES, Place
from language import gettext_noop as _
from web.speech import gettext, pgettext

OCCASIONS: Final[Mapping[Occasion, str]] = {
    Occasion.INVOICE: _("Invoice"),
    Occasion.RENEWAL: _("Invoice of a renewal"),
    Occasion.REMINDER: _("Reminder"),
    Occasion.RECEIPT: _("Receipt"),
    Occasion.CREDIT_NOTE: _("Credit note"),
    Occasion.ONE_OFF: _("One-off invoice"),
    Occasion.JOIN_THANKS: _("Thanks for joining"),
}
EXPLAINED: Final[Mapping[Place, str]] = {
    Place.NAME: _("Whom it is addressed to"),
    Place.AMOUNT: _("The sum it is about, with its currency"),
    Place.DUE_DATE: _("The day the invoice is due"),
    Place.PAY_BY: _("The day a reminder asks for"),
    Place.NUMBER: _("The number of the document itself"),
    Place.INVOICE: _("The number of the invoice it belongs to"),
    Place.PAID_ON: _("The day the money came"),
    Place.MEMBERSHIP: _("What kind of membership it charges"),
    Place.PERIOD: _("From which day to which day it charges"),
    Place.REFERENCE: _("What the payer quotes when paying"),
    Place.GROUP: _("The member's group"),
    Place.CREDITOR: _("Who is owed, as on documents"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An occasion and, of reminders, the level; ``key`` is what a form calls both."""

    occasion: Occasion
    level: int = 0

    @property
    def key(self) -> str:
        """Return one word for both."""
        return f"{self.occasion.value}-{self.level}" if self.level else self.occasion.value


def read_occasion(key: str) -> Said:
    """Return what a form calls by a key of `occasions`."""
    name, _dash, level = key.rpartition("-")
    return Said(Occasion(name), int(level)) if name else Said(Occasion(key))


def occasions() -> Choices:
    """Return every occasion, reminders by their level."""
    return [(said.key, occasion_words(said.occasion, said.level)) for said in _all()]


def _all() -> Sequence[Said]:
    levels = range(1, HIGHEST_LEVEL + 1)
    return [
        said
        for occasion in Occasion
        for said in ([Said(occasion, level) for level in levels] if occasion is Occasion.REMINDER else [Said(occasion)])
    ]


def occasion_words(occasion: Occasion, level: int) -> str:
    """Return an occasion in the reader's language."""
    return gettext("Reminder %(level)s", level=level) if level else gettext(OCCASIONS[occasion])


def media() -> Choices:
    """Return where texts are read."""
    return [
        (Medium.EVERYWHERE.value, gettext(_("In mails and on documents"))),
        (Medium.EMAIL.value, gettext(_("In mails only"))),
        (Medium.DOCUMENT.value, gettext(_("On documents only"))),
    ]


def languages() -> Choices:
    """Return the languages that texts are written in."""
    return reading_choices()


def explained(occasion: Occasion | None) -> list[tuple[str, str, str]]:
    """Return each place as it is written, what it is filled with, and on which occasions it is known.

    With an occasion only what is known there, and nothing about occasions.
    """
    known = PLACES[occasion] if occasion else tuple(Place)
    return [(f"{{{place}}}", gettext(EXPLAINED[place]), "" if occasion else _known_on(place)) for place in known]


def _known_on(place: Place) -> str:
    on = [one for one in Occasion if place in PLACES[one]]
    if len(on) == len(Occasion):
        return pgettext("occasion", "Always")
    return ", ".join(gettext(OCCASIONS[one]) for one in on)
