"""How a command answers: figures as JSON or lines for people on stdout, and an exit code that scripts can trust."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from cli.refusal import refusal
from language import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


@dataclass(frozen=True)
class Answer:
    """A command's result: `figures` for programs, `lines` for people; not `ok` means that it exits with 1."""

    figures: Mapping[str, object]
    lines: list[str] = field(default_factory=list)
    ok: bool = True


def answers(function: Callable[..., Answer]) -> Callable[..., None]:
    """Give a command its `--json`, print its answer, and turn refusals into a sentence and exit code 1."""

    @click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
    @functools.wraps(function)
    def command(*args: object, as_json: bool, **kwargs: object) -> None:
        try:
            answer = function(*args, **kwargs)
        except click.ClickException:
            raise
        except Exception as error:
            sentence = refusal(error)
            if as_json:
                say_json({"error": sentence or f"{type(error).__name__}: {error}"})
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            click.get_current_context().exit(REFUSED)
        if as_json:
            say_json(answer.figures)
        else:
            click.echo("\n".join(answer.lines))
        click.get_current_context().exit(DONE if answer.ok else REFUSED)

    return command


def say_json(figures: Mapping[str, object]) -> None:
    """Write one JSON object on a line of stdout; dates are written as ISO 8601."""
    click.echo(json.dumps(figures, ensure_ascii=False, default=str))


def money(minor: int | None, currency: str | None) -> str:
    """Write an amount of minor units for people; several currencies have no sum."""
    if minor is None or currency is None:
        return "several currencies" if currency is None and minor is None else str(minor)
    return Language("en").money(minor, currency)
