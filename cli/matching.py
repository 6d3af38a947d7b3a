"""`kontingent bank match`, `try-rule` and `exchange`: look at what waits, try a rule, use money in another currency."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from cli.answer import Answer, answers, money
from cli.days import DAY
from cli.identifiers import IDENTIFIER
from dues.actor import COMMAND_LINE
from dues.payments.exchange import exchange
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


@click.command("exchange")
@click.argument("payment", type=IDENTIFIER)
@click.argument("claim", type=IDENTIFIER)
@click.argument("rate")
@click.option("--in-full", is_flag=True, help="Settle the whole claim; the difference is posted as one of rates.")
@click.pass_obj
@answers
def exchange_(desk: Desk, payment: int, claim: int, rate: str, in_full: bool) -> Answer:
    """Use PAYMENT for CLAIM in another currency. RATE: units of the claim's currency for one of the payment's."""
    try:
        wanted = Decimal(rate)
    except InvalidOperation:
        raise click.BadParameter(f"{rate!r} is no rate; write it like 11.2345.") from None
    with desk.house() as house:
        on = house.today()
        with house.work() as session:
            done = exchange(
                session, payment_id=payment, claim_id=claim, rate=wanted, in_full=in_full, on=on, by=COMMAND_LINE
            )
            told = (done.id, done.amount, done.currency, done.worth, done.settled, done.claim_currency)
    names = ("exchange", "used", "currency", "worth", "settled", "claim_currency")
    used, settled = money(told[1], told[2]), money(told[4], told[5])
    return Answer(dict(zip(names, told, strict=True)), [f"Exchange {told[0]}: {used} used, {settled} settled."])
