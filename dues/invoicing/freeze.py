"""Freezes what documents print: payees and line texts, content-addressed so that equal copies are one row."""

import datetime as dt
import hashlib
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement, Creditor, Group, Payee
from dues.groups.own_templates import in_use
from dues.invoicing.invite import frozen
from dues.invoicing.models import FrozenText
from dues.journal.fund_models import Fund

Line = TypeVar("Line", bound=Hashable)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content's canonical JSON, as hexadecimal."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Looks:
    """How documents look, as payees freeze it: ids of logo and template, and a layout as it is kept."""

    logo_id: int | None
    colour: str
    layout: Mapping[str, Any]
    template_id: int | None


def freeze_payees(session: Session, *, creditors: Iterable[int], on: dt.date) -> dict[int, int]:
    """Freeze the creditors' names, addresses, accounts and looks of a day; return creditor id to payee id.

    A creditor without a preferred bank agreement in its own currency is missing from the answer.
    """
    senders = senders_now(session, creditors=creditors, on=on)
    kept = keep_payees(session, [(one, one.looks) for one in senders.values()])
    return dict(zip(senders, kept, strict=True))


@dataclass(frozen=True, slots=True)
class SenderNow:
    """A creditor as it is today, the agreement that invoices ask for money on, and how its own documents look.

    ``fund`` is what its invoices invite to give for, None where they do not.
    """

    creditor: Creditor
    agreement: BankAgreement
    looks: Looks
    fund: Fund | None


def senders_now(session: Session, *, creditors: Iterable[int], on: dt.date) -> dict[int, SenderNow]:
    """Return those of some creditors that can send invoices on a day, by their ids."""
    wanted = (
        select(Creditor, BankAgreement, Group, Fund)
        .join(BankAgreement, BankAgreement.creditor_id == Creditor.id)
        .join(Group, Group.id == Creditor.group_id)
        .outerjoin(Fund, (Fund.id == Creditor.gift_fund_id) & Creditor.invites_gifts & ~Fund.closed)
        .where(Creditor.id.in_(set(creditors)), BankAgreement.preferred, BankAgreement.currency == Creditor.currency)
    )
    rows = session.execute(wanted).all()
    templates = in_use(session, creditors={creditor.id for creditor, _, _, _ in rows}, on=on) if rows else {}
    return {
        creditor.id: SenderNow(
            creditor, agreement, Looks(group.logo_id, group.colour, creditor.layout, templates.get(creditor.id)), fund
        )
        for creditor, agreement, group, fund in rows
    }


def keep_payees(session: Session, wanted: Sequence[tuple[SenderNow, Looks]]) -> list[int]:
    """Freeze senders in looks, in two statements for any number; return their payees' ids in the same order."""
    if not wanted:
        return []
    rows = [_payee(sender, looks) for sender, looks in wanted]
    each = {row["digest"]: row for row in rows}
    session.execute(insert(Payee).values(list(each.values())).on_conflict_do_nothing(index_elements=["digest"]))
    found = dict(session.execute(select(Payee.digest, Payee.id).where(Payee.digest.in_(each))).all())
    return [found[row["digest"]] for row in rows]


def _payee(sender: SenderNow, looks: Looks) -> dict[str, Any]:
    creditor, agreement = sender.creditor, sender.agreement
    content = {
        "name": creditor.name,
        "org_number": creditor.org_number,
        "street": creditor.street,
        "postcode": creditor.postcode,
        "city": creditor.city,
        "country": creditor.country,
        "email": creditor.email,
        "phone": creditor.phone,
        "sensitive": creditor.sensitive,
        "colour": looks.colour,
        "logo": looks.logo_id,
        "scheme": agreement.scheme,
        "account": agreement.number,
        "iban": agreement.iban,
        "bic": agreement.bic,
        "swish": agreement.swish_number,
        "reference_kind": agreement.reference_kind.value,
        # A layout or a template of its own is frozen, too; the house's is told by there being none.
        **({"layout": dict(looks.layout)} if looks.layout else {}),
        **({"template": looks.template_id} if looks.template_id else {}),
        **frozen(sender.fund),
    }
    return {
        "creditor_id": creditor.id,
        "agreement_id": agreement.id,
        "logo_id": looks.logo_id,
        "content": content,
        "digest": digest({"agreement": agreement.id, **content}),
    }


def freeze_texts(session: Session, *, texts: Mapping[Line, Mapping[str, Any]]) -> dict[Line, int]:
    """Freeze line texts; return each key's row id."""
    if not texts:
        return {}
    digests = {key: digest(content) for key, content in texts.items()}
    rows = {digests[key]: {"content": content, "digest": digests[key]} for key, content in texts.items()}
    session.execute(insert(FrozenText).values(list(rows.values())).on_conflict_do_nothing(index_elements=["digest"]))
    found = dict(
        session.execute(
            select(FrozenText.digest, FrozenText.id).where(FrozenText.digest.in_(set(digests.values())))
        ).all()
    )
    return {key: found[value] for key, value in digests.items()}
