"""Own templates of a creditor: taken in once they held, used from a day, and put aside again at a press."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from documents import InvoiceDocument, Template
from documents.trial import Tried, try_out
from dues.actor import Actor
from dues.editing import EditingError
from dues.groups.template_models import OwnTemplate, TemplateUse


class TemplateFailedError(EditingError):
    """A template did not hold for a sample; ``tried`` says for which, and why."""

    def __init__(self, tried: Sequence[Tried]) -> None:
        super().__init__("The template does not hold for every sample.")
        self.tried = tried


class PastDayError(EditingError):
    """A template cannot be used from a day that has passed."""


@dataclass(frozen=True, slots=True)
class Use:
    """A template and the day from which it is used; ``template`` is None for the house's own."""

    from_on: dt.date
    template: OwnTemplate | None


def keep_template(
    session: Session, *, creditor_id: int, template: Template, name: str, sample: InvoiceDocument, by: Actor
) -> OwnTemplate:
    """Try a template on documents made of a sample, and keep it where it held; the same one is kept once.

    It is not used by this. Raises TemplateFailedError.
    """
    tried = try_out(template, sample)
    if not all(one.fine for one in tried):
        raise TemplateFailedError(tried)
    row = {
        "creditor_id": creditor_id,
        "name": name,
        "source": template.source,
        "digest": template.digest,
        "actor": str(by),
    }
    same = (OwnTemplate.creditor_id, OwnTemplate.digest)
    session.execute(insert(OwnTemplate).values(row).on_conflict_do_nothing(index_elements=same))
    wanted = select(OwnTemplate).where(OwnTemplate.creditor_id == creditor_id, OwnTemplate.digest == template.digest)
    return session.scalars(wanted).one()


def use_template(session: Session, *, template: OwnTemplate, from_on: dt.date, today: dt.date, by: Actor) -> None:
    """Set the creditor's documents by a template from a day on. Raises PastDayError."""
    if from_on < today:
        raise PastDayError
    _use(session, template.creditor_id, from_on, template.id, by)


def use_ours(session: Session, *, creditor_id: int, today: dt.date, by: Actor) -> None:
    """Set the creditor's documents by the house's own layout from today on, whatever was planned for later."""
    later = delete(TemplateUse).where(TemplateUse.creditor_id == creditor_id, TemplateUse.from_on > today)
    session.execute(later.execution_options(synchronize_session="fetch"))
    _use(session, creditor_id, today, None, by)


def in_use(session: Session, *, creditors: Collection[int], on: dt.date) -> dict[int, int]:
    """Return the template that each creditor's documents are set by on a day, by creditor id; missing: the house's."""
    wanted = (
        select(TemplateUse.creditor_id, TemplateUse.template_id)
        .where(TemplateUse.creditor_id.in_(set(creditors)), TemplateUse.from_on <= on)
        .ext(distinct_on(TemplateUse.creditor_id))
        .order_by(TemplateUse.creditor_id, TemplateUse.from_on.desc())
    )
    return {creditor: template for creditor, template in session.execute(wanted) if template is not None}


def uses(session: Session, *, creditor_id: int, today: dt.date) -> list[Use]:
    """Return what is used today, and after it what is planned."""
    wanted = (
        select(TemplateUse.from_on, OwnTemplate)
        .outerjoin(OwnTemplate, OwnTemplate.id == TemplateUse.template_id)
        .where(TemplateUse.creditor_id == creditor_id)
        .order_by(TemplateUse.from_on)
    )
    found = [Use(*row) for row in session.execute(wanted)]
    begun = [one for one in found if one.from_on <= today]
    return [*begun[-1:], *(one for one in found if one.from_on > today)]


def templates_of(session: Session, *, creditor_id: int) -> Sequence[OwnTemplate]:
    """Return a creditor's templates, newest first."""
    wanted = select(OwnTemplate).where(OwnTemplate.creditor_id == creditor_id)
    return session.scalars(wanted.order_by(OwnTemplate.id.desc())).all()


def sources(session: Session, *, templates: Collection[int]) -> dict[int, Template]:
    """Return templates as documents are set by them, by id."""
    if not templates:
        return {}
    wanted = select(OwnTemplate.id, OwnTemplate.source, OwnTemplate.digest).where(OwnTemplate.id.in_(set(templates)))
    return {key: Template(source, digest) for key, source, digest in session.execute(wanted)}


def _use(session: Session, creditor_id: int, from_on: dt.date, template_id: int | None, by: Actor) -> None:
    row = {"creditor_id": creditor_id, "from_on": from_on, "template_id": template_id, "actor": str(by)}
    again = {"template_id": template_id, "actor": str(by)}
    same = (TemplateUse.creditor_id, TemplateUse.from_on)
    session.execute(insert(TemplateUse).values(row).on_conflict_do_update(index_elements=same, set_=again))
