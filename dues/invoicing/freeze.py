"""Freezes what documents print: payees and line texts, content-addressed so that equal copies are one row."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dues.groups.models import BankAgreement, Creditor, Group, Payee
from dues.invoicing.models import FrozenText

Line = TypeVar("Line", bound=Hashable)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content's canonical JSON, as hexadecimal."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def freeze_payees(session: Session, *, creditors: Iterable[int]) -> dict[int, int]:
    """Freeze the creditors' present names, addresses, accounts and looks; return creditor id to payee id.

    A creditor without a preferred bank agreement in its own currency is missing from the answer.
    """
    wanted = (
        select(Creditor, BankAgreement, Group)
        .join(BankAgreement, BankAgreement.creditor_id == Creditor.id)
        .join(Group, Group.id == Creditor.group_id)
        .where(Creditor.id.in_(set(creditors)), BankAgreement.preferred, BankAgreement.currency == Creditor.currency)
    )
    rows = [_payee(row) for row in session.execute(wanted)]
    if not rows:
        return {}
    session.execute(insert(Payee).values(rows).on_conflict_do_nothing(index_elements=["digest"]))
    found = select(Payee.creditor_id, Payee.id).where(Payee.digest.in_([row["digest"] for row in rows]))
    return dict(session.execute(found).all())


def _payee(row: Row[Creditor, BankAgreement, Group]) -> dict[str, Any]:
    creditor, agreement, group = row
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
        "colour": group.colour,
        "logo": group.logo_id,
        "scheme": agreement.scheme,
        "account": agreement.number,
        "iban": agreement.iban,
        "bic": agreement.bic,
        "swish": agreement.swish_number,
        "reference_kind": agreement.reference_kind.value,
        # A layout of its own is frozen, too; the house's is told by there being none.
        **({"layout": creditor.layout} if creditor.layout else {}),
    }
    return {
        "creditor_id": creditor.id,
        "agreement_id": agreement.id,
        "logo_id": group.logo_id,
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
