"""Invoices that invite to pay more: for which fund, and what their payer may choose instead.

Whether a creditor's invoices invite is frozen with its name and accounts; the payer's choice is kept beside them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from database.base import Names
from dues.actor import Actor
from dues.editing import EditingError
from dues.groups.models import Payee
from dues.invoicing.gift_models import FundChoice
from dues.invoicing.models import Invoice
from dues.journal.fund_models import Fund
from language import pick

GIFT: Final = "gift"
"""Under which a frozen payee says that its invoices invite: the fund's id, and its names at that time."""


class NotOfferedError(EditingError):
    """A fund takes no gifts, or is not offered to members, or the invoice invites to none."""

    def __init__(self) -> None:
        super().__init__("This fund takes no gifts any more.")


def frozen(fund: Fund | None) -> dict[str, Any]:
    """Return what a payee freezes of the fund that its invoices invite to give for: nothing where they do not."""
    return {} if fund is None else {GIFT: {"fund": fund.id, "names": dict(fund.names)}}


def names_of(content: Mapping[str, Any]) -> Names | None:
    """Return what the fund of a frozen payee was called, None where its invoices do not invite."""
    return content[GIFT]["names"] if GIFT in content else None


def funds_named(session: Session, written: Mapping[int, tuple[Mapping[str, Any], str]]) -> dict[int, str]:
    """Return for which fund each of some invoices invites to pay more, in its language; those that do not are missing.

    They are told by their ids: what their payees froze, and their languages. What their payers had chosen before they
    were written goes before what the sender names.
    """
    inviting = {
        invoice_id: (names, language)
        for invoice_id, (content, language) in written.items()
        if (names := names_of(content))
    }
    chosen = _chosen_before(session, invoices=inviting) if inviting else {}
    return {
        invoice_id: pick(chosen.get(invoice_id, names), language) for invoice_id, (names, language) in inviting.items()
    }


def _chosen_before(session: Session, *, invoices: Collection[int]) -> dict[int, Names]:
    wanted = (
        select(Invoice.id, FundChoice.names)
        .join(
            FundChoice,
            (FundChoice.person_id == Invoice.payer_id)
            & (FundChoice.creditor_id == Invoice.creditor_id)
            & (FundChoice.recorded_at < Invoice.recorded_at),
        )
        .where(Invoice.id.in_(invoices))
        .ext(distinct_on(Invoice.id))
        .order_by(Invoice.id, FundChoice.id.desc())
    )
    return dict(session.execute(wanted).all())


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invoice's payer may give for: ``fund`` is meant now, ``others`` are all that may be chosen instead."""

    fund: Fund
    others: Sequence[Fund]


def offer_of(session: Session, *, invoice_id: int) -> Offer | None:
    """Return what somebody may give for with an invoice that invites; None where none of its funds takes gifts."""
    invoice = session.get(Invoice, invoice_id)
    content = session.get_one(Payee, invoice.payee_id).content if invoice else {}
    if invoice is None or GIFT not in content:
        return None
    newest = (
        select(FundChoice.fund_id)
        .where(FundChoice.person_id == invoice.payer_id, FundChoice.creditor_id == invoice.creditor_id)
        .order_by(FundChoice.id.desc())
        .limit(1)
    )
    own, chosen = int(content[GIFT]["fund"]), session.scalar(newest)
    there = select(Fund).where(Fund.creditor_id == invoice.creditor_id, ~Fund.closed).order_by(Fund.id)
    open_ones = {fund.id: fund for fund in session.scalars(there) if fund.offered or fund.id == own}
    meant = open_ones.get(chosen or own) or open_ones.get(own)
    return None if meant is None else Offer(meant, [fund for fund in open_ones.values() if fund is not meant])


def choose_fund(session: Session, *, invoice_id: int, fund_id: UUID, by: Actor) -> Fund:
    """Let an invoice's payer give for another fund from now on. Raises NotOfferedError."""
    offer = offer_of(session, invoice_id=invoice_id)
    fund = next((one for one in (offer.fund, *offer.others) if one.uuid == fund_id), None) if offer else None
    if offer is None or fund is None:
        raise NotOfferedError
    if fund is not offer.fund:
        invoice = session.get_one(Invoice, invoice_id)
        session.add(
            FundChoice(
                creditor_id=invoice.creditor_id,
                person_id=invoice.payer_id,
                fund_id=fund.id,
                names=dict(fund.names),
                actor=str(by),
            )
        )
        session.flush()
    return fund
