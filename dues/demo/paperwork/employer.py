"""An employer pays for some of its people at once, and sends lists: one was booked, one has something to ask about."""

from collections.abc import Sequence
from typing import Final

from bankfiles.accounts import account
from bankfiles.write import Incoming
from dues.demo.paperwork.bank import Owed, came, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.payments.deduction_table import read_list
from dues.payments.deductions import book_list, keep_lines

EMPLOYER: Final = "Gemeente Voorbeeldstad"
HEAD: Final = "Lidnummer;Naam;Bedrag"
_ACCOUNT: Final = account("IBAN", "NL02 ABNA 0123 4567 89")
_STRANGER: Final = 1500
_SLIP: Final = 250
"""Cents that are too few on the first list, and too many on the second."""


def pay_for_some(office: Office, choir: Choir, claims: Sequence[Owed], *, ago: int) -> None:
    """Let the employer pay for some members, too little for the last of them, and share that out as its list says."""
    shares = [(claim.debtor_id, claim.name, claim.amount - _SLIP * (claim is claims[-1])) for claim in claims]
    payment_id = _sent(office, choir, shares, ago=ago)
    on = office.ago(ago - 1)
    with office.desk() as session:
        book_list(session, payment_id=payment_id, seen=None, on=on, by=office.by)
    office.post(on)


def pay_for_others(office: Office, choir: Choir, claims: Sequence[Owed], *, ago: int) -> None:
    """Let it pay for others: too much for one, and for somebody who is no member. Nobody has booked that list yet."""
    shares = [(claim.debtor_id, claim.name, claim.amount + _SLIP * (claim is claims[0])) for claim in claims]
    _sent(office, choir, [*shares, (99_000_000 + claims[0].debtor_id, "M. Onbekend", _STRANGER)], ago=ago)


def _sent(office: Office, choir: Choir, shares: Sequence[tuple[int, str, int]], *, ago: int) -> int:
    """Let the payment of some shares (number, name, cents) come with its list, and return it."""
    payment = Incoming(
        sum(share for _, _, share in shares),
        bank_reference=f"8{shares[0][0]:09}",
        text="Inhouding contributie, zie lijst",
        payer_name=EMPLOYER,
        payer_account=_ACCOUNT,
    )
    came(office, [payment], choir.creditor_id, ago=ago)
    table = "\n".join([HEAD, *(f"{number};{name};{_euro(share)}" for number, name, share in shares)])
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=EMPLOYER)
        keep_lines(session, payment_id=payment_id, lines=read_list(table.encode(), decimals=2))
    return payment_id


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
