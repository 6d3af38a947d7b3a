"""The roles that come with the house, each a set of permissions; own ones are ticked together."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from dues.access.approvals import AGREED, propose
from dues.access.errors import BuiltInRoleError, RoleMovedError, RoleNameError, UnknownPermissionError, UnknownRoleError
from dues.access.hands import stand_behind
from dues.access.models import Approval, RolePermission, StaffRole
from dues.access.permissions import Permission
from dues.access.scope import EVERYWHERE, Rights
from dues.actor import Actor

_P = Permission

_PLAIN: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)

KIND: Final = "role"
"""What a role that waits for a second person is called among approvals."""

READING: Final = frozenset(one for one in Permission if one.value.endswith(".read"))
_MEMBERS: Final = frozenset({_P.MEMBERS_READ, _P.MEMBERS_EDIT, _P.MESSAGES_READ, _P.MESSAGES_SEND})
_INVOICES: Final = frozenset({_P.INVOICES_READ, _P.INVOICES_ISSUE, _P.INVOICES_SEND})
_MONEY: Final = frozenset(
    {_P.PAYMENTS_READ, _P.PAYMENTS_ALLOCATE, _P.PAYMENTS_RECEIVE, _P.BANK_FILES_READ, _P.BANK_FILES_IMPORT}
)

MOVES_MONEY: Final = frozenset(
    {_P.PAYMENTS_ALLOCATE, _P.BANK_FILES_IMPORT, _P.INVOICES_CREDIT, _P.REFUNDS_APPROVE, _P.ACCOUNTS_CHANGE}
    | {_P.PAYMENTS_RECEIVE}
    # Who settles, who sets limits, and who gives others the right to do so.
    | {_P.SETTLEMENTS_POST, _P.LIMITS_EDIT, _P.STAFF_EDIT, _P.ROLES_EDIT}
)
"""Whoever holds one of these must prove who they are by a second factor."""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A role of the house: its slug, its names, and what whoever has it may do."""

    slug: str
    names: Mapping[str, str]
    permissions: frozenset[Permission]


def _names(en: str, sv: str, nb: str, nl: str, de: str) -> Mapping[str, str]:
    return {"en": en, "sv": sv, "nb": nb, "nl": nl, "de": de}


BUILT_IN: Final = (
    BuiltIn(
        "member-officer",
        _names(
            "Member officer", "Medlemshandläggare", "Medlemsansvarlig", "Ledenadministratie", "Mitgliederverwaltung"
        ),
        frozenset({_P.DESK_USE, _P.RUNS_READ, _P.RUNS_STEER, _P.SETUP_READ, _P.CLAIMS_HOLD}) | _MEMBERS | _INVOICES,
    ),
    BuiltIn(
        "economist",
        _names("Economist", "Ekonom", "Økonomiansvarlig", "Financiële administratie", "Buchhaltung"),
        frozenset(
            {_P.DESK_USE, _P.MEMBERS_READ, _P.INVOICES_CREDIT, _P.REMINDERS_RUN, _P.CLAIMS_HOLD, _P.MESSAGES_READ}
            | {
                _P.JOURNAL_READ,
                _P.JOURNAL_CLOSE,
                _P.SETTLEMENTS_POST,
                _P.RUNS_READ,
                _P.RUNS_STEER,
                _P.SETUP_READ,
                _P.PRICES_EDIT,
            }
            | {_P.TEXTS_EDIT, _P.SCHEDULE_EDIT, _P.REFUNDS_APPROVE, _P.ACCOUNTS_CHANGE}
        )
        | _INVOICES
        | _MONEY,
    ),
    BuiltIn(
        "cashier",
        _names("Cashier", "Kassör", "Kasserer", "Kassier", "Kasse"),
        frozenset({_P.DESK_USE, _P.MEMBERS_READ, _P.INVOICES_READ}) | _MONEY,
    ),
    BuiltIn(
        "collection-officer",
        _names("Collection officer", "Kravhandläggare", "Innkrevingsansvarlig", "Incassomedewerker", "Forderungen"),
        frozenset({_P.DESK_USE, _P.MEMBERS_READ, _P.INVOICES_READ, _P.PAYMENTS_READ, _P.REMINDERS_RUN})
        | frozenset({_P.CLAIMS_HOLD, _P.MESSAGES_READ, _P.MESSAGES_SEND, _P.RUNS_READ, _P.RUNS_STEER}),
    ),
    BuiltIn(
        "group-administrator",
        _names("Group administrator", "Gruppadministratör", "Gruppeadministrator", "Groepsbeheerder", "Gruppenleitung"),
        frozenset({_P.GROUP_USE, _P.GROUP_LOOK, _P.ACCOUNTS_CHANGE, _P.PAYMENTS_READ, _P.PAYMENTS_ALLOCATE})
        | frozenset(
            {
                _P.PAYMENTS_RECEIVE,
                _P.BANK_FILES_READ,
                _P.BANK_FILES_IMPORT,
                _P.INVOICES_CREDIT,
                _P.RUNS_READ,
                _P.RUNS_STEER,
            }
        )
        | _MEMBERS
        | _INVOICES,
    ),
    BuiltIn(
        "auditor",
        _names("Auditor", "Revisor", "Revisor", "Controleur", "Revision"),
        READING | {_P.DESK_USE},
    ),
    BuiltIn(
        "support",
        _names("Support", "Support", "Brukerstøtte", "Ondersteuning", "Auskunft"),
        frozenset({_P.DESK_USE, _P.MEMBERS_READ, _P.MESSAGES_READ, _P.MESSAGES_SEND, _P.CLAIMS_HOLD}),
    ),
    BuiltIn(
        "system-administrator",
        _names(
            "System administrator", "Systemadministratör", "Systemadministrator", "Systeembeheerder", "Systemverwaltung"
        ),
        frozenset({_P.DESK_USE, _P.STAFF_READ, _P.STAFF_EDIT, _P.ROLES_EDIT, _P.AUDIT_READ, _P.RUNS_READ})
        | frozenset({_P.SETUP_READ, _P.SETUP_EDIT, _P.TEXTS_EDIT, _P.SCHEDULE_EDIT, _P.LIMITS_EDIT, _P.GROUPS_OPEN})
        | frozenset({_P.ACCOUNTS_CHANGE}),
    ),
)


