"""Somebody pays for a member and never says so: a rule made from the first payment knows whose it is."""

from typing import Final

from bankfiles.accounts import account
from bankfiles.write import Incoming
from dues.demo.paperwork.bank import Owed, came, waits
from dues.demo.paperwork.choirs import Choir
from dues.demo.paperwork.office import Office
from dues.payments.payer_rules import Ruled, apply_rules, make_rule

NAME: Final = "Opa Voorbeeld"
ACCOUNT: Final = "NL20INGB0001234567"


def pays(office: Office, choir: Choir, claim: Owed, *, ago: int) -> None:
    """Let him pay what a member owes, and make the rule: what comes from his account is that member's."""
    payment = Incoming(
        claim.amount,
        bank_reference=f"7{claim.claim_id:09}",
        payer_name=NAME,
        payer_account=account("IBAN", ACCOUNT),
    )
    came(office, [payment], choir.creditor_id, ago=ago)
    on = office.ago(ago - 1)
    with office.desk() as session:
        payment_id = waits(session, choir.creditor_id, of=NAME)
        make_rule(session, ruled=Ruled(payment_id, ACCOUNT, person_id=claim.debtor_id), by=office.by)
        apply_rules(session, creditor_id=choir.creditor_id, on=on, by=office.by)
    office.post(on)
