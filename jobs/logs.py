"""Structured logs on stderr: ids and kinds, never a name, an address or an amount."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from types import TracebackType

_QUIET = ("rq.worker", "rq.job", "rq.registry", "rq.queue", "mail.log")


def configure(level: int = logging.INFO) -> None:
    """Send what is logged in this process, from a level on, to stderr as `key=value` lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%S", utc=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    line = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_values, line],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def where(error: BaseException) -> dict[str, str]:
    """Return an error's kind and place; its words may quote a person's data, so they stay out of logs."""
    return {"error": type(error).__name__, "at": _place(error.__traceback__)}


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _without_values(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace a traceback by the error's kind and place, and keep to the first line of what others have to say."""
    raised = event.pop("exc_info", None)
    if isinstance(raised, tuple) and isinstance(raised[1], BaseException):
        event.update(where(raised[1]))
    event["event"] = str(event["event"]).split("\n", 1)[0]
    return event
