"""What jobs and the clock work with, bound once by the application at the start of their process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from database.connect import Database, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from database.connect import OpenSession
    from dues.delivery.bind import Renderers
    from dues.delivery.post import Post
    from jobs.queues import Queues
    from settings import Settings


@dataclass(frozen=True)
class House:
    """The settings, the database, the queues, and what renders and carries messages.

    ``post`` is asked anew for each sending, because channels come and go. Connections are made when first used: a
    worker that forks must not have used any.
    """

    settings: Settings
    database: Database
    queues: Queues
    post: Callable[[], Post]
    renderers: Renderers

    @property
    def open_session(self) -> OpenSession:
        """Opens sessions of the jobs' role."""
        return self.database.opener(Role.JOBS)

    @property
    def gentle(self) -> House:
        """The same house, whose long work comes after what people wait for; its connections are its own."""
        return replace(self, database=replace(self.database, gentle=True))


class NotBoundError(Exception):
    """The application has not said what jobs work with."""

    def __init__(self) -> None:
        super().__init__("Jobs run in processes that the application starts: kontingent process worker")


_bound: list[House] = []


def bind(house: House) -> None:
    """Say what the jobs of this process work with."""
    _bound[:] = [house]


def house() -> House:
    """Return what was bound; raise NotBoundError."""
    if not _bound:
        raise NotBoundError
    return _bound[0]
