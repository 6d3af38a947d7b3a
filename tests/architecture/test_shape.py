"""Small files, small functions, plain names, and a manual that knows every setting."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from settings import documented
from tests.architecture.house import ROOT, name_of, python_files, sql_files, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)")
HOUSE = [path for path in python_files() if path.parent.name != "versions"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    said = function.body[0]
    first = said.value if isinstance(said, ast.Expr) else None
    words = isinstance(first, ast.Constant) and isinstance(first.value, str)
    taken = (said.end_lineno or 0) - said.lineno + 1 if words else 0
    return (function.end_lineno or 0) - function.lineno + 1 - taken


def test_files_are_small() -> None:
    long = {name_of(p): n for p in HOUSE if (n := len(p.read_text("utf-8").splitlines())) >= LONGEST_FILE}
    assert not long


def test_functions_are_small() -> None:
    found = {f"{name_of(path)}:{function.name}": lines(function) for path in HOUSE for function in functions(path)}
    assert not {name: n for name, n in found.items() if n >= LONGEST_FUNCTION}
    assert median(n for name, n in found.items() if not name.startswith("tests/")) < 10


def test_names_say_what_they_hold() -> None:
    named = [path.stem for path in HOUSE] + [path.parent.name for path in HOUSE]
    assert not [name for name in named if VAGUE.search(name)]
    assert not [
        f"{name_of(path)}:{function.name}"
        for path in HOUSE
        for function in functions(path)
        if VAGUE.search(function.name)
    ]


def test_every_module_and_statement_says_what_it_is_for() -> None:
    modules = [path for path in HOUSE if not name_of(path).startswith("tests/")]
    assert not [name_of(path) for path in modules if not ast.get_docstring(tree(path))]
    silent = [name_of(path) for path in sql_files() if not path.read_text("utf-8").startswith("-- ")]
    assert not silent


def test_the_manual_names_every_setting() -> None:
    manual = (ROOT / "docs/operations/README.md").read_text("utf-8")
    rows = {row[0]: row for row in re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", manual, re.MULTILINE)}
    assert list(rows) == [one.name for one in documented()]
    for one in documented():
        assert rows[one.name] == (one.name, one.default, one.meaning)


def test_decisions_say_what_why_and_what_was_rejected() -> None:
    for path in (ROOT / "docs/decisions").glob("*.md"):
        words = path.read_text("utf-8")
        for part in ("**What.**", "**Why.**", "**Rejected.**"):
            assert part in words, f"{name_of(path)} does not say {part}"
