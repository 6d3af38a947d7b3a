"""What stands in the boxes of a form, read and refused with a sentence beside the box."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID, uuid4

from flask_wtf import FlaskForm

from dues.dates import read_day
from language import gettext_noop as _
from web import born, postal
from web.number_of import number_of
from web.speech import gettext

LONGEST: Final = 200

_BIRTH_DATE_ERRORS: Final[Mapping[type[born.BirthDateError], str]] = {
    born.UnreadableBirthDateError: _("Write the birth date as day, month and year, for example 27 3 2015."),
    born.AmbiguousBirthDateError: _(
        "This could be two different days. Write the year with four digits, for example 27 3 2015."
    ),
    born.FutureBirthDateError: _("This day has not come yet. Check the year."),
    born.OldBirthDateError: _("This day lies more than 120 years back. Check the year."),
}


def tidy(written: str | None) -> str:
    """Fold blanks and drop what nobody types: control characters."""
    return " ".join("".join(sign for sign in written or "" if sign.isprintable() or sign.isspace()).split())


def key_of(written: str | None) -> UUID:
    """Return the key that makes a press count once, as a form sent it; a new one where it sent none."""
    try:
        return UUID(written or "")
    except ValueError:
        return uuid4()


def seen_of(written: str | None) -> int:
    """Return the amount that somebody saw, in minor units, as a form sent it; without one -1, which nothing is."""
    amount = number_of(written)
    return -1 if amount is None else amount


class Boxes:
    """A form that was sent; what cannot be read leaves a fault at its box."""

    def __init__(self, form: FlaskForm) -> None:
        self.form = form
        self.faults: dict[str, str] = {}

    def fault(self, box: str, sentence: str) -> None:
        """Say what is wrong with a box; the first fault of a box is the one that is told."""
        self.faults.setdefault(box, sentence)

    def hand_over(self) -> bool:
        """Put the faults at their boxes; tell whether there are none."""
        for box in self.form:
            box.errors = [self.faults[box.name]] if box.name in self.faults else []
        return not self.faults

    def text(self, box: str, if_missing: str = "") -> str:
        """Return what a box holds; ``if_missing`` is said where it must not be empty."""
        written = tidy(self.form[box].data)
        if not written and if_missing:
            self.fault(box, gettext(if_missing))
        elif len(written) > LONGEST:
            self.fault(box, gettext(_("Write at most %(number)s characters."), number=LONGEST))
        return written

    def name(self, box: str, if_missing: str = "") -> str:
        """Return a name."""
        return self._read(box, if_missing, postal.name, _("Write a name, without addresses of the web or of mail."))

    def email(self, box: str, if_missing: str = "") -> str:
        """Return an e-mail address."""
        return self._read(box, if_missing, postal.email, _("Write an e-mail address, for example name@example.com."))

    def phone(self, box: str, country: str) -> str:
        """Return a telephone number in E.164."""
        text = _("Write a telephone number that exists, or leave the box empty.")
        return self._read(box, "", lambda written: postal.phone(written, country), text)

    def postcode(self, box: str, country: str) -> str:
        """Return a postcode as its country writes it."""
        text = _("Write the postcode as it stands in addresses.")
        return self._read(box, "", lambda written: postal.postcode(written, country), text)

    def birth_date(self, box: str, *, today: dt.date) -> dt.date | None:
        """Return a birth date as people write it; None where the box is empty."""
        written = self.text(box)
        if not written:
            return None
        try:
            return born.read(written, today=today)
        except born.BirthDateError as error:
            self.fault(box, gettext(_BIRTH_DATE_ERRORS[type(error)]))
            return None

    def day(self, box: str, if_unreadable: str) -> dt.date | None:
        """Return a day that was chosen in the browser's own box."""
        try:
            return read_day(self.text(box))
        except ValueError:
            self.fault(box, gettext(if_unreadable))
            return None

    def _read(self, box: str, if_missing: str, read: Callable[[str], str], if_wrong: str) -> str:
        written = self.text(box, if_missing)
        if not written or box in self.faults:
            return written
        try:
            return read(written)
        except postal.WrittenWrongError:
            self.fault(box, gettext(if_wrong))
            return written
