"""Refusals of the demonstration."""


class NotEmptyError(Exception):
    """The database holds an organisation; a demonstration is never mixed into one."""

    def __init__(self) -> None:
        super().__init__("This database is not empty. Build the demonstration in a new one.")
