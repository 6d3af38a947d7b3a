"""A season at the demonstration's office, day by day: oldest first, as documents are numbered."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from database.connect import OpenSession
from dues.demo.paperwork import (
    abroad,
    camp,
    cash,
    counter,
    elsewhere,
    employer,
    giving,
    grandfather,
    odd,
    refunding,
    renewals,
    series,
    statements,
    style,
    switzerland,
    table,
)
from dues.demo.paperwork.bank import Owed, came, look_again, owed
from dues.demo.paperwork.choirs import Choir, choir_of
from dues.demo.paperwork.lines import COURSE, SHIRT, SONGBOOK, Own
from dues.demo.paperwork.office import Counter, Desk, Office, open_office
from dues.invoicing.models import Invoice
from dues.payments.by_hand import How

FEWEST_MEMBERS: Final = 500
"""Below this some of the choirs have too few people for all that happens here."""
_REBATE: Final = Own("Medlemsrabatt", -5)
_A_GIFT: Final = 1000
"""How much more than the weekend costs somebody pays, in cents."""
_CENTS: Final = 5
"""How much less somebody else pays for it."""
_TOO_MUCH: Final = 5000
"""How much more somebody in Norway pays, where each time somebody decides, in øre."""
_A_DUTCH_ACCOUNT: Final = "NL20 INGB 0001 2345 67"


@dataclass(frozen=True, slots=True)
class _Choirs:
    """The choirs of whom the diary tells."""

    swedish: Choir
    norwegian: Choir
    dutch: Choir
    german: Choir


def keep_diary(open_session: OpenSession, desk: Desk, counter: Counter, *, today: dt.date, seed: int) -> None:
    """Do what the office did until today, by the verbs that its desk has; a few dozen invoices, whatever the size.

    The same for the same seed and day. Each step is committed: whoever breaks off has a demonstration with less in it.
    """
    office = open_office(open_session, desk, counter, today=today, seed=seed)
    branches = ("sverige", "norge", "nederland", "deutschland")
    choirs = _Choirs(*(choir_of(office, branch) for branch in branches))
    invited = _two_months_ago(office, choirs)
    odd_ones = _last_month(office, choirs, invited)
    _money_needs_somebody(office, choirs, odd_ones)
    _this_month(office, choirs)
    _these_days(office, choirs)
    office.date_back()


def _two_months_ago(office: Office, choirs: _Choirs) -> int:
    """A choir opens in Switzerland, and the young are invited to a camp; return the run of that."""
    style.dress(office, choirs.dutch)
    refunding.two_agree(office, choirs.swedish)
    switzerland.found(office, ago=76)
    invited = camp.invite(office, choirs.swedish, ago=70)
    switzerland.some_pay(office, ago=50)
    camp.most_pay(office, choirs.swedish, invited, ago=42)
    look_again(office, ago=42)
    camp.decide(office, choirs.swedish, ago=41)
    return invited


def _last_month(office: Office, choirs: _Choirs, invited: int) -> odd.Odd:
    """Things are sold and given back, whoever is late is reminded, and a committee sends its table.

    Return what odd payments will be for.
    """
    series.lessons(office, choirs.german, of=0, ago=33)
    series.make(office, ago=33)
    shirts = counter.sell(office, choirs.swedish, [(SHIRT, 2), (SONGBOOK, 1)], to=0, ago=32)
    course = counter.sell(office, choirs.swedish, [(COURSE, 1), (_REBATE, 1)], to=1, ago=30)
    credited, *_ = owed(office, Invoice.id == course)
    shirt = counter.sell(office, choirs.dutch, [(SHIRT, 1)], to=-1, ago=32)
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
    paid, *_ = owed(office, Invoice.id == shirts)
    _paid(office, choirs.swedish, [paid], ago=17)
    first, *_ = owed(office, Invoice.id == by_the_month)
    _paid(office, choirs.swedish, [first], ago=16)
    _who_paid_twice(office, choirs.dutch, _weekend_is_paid(office, choirs.dutch, weekend, shirt))
    return odd.Odd(paid, credited, owed(office, Invoice.run_id == invited)[-2])


def _weekend_is_paid(office: Office, choir: Choir, weekend: int, shirt: int) -> Sequence[str]:
    """Some pay a little more or less than the weekend cost, and an employer pays for some; return who paid twice."""
    scholarships, _ = giving.open_both(office, choir)
    giving.give_what_is_too_much(office, choir, scholarships)
    claims = owed(office, Invoice.run_id == weekend)
    payers = claims[:-5]
    generous, careless, *others = payers
    payments = [generous.paid(more=_A_GIFT), careless.paid(more=-_CENTS), *(claim.paid() for claim in others)]
    came(office, payments, choir.creditor_id, ago=15)
    twice = [replace(claim.paid(), bank_reference=f"2{claim.claim_id:09}") for claim in payers[:3]]
    came(office, twice, choir.creditor_id, ago=14)
    employer.pay_for_some(office, choir, claims[-5:-2], ago=13)
    for_one, *_ = owed(office, Invoice.id == shirt)
    grandfather.pays(office, choir, for_one, ago=11)
    employer.pay_for_others(office, choir, claims[-2:], ago=6)
    return [claim.name for claim in payers[:3]]


def _who_paid_twice(office: Office, choir: Choir, names: Sequence[str]) -> None:
    """Give it back: one refund has left, one is ordered, and one waits for the next order."""

    def approved(name: str, ago: int) -> int:
        refund_id = refunding.back_to(office, choir, name, _A_DUTCH_ACCOUNT, why="Twee keer betaald", ago=ago)
        refunding.approve(office, refund_id)
        return refund_id

    first, second, third = names
    gone = approved(first, 12)
    refunding.order(office, choir, ago=12)
    refunding.it_left(office, choir, gone, ago=10)
    approved(second, 3)
    refunding.order(office, choir, ago=3)
    approved(third, 1)


def _money_needs_somebody(office: Office, choirs: _Choirs, ones: odd.Odd) -> None:
    """Money comes that quotes the wrong thing or nothing, gifts among it; some of it is decided."""
    choir = choirs.swedish
    scholarships, piano = giving.open_both(office, choir)
    gifts = [
        giving.gift(office, choir, of=4, amount=50_000, text="Gåva till stipendierna"),
        giving.gift(office, choir, of=5, amount=100_000, text="Gåva till flygeln"),
    ]
    came(office, [*odd.payments(ones), *gifts], choir.creditor_id, ago=14)
    giving.give_it(office, choir, scholarships, of=4, amount=50_000, ago=13)
    giving.give_it(office, choir, piano, of=5, amount=100_000, ago=13)
    odd.nobodys(office, choir, ago=13)
    odd.think_again(office, choir, ones.mistyped, ago=13)
    back = refunding.back_to(office, choir, odd.TOWN, odd.TOWNS_ACCOUNT, why="Bidraget gäller en annan kör", ago=13)
    refunding.approve(office, back)


def _this_month(office: Office, choirs: _Choirs) -> None:
    """An invoice is written anew, and one choir is charged its next year."""
    sold = owed(office, Invoice.creditor_id == choirs.norwegian.creditor_id)
    generous, careless = sold
    payments = [generous.paid(more=_TOO_MUCH), careless.paid(reference=careless.mistyped)]
    came(office, payments, choirs.norwegian.creditor_id, ago=12)
    lesson, *_ = owed(office, Invoice.creditor_id == choirs.german.creditor_id)
    statements.lessons_are_paid(office, choirs.german, lesson, ago=12)
    look_again(office, ago=12)
    moved = counter.sell(office, choirs.swedish, [(SHIRT, 1)], to=2, ago=11)
    songbook = counter.sell(office, choirs.swedish, [(SONGBOOK, 1)], to=4, ago=10)
    cash.paid_at_once(office, choirs.swedish, songbook, How.CASH, ago=10)
    course = counter.sell(office, choirs.swedish, [(COURSE, 1)], to=-4, ago=9)
    statements.it_comes_back(office, choirs.german, lesson, ago=8)
    counter.write_anew(office, moved, ago=7)
    shirt = counter.sell(office, choirs.swedish, [(SHIRT, 1)], to=5, ago=6)
    cash.paid_at_once(office, choirs.swedish, shirt, How.TERMINAL, ago=6, note="Kvitto 0417")
    in_kronor = owed(office, (Invoice.id == course) | (Invoice.replaces_id == moved))
    abroad.from_abroad(office, choirs.swedish, in_kronor[0], in_kronor[-1], ago=5)
    series.make(office, ago=5)
    renewed = renewals.renew(office, choirs.swedish, ago=4)
    dying = renewals.eldest(office, renewed)
    others = [claim for claim in owed(office, Invoice.run_id == renewed) if claim.debtor_id != dying]
    renewal = [*(claim.paid() for claim in others), odd.tickets(92_000, "5006")]
    came(office, renewal, choirs.swedish.creditor_id, ago=2)
    look_again(office, ago=2)
    left = renewals.somebody_leaves(office, renewed, ago=1)
    refunding.ask_who_left(office, choirs.swedish, left, ago=1)
    if dying is not None:
        renewals.somebody_dies(office, dying, ago=1)


def _these_days(office: Office, choirs: _Choirs) -> None:
    """An invoice is cancelled, a mail comes back, two previews are left for somebody, and a run is taken back."""
    mistaken = renewals.renew(office, choirs.norwegian, ago=3)
    statements.it_is_charged_for(office, choirs.german, ago=3)
    never = counter.sell(office, choirs.swedish, [(COURSE, 1)], to=3, ago=1, posted=False)
    counter.cancel(office, never, ago=1)
    office.comes_back(counter.sell(office, choirs.german, [(SONGBOOK, 1)], to=1, ago=1))
    series.music(office, choirs.german, ago=1)
    series.make(office, ago=1)
    renewals.renew(office, choirs.swedish, ago=-60, confirmed=False)
    renewals.undo_run(office, mistaken)


def _paid(office: Office, choir: Choir, claims: Sequence[Owed], *, ago: int) -> None:
    came(office, [claim.paid() for claim in claims], choir.creditor_id, ago=ago)
