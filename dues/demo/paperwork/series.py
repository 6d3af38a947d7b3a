"""What comes again: lessons that one singer pays every four weeks, and sheet music that waits each quarter."""

from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.lines import Own, library, lines
from dues.demo.paperwork.office import Office
from dues.groups.models import Group
from dues.invoicing.audience import Audience
from dues.invoicing.series import make_due, set_up_series
from dues.invoicing.templates import save_template
from dues.recurrence import Recurrence, Unit
from dues.runs.drive import drive

LESSONS = Own("Stimmbildung, vier Stunden", 75)
MUSIC = Own("Notenmaterial für das Quartal", 15)
_WEEKS = 4


def lessons(office: Office, choir: Choir, *, of: int, ago: int) -> None:
    """Let one of the adults be invoiced every four weeks from a day on, by itself."""
    first = office.ago(ago)
    calendar = Recurrence(every=_WEEKS, unit=Unit.WEEK, from_on=first, weekday=first.isoweekday())
    audience = Audience(person_id=choir.adults[of])
    _set_up(office, choir, LESSONS, audience, calendar, automatic=True)


def music(office: Office, choir: Choir, *, ago: int) -> None:
    """Let all adults be invoiced each quarter from a day on, left open for somebody to look at."""
    first = office.ago(ago)
    calendar = Recurrence(every=1, unit=Unit.QUARTER, from_on=first, day=first.day)
    audience = Audience(group_id=choir.group_id, type_id=choir.adult_type)
    _set_up(office, choir, MUSIC, audience, calendar, automatic=False)


def make(office: Office, *, ago: int) -> None:
    """Make what the series of a day are, as the clock would."""
    on = office.ago(ago)
    with office.desk() as session:
        started = make_due(session, on=on)
    for run_id in started:
        drive(office.open_session, run_id)
    office.post(on)


def _set_up(
    office: Office, choir: Choir, what: Own, audience: Audience, calendar: Recurrence, *, automatic: bool
) -> None:
    with office.desk() as session:
        template = save_template(
            session,
            group=session.get_one(Group, choir.group_id),
            name=what.text,
            lines=lines(session, choir, [(what, 1)]),
            prices=library(session, choir),
            language=choir.language,
        )
        set_up_series(
            session,
            template=template,
            audience=audience,
            calendar=calendar,
            automatic=automatic,
            on=calendar.from_on - calendar.from_on.resolution,
            key=office.key(what.text),
        )
