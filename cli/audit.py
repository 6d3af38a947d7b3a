"""`kontingent audit`: prove the audit log, note its head, chain what waits, and forget what was told of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers
from dues.actor import COMMAND_LINE
from dues.audit.seal import forget, seal
from dues.audit.verify import Fault, NotedHead, head, verify

if TYPE_CHECKING:
    from cli.desk import Desk


@click.group()
def audit() -> None:
    """Who changed what: the log, and its proof."""


@audit.command("verify")
@click.option(
    "--head", "written", metavar="HEAD", help="A head that was noted earlier: the chain must lead through it."
)
@click.pass_obj
@answers
def verify_(desk: Desk, written: str | None) -> Answer:
    """Prove that no line was changed, taken out, put elsewhere or cut off. Exits with 1 when any was."""
    noted = NotedHead.read(written) if written else None
    with desk.house() as house, house.work() as session:
        proof = verify(session, noted=noted)
    figures = {
        "ok": proof.ok,
        "links": proof.links,
        "waiting": proof.waiting,
        "head": str(proof.head),
        "faults": [{"what": fault.what, "link": fault.link, "line": fault.line} for fault in proof.faults],
        "more": proof.more,
    }
    verdict = "the chain is whole" if proof.ok else "the chain is broken"
    lines = [f"{proof.links} links, {proof.waiting} lines wait to be chained: {verdict}"]
    lines += [f"  {_words(fault)}" for fault in proof.faults]
    lines += ["  and more"] if proof.more else []
    return Answer(figures, [*lines, f"Head: {proof.head}"], ok=proof.ok)


def _words(fault: Fault) -> str:
    link = "" if fault.link is None else f"link {fault.link}"
    line = "" if fault.line is None else f"line {fault.line}"
    return f"{', '.join(part for part in (link, line) if part)}: {fault.what}"


@audit.command("head")
@click.pass_obj
@answers
def head_(desk: Desk) -> Answer:
    """Print how long the chain is and its last hash, for an auditor to note and to give to `verify --head` later."""
    with desk.house() as house, house.work() as session:
        found = head(session)
    return Answer({"head": str(found), "links": found.seq, "hash": found.digest}, [str(found)])


@audit.command("seal")
@click.pass_obj
@answers
def seal_(desk: Desk) -> Answer:
    """Chain what waits, now; where the program runs, its clock does so every few seconds."""
    done = 0
    with desk.house() as house:
        while True:
            with house.work() as session:
                chained = seal(session)
            done += chained
            if not chained:
                break
    return Answer({"chained": done}, [f"{done} lines chained."])


@audit.command("forget")
@click.option("--person", type=click.IntRange(min=1), required=True, help="The number on the person's file.")
@click.pass_obj
@answers
def forget_(desk: Desk, person: int) -> Answer:
    """Erase what the log tells of one person, from what to what; that something was changed, by whom and when stays."""
    with desk.house() as house, house.work() as session:
        erased = forget(session, about="person", subject_id=person, by=COMMAND_LINE)
    return Answer({"erased": erased}, [f"The values of {erased} lines are erased."])
