"""Mail templates: each is rendered once for a language and a shape, and then filled for as many as there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.runtime import Context
from jinja2.utils import missing

from dues.delivery.colours import dark, light
from language import Language

_TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"
# A value's place in a rendered template: its name between two characters that no text has (Unicode, private use).
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE: Final = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A mail's words: ``text`` and ``html`` say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Form:
    """A template in one language, its values still to be filled in."""

    subject: tuple[str, ...]
    text: tuple[str, ...]
    html: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> Filled:
        """Put the values in, escaped where the form is HTML; a value that is not given raises KeyError.

        The lines of a value stay lines: not every mail program heeds styles that would keep them.
        """
        escaped = {name: escape(value).replace("\n", "<br>\n") for name, value in values.items()}
        return Filled(_fill(self.subject, values), _fill(self.text, values), _fill(self.html, escaped))


@cache
def form(name: str, language: str, shape: frozenset[str] = frozenset()) -> Form:
    """Return the form of `templates/mail/<name>` in a language.

    ``shape`` names the optional parts that this mail has; the templates ask for them by `'part' in shape`. The first
    line of the text template is the subject. Any other name in a template is a value to be filled in.
    """
    speaks = Language(language)
    given = {
        "shape": shape,
        "language": language,
        "light": light(),
        "dark": dark(),
        "_": speaks.gettext,
        "ngettext": speaks.ngettext,
        "pgettext": speaks.pgettext,
    }
    subject, _, text = _template(f"{name}.txt").render(given).partition("\n")
    html = _template(f"{name}.html").render(given)
    return Form(_parts(subject.strip()), _parts(text.strip() + "\n"), _parts(html))


class _Places(Context):
    """Every name that is not given stands for a value that comes later."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return f"{_OPEN}{key}{_CLOSE}" if found is missing else found


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.context_class = _Places
    return environment


def _template(name: str) -> Template:
    return _environment().get_template(f"mail/{name}")


def _parts(rendered: str) -> tuple[str, ...]:
    """Texts and names of values in turn, a text first and last."""
    return tuple(_PLACE.split(rendered))


def _fill(parts: tuple[str, ...], values: Mapping[str, str]) -> str:
    return "".join(values[part] if index % 2 else part for index, part in enumerate(parts))
