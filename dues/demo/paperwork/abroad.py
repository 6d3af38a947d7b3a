"""Money that came in euro for what was invoiced in kronor: one payment was exchanged, one waits for the bank's rate."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from bankfiles.accounts import account
from bankfiles.types import Reference
from bankfiles.write import Incoming
from dues.demo.paperwork.bank import Owed, came, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.payments.exchange import exchange

RATE: Final = Decimal("11.4520")
"""What the bank gave in kronor for a euro."""
_ACCOUNT: Final = account("IBAN", "FI21 1234 5600 0007 85")


def from_abroad(office: Office, choir: Choir, first: Owed, second: Owed, *, ago: int) -> None:
    """Let two pay in euro, and exchange the first payment."""
    payments = [_paid(claim) for claim in (first, second)]
    came(office, payments, choir.creditor_id, ago=ago, currency="EUR")
    with office.desk() as session:
        exchange(
            session,
            payment_id=waits(session, choir.creditor_id, of=first.name),
            claim_id=first.claim_id,
            rate=RATE,
            in_full=True,
            on=office.ago(ago - 1),
            by=office.by,
        )
    office.post(office.ago(ago - 1))


def _paid(claim: Owed) -> Incoming:
    """Return the payment of a claim in euro, in whole cents."""
    cents = int((claim.amount / RATE).quantize(Decimal(1), ROUND_HALF_UP))
    return Incoming(
        amount=cents,
        bank_reference=f"EUR{claim.claim_id:09}",
        references=(Reference(claim.reference),),
        payer_name=claim.name,
        payer_account=_ACCOUNT,
    )
