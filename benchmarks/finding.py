"""What invoices are looked for by when pages are measured: each filter, and combinations that find little."""

from typing import Final

from sqlalchemy import text

from benchmarks.scene import Scene
from database.connect import Role

# A run that wrote invoices, one of them from its middle, and what their filters can be asked for.
KNOWN: Final = text("""
SELECT run.uuid AS run, i.uuid AS middle, i.due_on, i.amount, (SELECT min(type_id) FROM membership) AS type_id
FROM run
JOIN invoice i ON i.run_id = run.id AND i.item_seq = run.total / 2
WHERE run.kind = 'invoices'
ORDER BY run.total DESC LIMIT 1
""")


def invoice_queries(scene: Scene) -> dict[str, str]:
    """Return the arguments of the list of invoices by what they look for."""
    with scene.database.engine(Role.JOBS).connect() as connection:
        known = connection.execute(KNOWN).one()
    day, narrow = known.due_on, f"due-from={known.due_on}&due-to={known.due_on}"
    asked = {
        "of a run": f"run={known.run}",
        "of a run, deep": f"run={known.run}&after={known.middle}",
        "of a run, overdue": f"run={known.run}&view=overdue",
        "due on a day": narrow,
        "due on a day, deep": f"{narrow}&after={known.middle}",
        "due later than any": f"due-from={day.replace(year=day.year + 9)}",
        "paid this year": f"paid-from={day.year}-01-01",
        "an exact amount": f"least={known.amount / 100:.2f}&most={known.amount / 100:.2f}",
        "an amount that none has": "least=0,01&most=0,02",
        "of a type": f"type={known.type_id}",
        "reminded of twice": "level=2",
        "held": "view=held",
        "queued": "delivery=waiting",
        "printed": "delivery=printed",
        "never sent": "delivery=none",
        "by type, amount, delivery, days and credited": (
            f"type={known.type_id}&least=1&delivery=none&issued-from=2000-01-01&{narrow}&view=credited"
        ),
    }
    return {f"invoices: {name}": query for name, query in asked.items()}
