"""No face opens a session of its own choice: each request has one, of the role that its door declares."""

import ast
import re
from pathlib import Path

from tests.architecture.house import name_of, python_files, sql_files, statements, tree

FACES = ("admin", "portal", "web")
PRIVILEGED = {"unit_of_work", "engine", "owner_url", "jobs_url"}
"""How one comes past the session that a request has."""
OPENS = {"web/house.py": {"MEMBER", "PUBLIC", "STAFF"}}
"""Who does all the same: the one place that gives a request its session, by what its door declares; never the jobs'."""
MAKERS = {"Database", "create_engine", "sessionmaker", "psycopg"}
SWITCH = re.compile(
    r"\bset\s+(local\s+|session\s+)?(role|session\s+authorization|row_security)\b|set_config|\bapp\.\w+", re.IGNORECASE
)


def opened(path: Path) -> set[str]:
    """By which names a module comes to sessions."""
    attributes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
    named = {one.attr for one in attributes if one.attr in PRIVILEGED or ast.unparse(one.value) == "Role"}
    used = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)} & MAKERS
    return named | used


def test_faces_open_no_privileged_session() -> None:
    found = {name_of(path): names for path in python_files(*FACES) if (names := opened(path))}
    assert found == OPENS


def test_only_the_ground_says_who_acts() -> None:
    switches = {name_of(path) for path in sql_files() if SWITCH.search(path.read_text("utf-8"))}
    switches |= {one.where for one in statements() if SWITCH.search(one.sql)}
    assert not switches


def test_only_doors_and_entrances_say_who_asks() -> None:
    calls = {
        name_of(path)
        for path in python_files(*FACES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id in {"act", "act_as", "Acting"}
    }
    # A login names its owner, a link its invoice, and the house hands both on.
    assert calls == {"admin/user.py", "portal/invoice.py", "web/house.py"}
