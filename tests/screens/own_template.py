"""A template of an organisation's own that stands in the scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from documents import EXAMPLE, template_of
from dues.actor import COMMAND_LINE
from dues.groups.models import Creditor
from dues.groups.template_models import OwnTemplate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def own_template(session: Session) -> str:
    """One that held, and is not used yet: every document of the scene is set by the house's own."""
    creditor = session.scalars(select(func.min(Creditor.id))).one()
    own = template_of(EXAMPLE.encode())
    row = OwnTemplate(
        creditor_id=creditor, name="our-invoice.typ", source=own.source, digest=own.digest, actor=str(COMMAND_LINE)
    )
    session.add(row)
    session.flush()
    return str(row.uuid)
