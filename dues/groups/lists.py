"""Lists of what hangs on the tree: groups, creditors, bank agreements and own texts, page by page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from dues.folding import folded
from dues.groups.models import WITHIN, BankAgreement, Creditor, Group, Occasion, OwnText
from dues.paging import Page, Place, Walk, read_page


@dataclass(frozen=True, slots=True)
class Named:
    """A group's short name for addresses, its name, and that of the group above, which tells namesakes apart."""

    slug: str
    name: str
    above: str


def names_of(session: Session, groups: Collection[int | None]) -> dict[int, Named]:
    """Return what some groups are called, in one statement."""
    above = aliased(Group)
    wanted = (
        select(Group.id, Group.slug, Group.name, above.name)
        .outerjoin(above, above.id == Group.parent_id)
        .where(Group.id.in_({group for group in groups if group is not None}))
    )
    return {group_id: Named(slug, name, over or "") for group_id, slug, name, over in session.execute(wanted)}


def find_groups(session: Session, *, written: str, limit: int) -> list[tuple[int, Named]]:
    """Return groups by their exact short name, else by the beginning of their names, in the order of names."""
    exact = session.scalar(select(Group.id).where(Group.slug == written.strip()))
    if exact is not None:
        return [(exact, names_of(session, [exact])[exact])]
    beginning = select(Group.id).where(Group.name_key.op("^@")(folded(written)))
    found = list(session.scalars(beginning.order_by(Group.name_key, Group.id).limit(limit)))
    named = names_of(session, found)
    return [(group_id, named[group_id]) for group_id in found]


def find_creditors(session: Session, *, written: str, limit: int) -> list[tuple[int, Named]]:
    """Return creditors by their groups: by its exact short name, else by the beginning of its name."""
    exact = (
        select(Creditor.id, Group.id).join(Group, Group.id == Creditor.group_id).where(Group.slug == written.strip())
    )
    found = session.execute(exact).all()
    if not found:
        beginning = (
            select(Creditor.id, Group.id)
            .join(Group, Group.id == Creditor.group_id)
            .where(Group.name_key.op("^@")(folded(written)))
        )
        found = session.execute(beginning.order_by(Group.name_key, Group.id).limit(limit)).all()
    named = names_of(session, [group_id for _, group_id in found])
    return [(creditor_id, named[group_id]) for creditor_id, group_id in found]


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group in a list; ``creditor`` is the name of the creditor it belongs to, nothing without any."""

    group: Group
    above: str
    creditor: str


def groups_page(session: Session, *, beginning: str = "", view: str = "", at: Place | None = None) -> Page[ListedGroup]:
    """Return groups in the order of their names; ``view`` is joinable, creditors or (all) nothing."""
    walk = Walk(Group, ("name_key", "id"), "id")
    if beginning:
        key = folded(beginning)
        walk = walk.along(or_(Group.name_key.op("^@")(key), Group.slug == key))
    if view == "joinable":
        walk = walk.along(Group.joinable.is_(True))
    if view == "creditors":
        walk = walk.along(Group.id.in_(select(Creditor.group_id)))
    page = read_page(session, walk, at=at)
    above = names_of(session, [group.parent_id for group in page.rows])
    owed = creditor_names(session, [group.creditor_id for group in page.rows])
    return page.turned(
        lambda group: ListedGroup(
            group, above[group.parent_id].name if group.parent_id else "", owed.get(group.creditor_id or 0, "")
        )
    )


def creditor_names(session: Session, creditors: Collection[int | None]) -> Mapping[int, str]:
    """Return what some creditors are called."""
    wanted = select(Creditor.id, Creditor.name).where(Creditor.id.in_({one for one in creditors if one is not None}))
    return dict(session.execute(wanted).all())


@dataclass(frozen=True, slots=True)
class ListedCreditor:
    """A creditor in a list, and the group whose books they are."""

    creditor: Creditor
    group: Named


def creditors_page(session: Session, *, beginning: str = "", at: Place | None = None) -> Page[ListedCreditor]:
    """Return creditors in the order they were founded; a search is for the beginning of their group's name."""
    walk = Walk(Creditor, ("id",), "uuid")
    if beginning:
        walk = walk.along(Creditor.group_id.in_(_beginning(beginning)))
    page = read_page(session, walk, at=at)
    named = names_of(session, [creditor.group_id for creditor in page.rows])
    return page.turned(lambda creditor: ListedCreditor(creditor, named[creditor.group_id]))


def _beginning(written: str) -> Any:
    return select(Group.id).where(Group.name_key.op("^@")(folded(written)))


def group_of_creditor(session: Session, *, creditor_id: int) -> Named:
    """Return the group whose books a creditor's are."""
    group_id = session.scalars(select(Creditor.group_id).where(Creditor.id == creditor_id)).one()
    return names_of(session, [group_id])[group_id]


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """A bank agreement in a list, and whose it is."""

    agreement: BankAgreement
    creditor: str


def agreements_page(session: Session, *, beginning: str = "", at: Place | None = None) -> Page[ListedAgreement]:
    """Return bank agreements in the order they were made; a search is for the beginning of a number or of a group."""
    walk = Walk(BankAgreement, ("id",), "id").along(BankAgreement.scheme.not_in(WITHIN))
    if beginning:
        digits = "".join(sign for sign in beginning if sign.isalnum()).upper()
        owed = select(Creditor.id).where(Creditor.group_id.in_(_beginning(beginning)))
        ours = BankAgreement.creditor_id.in_(owed)
        walk = walk.along(or_(ours, BankAgreement.number.op("^@")(digits)) if digits else ours)
    page = read_page(session, walk, at=at)
    owed_to = creditor_names(session, [agreement.creditor_id for agreement in page.rows])
    return page.turned(lambda agreement: ListedAgreement(agreement, owed_to[agreement.creditor_id]))


@dataclass(frozen=True, slots=True)
class ListedText:
    """What a group says, in a list."""

    text: OwnText
    group: Named


def texts_page(
    session: Session,
    *,
    beginning: str = "",
    occasion: Occasion | None = None,
    language: str | None = None,
    at: Place | None = None,
) -> Page[ListedText]:
    """Return the texts in force, newest first; a search is for the beginning of a group's name."""
    walk = Walk(OwnText, ("id",), "id", descending=True).along(OwnText.ended_at.is_(None))
    if beginning:
        walk = walk.along(OwnText.group_id.in_(_beginning(beginning)))
    if occasion is not None:
        walk = walk.along(OwnText.occasion == occasion)
    if language is not None:
        walk = walk.along(OwnText.language == language)
    page = read_page(session, walk, at=at)
    named = names_of(session, [text.group_id for text in page.rows])
    return page.turned(lambda text: ListedText(text, named[text.group_id]))


def currencies(session: Session) -> Sequence[str]:
    """Return the currencies that creditors keep their books in."""
    return list(session.scalars(select(Creditor.currency).distinct().order_by(Creditor.currency)))


def text_in_force(session: Session, *, text_id: int) -> OwnText | None:
    """Return a text that has not ended."""
    return session.scalar(select(OwnText).where(and_(OwnText.id == text_id, OwnText.ended_at.is_(None))))
