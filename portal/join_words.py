"""Words about the people on a join form: what each is called, and what is to be corrected of whom."""

from collections.abc import Iterator, Sequence

from portal.join_form import Household
from portal.join_prices import Priced
from web.speech import gettext

Correction = tuple[str, str]
"""The id of a box, and the sentence that stands beside it."""


def called(one: Priced) -> str:
    """Return what the page calls somebody: the name they wrote, else their place."""
    return one.form.name or gettext("Person %(number)s", number=one.number)


def corrections(household: Household, people: Sequence[Priced]) -> Iterator[Correction]:
    """Yield what is to be corrected, in the order of the page; where there are several, with the person's name."""
    for one in people:
        for field in one.form:
            if field.errors:
                yield _box(one, field.short_name), _of(one, field.errors[0], several=len(people) > 1)
    for field in household.shared:
        if field.errors:
            yield "pays-member" if field.name == "pays" else field.id, field.errors[0]


def _box(one: Priced, name: str) -> str:
    """A choice has several boxes: the first of them is led to."""
    if name == "kind":
        return one.id(f"kind-{one.offers[0].type_id}") if one.offers else "main"
    return str(one.form[name].id)


def _of(one: Priced, sentence: str, *, several: bool) -> str:
    if not several:
        return sentence
    # Translators: a person's name, and what is to be corrected of that person.
    return gettext("%(person)s: %(sentence)s", person=called(one), sentence=sentence)
