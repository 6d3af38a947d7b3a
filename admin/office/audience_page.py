"""What the boxes for who gets something need on whichever page they stand, and what is refused beside them."""

from dataclasses import replace

from admin.group.here import known_here
from admin.office.audience import Sheet
from admin.office.audience_filters import FILTERS
from dues.groups.below import groups_at
from dues.invoicing.template_errors import NoDayLeftError, NotBelowError, RetiredError, TemplateError
from dues.overview.person_file import full_name
from language import gettext_noop as _
from web.house import session
from web.speech import gettext


def told(sheet: Sheet, error: TemplateError) -> Sheet:
    """Return the sheet with a refusal at the box that it is about."""
    match error:
        case NotBelowError():
            words = _("The template's group can only invoice its own members and those of groups below it.")
            box = "group"
        case NoDayLeftError():
            box, words = "until", _("There is no such day after today. Choose a later one, or leave it empty.")
        case RetiredError():
            box, words = "group", _("This template is retired. Offer it again first.")
        case _:
            raise error
    return replace(sheet, errors={box: gettext(words)})


def who_page(sheet: Sheet) -> dict[str, object]:
    """Return what the boxes for who gets it need, on whichever page they stand."""
    at = known_here()
    return {
        "sheet": sheet,
        "person": full_name(sheet.person) if sheet.person else "",
        "filters": FILTERS,
        "suggests": "" if at else "run_begin.groups",
        "nearby": [one.name for one in groups_at(session(), path=at.path)] if at else [],
        "asks_group": at is None or at.has_below,
    }
