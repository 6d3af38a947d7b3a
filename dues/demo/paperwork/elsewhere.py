"""What the office sent before it had this program: invoices of its old system, taken in from the list that it gave."""

from sqlalchemy.orm import Session

from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.groups.models import Group
from dues.invoicing.charge_columns import Reading
from dues.invoicing.charge_file import TAKE_IN, keep_table, reading_of, table_of
from dues.invoicing.elsewhere_models import Quoted
from dues.invoicing.take_in_file import take_table_in
from dues.runs.models import Run

SYSTEM = "Körkassan 2019"
HEAD = "Fakturanummer;Medlemsnummer;Fakturadatum;Förfallodatum;OCR;Belopp;Betalt;Text"
_TEXTS = ("Höstens körresa", "Notkopior och pärmar", "Höstens körresa")
_PRICES = ("1850,00", "240,00", "1850,00")
_PAID = ("", "240,00", "850,00")
_REFERENCES = ("1902004512", "1902004520", "1902004538")


def take_in(office: Office, choir: Choir, *, ago: int) -> int:
    """Take in what three members owed there: one invoice is open, one paid, one in part; return the run."""
    issued, due = office.ago(ago + 40).isoformat(), office.ago(ago + 10).isoformat()
    rows = [
        f"K-{2019 + place};{number};{issued};{due};{_REFERENCES[place]};{_PRICES[place]};{_PAID[place]};{_TEXTS[place]}"
        for place, number in enumerate(choir.adults[-3:])
    ]
    run_id = office.run(lambda session: _sent(session, office, choir, rows, ago=ago))
    office.post(office.ago(ago))
    return run_id


def _sent(session: Session, office: Office, choir: Choir, rows: list[str], *, ago: int) -> Run:
    group = session.get_one(Group, choir.group_id)
    content = "\n".join([HEAD, *rows]).encode()
    file = keep_table(session, content=content, name="korkassan.csv", group=group, by=office.by, kind=TAKE_IN)
    kept = reading_of(session, file=file, table=table_of(file)).stored()
    reading = Reading.of({**kept, "source": SYSTEM, "quoted": Quoted.OCR.value})
    return take_table_in(session, file=file, reading=reading, on=office.ago(ago), by=office.by)
