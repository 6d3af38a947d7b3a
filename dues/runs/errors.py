"""Refusals of runs."""


class RunError(Exception):
    """A run cannot do what was asked of it."""


class UnknownKindError(RunError):
    """No work is bound to this kind of run."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no work bound to runs of kind {kind!r}.")


class NotReadyError(RunError):
    """Only a run whose preview is ready can be confirmed."""

    def __init__(self, run: int, state: str) -> None:
        super().__init__(f"Run {run} is {state}; only a run that is ready can be confirmed.")
        self.state = state


class AnotherPreviewError(RunError):
    """The preview that was confirmed is not the one that stands now."""

    def __init__(self, run: int) -> None:
        super().__init__(f"The preview of run {run} was made anew since it was looked at; nothing was done.")


class UnknownRunError(RunError):
    """There is no such run."""

    def __init__(self, run: int) -> None:
        super().__init__(f"There is no run {run}.")
