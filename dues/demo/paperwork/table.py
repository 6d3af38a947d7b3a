"""Lines from a table: a weekend that a committee counted in a spreadsheet, and a second table with mistakes in it."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.lines import COURSE, SONGBOOK
from dues.demo.paperwork.office import Office
from dues.groups.models import Group
from dues.invoicing.charge_file import charge_table, keep_table, reading_of, table_of
from dues.journal.chart import Earning
from dues.journal.earnings import income_code
from dues.runs.drive import drive
from dues.runs.models import Run

HEAD = "Lidnummer;Artikel;Omschrijving;Aantal;Prijs"
DRINKS = "Koffie en thee"


def weekend(office: Office, choir: Choir, *, ago: int) -> int:
    """Charge the adults for the weekend, some for a songbook and for coffee too, and return the run."""
    rows = []
    for place, number in enumerate(choir.adults[:8]):
        rows.append(f"{number};{COURSE};;1;")
        if place % 3 == 0:
            rows.append(f"{number};{SONGBOOK};;1;")
        if place % 2 == 0:
            rows.append(f"{number};;{DRINKS};{place + 2};2,50")
    on = office.ago(ago)
    run_id = office.run(lambda session: _sent(session, office, choir, rows, name="repetitieweekend.csv", ago=ago))
    office.post(on)
    return run_id


def mistakes(office: Office, choir: Choir, *, ago: int) -> None:
    """Send the second table: a member that nobody knows, a product that nobody sells, an amount read in two ways."""
    known, other, *_ = choir.adults
    rows = [f"{known};{SONGBOOK};;1;", f"9{known:07};{SONGBOOK};;1;", f"{other};99;;1;", f"{other};;{DRINKS};1;1,250"]
    with office.desk() as session:
        run_id = _sent(session, office, choir, rows, name="nagekomen.csv", ago=ago).id
    drive(office.open_session, run_id)


def _sent(session: Session, office: Office, choir: Choir, rows: Sequence[str], *, name: str, ago: int) -> Run:
    group = session.get_one(Group, choir.group_id)
    content = "\n".join([HEAD, *rows]).encode()
    file = keep_table(session, content=content, name=name, group=group, by=office.by)
    reading = replace(reading_of(session, file=file, table=table_of(file)), account=_account(session, choir))
    return charge_table(session, file=file, reading=reading, on=office.ago(ago), by=office.by)


def _account(session: Session, choir: Choir) -> str:
    """Return the number of the account that courses earn on, for lines in the committee's own words."""
    course = choir.product(session, COURSE)
    return income_code(session, creditor_id=choir.creditor_id, earning=Earning(None, course.names, course.id)) or ""
