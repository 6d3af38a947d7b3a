"""One invoice for several members, as a payer may have from elsewhere: two invoices put together into one."""

import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

from database.sql import statement
from dues.actor import COMMAND_LINE
from dues.groups.models import BankAgreement, Payee
from dues.groups.numbers import take_number
from dues.invoicing.models import Invoice
from dues.invoicing.new_claim import write_claim
from dues.journal.post import open_entry
from dues.members.models import Person
from dues.payments.credit_invoice import Terms, credit_now

_LINES = """
INSERT INTO invoice_line (invoice_id, position, membership_id, person_id, component_id, beneficiary_id, text_id,
    member_name, period_from, period_to, amount)
SELECT :joint, row_number() OVER (ORDER BY invoice_id, position), membership_id, person_id, component_id,
    beneficiary_id, text_id, member_name, period_from, period_to, amount
FROM invoice_line WHERE invoice_id = ANY (:notes)
"""


def joined(session: Session, first: Invoice, second: Invoice, *, on: dt.date) -> int:
    """Take two invoices of one payer back and write one in their place; return its id. Their stretches stay charged."""
    terms = Terms(on=on, by=COMMAND_LINE, frees=False)
    notes = [credit_now(session, one.id, None, terms) for one in (first, second)]
    copied = ("creditor_id", "group_id", "payer_id", "payee_id", "due_on", "currency", "language")
    address = ("payer_name", "payer_street", "payer_postcode", "payer_city", "payer_country")
    joint = Invoice(
        number=take_number(session, creditor_id=first.creditor_id, series="invoice"),
        issued_on=on,
        amount=first.amount + second.amount,
        **{name: getattr(first, name) for name in (*copied, *address)},
    )
    session.add(joint)
    session.flush()
    session.execute(text(_LINES), {"joint": joint.id, "notes": notes})
    payee = session.get_one(Payee, joint.payee_id)
    agreement = session.get_one(BankAgreement, payee.agreement_id)
    payer = session.get_one(Person, joint.payer_id)
    claim = write_claim(session, invoice=joint, agreement=agreement, payer=payer)
    entry = open_entry(
        session, creditor_id=joint.creditor_id, event="issue", key=f"invoice:{joint.id}", on=on, by=COMMAND_LINE
    )
    values = {"entry": entry.id, "books_on": entry.on_date, "on": on, "claim": claim.id, "person": payer.id}
    for note in notes:
        again = {**values, "key": f"credit note:{note}"}
        session.execute(statement("dues/payments/sql/reissue_postings.sql"), again)
    session.flush()
    return joint.id
