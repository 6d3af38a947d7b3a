"""(a) An invoice run with three fee components, against the floor."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.desk import at_the_desk
from benchmarks.floor import issue_floor
from benchmarks.scene import TODAY, Scene
from database.connect import Role
from dues.actor import COMMAND_LINE
from dues.invoicing.issue import start_issue
from dues.invoicing.models import Invoice
from dues.runs.drive import CONNECTIONS, drive


def measure_issuing(scene: Scene) -> dict[str, Any]:
    """Preview, claim, number and write every invoice while somebody works at a desk; then the floor alone."""
    with scene.database.unit_of_work(Role.JOBS) as session:
        run_id = start_issue(session, on=TODAY, by=COMMAND_LINE, confirmed=True).id
    with (
        at_the_desk(scene.database.engine(Role.STAFF), persons=scene.persons) as desk,
        scene.meter.measure() as measured,
    ):
        drive(scene.open_session, run_id, parallel=CONNECTIONS)
    with scene.open_session() as session:
        invoices = _count(session)
    scene.rest()
    floor = issue_floor(scene.database.owner, scene.meter)
    return {
        "items": invoices,
        **measured.per_item(invoices),
        "floor_seconds": round(floor.wall, 2),
        "ratio": round(measured.wall / floor.wall, 2),
        "cpu_ratio": round(measured.cpu / floor.cpu, 2),
        "desk_visits": len(desk.visits),
        "desk_ms_p50": desk.at(0.5),
        "desk_ms_p99": desk.at(0.99),
        "desk_ms_worst": desk.at(1.0),
    }


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Invoice)) or 0
