"""Documents by an organisation's own Typst: what it is given, what it must define, and what is said when it fails.

Its source stands first in what is compiled, so that the lines of its faults are its own. It defines ``body(doc)`` and
may define ``page-setup(doc)``; ``documents/example.typ`` is one that says everything.
"""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from documents.jail import BrokenError, Made, Refused, TooSlowError, jail
from documents.template import Reason, Template, TemplateError

LARGEST_SLICE: Final = 100
"""Documents that are set at once: the jail has the memory for as many."""
SECONDS: Final = 15.0
"""How long one document may take, on a machine that is busy with others, too."""
_SECONDS_EACH: Final = 0.1
_HERE: Final = Path(__file__).parent
_BEFORE: Final = (
    "#let body = none;#let page-setup(doc) = (margin: (left: 25mm, right: 20mm, top: 15mm, bottom: 26mm));"
    "#set document(title: json(bytes(sys.inputs.data)).title, author: json(bytes(sys.inputs.data)).author, date: auto);"
    '#set text(font: "Libertinus Serif", size: 10.5pt, hyphenate: false, number-type: "lining");'
)
_AFTER: Final = (_HERE / "swiss.typ").read_text(encoding="utf-8") + (_HERE / "own.typ").read_text(encoding="utf-8")

EXAMPLE: Final = (_HERE / "example.typ").read_text(encoding="utf-8")
"""A template to begin with: it explains itself."""


def tried(template: Template, data: dict[str, Any], day: dt.date) -> Made:
    """Return the PDF of one document as it is tried: tagged, declared PDF/UA-1, and read. Raises TemplateError."""
    return _made(template, data, **_pdf(day, tagged=True, declared=True), read=True)


def pictures(template: Template, data: dict[str, Any], ppi: float) -> tuple[bytes, ...]:
    """Return each page as a PNG of ``ppi`` pixels an inch. Raises TemplateError."""
    return _made(template, data, format="png", ppi=ppi).files


def own_pdf(template: Template, data: dict[str, Any], day: dt.date) -> bytes:
    """Return one document as a tagged PDF, declared PDF/UA-1 where it holds to it. Raises TemplateError."""
    try:
        return _made(template, data, **_pdf(day, tagged=True, declared=True)).files[0]
    except TemplateError as error:
        if error.reason is not Reason.WRONG:
            raise
        return _made(template, data, **_pdf(day, tagged=True, declared=False)).files[0]


def own_batch(template: Template, data: dict[str, Any], day: dt.date) -> tuple[bytes, Sequence[int]]:
    """Return up to a slice of documents as one PDF, and the last page of each from one. Raises TemplateError."""
    seconds = SECONDS + _SECONDS_EACH * len(data["documents"])
    wanted = {**_pdf(day, tagged=False, declared=False), "counted": True, "swept": True}
    made = _made(template, data, seconds=seconds, **wanted)
    return made.files[0], made.last_pages


def _pdf(day: dt.date, *, tagged: bool, declared: bool) -> dict[str, Any]:
    moment = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    return {"format": "pdf", "timestamp": moment, "tagged": tagged, "declared": declared}


def _made(template: Template, data: dict[str, Any], *, seconds: float | None = None, **wanted: Any) -> Made:
    source = _BEFORE + template.source + _AFTER
    asked = {"source": source, "data": json.dumps(data, ensure_ascii=False)}
    plain = {"counted": False, "swept": False, "read": False}
    try:
        answered = jail().ask({**plain, **asked, **wanted}, seconds=seconds or SECONDS)
    except TooSlowError as error:
        raise TemplateError(Reason.TOO_SLOW) from error
    except BrokenError as error:
        raise TemplateError(Reason.TOO_MUCH_MEMORY) from error
    if isinstance(answered, Refused):
        raise _refusal(answered, template)
    return answered


def _refusal(refused: Refused, template: Template) -> TemplateError:
    """Name the innermost line that is the template's own."""
    last = template.source.count("\n") + 1
    line = next((line for line in refused.lines if line <= last), None)
    said = refused.message
    if "no body" in said:
        return TemplateError(Reason.NO_BODY)
    if "package" in said:
        return TemplateError(Reason.PACKAGE, line)
    if said.startswith(("file not found", "path ", "failed to load file", "cannot ", "access denied")):
        return TemplateError(Reason.FILE, line)
    return TemplateError(Reason.WRONG, line, said)