def lay_out_roles(session: Session) -> None:
    """Write the built-in roles down as the program has them; safe to repeat after every migration."""
    for role in BUILT_IN:
        values = {"slug": role.slug, "names": dict(role.names), "built_in": True}
        statement = upsert(StaffRole).values(values)
        role_id = session.scalar(
            statement.on_conflict_do_update(index_elements=["slug"], set_=values).returning(StaffRole.id)
        )
        _set(session, role_id=int(role_id or 0), permissions=role.permissions)


def define_role(session: Session, *, slug: str, names: Mapping[str, str], permissions: Collection[str]) -> int:
    """Make or change an own role; raise BuiltInRoleError, RoleNameError and UnknownPermissionError.

    Return its id.
    """
    wanted = _known(permissions)
    if not _PLAIN.fullmatch(slug):
        raise RoleNameError(slug)
    role = session.scalar(select(StaffRole).where(StaffRole.slug == slug).with_for_update())
    if role is not None and role.built_in:
        raise BuiltInRoleError(slug)
    if role is None:
        role = StaffRole(slug=slug, names=dict(names))
        session.add(role)
    role.names = dict(names)
    session.flush()  # its permissions need the id
    _set(session, role_id=role.id, permissions=wanted)
    return role.id


def offer_role(
    session: Session, *, slug: str, names: Mapping[str, str], permissions: Collection[str], by: int, giver: Rights
) -> Approval | None:
    """Make or change an own role; what adds permissions that the giver does not hold waits for a second person.

    Raises BuiltInRoleError and UnknownPermissionError.
    """
    role = session.scalar(select(StaffRole).where(StaffRole.slug == slug))
    if role is not None and role.built_in:
        raise BuiltInRoleError(slug)
    had = set() if role is None else set(permissions_of(session, role_id=role.id))
    added = {one.value for one in _known(permissions)} - had
    if all(giver.may(one, EVERYWHERE) for one in added):
        define_role(session, slug=slug, names=names, permissions=permissions)
        return None
    # The second person is shown what changes: that is agreed to, and nothing else.
    before = None if role is None else sorted(had)
    payload = {"slug": slug, "names": dict(names), "permissions": sorted(permissions), "before": before, "by": by}
    return propose(session, kind=KIND, permission=Permission.ROLES_EDIT, group_id=None, payload=payload, by=by)


def define_proposed(session: Session, payload: Mapping[str, Any]) -> None:
    """Make the role that a second person has agreed to; raise RoleMovedError where it is another one by now."""
    if "before" in payload and payload["before"] != _before(session, slug=payload["slug"]):
        raise RoleMovedError
    role_id = define_role(session, slug=payload["slug"], names=payload["names"], permissions=payload["permissions"])
    if "by" in payload:
        stand_behind(session, role_id=role_id, by=[Actor("staff", str(payload[one])) for one in ("by", AGREED)])


def role_called(session: Session, *, slug: str) -> StaffRole | None:
    """Return the role with a short name."""
    return session.scalar(select(StaffRole).where(StaffRole.slug == slug))


def _before(session: Session, *, slug: str) -> list[str] | None:
    """Return what a role may do until now, None where there is none yet."""
    role = role_called(session, slug=slug)
    return None if role is None else sorted(permissions_of(session, role_id=role.id))


def permissions_of(session: Session, *, role_id: int) -> list[str]:
    """Return what a role may do."""
    return list(session.scalars(select(RolePermission.permission).where(RolePermission.role_id == role_id)))


def all_roles(session: Session) -> list[StaffRole]:
    """Return the roles: those of the house first, then own ones by their short names."""
    return list(session.scalars(select(StaffRole).order_by(StaffRole.built_in.desc(), StaffRole.id)))


def role_id(session: Session, slug: str) -> int:
    """Return a role's id; raise UnknownRoleError."""
    found = session.scalar(select(StaffRole.id).where(StaffRole.slug == slug))
    if found is None:
        raise UnknownRoleError(slug)
    return found


def _known(permissions: Iterable[str]) -> frozenset[Permission]:
    try:
        return frozenset(Permission(one) for one in permissions)
    except ValueError as error:
        raise UnknownPermissionError(str(error)) from error


def _set(session: Session, *, role_id: int, permissions: Collection[Permission]) -> None:
    wanted = {one.value for one in permissions}
    gone = delete(RolePermission).where(RolePermission.role_id == role_id, RolePermission.permission.not_in(wanted))
    session.execute(gone)
    if wanted:
        rows = [{"role_id": role_id, "permission": one} for one in sorted(wanted)]
        session.execute(upsert(RolePermission).values(rows).on_conflict_do_nothing())
