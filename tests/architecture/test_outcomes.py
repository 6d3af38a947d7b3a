"""The hard cases of payments: whatever the document says is held by a test is."""

import re
from pathlib import Path

_HOUSE = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def test_every_named_case_is_a_test() -> None:
    named = _NAMED.findall((_HOUSE / "docs" / "payment-outcomes.md").read_text())
    assert len(named) > 50
    lost = [
        f"{path}::{name}"
        for path, name in named
        if not (_HOUSE / path).is_file() or (name and f"def {name}(" not in (_HOUSE / path).read_text())
    ]
    assert lost == []
