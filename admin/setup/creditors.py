"""Creditors: who is owed, in which currency, and how patiently."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from flask import Response
from flask_wtf import FlaskForm
from sqlalchemy import select

from admin.setup import finding
from admin.setup.fields import Email, Pick
from admin.setup.money import currency_choices
from admin.setup.setting import Setting, faults, wrong
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice, Number, Text, Tick
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from admin.tables.theme import expose
from dues.access.permissions import Permission
from dues.groups.creditors import is_used
from dues.groups.errors import AlreadyCreditorError, CollectorError, OrgNumberError
from dues.groups.lists import ListedCreditor, creditors_page
from dues.groups.models import Creditor
from dues.groups.org_numbers import org_number
from dues.journal.creditors import change_books, remove_creditor
from dues.paging import Page
from dues.pricing.creditors import found_creditor
from language import gettext_noop as _
from web import postal
from web.countries import countries
from web.house import house, session
from web.speech import gettext, reader

KEPT = (
    *("name", "org_number", "country", "currency", "street", "postcode", "city", "email", "phone", "sensitive"),
    *("payment_days", "reminder_days", "max_reminders", "one_invoice", "sms"),
)


class CreditorForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a creditor is made of."""

    group = Pick(
        _("Group"),
        find=finding.groups,
        source="groups.suggest",
        hint=_(
            "Its members, and those of all groups below it that have no books of their own, owe it from "
            "now on. This cannot be changed later."
        ),
    )
    name = Text(_("Name on documents"))
    country = Choice(
        _("Country"),
        choices=lambda: list(countries(reader().code).items()),
        hint=_(
            "Decides the numbers of its accounts. Fixed once an account, an invoice or an entry stands in its books."
        ),
    )
    org_number = Text(_("Organisation number"), width="short")
    currency = Choice(
        _("Currency"),
        choices=currency_choices,
        hint=_("Of its books and prices. Fixed once an account, an invoice or an entry stands in its books."),
    )
    street = Text(_("Street and number"))
    postcode = Text(_("Postcode"), width="short")
    city = Text(_("Town or city"))
    email = Email(_("E-mail"), hint=_("Members who reply to a mail write here."))
    phone = Text(_("Telephone"), optional=True, width="short")
    sensitive = Tick(
        _("Membership is sensitive"),
        hint=_(
            "For unions, faith and health: mails then hold a link and a code, and no word of membership, "
            "amounts or names."
        ),
    )
    payment_days = Number(
        _("Days to pay"),
        most=365,
        hint=_("From the day of the invoice to the day it is due. Invoices that were issued keep their day."),
    )
    reminder_days = Number(
        _("Days until a reminder"),
        most=365,
        hint=_("From the day it was due to the first reminder, and between two reminders."),
    )
    max_reminders = Number(_("Reminders at most"), most=9, hint=_("0 sends none."))
    one_invoice = Tick(
        _("One invoice for a family or an employer"),
        hint=_(
            "Whoever pays for several members gets one invoice for all of them in each run. Everybody can be asked "
            "for something else on their own page. What is paid in instalments keeps an invoice of its own."
        ),
    )
    sms = Tick(
        _("Text messages before letters"),
        hint=_(
            "Members without an e-mail address get invoices and reminders as a text message with a link, where their "
            "number is a mobile telephone's. What cannot be delivered so goes out as a letter."
        ),
    )
    collected_by = Pick(
        _("Collect together with"),
        find=finding.creditors,
        source="creditors.suggest",
        optional=True,
        hint=_(
            "A union and its unemployment fund on one slip: what is charged here in the same run stands on the slip of "
            "that creditor, whose account receives it all. Each keeps its own invoice, number and books; what belongs "
            "here is owed by that creditor as soon as it has come."
        ),
    )

    def validate_org_number(self, field: Text) -> None:
        """Each country has numbers of its own."""
        row = getattr(self, "row", None)
        if row is not None and (field.data, self.country.data) == (row.org_number, row.country):
            return
        try:
            field.data = org_number(self.country.data or "", field.data)
        except OrgNumberError:
            country = reader().country_name(self.country.data or "")
            text = _("This is no organisation number of %(country)s. Check its digits.")
            raise wrong(text, country=country) from None

    def validate_postcode(self, field: Text) -> None:
        """So do postcodes."""
        try:
            field.data = postal.postcode(field.data, self.country.data or "")
        except postal.PostcodeError as error:
            text = _("Write the postcode as it stands in addresses, for example %(example)s.")
            raise wrong(text, example=error.example) from None

    def validate_sms(self, field: Tick) -> None:
        """Text messages that no gateway takes would wait for ever, and no letter would go out instead."""
        settings, row = house().settings, getattr(self, "row", None)
        if field.data and not (row is not None and row.sms) and settings.sms is None and not settings.demo:
            raise wrong(
                _("No gateway for text messages is set up here yet. Whoever runs this installation can set one up.")
            )

    def validate_phone(self, field: Text) -> None:
        """A number is read as dialled at home."""
        if not field.data:
            return
        try:
            field.data = postal.phone(field.data, self.country.data or "")
        except postal.PhoneError:
            raise wrong(_("Write a telephone number that exists, or leave the box empty.")) from None


