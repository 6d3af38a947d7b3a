"""What a list is narrowed by, as JSON: kept with an export, and written at the command line by the same names."""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from dues.lists.errors import NotAFilterError

_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def stored(wanted: Any) -> dict[str, Any]:
    """Return a dataclass of what is wanted as JSON, without what narrows nothing."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(wanted):
        value = getattr(wanted, field.name)
        if value != field.default:
            found[field.name] = _plain(value)
    return found


def wanted_of(kind: type[Any], kept: Mapping[str, Any]) -> Any:
    """Return what is wanted, from JSON or from words; raise NotAFilterError for a name or a value that it has not."""
    hints = typing.get_type_hints(kind)
    unknown = kept.keys() - hints.keys()
    if unknown:
        raise NotAFilterError(", ".join(sorted(unknown)))
    try:
        return kind(**{name: _read(name, hints[name], value) for name, value in kept.items()})
    except TypeError as error:
        raise NotAFilterError(str(error)) from error


def _plain(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case dt.date() | dt.datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def _read(name: str, hint: Any, value: Any) -> Any:
    """Read a value as the field's type, of which a union with None is the other part."""
    kind = next(one for one in _parts(hint) if one is not types.NoneType)
    if value is None or (isinstance(value, kind) and not isinstance(value, str)):
        return value
    try:
        return _from_words(kind, str(value))
    except (ValueError, KeyError) as error:
        raise NotAFilterError(f"{name}={value}") from error


def _from_words(kind: Any, written: str) -> Any:
    if kind is bool:
        return _YES[written.lower()]
    if issubclass(kind, dt.datetime):
        return dt.datetime.fromisoformat(written)
    return dt.date.fromisoformat(written) if issubclass(kind, dt.date) else kind(written)


def _parts(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
