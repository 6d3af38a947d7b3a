"""An invoice behind a link that was sent out: a code first, then what is owed, how to pay it, and the PDF."""

import datetime as dt
import time
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import StringField

from database.acting import Acting
from documents import render
from dues.access.declare import public
from dues.actor import VISITOR
from dues.dates import today
from dues.groups.models import Group
from dues.invoicing.access import CODE_LIFE, leads_to, link_number, open_with_code, request_code, token_hash
from dues.invoicing.access_errors import (
    CodeRefusedError,
    LinkNotValidError,
    TooManyCodesError,
    TooSoonError,
    WrongCodeError,
)
from dues.invoicing.document import Issued
from dues.invoicing.elsewhere import has_pdf
from dues.invoicing.invite import NotOfferedError, choose_fund
from dues.invoicing.models import Invoice
from dues.invoicing.slip_document import issued_on_slips
from language import gettext_noop as _
from portal.invoice_sheet import sheet
from web.foreign import foreign_pdf
from web.headers import keep_nothing
from web.house import act_as, commit, house, session
from web.limits import CODE, LOOK, limiter
from web.look import Brand, brand
from web.notes import note
from web.speech import gettext

doors = Blueprint("invoice", __name__)
doors.before_request(keep_nothing)


@doors.before_request
def _hold_the_link() -> None:
    """Let the database show what hangs on this link, and nothing else."""
    token = str((request.view_args or {}).get("token", ""))
    act_as(Acting(str(VISITOR), address=request.remote_addr or "", link=token_hash(token).hex()))


_ASKED: Final = "asked"
_OPENED: Final = "opened"
_OPEN_FOR: Final = 30 * 60
"""Seconds for which a browser that gave the code may look again."""
_MOST: Final = 8
"""Links that one browser may have open at once: the cookie stays small."""


class CodeForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """The code from the mail."""

    code = StringField()


@doors.get("/i/<token>")
@public
@limiter.limit(LOOK)
def show(token: str) -> str:
    """Show the invoice to who has given the code; everybody else is offered one. Nothing is looked up before."""
    invoice_id = _opened(token)
    if invoice_id is None:
        return _locked(token, CodeForm(), asked=_key(token) in _kept(_ASKED))
    on, found = today(session()), _issued(invoice_id)
    return render_template(
        "portal/invoice/open.html",
        token=token,
        brand=_brand(invoice_id),
        page=sheet(session(), found, on=on),
        pdf=not found.system or has_pdf(session(), invoice_id=invoice_id),
    )


@doors.post("/i/<token>/code")
@public
@limiter.limit(CODE)
def send_code(token: str) -> str | Answer | tuple[str, int]:
    """Send a code to the address that the link went to."""
    try:
        request_code(session(), token=token, now=_now(), secret=house().settings.signing_key())
    except LinkNotValidError:
        return _not_valid()
    except TooSoonError as error:
        note = gettext(
            _("A code is on its way. You can ask for another one in %(seconds)s seconds."), seconds=error.seconds
        )
        return _locked(token, CodeForm(), asked=True, note=note)
    except TooManyCodesError:
        note = gettext(_("Too many codes were sent for this link. Ask the sender of the mail for a new one."))
        return _locked(token, CodeForm(), asked=False, note=note)
    commit(then=house().wake.messages)
    _keep(_ASKED, token, 0, seconds=int(CODE_LIFE.total_seconds()))
    return redirect(url_for("invoice.show", token=token), code=303)


@doors.post("/i/<token>/open")
@public
@limiter.limit(CODE)
def give_code(token: str) -> str | Answer | tuple[str, int]:
    """Try a code; a wrong one is counted, also when it is told."""
    form = CodeForm()
    try:
        opening = open_with_code(session(), token=token, code=str(form.code.data or ""), now=_now())
    except LinkNotValidError:
        return _not_valid()
    commit()
    if opening.invoice_id is None:
        form.code.errors = [_refusal(opening.refusal)]
        return _locked(token, form, asked=True)
    _keep(_OPENED, token, opening.invoice_id, seconds=_OPEN_FOR)
    return redirect(url_for("invoice.show", token=token), code=303)


@doors.get("/i/<token>/invoice.pdf")
@public
@limiter.limit(LOOK)
def pdf(token: str) -> Answer:
    """Send the invoice as it was issued; who has not given the code is led to where it is asked for."""
    invoice_id = _opened(token)
    if invoice_id is None:
        return redirect(url_for("invoice.show", token=token), code=303)
    found = _issued(invoice_id)
    if found.system:
        return foreign_pdf(session(), session().get_one(Invoice, invoice_id))
    document = found.document
    response = Response(render(document), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{document.number}.pdf")
    return response


@doors.post("/i/<token>/fund")
@public
@limiter.limit(LOOK)
def fund(token: str) -> Answer:
    """Let who has given the code choose what they give for, where the invoice invites to pay more."""
    invoice_id, shown = _opened(token), redirect(url_for("invoice.show", token=token), code=303)
    chosen = _uuid(request.form.get("fund", ""))
    if invoice_id is None or chosen is None:
        return shown
    try:
        choose_fund(session(), invoice_id=invoice_id, fund_id=chosen, by=VISITOR)
    except NotOfferedError:
        note(gettext(_("This fund takes no gifts any more. Choose another one.")), tone="warn")
        return shown
    commit()
    note(gettext(_("Your choice is kept, also for invoices to come.")))
    return shown


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _refusal(refusal: CodeRefusedError | None) -> str:
    if isinstance(refusal, WrongCodeError):
        return gettext(_("This is not the code that was sent. Tries left: %(left)s."), left=refusal.left)
    return gettext(_("This code is not valid any more. Ask for a new one."))


def _locked(token: str, form: CodeForm, *, asked: bool, note: str = "") -> str:
    return render_template("portal/invoice/locked.html", token=token, form=form, asked=asked, note=note)


def _not_valid() -> tuple[str, int]:
    """One answer for what never was, what was revoked and what is too old."""
    return render_template("portal/invoice/not_valid.html"), 404


def _issued(invoice_id: int) -> Issued:
    found = issued_on_slips(session(), invoices=[invoice_id]).get(invoice_id)
    if found is None:
        abort(404)
    return found


def _brand(invoice_id: int) -> Brand:
    """Whoever has given the code may see whose invoice it is, in that group's look."""
    wanted = select(Group).join(Invoice, Invoice.group_id == Group.id).where(Invoice.id == invoice_id)
    return brand(session().scalars(wanted).one())


def _now() -> dt.datetime:
    """Return the real time: codes live for minutes, which the business clock does not know."""
    return dt.datetime.now(dt.UTC)


def _key(token: str) -> str:
    """Return what the cookie calls a link: never the token itself."""
    return f"{link_number(token_hash(token)):x}"


def _opened(token: str) -> int | None:
    """Return the invoice that this browser has opened, as long as its link holds."""
    if _key(token) not in _kept(_OPENED):
        return None
    return leads_to(session(), token=token, now=_now())


def _kept(shelf: str) -> dict[str, list[float]]:
    """Return what this browser may still use of a shelf: link to (id, until when)."""
    kept: dict[str, list[float]] = cookie.get(shelf, {})
    return {key: entry for key, entry in kept.items() if entry[1] > time.time()}


def _keep(shelf: str, token: str, what: int, *, seconds: int) -> None:
    kept = list(_kept(shelf).items())[-_MOST + 1 :]
    cookie[shelf] = dict([*kept, (_key(token), [what, time.time() + seconds])])
