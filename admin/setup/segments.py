"""Segments: what an organisation calls the categories of its persons that prices can ask for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from admin.setup import finding
from admin.setup.fields import Pick
from admin.setup.setting import Setting, faults, number_of
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Names, Text
from admin.tables.filters import Choices
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from dues.access.permissions import Permission
from dues.groups.errors import SlugError
from dues.members.models import Segment
from dues.members.segments import (
    ListedSegment,
    SegmentTakenError,
    all_segments,
    change_segment,
    remove_segment,
    segments_page,
    set_up_segment,
)
from dues.paging import Page
from language import gettext_noop as _
from web.house import session
from web.speech import named


def segments() -> Choices:
    """Return all segments for a field that offers them."""
    return [(str(id_), f"{named(names)} ({group})") for id_, names, group in all_segments(session())]


class SegmentForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a segment is made of."""

    names = Names(_("Name"), hint=_("Student, pensioner, subscriber. At least one language; the others read that one."))
    slug = Text(
        _("Short name"),
        optional=True,
        width="short",
        hint=_(
            "For files and other systems: small letters, digits and hyphens. Made from the name when left "
            "empty. This cannot be changed later."
        ),
    )
    group = Pick(
        _("Used in"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("Persons of this group and of those below it can be of it. This cannot be changed later."),
    )


class SegmentsView(Setting):
    """The categories of persons."""

    edits = Permission.PRICES_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.PRICES_EDIT)
    door = "segments"
    address = "/admin/setup/segments"
    words = _("Segments")
    about = _("What persons are from one day to another, where a price or a discount asks for it: student, subscriber.")
    shelf = _("What is charged")
    new_words = _("Add a segment")
    columns = (
        Column("name", _("Name"), lambda row: named(row.segment.names)),
        Column("slug", _("Short name"), lambda row: row.segment.slug),
        Column("group", _("Used in"), lambda row: row.group.name),
    )
    form = SegmentForm
    fixed = ("slug", "group")
    can_delete = True
    faults = faults(
        "names",
        {
            SegmentTakenError: Fault("slug", _("This group has a segment with this short name. Choose another one.")),
            SlugError: Fault("slug", _("Use small letters a to z and digits, words joined by single hyphens.")),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedSegment]:
        """Return a page of segments."""
        return segments_page(session(), at=wanted.place)

    def one(self, key: str) -> Segment | None:
        """Return a segment by its number."""
        return session().get(Segment, number_of(key))

    def key_of(self, row: Segment | ListedSegment) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, Segment) else row.segment.id)

    def called(self, row: Segment) -> str:
        """Return the name."""
        return named(row.names)

    def filled(self, row: Segment) -> Mapping[str, Any]:
        """Return a segment as its form shows it."""
        return {"names": row.names, "slug": row.slug, "group": finding.group(row.group_id)}

    def add(self, form: Any) -> Segment:
        """Add a segment."""
        return set_up_segment(session(), group_id=form.group.picked, names=form.names.data, slug=form.slug.data)

    def change(self, row: Segment, form: Any) -> None:
        """Call it something else."""
        change_segment(session(), segment_id=row.id, names=form.names.data)

    def remove(self, row: Segment) -> None:
        """Take a segment away."""
        remove_segment(session(), segment_id=row.id)
