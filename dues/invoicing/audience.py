"""Who gets an invoice that is sent to many: one person, or members of groups, narrowed as lists of them are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from dues.members.models import MembershipStatus


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets it: one person, or whoever has a membership in one of some groups that is as it is asked for.

    Groups are ``group_id`` and ``also``; with ``below`` those below each of them are taken along. ``type_id``,
    ``status`` (None is any), ``paid_before`` and ``paid_after`` are of the same membership; the others are of the
    person. Ages are in full years on the day of the run, both included; whose birth date is not known has none.

    Whoever is in it by several memberships, also of several groups, is in it once.
    """

    group_id: int | None = None
    below: bool = True
    type_id: int | None = None
    person_id: int | None = None
    also: tuple[int, ...] = ()
    status: MembershipStatus | None = MembershipStatus.ACTIVE
    age_from: int | None = None
    age_to: int | None = None
    segment_id: int | None = None
    country: str = ""
    with_email: bool | None = None
    paid_before: dt.date | None = None
    paid_after: dt.date | None = None

    @property
    def groups(self) -> list[int]:
        """The groups whose members are meant; none where it is one person."""
        return [] if self.group_id is None else list(dict.fromkeys((self.group_id, *self.also)))

    def more(self) -> dict[str, Any]:
        """Return what narrows it beside group, groups below, type and person, as it is kept; read by `of`."""
        return {
            "also": list(self.also),
            "status": self.status and self.status.value,
            "age_from": self.age_from,
            "age_to": self.age_to,
            "segment": self.segment_id,
            "country": self.country,
            "with_email": self.with_email,
            "paid_before": self.paid_before and self.paid_before.isoformat(),
            "paid_after": self.paid_after and self.paid_after.isoformat(),
        }

    def kept(self) -> dict[str, Any]:
        """Return it whole, as runs keep what was chosen."""
        whose = {"group": self.group_id, "below": self.below, "type": self.type_id, "person": self.person_id}
        return {**whose, **self.more()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what was kept, also by versions that knew only groups, types and persons."""
        status = kept.get("status", MembershipStatus.ACTIVE.value)
        return cls(
            group_id=kept.get("group"),
            below=kept.get("below", True),
            type_id=kept.get("type"),
            person_id=kept.get("person"),
            also=tuple(kept.get("also") or ()),
            status=None if status is None else MembershipStatus(status),
            age_from=kept.get("age_from"),
            age_to=kept.get("age_to"),
            segment_id=kept.get("segment"),
            country=kept.get("country") or "",
            with_email=kept.get("with_email"),
            paid_before=_day(kept.get("paid_before")),
            paid_after=_day(kept.get("paid_after")),
        )


def _day(written: str | None) -> dt.date | None:
    return None if written is None else dt.date.fromisoformat(written)
