"""What people gave in a year: the list, a donor's gifts and statement, and the report to the tax authority."""

from decimal import Decimal
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import StringField

from admin import addresses
from admin.keeper import lacks_second_factor
from admin.office.boxes import Boxes
from admin.office.found import person_or_stop
from admin.user import require
from documents import Party
from documents.gifts import GiftStatement, Given, render_gifts
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.below import creditors
from dues.groups.models import Creditor
from dues.lists.columns import major
from dues.members.models import Person
from dues.overview.person_file import full_name
from dues.patience import BusyError
from dues.payments.gifts.give import UnknownGiftError, take_gift_back
from dues.payments.gifts.identities import WrongIdentityError
from dues.payments.gifts.models import DonorIdentity
from dues.payments.gifts.norway import IncompleteSenderError
from dues.payments.gifts.norway import report as norwegian_report
from dues.payments.gifts.yearly import Reported, donors, gifts_of, keep_identity, reported, years_of
from language import gettext_noop as _
from language import pick
from tablefiles import SeparatedWriter
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, named, reader

doors = Blueprint("gifts", __name__, url_prefix="/admin/gifts")

_LONGEST: Final = 100
_FIRST, _LAST = 2000, 2999
_LACKS: Final = {"number": _("Organisation number"), "phone": _("Phone"), "email": _("E-mail")}


class IdentityForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """A donor's identity number, which is only ever written."""

    identity = StringField()


@doors.get("/")
@permission(Permission.JOURNAL_READ)
def page() -> str:
    """Show who gave in a year."""
    choices = creditors(session())
    wanted = request.args.get("creditor", "")
    creditor = next((one for one in choices if str(one.uuid) == wanted), choices[0] if choices else None)
    years = years_of(session(), creditor_id=creditor.id) if creditor else []
    year = _year(request.args.get("year", "")) or (years[0] if years else today(session()).year)
    search = " ".join(request.args.get("q", "").split())[:_LONGEST]
    found = donors(session(), creditor_id=creditor.id, year=year, beginning=search) if creditor else []
    return render_template(
        "admin/gifts/page.html",
        creditors=choices,
        creditor=creditor,
        years=years or [year],
        year=year,
        search=search,
        donors=found,
        unknown=sum(not one.identified for one in found),
    )


@doors.get("/<uuid:creditor_id>/<int:year>/report.csv")
@permission(Permission.JOURNAL_READ)
def report(creditor_id: UUID, year: int) -> Answer:
    """Send what the tax authority is told of a year, identity numbers included."""
    creditor = _creditor(creditor_id)
    if not _FIRST <= year <= _LAST:
        abort(404)
    if lacks_second_factor(require()):
        return redirect(url_for("second.set_up"), code=303)
    rows = reported(session(), creditor_id=creditor.id, year=year, secret=house().settings.signing_key())
    heads = [
        gettext(words)
        for words in (
            _("Identity number"),
            _("Name"),
            _("Street"),
            _("Postcode"),
            _("City"),
            _("Amount"),
            _("Currency"),
        )
    ]
    writer = SeparatedWriter(heads, comma=reader().code != "en")
    pieces = [*writer.rows([_row(one) for one in rows]), *writer.end()]
    answer = Response(b"".join(piece.content for piece in pieces), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"gifts-{year}.csv")
    return answer


