"""Where words stand on a sheet."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from pypdf import PdfReader

_MILLIMETRES: Final = 25.4 / 72
_HEIGHT: Final = 297


def places(pdf: bytes) -> list[tuple[str, float, float]]:
    """Return what the first page says, piece by piece, with its millimetres from the left and from the top."""
    found: list[tuple[str, float, float]] = []

    def visit(said: str, cm: Sequence[float], tm: Sequence[float], *_more: object) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        words = said.strip().replace("\N{NO-BREAK SPACE}", " ")
        if words:
            found.append((words, x * _MILLIMETRES, _HEIGHT - y * _MILLIMETRES))

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return found
