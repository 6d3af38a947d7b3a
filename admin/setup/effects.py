"""What a price will do, in sentences, and the mark by which a form says that somebody has read them."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from dues.pricing.effect import Effect, Step
from dues.pricing.prices import Priced
from dues.pricing.resolve import Rule
from language import gettext_noop as _
from web.speech import gettext, reader


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences, and the mark of what they were said about."""

    first: str
    steps: Sequence[str]
    unchanged: str
    digest: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A price as it shall be from a day on, which one it ``replaces``, and the prices that stand ``beside`` it."""

    priced: Priced
    replaces: int | None
    on: dt.date
    beside: Sequence[Rule]

    @property
    def mark(self) -> str:
        """Another one as soon as the price would do something else; memberships that came meanwhile are no reason.

        So whoever has read what a price does need not wait until a million memberships are counted again.
        """
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def shown(planned: Planned, effect: Effect) -> Shown:
    """Return what a price does in the reader's language."""
    mark = planned.mark
    day = reader().long_date(effect.on)
    if not effect.memberships:
        return Shown(gettext(_("Nothing changes for the memberships there are.")), [], "", mark)
    first = gettext(_("For periods that begin on %(day)s or later:"), day=day)
    unchanged = gettext(_("%(memberships)s pay the same as before."), memberships=_memberships(effect.unchanged))
    steps = [_step(step, effect.currency) for step in effect.steps]
    if effect.by_income:
        words = _("what each of them earns makes the fee, or makes it no longer: %(memberships)s")
        steps.append(gettext(words, memberships=_memberships(effect.by_income)))
    return Shown(first, steps, unchanged if effect.unchanged else "", mark)


def _step(step: Step, currency: str) -> str:
    before, after = (None if minor is None else reader().money(minor, currency) for minor in (step.before, step.after))
    values = {"before": before, "after": after, "memberships": _memberships(step.memberships)}
    if before is None:
        return gettext(_("%(after)s where there was no price: %(memberships)s"), **values)
    if after is None:
        return gettext(
            _("no price any more instead of %(before)s, so that nothing is invoiced: %(memberships)s"), **values
        )
    return gettext(_("%(after)s instead of %(before)s: %(memberships)s"), **values)


def _memberships(number: int) -> str:
    count = reader().number(number)
    return reader().ngettext("%(count)s membership", "%(count)s memberships", number, count=count)
