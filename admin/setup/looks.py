"""How a group's colour is used: what it gave, and the values that are made of it for both schemes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dues.groups.look import DARK, LIGHT, Shades, shades
from language import gettext_noop as _
from web.speech import gettext


@dataclass(frozen=True, slots=True)
class Look:
    """A colour in one scheme: the ground it is shown on, what is made of it, and whether buttons keep it."""

    name: str
    paper: str
    ink: str
    shades: Shades
    kept: bool
    told: str


def look_of(colour: str) -> Sequence[Look]:
    """Return a colour as it is used on light and on dark pages."""
    schemes = ((gettext(_("Light")), LIGHT), (gettext(_("Dark")), DARK))
    return [
        Look(name, scheme.paper, scheme.ink, found, found.fill == colour, _told(colour, found))
        for name, scheme in schemes
        for found in (shades(colour, scheme),)
    ]


def _told(colour: str, found: Shades) -> str:
    if found.fill != colour:
        return gettext(_("Buttons take the nearest colour on which text can be read."))
    if found.text != colour:
        return gettext(_("Your colour stays on buttons; for links it is changed so that it can be read."))
    return gettext(_("Your colour is used as it is, also for links."))
