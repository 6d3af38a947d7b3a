"""`kontingent bank match` and `try-rule`: look once more at what waits, and try a rule on what has come."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers, money
from cli.days import DAY
from dues.actor import COMMAND_LINE
from dues.payments.match import start_matching
from dues.payments.match_models import Rule
from dues.payments.match_trial import try_rule, who_received

if TYPE_CHECKING:
    import datetime as dt

    from cli.desk import Desk
    from dues.payments.match_trial import Tried

_SHOWN = 50


@click.command("match")
@click.pass_obj
@answers
def match_(desk: Desk) -> Answer:
    """Look once more at the payments that wait, by the rules of their creditors; what is certain is booked."""
    with desk.house() as house:
        on = house.today()
        with house.work() as session:
            started = start_matching(session, on=on, by=COMMAND_LINE).id
        run = house.drive(started)
        house.wake.messages()
    figures = {"run": run.id, "looked_at": run.total, **run.result}
    lines = [
        f"Run {run.id}: {run.total} looked at, {run.result['matched']} matched, {run.result['unmatched']} still wait"
    ]
    return Answer(figures, lines + [f"  {count} by {rule}" for rule, count in run.result.get("by", {}).items()])


@click.command("try-rule")
@click.argument("rule", type=click.Choice([rule.value for rule in Rule]))
@click.option("--from", "first", type=DAY, required=True, metavar="DATE", help="The first day of booking.")
@click.option("--until", type=DAY, required=True, metavar="DATE", help="The last day of booking.")
@click.pass_obj
@answers
def try_(desk: Desk, rule: str, first: dt.date, until: dt.date) -> Answer:
    """Say what RULE would have found in the payments of some days, and what was done with them. Books nothing."""
    looked = 0
    counts: Counter[str] = Counter()
    shown: list[Tried] = []
    with desk.house() as house, house.work() as session:
        for creditor_id in who_received(session, first=first, until=until):
            after: int | None = 0
            while after is not None:
                trial = try_rule(
                    session, creditor_id=creditor_id, rule=Rule(rule), first=first, until=until, after=after
                )
                looked, after = looked + trial.payments, trial.last
                counts.update({done.value: count for done, count in trial.counts.items()})
                shown += [one for one in trial.hits if one.certain and one.done.value != "same"]
    lines = [f"{looked} payments looked at, {sum(counts.values())} would have been booked by “{rule}”"]
    lines += [f"  {count} {done}" for done, count in sorted(counts.items())]
    lines += [_line(one) for one in shown[:_SHOWN]]
    figures = {"payments": looked, "certain": sum(counts.values()), "done": dict(counts)}
    return Answer({**figures, "differ": [_figures(one) for one in shown]}, lines)


def _line(one: Tried) -> str:
    told = f"payment {one.payment_id}  {one.booked_on}  {money(one.amount, one.currency)}  invoice {one.number}"
    return f"{told}; in fact {one.done}{' ' + ', '.join(one.numbers) if one.numbers else ''}"


def _figures(one: Tried) -> dict[str, object]:
    return {
        "payment": one.payment_id,
        "booked_on": one.booked_on.isoformat(),
        "amount": one.amount,
        "currency": one.currency,
        "invoice": one.number,
        "done": one.done.value,
        "used_for": list(one.numbers),
    }
