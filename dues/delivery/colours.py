"""The colours of mails: those of the screens, from the file that holds them; mail programs know no variables."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_TOKENS: Final = Path(__file__).resolve().parents[2] / "static" / "tokens.css"
_PAIR: Final = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")


@cache
def light() -> Mapping[str, str]:
    """Return the colours on light paper, by their names, each ``#rrggbb``."""
    return {name: bright for name, bright, _ in _pairs()}


@cache
def dark() -> Mapping[str, str]:
    """Return the colours on dark paper, by the same names."""
    return {name: dim for name, _, dim in _pairs()}


def _pairs() -> list[tuple[str, str, str]]:
    return _PAIR.findall(_TOKENS.read_text(encoding="utf-8"))
