"""The file of a member in a group's house: how to reach them, what they are, what was charged and paid."""

from uuid import UUID

from flask import render_template

from admin import addresses
from admin.group.here import group_doors, this_group
from admin.office import standings
from admin.office.found import details_are_ours, only_pays, person_or_stop
from admin.office.steps import said, said_of
from admin.office.tongues import tongue_alone
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import age_on, today
from dues.invoicing.document import line_words
from dues.invoicing.models import FeePeriodState
from dues.members.models import Person
from dues.members.places import groups_to_invoice
from dues.overview.group_person import ChargedAbove, balance, charged_above, received
from dues.overview.person_file import bills, family, full_name, memberships
from dues.overview.steps import ahead, membership_steps, open_steps
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader

doors = group_doors("group_person", "/members")


@doors.get("/<uuid:public_id>")
@permission(Permission.MEMBERS_READ)
def file(public_id: UUID) -> str:
    """Show the file: only what is of this group and below it."""
    person, path = person_or_stop(public_id), this_group().path
    payer = only_pays(person)
    on = today(session())
    held = memberships(session(), person_id=person.id, below=path)
    runs = ahead(session(), today=on)
    found = bills(session(), person_id=person.id, below=path)
    renewals = membership_steps(session(), memberships=[one.id for one in held], at=runs)
    owing = open_steps(session(), invoices=[one.id for one in found], at=runs)
    sees_money = addresses.may(Permission.INVOICES_READ)
    return render_template(
        "group/members/file.html",
        person=person,
        name=full_name(person),
        about=_about(person, only_pays=payer),
        only_pays=payer,
        family=family(session(), person_id=person.id, on=on, below=path),
        memberships=held,
        renewals=renewals,
        next_step=said_of([*owing, *renewals.values()]),
        balance=balance(session(), person_id=person.id, path=path, on=on),
        bills=found if sees_money else [],
        above=charged_above(session(), person_id=person.id, path=path) if sees_money else [],
        line_words=lambda one: line_words(one.content, reader().code)[1],
        stands=_stands,
        payments=received(session(), invoices=[one.id for one in found]) if sees_money else [],
        sees_money=sees_money,
        may_invoice=_may_invoice(person),
        ours=details_are_ours(person),
        on=on,
        standings=standings,
        addresses=addresses,
        said=said,
        named=named,
        tongue=tongue_alone,
    )


def _stands(one: ChargedAbove) -> str:
    words = {
        FeePeriodState.CHARGED: gettext(_("not paid yet")),
        FeePeriodState.COVERED: gettext(_("paid")),
        FeePeriodState.RELEASED: gettext(_("credited")),
    }
    return words[one.state]


def _may_invoice(person: Person) -> bool:
    """Tell whether an invoice can be written for somebody here: in books of the group's own."""
    alive = person.deceased_on is None and addresses.has_door("person_invoice.ask")
    return alive and bool(groups_to_invoice(session(), person_id=person.id, below=this_group().path))


def _about(person: Person, *, only_pays: bool) -> list[str]:
    parts = [gettext("Number %(number)s", number=person.id)]
    if only_pays:
        return parts
    if person.birth_date is not None:
        age = age_on(person.birth_date, today(session()))
        born = reader().long_date(person.birth_date)
        parts.append(
            reader().ngettext("Born %(born)s, %(num)s year old", "Born %(born)s, %(num)s years old", age, born=born)
        )
    if person.deceased_on is not None:
        parts.append(gettext("Died %(day)s", day=reader().long_date(person.deceased_on)))
    return parts