@doors.get("/<uuid:creditor_id>/<int:year>/report.xml")
@permission(Permission.JOURNAL_READ)
def report_norway(creditor_id: UUID, year: int) -> Answer:
    """Send the report of a year as the Norwegian tax authority takes it."""
    creditor = _creditor(creditor_id)
    if not _FIRST <= year <= _LAST or creditor.country != "NO":
        abort(404)
    if lacks_second_factor(require()):
        return redirect(url_for("second.set_up"), code=303)
    rows = reported(session(), creditor_id=creditor.id, year=year, secret=house().settings.signing_key())
    try:
        content = norwegian_report(creditor, rows, year=year)
    except IncompleteSenderError as error:
        lacks = reader().join([gettext(_LACKS[name]) for name in error.lacks])
        note(gettext(_("The report names whom to ask. Write at the creditor: %(lacks)s."), lacks=lacks), tone="warn")
        return redirect(url_for("gifts.page", creditor=creditor.uuid, year=year), code=303)
    answer = Response(content, content_type="application/xml; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"gaver-{year}.xml")
    return answer


@doors.get("/<uuid:creditor_id>/<int:year>/<uuid:person_id>")
@permission(Permission.JOURNAL_READ)
def donor(creditor_id: UUID, year: int, person_id: UUID) -> str:
    """Show a donor's gifts of a year."""
    return _donor_page(_creditor(creditor_id), year, person_or_stop(person_id), IdentityForm(formdata=None))


@doors.get("/<uuid:creditor_id>/<int:year>/<uuid:person_id>/statement.pdf")
@permission(Permission.JOURNAL_READ)
def statement(creditor_id: UUID, year: int, person_id: UUID) -> Answer:
    """Send the statement of a donor's gifts, in the donor's language."""
    return statement_answer(_creditor(creditor_id), person_or_stop(person_id), year)


def statement_answer(creditor: Creditor, person: Person, year: int) -> Answer:
    """Return the statement of a donor's gifts as a file; there is none where nothing was given."""
    there = _FIRST <= year <= _LAST
    given = gifts_of(session(), creditor_id=creditor.id, person_id=person.id, year=year) if there else []
    currencies = sorted({one.currency for one in given})
    if not given:
        abort(404)
    currency = creditor.currency if creditor.currency in currencies else currencies[0]
    content = render_gifts(
        GiftStatement(
            language=person.language,
            receiver=Party(
                name=creditor.name,
                address=(creditor.street, f"{creditor.postcode} {creditor.city}".strip()),
                org_number=creditor.org_number,
                email=creditor.email,
                phone=creditor.phone,
            ),
            donor=Party(name=full_name(person), address=(person.street, f"{person.postcode} {person.city}".strip())),
            year=year,
            currency=currency,
            gifts=[
                Given(one.on, pick(one.fund, person.language), one.amount) for one in given if one.currency == currency
            ],
            date=today(session()),
        )
    )
    answer = Response(content, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"gifts-{year}.pdf")
    return answer


@doors.post("/<uuid:creditor_id>/<int:year>/<uuid:person_id>/identity")
@permission(Permission.SETTLEMENTS_POST)
def identity(creditor_id: UUID, year: int, person_id: UUID) -> str | Answer:
    """Keep a donor's identity number, or forget it."""
    creditor, person, form = _creditor(creditor_id), person_or_stop(person_id), IdentityForm()
    boxes = Boxes(form)
    written = boxes.text("identity")
    try:
        keep_identity(
            session(),
            creditor_id=creditor.id,
            person_id=person.id,
            country=creditor.country,
            written=written,
            secret=house().settings.signing_key(),
            by=str(require().actor),
        )
    except WrongIdentityError:
        begin_anew()
        boxes.fault("identity", gettext(_("This is no identity number. Check its digits.")))
        boxes.hand_over()
        form.identity.data = ""
        return _donor_page(_creditor(creditor_id), year, person_or_stop(person_id), form)
    commit()
    note(
        gettext(_("The identity number is kept, sealed."))
        if written
        else gettext(_("The identity number is forgotten."))
    )
    return redirect(url_for("gifts.donor", creditor_id=creditor_id, year=year, person_id=person_id), code=303)


@doors.post("/<int:gift_id>/take-back")
@permission(Permission.PAYMENTS_ALLOCATE)
def take_back(gift_id: int) -> Answer:
    """Take a gift back: it is its donor's credit again."""
    back = redirect(url_for("gifts.page"), code=303)
    try:
        take_gift_back(session(), gift_id=min(gift_id, 2**62), on=today(session()), by=require().actor)
    except (UnknownGiftError, BusyError):
        session().rollback()
        note(gettext(_("This was taken back already.")), tone="warn")
        return back
    commit()
    note(gettext(_("The gift is taken back. The money is its donor's credit.")))
    return back


def _donor_page(creditor: Creditor, year: int, person: Person, form: IdentityForm) -> str:
    if not _FIRST <= year <= _LAST:
        abort(404)
    return render_template(
        "admin/gifts/donor.html",
        creditor=creditor,
        year=year,
        person=person,
        name=full_name(person),
        gifts=gifts_of(session(), creditor_id=creditor.id, person_id=person.id, year=year),
        identified=session().get(DonorIdentity, (creditor.id, person.id)) is not None,
        may_keep=require().may(Permission.SETTLEMENTS_POST),
        may_undo=require().may(Permission.PAYMENTS_ALLOCATE),
        form=form,
        named=named,
        addresses=addresses,
        above={"address": url_for("gifts.page", creditor=creditor.uuid, year=year), "words": gettext(_("Gifts"))},
    )


def _row(one: Reported) -> list[str | Decimal | None]:
    person = one.person
    place = (person.street, person.postcode, person.city)
    return [one.identity, full_name(person), *place, major(one.amount, one.currency), one.currency]


def _creditor(public_id: UUID) -> Creditor:
    found = session().scalar(select(Creditor).where(Creditor.uuid == public_id))
    return found if found is not None else abort(404)


def _year(written: str) -> int | None:
    found = int(written) if written.isascii() and written.isdecimal() and len(written) == len(str(_LAST)) else 0
    return found if _FIRST <= found <= _LAST else None
