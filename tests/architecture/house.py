"""The house as the architecture tests read it: its files, rooms, statements and tables."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from database.base import Base
from dues import models

ROOT: Final = Path(__file__).parents[2]
DUES: Final = ROOT / "dues"
PACKAGES: Final = (
    *(
        "admin",
        "bankfiles",
        "benchmarks",
        "cli",
        "database",
        "documents",
        "dues",
        "jobs",
        "language",
        "migrations",
        "portal",
        "tablefiles",
    ),
    *("tests", "web"),
)
TABLES: Final = models.metadata.tables
_COMMENT: Final = re.compile(r"--[^\n]*")
_LITERAL: Final = re.compile(r"'[^']*'")


def python_files(*folders: str) -> list[Path]:
    """Every module of some folders; of the whole house where none is named."""
    if not folders:
        return [*ROOT.glob("*.py"), *python_files(*PACKAGES)]
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def sql_files() -> list[Path]:
    return sorted(DUES.rglob("*.sql"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def layers() -> list[frozenset[str]]:
    """The rooms of the domain from the top down, those of one layer together, as the import contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract.get("containers") == ["dues"])
    return [frozenset(layer.replace(" ", "").split("|")) for layer in inside["layers"]]


def may_use(room: str, other: str) -> bool:
    """Whether a room may use another: itself, and everything in a layer below its own."""
    if room == other:
        return True
    order = {name: depth for depth, layer in enumerate(layers()) for name in layer}
    return order[room] < order[other]


@cache
def rooms_of_tables() -> dict[str, str]:
    """Which room each table belongs to: the one whose models declare it."""
    return {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
    }


@dataclass(frozen=True)
class Statement:
    """A piece of SQL, where it stands, and the room that runs it."""

    where: str
    room: str
    sql: str

    @property
    def bare(self) -> str:
        """Without comments and literals, so that only names are left."""
        return _LITERAL.sub("''", _COMMENT.sub("", self.sql))

    def written(self) -> set[str]:
        """The tables that it writes."""
        found = re.findall(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY)\s+(?:ONLY\s+)?(\w+)", self.bare)
        return set(found) & set(TABLES)

    def read(self) -> set[str]:
        """The tables that it reads."""
        return set(re.findall(r"\b(?:FROM|JOIN|,)\s+(\w+)", self.bare)) & set(TABLES)


def statements() -> Iterator[Statement]:
    """All SQL of the domain: the files, and the texts within Python."""
    for path in sql_files():
        yield Statement(name_of(path), path.relative_to(DUES).parts[0], path.read_text("utf-8"))
    for path in python_files("dues"):
        room = path.relative_to(DUES).parts[0].removesuffix(".py")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and node.args:
                yield Statement(f"{name_of(path)}:{node.lineno}", room, _words(node.args[0]))


def _words(node: ast.expr) -> str:
    """The literal parts of a text, whatever is filled in."""
    return "".join(str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant))
