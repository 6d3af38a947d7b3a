"""The explanation of a price in sentences: why a rule holds or not, and by what it won."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin.setup.types import ages
from database.base import Names
from documents import rate_words
from dues.overview.price_file import PriceFile
from dues.pricing.explain import Part, Won
from dues.pricing.resolve import Reduction, Rule, Unmet
from language import gettext_noop as _
from web.speech import gettext, named, reader

MOST_OTHERS = 12
"""Prices that do not hold, of which it is told why."""

_WON: Mapping[Won, str] = {
    Won.ALONE: _("It is the only one that holds."),
    Won.GROUP: _("It wins: it is for a nearer group."),
    Won.TYPE: _("It wins: it is for this membership type."),
    Won.SEGMENT: _("It wins: it is for a segment."),
    Won.AGE: _("It wins: it is for certain ages."),
    Won.LATER: _("It wins: it began later."),
    Won.NEWER: _("It wins: it was made last."),
}
_UNMET: Mapping[Unmet, str] = {
    Unmet.CURRENCY: _("another currency"),
    Unmet.TYPE: _("for another membership type"),
    Unmet.GROUP: _("for another group"),
    Unmet.SEGMENT: _("not of the segment"),
    Unmet.AGE: _("for other ages"),
    Unmet.NOT_YET: _("not yet on this day"),
    Unmet.OVER: _("ended before this day"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A price or a discount in words, and an amount in minor units where there is one."""

    words: str
    why: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class PartWords:
    """A part of the fee in words: what won, what else holds, what is taken off, what does not hold."""

    name: str
    amount: int | None
    full: int | None
    winner: Line | None
    beaten: Sequence[Line]
    cuts: Sequence[Line]
    reduced: int | None
    others: Sequence[Line]
    more: int


def part_words(file: PriceFile, part: Part) -> PartWords:
    """Return a part of the fee as the page tells it."""
    price = part.price
    cuts = {cut.discount_id: cut.amount for cut in price.cuts} if price else {}
    unmet = [
        *(Line(_conditions(file, rule), gettext(_UNMET[why]), rule.amount) for rule, why in part.others),
        *(Line(_off(file, one), gettext(_UNMET[why])) for one, why in part.unmet_reductions),
    ]
    return PartWords(
        name=named(file.components[part.component_id]),
        amount=price.amount if price else None,
        full=price.full if price else None,
        winner=_winner(file, part) if part.holding else None,
        beaten=[Line(_conditions(file, rule), "", rule.amount) for rule in part.holding[1:]],
        cuts=[Line(_off(file, one), _conditions(file, one), cuts.get(one.id)) for one in part.reductions],
        reduced=price.reduced if price else None,
        others=unmet[:MOST_OTHERS],
        more=max(0, len(unmet) - MOST_OTHERS),
    )


def _winner(file: PriceFile, part: Part) -> Line:
    rule = part.holding[0]
    return Line(_conditions(file, rule), gettext(_WON[part.won or Won.ALONE]), rule.amount)


def _conditions(file: PriceFile, rule: Rule | Reduction) -> str:
    """For whom, where and when it holds."""
    parts = [
        _name(file.types, rule.type_id),
        _name(file.segments, rule.segment_id),
        ages(rule.min_age, rule.max_age),
        file.groups.get(rule.group_id or 0, ""),
        gettext(_("from %(day)s"), day=reader().date(rule.valid_from)) if rule.valid_from else "",
        gettext(_("through %(day)s"), day=reader().date(rule.valid_to)) if rule.valid_to else "",
        _share(file, rule) if isinstance(rule, Rule) else "",
    ]
    return ", ".join(part for part in parts if part) or gettext(_("for everybody"))


def _name(names: Mapping[int, Names], id_: int | None) -> str:
    return named(names[id_]) if id_ is not None and id_ in names else ""


def _share(file: PriceFile, rule: Rule) -> str:
    if rule.income_share is None:
        return ""
    money = [
        "" if bound is None else reader().money(bound, file.explanation.case.currency)
        for bound in (rule.least, rule.most)
    ]
    words = gettext(_("%(share)s of the income"), share=rate_words(rule.income_share, reader()))
    least = gettext(_("at least %(amount)s"), amount=money[0]) if money[0] else ""
    most = gettext(_("at most %(amount)s"), amount=money[1]) if money[1] else ""
    return " · ".join(part for part in (words, least, most) if part)


def _off(file: PriceFile, one: Reduction) -> str:
    name = named(file.discounts[one.id])
    return f"{name}, {rate_words(one.share, reader())}" if one.share is not None else name


def facts(file: PriceFile) -> list[tuple[str, str]]:
    """Return what the price depends on, as pairs of words."""
    case = file.explanation.case
    held = ", ".join(named(file.segments[one]) for one in case.segments if one in file.segments)
    rows = [
        (gettext(_("Membership type")), named(file.type_names)),
        (gettext(_("Group")), file.group),
        (
            gettext(_("Period")),
            gettext(
                _("%(first)s to %(last)s"), first=reader().date(file.period[0]), last=reader().date(file.period[1])
            ),
        ),
        (
            gettext(_("Age on %(day)s"), day=reader().date(file.judged_on)),
            gettext(_("not known")) if case.age is None else str(case.age),
        ),
        (gettext(_("Segments")), held or "–"),
    ]
    if file.explanation.outcome.by_income:
        known = gettext(_("not known")) if case.income is None else reader().money(case.income, case.currency)
        rows.append((gettext(_("Income of a year")), known))
    if case.part != case.whole:
        rows.append(
            (
                gettext(_("Charged of a whole period")),
                gettext(_("%(part)s of %(whole)s"), part=case.part, whole=case.whole),
            )
        )
    return rows
