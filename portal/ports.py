"""What the public face needs of others and gets from the application: a way to wake the workers."""

from typing import Protocol


class Wake(Protocol):
    """Tells the workers that there is something to do; losing the call loses nothing but seconds."""

    def run(self, run_id: int) -> None:
        """A run is to be driven."""

    def messages(self) -> None:
        """Messages wait to be sent."""
