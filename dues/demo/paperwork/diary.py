"""A season at the demonstration's office, day by day: oldest first, as documents are numbered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from database.connect import OpenSession
from dues.demo.paperwork import camp, counter, elsewhere, renewals, series, style, switzerland, table
from dues.demo.paperwork.bank import Owed, came, owed
from dues.demo.paperwork.choirs import Choir, choir_of
from dues.demo.paperwork.lines import COURSE, SHIRT, SONGBOOK, Own
from dues.demo.paperwork.office import Desk, Office, open_office
from dues.invoicing.models import Invoice

FEWEST_MEMBERS: Final = 500
"""Below this some of the choirs have too few people for all that happens here."""
_REBATE: Final = Own("Medlemsrabatt", -5)


@dataclass(frozen=True, slots=True)
class _Choirs:
    """The choirs of whom the diary tells."""

    swedish: Choir
    norwegian: Choir
    dutch: Choir
    german: Choir


def keep_diary(open_session: OpenSession, desk: Desk, *, today: dt.date, seed: int) -> None:
    """Do what the office did until today, by the verbs that its desk has; a few dozen invoices, whatever the size.

    The same for the same seed and day. Each step is committed: whoever breaks off has a demonstration with less in it.
    """
    office = open_office(open_session, desk, today=today, seed=seed)
    branches = ("sverige", "norge", "nederland", "deutschland")
    choirs = _Choirs(*(choir_of(office, branch) for branch in branches))
    invited = _two_months_ago(office, choirs)
    _last_month(office, choirs, invited)
    _this_month(office, choirs)
    _these_days(office, choirs)
    office.date_back()


def _two_months_ago(office: Office, choirs: _Choirs) -> int:
    """A choir opens in Switzerland, and the young are invited to a camp; return the run of that."""
    style.dress(office, choirs.dutch)
    switzerland.found(office, ago=76)
    invited = camp.invite(office, choirs.swedish, ago=70)
    switzerland.some_pay(office, ago=50)
    camp.most_pay(office, choirs.swedish, invited, ago=42)
    camp.decide(office, choirs.swedish, ago=41)
    return invited


def _last_month(office: Office, choirs: _Choirs, invited: int) -> None:
    """Things are sold and given back, whoever is late is reminded, and a committee sends its table."""
    series.lessons(office, choirs.german, of=0, ago=33)
    series.make(office, ago=33)
    shirts = counter.sell(office, choirs.swedish, [(SHIRT, 2), (SONGBOOK, 1)], to=0, ago=32)
    course = counter.sell(office, choirs.swedish, [(COURSE, 1), (_REBATE, 1)], to=1, ago=30)
    counter.sell(office, choirs.dutch, [(SHIRT, 1)], to=-1, ago=32)
    for place in range(2):
        counter.sell(office, choirs.norwegian, [(COURSE, 1), (SONGBOOK, place + 1)], to=place, ago=28 - place)
    counter.take_half_back(office, shirts, ago=26)
    camp.somebody_complains(office, invited, ago=25)
    counter.take_back(office, course, ago=24)
    camp.remind_all(office, ago=23)
    by_the_month = counter.sell(office, choirs.swedish, [(COURSE, 2), (SHIRT, 1)], to=-2, ago=22, parts=3)
    elsewhere.take_in(office, choirs.swedish, ago=21)
    weekend = table.weekend(office, choirs.dutch, ago=20)
    table.mistakes(office, choirs.dutch, ago=19)
    _paid(office, choirs.swedish, owed(office, Invoice.id == shirts), ago=17)
    _paid(office, choirs.swedish, owed(office, Invoice.id == by_the_month)[:1], ago=16)
    _paid(office, choirs.dutch, owed(office, Invoice.run_id == weekend)[:-2], ago=15)


def _this_month(office: Office, choirs: _Choirs) -> None:
    """An invoice is written anew, and one choir is charged its next year."""
    sold = owed(office, Invoice.creditor_id == choirs.norwegian.creditor_id)
    right, wrong = (claim.paid(reference=None if place == 0 else claim.mistyped) for place, claim in enumerate(sold))
    came(office, [right, wrong], choirs.norwegian.creditor_id, ago=12)
    lessons = owed(office, Invoice.creditor_id == choirs.german.creditor_id)
    _paid(office, choirs.german, lessons, ago=12)
    moved = counter.sell(office, choirs.swedish, [(SHIRT, 1)], to=2, ago=11)
    counter.write_anew(office, moved, ago=7)
    series.make(office, ago=5)
    renewed = renewals.renew(office, choirs.swedish, ago=4)
    dying = renewals.eldest(office, renewed)
    others = [claim for claim in owed(office, Invoice.run_id == renewed) if claim.debtor_id != dying]
    _paid(office, choirs.swedish, others, ago=2)
    renewals.somebody_leaves(office, renewed, ago=1)
    if dying is not None:
        renewals.somebody_dies(office, dying, ago=1)


def _these_days(office: Office, choirs: _Choirs) -> None:
    """An invoice is cancelled, a mail comes back, two previews are left for somebody, and a run is taken back."""
    mistaken = renewals.renew(office, choirs.norwegian, ago=3)
    never = counter.sell(office, choirs.swedish, [(COURSE, 1)], to=3, ago=1, posted=False)
    counter.cancel(office, never, ago=1)
    office.comes_back(counter.sell(office, choirs.german, [(SONGBOOK, 1)], to=1, ago=1))
    series.music(office, choirs.german, ago=1)
    series.make(office, ago=1)
    renewals.renew(office, choirs.swedish, ago=-60, confirmed=False)
    renewals.undo_run(office, mistaken)


def _paid(office: Office, choir: Choir, claims: Sequence[Owed], *, ago: int) -> None:
    came(office, [claim.paid() for claim in claims], choir.creditor_id, ago=ago)
