"""`kontingent bank`: look at bank files, take them in, and decide where money belongs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from cli.answer import Answer, answers, money
from cli.bank_import import take_all
from cli.bank_inspect import look
from cli.identifiers import IDENTIFIER
from cli.matching import exchange_, match_, try_
from dues.actor import COMMAND_LINE
from dues.payments.allocate import allocate
from dues.payments.keep import keep, person_named
from dues.payments.queries import open_cases
from dues.payments.take_back import take_back

if TYPE_CHECKING:
    from cli.desk import Desk
    from dues.payments.queries import OpenCase

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def bank() -> None:
    """Bank files and the money in them."""


bank.add_command(match_)
bank.add_command(try_)
bank.add_command(exchange_)


@bank.command()
@click.argument("file", type=_FILE)
@answers
def inspect(file: Path) -> Answer:
    """Read and check a bank FILE without any database. Exits with 1 if it cannot be read."""
    return look(file)


@bank.command("import")
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.pass_obj
@answers
def import_(desk: Desk, files: tuple[Path, ...]) -> Answer:
    """Accept bank FILES, each whole or not at all, and match their payments.

    All files are tried. A refused one is kept for inspection, and the command then exits with 1.
    """
    with desk.house() as house:
        taken = [answer for file in files for answer in take_all(house, file)]
    lines = [line for one in taken for line in one.lines]
    return Answer({"files": [one.figures for one in taken]}, lines, ok=all(one.ok for one in taken))


@bank.command("allocate")
@click.argument("payment", type=IDENTIFIER)
@click.argument("claim", type=IDENTIFIER)
@click.argument("amount", type=IDENTIFIER, required=False)
@click.pass_obj
@answers
def allocate_(desk: Desk, payment: int, claim: int, amount: int | None) -> Answer:
    """Use PAYMENT, or AMOUNT of it (in minor units: öre, cents), for CLAIM.

    Without AMOUNT the whole payment is used; what the claim does not need becomes the debtor's credit.
    """
    with desk.house() as house:
        on = house.today()
        with house.work() as session:
            done = allocate(session, payment_id=payment, claim_id=claim, amount=amount, on=on, by=COMMAND_LINE)
        house.wake.messages()
    figures = {
        "allocation": done.allocation_id,
        "amount": done.amount,
        "unallocated": done.unallocated,
        "open": done.open_amount,
        "credit": done.credit,
    }
    words = f"Allocation {done.allocation_id}: {done.amount} used; the payment has {done.unallocated} left"
    return Answer(figures, [f"{words}, the claim has {done.open_amount} open, {done.credit} became credit."])


@bank.command("keep")
@click.argument("payment", type=IDENTIFIER)
@click.argument("person", type=click.UUID)
@click.argument("amount", type=IDENTIFIER, required=False)
@click.pass_obj
@answers
def keep_(desk: Desk, payment: int, person: UUID, amount: int | None) -> Answer:
    """Keep PAYMENT, or AMOUNT of it (in minor units: öre, cents), as credit of PERSON, named by their UUID."""
    with desk.house() as house:
        on = house.today()
        with house.work() as session:
            person_id = person_named(session, name=person)
            kept = keep(session, payment_id=payment, person_id=person_id, amount=amount, on=on, by=COMMAND_LINE)
    return Answer({"allocation": kept}, [f"Allocation {kept}: kept as credit."])


@bank.command("take-back")
@click.argument("allocation", type=IDENTIFIER)
@click.pass_obj
@answers
def take_back_(desk: Desk, allocation: int) -> Answer:
    """Take ALLOCATION back: its payment waits for a decision again, and what it settled is open again."""
    with desk.house() as house:
        on = house.today()
        with house.work() as session:
            done = take_back(session, allocation_id=allocation, on=on, by=COMMAND_LINE)
    figures = {"allocation": done.allocation_id, "amount": done.amount, "unallocated": done.unallocated}
    return Answer(figures, [f"{done.amount} taken back; the payment has {done.unallocated} left."])


@bank.command()
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many to show.")
@click.pass_obj
@answers
def queue(desk: Desk, limit: int) -> Answer:
    """Show payments that wait for a decision, oldest first, and why."""
    with desk.house() as house, house.work() as session:
        cases = open_cases(session, limit=limit)
    lines = [
        f"payment {case.payment_id}  {case.booked_on}  {money(case.unallocated, case.currency)}  {case.reason}"
        + (f" (claim {case.claim_id})" if case.claim_id else "")
        for case in cases
    ]
    return Answer({"cases": [_figures(case) for case in cases]}, lines or ["No payment waits for a decision."])


def _figures(case: OpenCase) -> dict[str, object]:
    return {
        "payment": case.payment_id,
        "reason": case.reason,
        "claim": case.claim_id,
        "creditor": case.creditor_id,
        "booked_on": case.booked_on.isoformat(),
        "amount": case.amount,
        "unallocated": case.unallocated,
        "currency": case.currency,
        "reference": case.reference,
    }
