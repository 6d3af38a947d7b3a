"""Own templates and looks of groups: what is frozen with an invoice, from which day, and that it stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from documents import EXAMPLE, Column, Layout, template_of
from dues.actor import Actor
from dues.groups.layout import kept_layout
from dues.groups.models import Logo
from dues.groups.own_templates import (
    PastDayError,
    TemplateFailedError,
    keep_template,
    templates_of,
    use_ours,
    use_template,
    uses,
)
from dues.invoicing.document import issued as documents
from dues.invoicing.freeze import freeze_payees
from dues.invoicing.models import Invoice
from dues.overview.sample_layout import sample_invoice
from tests.factories.members import member
from tests.factories.organisation import Organisation, organisation
from tests.factories.runs import issued, opener
from tests.portal.town import DOT

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from documents import InvoiceDocument, Look
    from dues.groups.template_models import OwnTemplate

DAY = dt.date(2026, 3, 10)
OFFICER = Actor("staff", "7")
BLUE = template_of(EXAMPLE.encode())


@pytest.fixture
def made(session: Session) -> Organisation:
    return organisation(session)


def sample(session: Session, made: Organisation) -> InvoiceDocument:
    return sample_invoice(session, group_id=made.root.id, language="sv", on=DAY)


@pytest.fixture
def kept(session: Session, made: Organisation) -> OwnTemplate:
    return keep_template(
        session,
        creditor_id=made.creditor.id,
        template=BLUE,
        name="blue.typ",
        sample=sample(session, made),
        by=OFFICER,
    )


def looks(session: Session) -> dict[int, Look]:
    """Return how each invoice looks, by its number."""
    ids = session.scalars(select(Invoice.id)).all()
    found = documents(session, invoices=ids)
    return {int(one.document.number): one.document.look for one in found.values()}


def test_a_template_is_used_from_its_day_and_old_invoices_keep_their_look(
    session: Session, made: Organisation, kept: OwnTemplate
) -> None:
    use_template(session, template=kept, from_on=DAY + dt.timedelta(days=1), today=DAY, by=OFFICER)
    member(session, made, group=made.north, joined_on=DAY)
    issued(opener(session), on=DAY)
    member(session, made, group=made.north, joined_on=DAY)
    issued(opener(session), on=DAY + dt.timedelta(days=1))
    use_ours(session, creditor_id=made.creditor.id, today=DAY + dt.timedelta(days=2), by=OFFICER)
    member(session, made, group=made.north, joined_on=DAY)
    issued(opener(session), on=DAY + dt.timedelta(days=2))
    assert [look.template for _number, look in sorted(looks(session).items())] == [None, BLUE, None]


def test_what_was_planned_is_gone_once_the_house_s_own_is_taken_back(
    session: Session, made: Organisation, kept: OwnTemplate
) -> None:
    later = DAY + dt.timedelta(days=9)
    use_template(session, template=kept, from_on=DAY, today=DAY, by=OFFICER)
    use_template(session, template=kept, from_on=later, today=DAY, by=OFFICER)
    assert [one.from_on for one in uses(session, creditor_id=made.creditor.id, today=DAY)] == [DAY, later]
    use_ours(session, creditor_id=made.creditor.id, today=DAY, by=OFFICER)
    assert [one.template for one in uses(session, creditor_id=made.creditor.id, today=DAY)] == [None]
    with pytest.raises(PastDayError):
        use_template(session, template=kept, from_on=DAY - dt.timedelta(days=1), today=DAY, by=OFFICER)


def test_what_does_not_hold_is_not_kept_and_the_same_is_kept_once(
    session: Session, made: Organisation, kept: OwnTemplate
) -> None:
    plain = sample(session, made)
    again = keep_template(
        session, creditor_id=made.creditor.id, template=BLUE, name="again.typ", sample=plain, by=OFFICER
    )
    assert again.id == kept.id
    with pytest.raises(TemplateFailedError) as error:
        keep_template(
            session,
            creditor_id=made.creditor.id,
            template=template_of(b"#let body(doc) = doc.title"),
            name="bare.typ",
            sample=plain,
            by=OFFICER,
        )
    assert not all(one.fine for one in error.value.tried)
    assert len(templates_of(session, creditor_id=made.creditor.id)) == 1


def test_where_the_creditor_lets_them_groups_look_their_own_way_and_the_nearest_above_wins(
    session: Session, made: Organisation
) -> None:
    logo = Logo(media_type="image/svg+xml", content=DOT, digest="e" * 64)
    session.add(logo)
    session.flush()
    wide = Layout(columns=(Column.WHAT, Column.PERIOD, Column.AMOUNT))
    made.root.colour, made.north.colour, made.north.logo_id = "#112233", "#f5c400", logo.id
    made.north.layout = kept_layout(wide)
    session.flush()
    member(session, made, group=made.north, joined_on=DAY)
    issued(opener(session), on=DAY)
    made.creditor.groups_look = True
    session.flush()
    north = member(session, made, group=made.north, joined_on=DAY)
    south = member(session, made, group=made.south, joined_on=DAY)
    assert north != south
    issued(opener(session), on=DAY)
    before, *after = [look for _number, look in sorted(looks(session).items())]
    assert (before.colour, before.logo) == ("#112233", None)
    ours = next(look for look in after if look.colour == "#f5c400")
    assert ours.logo is not None
    assert ours.layout == wide
    theirs = next(look for look in after if look is not ours)
    assert (theirs.colour, theirs.logo, theirs.layout) == ("#112233", None, Layout())


def test_what_is_not_used_freezes_the_same_payee_as_before(session: Session, made: Organisation) -> None:
    plain = freeze_payees(session, creditors=[made.creditor.id], on=DAY)
    made.creditor.groups_look = True
    session.flush()
    assert freeze_payees(session, creditors=[made.creditor.id], on=DAY) == plain
