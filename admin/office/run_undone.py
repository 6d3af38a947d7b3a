"""What stands on the page of a run about its undoing, and the other way round."""

from dataclasses import dataclass

from admin import addresses
from admin.office import run_words
from dues.runs.models import Run, RunState
from web.house import session
from web.speech import gettext


@dataclass(frozen=True, slots=True)
class Undoing:
    """The undoing of a run: how it stands in words, what came of it, and where it is; ``over`` says that it is done."""

    words: str
    result: str
    address: str
    over: bool


def undoing_of(undoing: Run | None) -> Undoing | None:
    """Return what the page of a run says of its undoing."""
    if undoing is None:
        return None
    words = {
        RunState.PREPARING: gettext("The preview of undoing this run is being made."),
        RunState.READY: gettext("The preview of undoing this run waits to be confirmed."),
        RunState.WORKING: gettext("This run is being undone."),
        RunState.PAUSED: gettext("The undoing of this run is paused."),
        RunState.FAILED: gettext("The undoing of this run could not go on."),
    }
    said = words.get(undoing.state, gettext("This run was undone."))
    return Undoing(said, run_words.result(undoing), addresses.run(undoing.uuid), undoing.state is RunState.DONE)


def undone_address(run: Run) -> str:
    """Return where the run is that an undoing takes back."""
    undone = session().get(Run, run.undoes_id)
    return addresses.run(undone.uuid) if undone is not None else ""
