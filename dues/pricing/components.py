"""Sets up fee components: their names, who benefits, and where their revenue is booked."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dues.editing import GoneError, MissingError, held, remove
from dues.groups.establish import refuse_plain
from dues.groups.models import Group
from dues.journal.chart import Earning
from dues.journal.earnings import drop_earnings, earn_on, income_code, open_earnings
from dues.pricing.errors import NameTakenError
from dues.pricing.models import FeeComponent
from dues.pricing.set_up import add_component


def account_of(session: Session, component: FeeComponent) -> str:
    """Return the number of a component's income account in its own group's creditor's books, nothing without any."""
    creditor_id = _creditor(session, component)
    if creditor_id is None:
        return ""
    return income_code(session, creditor_id=creditor_id, earning=Earning(component.id, component.names)) or ""


def set_up_component(
    session: Session,
    *,
    group_id: int,
    slug: str,
    names: Mapping[str, str],
    beneficiary_id: int | None = None,
    account: str = "",
) -> FeeComponent:
    """Add a part of a fee, booked in the books of every creditor it can be charged for.

    ``account`` is the number of its income account in the group's own creditor's books; the next free one where
    none is given. Raises SlugError, NameTakenError, NotIncomeError, AccountCodeError and an EditingError.
    """
    group = session.get(Group, group_id, with_for_update={"key_share": True})
    if group is None:
        raise GoneError("groups")
    kept = named(names)
    refuse_plain(slug)
    if session.scalar(select(FeeComponent.id).where(FeeComponent.group_id == group_id, FeeComponent.slug == slug)):
        raise NameTakenError(slug)
    beneficiary = None if beneficiary_id is None else session.get(Group, beneficiary_id)
    component = add_component(session, group=group, slug=slug, names=kept, beneficiary=beneficiary)
    earning = Earning(component.id, kept)
    open_earnings(session, creditors=creditors_below(session, group), earning=earning)
    if account.strip() and group.creditor_id is not None:
        earn_on(session, creditor_id=group.creditor_id, earning=earning, code=account)
    return component


def named(names: Mapping[str, str]) -> dict[str, str]:
    """Return names without blanks around them and without empty ones; raise MissingError where none is left."""
    kept = {language: " ".join(name.split()) for language, name in names.items() if name.strip()}
    if not kept:
        raise MissingError("names")
    return kept


def creditors_below(session: Session, group: Group) -> Sequence[int]:
    """Return the creditors of a group and of all groups below it."""
    below = select(Group.creditor_id).where(Group.path.op("^@")(group.path), Group.creditor_id.is_not(None)).distinct()
    return [creditor_id for creditor_id in session.scalars(below) if creditor_id is not None]


def change_component(
    session: Session,
    *,
    component_id: int,
    names: Mapping[str, str],
    beneficiary_id: int | None,
    account: str = "",
) -> FeeComponent:
    """Change a component; what was invoiced and booked keeps its name, its beneficiary and its account.

    Raises NotIncomeError, AccountCodeError and an EditingError.
    """
    component = held(session, FeeComponent, component_id)
    component.names, component.beneficiary_id = named(names), beneficiary_id
    session.flush()
    creditor_id = _creditor(session, component)
    if account.strip() and creditor_id is not None and account.strip() != account_of(session, component):
        earning = Earning(component.id, component.names)
        open_earnings(session, creditors=[creditor_id], earning=earning)
        earn_on(session, creditor_id=creditor_id, earning=earning, code=account)
    return component


def _creditor(session: Session, component: FeeComponent) -> int | None:
    return session.scalar(select(Group.creditor_id).where(Group.id == component.group_id))


def remove_component(session: Session, *, component_id: int) -> None:
    """Take a component away that no type and no price names; raise an EditingError."""
    component = held(session, FeeComponent, component_id)
    with session.begin_nested():
        drop_earnings(session, earning=Earning(component_id, component.names))
        remove(session, component)
