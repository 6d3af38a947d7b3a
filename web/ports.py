"""What the faces need of others and get from the application: a way to wake the workers."""

from typing import Protocol


class Wake(Protocol):
    """Tells the workers that there is something to do; losing the call loses nothing but seconds."""

    def run(self, run_id: int) -> None:
        """A run is to be driven; it may be a long one."""

    def prompt_run(self, run_id: int) -> None:
        """A small run is to be driven that somebody waits for."""

    def messages(self) -> None:
        """Messages wait to be sent."""
