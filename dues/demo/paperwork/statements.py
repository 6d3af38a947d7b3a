"""A German choir's bank: statements with balances, a payment that was returned, one that nobody knows, and charges."""

from dataclasses import replace
from typing import Final

from bankfiles.accounts import account
from bankfiles.write import Incoming
from dues.demo.paperwork.bank import Owed, came, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.payments.aside import Setting, set_aside

_PAYERS: Final = account("IBAN", "DE02 1203 0000 0000 2020 51")
_CHURCH: Final = "Kirchengemeinde Beispielstadt"
_NO_FUNDS: Final = "AM04"
"""There was not enough money on the account (ISO 20022)."""
_NO_REASON: Final = "MS03"
"""The bank does not say why."""


def lessons_are_paid(office: Office, choir: Choir, claim: Owed, *, ago: int) -> None:
    """Let a lesson be paid, and a church hand over what was collected, which is no member's."""
    collected = Incoming(31_240, bank_reference="KOLLEKTE", text="Kollekte Herbstkonzert", payer_name=_CHURCH)
    came(office, [_paid(claim), collected], choir.creditor_id, ago=ago)
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=_CHURCH)
        wanted = Setting("Collection at the concert in autumn, no member's money")
        set_aside(session, payment_id=payment_id, wanted=wanted, on=office.ago(ago - 1), by=office.by)


def it_comes_back(office: Office, choir: Choir, claim: Owed, *, ago: int) -> None:
    """Let the bank take the payment of a lesson back, and another one that was never heard of."""
    paid = _paid(claim)
    returned = replace(paid, amount=-paid.amount, bank_reference="RETOURE1", return_reason=_NO_FUNDS)
    strange = Incoming(-2500, bank_reference="RETOURE2", return_reason=_NO_REASON, payer_name="Beispiel, Toni")
    came(office, [returned, strange], choir.creditor_id, ago=ago)


def it_is_charged_for(office: Office, choir: Choir, *, ago: int) -> None:
    """Let the bank take what it asks for the account."""
    fee = Incoming(-490, bank_reference="ENTGELT", text="Entgelt Kontoführung", payer_name="Beispielbank")
    came(office, [fee], choir.creditor_id, ago=ago)


def _paid(claim: Owed) -> Incoming:
    quoted = claim.paid(reference="", text=f"Stimmbildung {claim.reference}")
    return replace(quoted, payer_account=_PAYERS, end_to_end_id=f"STIMM{claim.claim_id}")
