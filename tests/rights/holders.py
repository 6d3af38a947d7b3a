"""Which of the roles of the house hold which permission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_OFFICER, _ECONOMIST, _CASHIER, _COLLECTION = "member-officer", "economist", "cashier", "collection-officer"
_ADMIN, _AUDITOR, _SUPPORT, _SYSTEM = "group-administrator", "auditor", "support", "system-administrator"
_DESK = (_OFFICER, _ECONOMIST, _CASHIER, _COLLECTION, _AUDITOR, _SUPPORT, _SYSTEM)

HOLD: Final[Mapping[str, Collection[str]]] = {
    "desk.use": _DESK,
    "members.read": (_OFFICER, _ECONOMIST, _CASHIER, _COLLECTION, _ADMIN, _AUDITOR, _SUPPORT),
    "members.edit": (_OFFICER, _ADMIN),
    "invoices.read": (_OFFICER, _ECONOMIST, _CASHIER, _COLLECTION, _ADMIN, _AUDITOR),
    "invoices.issue": (_OFFICER, _ECONOMIST, _ADMIN),
    "invoices.credit": (_ECONOMIST, _ADMIN),
    "invoices.send": (_OFFICER, _ECONOMIST, _ADMIN),
    "payments.read": (_ECONOMIST, _CASHIER, _COLLECTION, _ADMIN, _AUDITOR),
    "payments.allocate": (_ECONOMIST, _CASHIER, _ADMIN),
    "payments.receive": (_ECONOMIST, _CASHIER, _ADMIN),
    "bank_files.read": (_ECONOMIST, _CASHIER, _ADMIN, _AUDITOR),
    "bank_files.import": (_ECONOMIST, _CASHIER, _ADMIN),
    "claims.hold": (_OFFICER, _ECONOMIST, _COLLECTION, _SUPPORT),
    "reminders.run": (_ECONOMIST, _COLLECTION),
    "messages.read": (_OFFICER, _ECONOMIST, _COLLECTION, _ADMIN, _AUDITOR, _SUPPORT),
    "journal.read": (_ECONOMIST, _AUDITOR),
    "runs.read": (_OFFICER, _ECONOMIST, _COLLECTION, _ADMIN, _AUDITOR, _SYSTEM),
    "runs.steer": (_OFFICER, _ECONOMIST, _COLLECTION, _ADMIN),
    "setup.read": (_OFFICER, _ECONOMIST, _AUDITOR, _SYSTEM),
    "setup.edit": (_SYSTEM,),
    "prices.edit": (_ECONOMIST,),
    "texts.edit": (_ECONOMIST, _SYSTEM),
    "schedule.edit": (_ECONOMIST, _SYSTEM),
    "limits.edit": (_SYSTEM,),
    "accounts.change": (_ECONOMIST, _ADMIN, _SYSTEM),
    "groups.open": (_SYSTEM,),
    "staff.read": (_AUDITOR, _SYSTEM),
    "staff.edit": (_SYSTEM,),
    "roles.edit": (_SYSTEM,),
    "settlements.post": (_ECONOMIST,),
    "audit.read": (_AUDITOR, _SYSTEM),
    "group.use": (_ADMIN,),
    "group.look": (_ADMIN,),
    "journal.close": (_ECONOMIST,),
    "messages.send": (_OFFICER, _COLLECTION, _ADMIN, _SUPPORT),
    "refunds.approve": (_ECONOMIST,),
}
"""Which of the roles of the house hold what a door asks for: written out here, so that a role that grows is noticed."""
