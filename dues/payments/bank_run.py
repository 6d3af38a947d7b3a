"""What a bank import does from phase to phase: read a file that was only received, book it, and queue receipts."""

from sqlalchemy.orm import Session

from dues.payments import book
from dues.payments.accept import read_received
from dues.runs.drive import Kind
from dues.runs.models import Run, RunState
from dues.runs.start import finish


def step(session: Session, run: Run) -> bool:
    """Take a bank import from one phase to the next; False when it is done, or its file was refused."""
    if run.phase != book.READ:
        return book.step(session, run)
    if not read_received(session, run=run):
        finish(session, run, refused=True)
        return False
    run.phase, run.state = "start", RunState.WORKING
    return True


WORK = Kind(step, {"book": book.BOOKING, book.TELL: book.TELLING})