def _said(form: Any) -> dict[str, Any]:
    return {**{name: form[name].data for name in KEPT}, "collected_by_id": form.collected_by.picked}


class CreditorsView(Setting):
    """Groups with books of their own."""

    door = "creditors"
    address = "/admin/setup/creditors"
    words = _("Creditors")
    about = _("Groups with books of their own: who is owed, in which currency, and how patiently.")
    shelf = _("The organisation")
    new_words = _("Add a creditor")
    columns = (
        Column("group", _("Group"), lambda row: row.group.name),
        Column("name", _("Name on documents"), lambda row: row.creditor.name),
        Column("org_number", _("Organisation number"), lambda row: row.creditor.org_number),
        Column("currency", _("Currency"), lambda row: row.creditor.currency),
        Column("payment_days", _("Days to pay"), lambda row: row.creditor.payment_days, number=True),
        Column("max_reminders", _("Reminders"), lambda row: row.creditor.max_reminders, number=True),
        Column("sensitive", _("Sensitive"), lambda row: row.creditor.sensitive),
    )
    search = _("Beginning of the group's name")
    form = CreditorForm
    fixed = ("group",)
    can_delete = True
    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT, suggest=Permission.SETUP_READ)
    faults = faults(
        "name",
        {
            AlreadyCreditorError: Fault("group", _("This group has books of its own already. Change those instead.")),
            CollectorError: Fault(
                "collected_by",
                _(
                    "It cannot collect for this creditor: a slip has one creditor that collects, and one currency. "
                    "Choose another one, or none."
                ),
            ),
            OrgNumberError: Fault("org_number", _("This is no organisation number of that country. Check its digits.")),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedCreditor]:
        """Return a page of creditors."""
        return creditors_page(session(), beginning=wanted.search, at=wanted.place)

    def one(self, key: str) -> Creditor | None:
        """Return a creditor by its uuid."""
        return session().scalar(select(Creditor).where(Creditor.uuid == uuid.UUID(key)))

    def key_of(self, row: Creditor | ListedCreditor) -> str:
        """Return the uuid."""
        return str(row.uuid if isinstance(row, Creditor) else row.creditor.uuid)

    def called(self, row: Creditor) -> str:
        """Return the name on documents."""
        return row.name

    def defaults(self) -> Mapping[str, Any]:
        """Sensitive until it is switched off, as the domain has it."""
        return {"country": "SE", "currency": "SEK", "sensitive": True, "payment_days": 30} | {
            "reminder_days": 10,
            "max_reminders": 1,
        }

    def fixed_in(self, row: Creditor) -> Collection[str]:
        """What its books are made of is fixed once anything stands in them."""
        return ("currency", "country") if is_used(session(), creditor_id=row.id) else ()

    def filled(self, row: Creditor) -> Mapping[str, Any]:
        """Return a creditor as its form shows it."""
        kept = {name: getattr(row, name) for name in KEPT}
        return {**kept, "group": finding.group(row.group_id), "collected_by": finding.creditor(row.collected_by_id)}

    def add(self, form: Any) -> Creditor:
        """Found a creditor, with its books and the income accounts of all that is charged there."""
        said = {name: form[name].data for name in KEPT}
        creditor = found_creditor(session(), group_id=form.group.picked, **said)
        return change_books(session(), creditor_id=creditor.id, collected_by_id=form.collected_by.picked)

    def change(self, row: Creditor, form: Any) -> None:
        """Change a creditor."""
        change_books(session(), creditor_id=row.id, **_said(form))

    def remove(self, row: Creditor) -> None:
        """Take a creditor away."""
        remove_creditor(session(), creditor_id=row.id)

    def what_goes(self, _row: Any) -> str:
        """Say whom its members owe then."""
        return gettext(
            _("Its books are empty and go with it. Its members owe the next creditor above it from then on.")
        )

    @expose("/suggest/")
    def suggest(self) -> Response:
        """Offer creditors to a script."""
        return finding.offered(finding.creditors)
