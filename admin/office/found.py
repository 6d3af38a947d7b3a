"""What an address names, or the page that says it is not there; in a group's house only what is of that group."""

from uuid import UUID

from flask import abort

from admin.group.here import known_here
from dues.groups.below import books_lie_below
from dues.groups.models import Group
from dues.invoicing.series import find_series
from dues.invoicing.template_models import InvoiceSeries, InvoiceTemplate
from dues.invoicing.templates import find_template
from dues.members.belonging import belongs, is_member, known_beyond
from dues.members.models import Person
from dues.overview.invoice_file import Head, find_invoice
from dues.overview.person_file import Held, find_membership, find_person
from web.house import session


def person_or_stop(public_id: UUID) -> Person:
    """Return the person of an address."""
    found = find_person(session(), public_id=public_id)
    if found is None or not belongs(session(), person_id=found.id, below=below()):
        abort(404)
    return found


def details_are_ours(person: Person) -> bool:
    """Tell whether details may be changed here: a group's house leaves those alone by which others reach somebody, too.

    Anybody can be named as payer of a new member; that must not open what another group's invoices are sent to.
    """
    return not below() or not known_beyond(session(), person_id=person.id, path=below())


def only_pays(person: Person) -> bool:
    """Tell whether somebody is known here as payer alone: a group's house is told how to reach them, and no more.

    Where they live and when they were born is between them and the groups that they are members of.
    """
    return bool(below()) and not is_member(session(), person_id=person.id, below=below())


def invoice_or_stop(public_id: UUID) -> Head:
    """Return the invoice or the credit note of an address."""
    found = find_invoice(session(), public_id=public_id, below=below())
    return found if found is not None else abort(404)


def membership_or_stop(person: Person, public_id: UUID) -> Held:
    """Return the membership of an address, of this person and nobody else."""
    found = find_membership(session(), person_id=person.id, public_id=public_id, below=below())
    return found if found is not None else abort(404)


def books_are_ours(group: Group) -> bool:
    """Tell whether invoices for a group may be written here: a group's house writes them in books of its own alone."""
    if group.creditor_id is None:
        return False
    path = below()
    return not path or books_lie_below(session(), creditor_id=group.creditor_id, path=path)


def template_or_stop(public_id: UUID) -> InvoiceTemplate:
    """Return the template of an address."""
    found = find_template(session(), public_id=public_id, below=below())
    return found if found is not None else abort(404)


def series_or_stop(public_id: UUID) -> InvoiceSeries:
    """Return the series of an address."""
    found = find_series(session(), public_id=public_id, below=below())
    return found if found is not None else abort(404)


def below() -> str:
    """Return the path that all one sees lies below: of the group whose house one is in, nothing at the desk."""
    at = known_here()
    return "" if at is None else at.path
