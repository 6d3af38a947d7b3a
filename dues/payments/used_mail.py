"""Makes the mails that tell people that their credit has paid an invoice, in full or in part."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from dues.delivery.envelope import envelope
from dues.delivery.errors import WrongChannelError
from dues.delivery.forms import Filled, form
from dues.delivery.installation import Installation
from dues.delivery.models import Channel
from dues.delivery.post import Mail, Make, Outgoing, Withheld
from dues.invoicing.document import Issued, issued
from dues.invoicing.models import Claim
from dues.invoicing.neutral import neutral_mails
from dues.invoicing.payment_words import sender_shape, sender_values
from dues.payments.models import Credit
from dues.payments.refunds.models import CreditUse
from language import Language

KIND: Final = "credit used"


@dataclass(frozen=True, slots=True)
class Used:
    """What of a person's credit paid an invoice at once, and what is ``left`` of it; minor units of ``currency``."""

    invoice: Issued
    amount: int
    currency: str
    on: dt.date
    left: int


@dataclass(frozen=True, slots=True)
class UsedRenderer:
    """Renders messages whose subject is the first use of a person's credit for an invoice; they go by e-mail only."""

    installation: Installation

    def load(self, session: Session, messages: Sequence[Outgoing]) -> Mapping[int, Make]:
        """Read what was used; sensitive creditors send a link to the invoice instead."""
        told = used(session, uses={message.subject_id for message in messages})
        found = [(message, told[message.subject_id]) for message in messages if message.subject_id in told]
        neutral = [(message, one.invoice.invoice_id) for message, one in found if one.invoice.sensitive and one.amount]
        makes = neutral_mails(session, self.installation, neutral)
        return {m.id: makes.get(m.id) or partial(_make, self.installation, m, one) for m, one in found}


def used(session: Session, *, uses: Collection[int]) -> dict[int, Used]:
    """Return what was used with some uses of credit: all that the same entry used of it for the same invoice.

    What was taken back since is not in it. By the ids of the uses; those that do not exist are missing.
    """
    one, back, owed, paid = aliased(CreditUse), aliased(CreditUse), aliased(Claim), aliased(Claim)
    holds = ~exists().where(back.reverses_id == one.id)
    wanted = (
        select(
            CreditUse.id,
            owed.invoice_id,
            func.coalesce(func.sum(one.amount).filter(holds), 0),
            CreditUse.currency,
            CreditUse.on_date,
            func.coalesce(func.max(Credit.balance), 0),
        )
        .join(owed, owed.id == CreditUse.claim_id)
        .join(one, (one.entry_id == CreditUse.entry_id) & (one.person_id == CreditUse.person_id))
        .join(paid, (paid.id == one.claim_id) & (paid.invoice_id == owed.invoice_id))
        .outerjoin(
            Credit,
            (Credit.creditor_id == CreditUse.creditor_id)
            & (Credit.person_id == CreditUse.person_id)
            & (Credit.currency == CreditUse.currency),
        )
        .where(CreditUse.id.in_(uses))
        .group_by(CreditUse.id, owed.invoice_id, CreditUse.currency, CreditUse.on_date)
    )
    rows = session.execute(wanted).all()
    invoices = issued(session, invoices={invoice_id for _, invoice_id, *_ in rows})
    return {
        use_id: Used(invoices[invoice_id], int(amount), currency, on, int(left))
        for use_id, invoice_id, amount, currency, on, left in rows
        if invoice_id in invoices
    }


def _make(installation: Installation, message: Outgoing, told: Used) -> Mail | Withheld:
    if message.channel is not Channel.EMAIL:
        raise WrongChannelError(message.kind, message.channel)
    if not told.amount:
        return Withheld("The use of credit was taken back by now.")
    words = used_words(told, Language(message.language))
    document = told.invoice.document
    return envelope(installation, message, words, sender=document.sender, recipient=document.recipient.name)


def used_words(told: Used, language: Language) -> Filled:
    """Return the words of the mail: what was used, what is open of the invoice, and what is left of the credit."""
    document = told.invoice.document
    values = {
        **sender_values(document.sender, document.look.colour),
        "number": document.number,
        "amount": language.money(told.amount, told.currency),
        "date": language.long_date(told.on),
        "rest": language.money(told.invoice.open_amount, document.currency),
        "left": language.money(told.left, told.currency),
    }
    parts = {"rest": told.invoice.open_amount > 0, "left": told.left > 0}
    shape = sender_shape(document.sender) | {part for part, there in parts.items() if there}
    return form("credit_used", language.code, frozenset(shape)).fill(values)
