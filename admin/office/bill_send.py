"""An invoice or a credit note sent once more, also to another address, as a text message or as a letter."""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField

from admin import addresses
from admin.office.boxes import Boxes
from admin.office.found import invoice_or_stop
from admin.office.tongues import tongue
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.delivery.models import Channel
from dues.invoicing.errors import NotSendableError
from dues.invoicing.send_again import next_copy, on_paper, send_again, unsendable
from dues.invoicing.slips import collected
from dues.invoicing.way import number_of
from dues.members.estate import estate_of
from dues.overview.invoice_file import Head, newest_message
from language import Language
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("bill_send", __name__, url_prefix="/admin/invoices")

_HIGHEST: Final = 2**15 - 1


class SendForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """How, where to, and which copy it is."""

    channel = StringField()
    address = StringField()
    copy = HiddenField()


@doors.get("/<uuid:public_id>/send")
@permission(Permission.INVOICES_SEND)
def ask(public_id: UUID) -> str | Response:
    """Ask how and where to; what is already known stands in the boxes."""
    head = invoice_or_stop(public_id)
    if unsendable(session(), invoice_id=head.invoice.id) is not None:
        return _not_sendable(head)
    last = newest_message(session(), invoice_id=head.invoice.id)
    mailed = last.address if last is not None and last.channel is Channel.EMAIL else ""
    address = "" if head.payer.deceased_on is not None else head.payer.email or mailed
    unmailed = Channel.SMS if _number(head) else Channel.PRINT
    form = SendForm(
        formdata=None,
        channel=Channel.EMAIL if address else unmailed,
        address=address,
        copy=str(next_copy(session(), invoice_id=head.invoice.id)),
    )
    return _page(head, form)


@doors.post("/<uuid:public_id>/send")
@permission(Permission.INVOICES_SEND)
def send(public_id: UUID) -> str | Response:
    """Put it into the outbox; the second of two presses finds its copy there."""
    head = invoice_or_stop(public_id)
    form = SendForm()
    boxes = Boxes(form)
    channel = boxes.text("channel")
    if channel not in _ways(head) or (channel == Channel.PRINT and not on_paper(head.invoice)):
        boxes.fault("channel", gettext(_("Choose how to send it.")))
    missing = _("Write the e-mail address to send it to.")
    address = boxes.email("address", missing) if channel == Channel.EMAIL else ""
    copy = str(form.copy.data or "")
    if not boxes.hand_over() or not copy.isdecimal() or int(copy) > _HIGHEST:
        return _page(head, form)
    try:
        new = send_again(
            session(),
            invoice_id=head.invoice.id,
            channel=Channel(channel),
            address=address,
            copy=int(copy),
            by=require().actor,
        )
    except NotSendableError:
        return _not_sendable(head)
    if not new:
        note(gettext(_("It is on its way already. Nothing was sent twice.")), tone="warn")
        return redirect(addresses.invoice(public_id), code=303)
    commit(then=house().wake.messages)
    note(_done(head, Channel(channel), address or _number(head)))
    return redirect(addresses.invoice(public_id), code=303)


def _done(head: Head, channel: Channel, address: str) -> str:
    if channel is Channel.PRINT:
        return gettext(_("%(document)s goes into the print folder."), document=name_of(head))
    return gettext(_("%(document)s is on its way to %(address)s."), document=name_of(head), address=address)


def name_of(head: Head) -> str:
    """Return what the document is called."""
    text = _("Credit note %(number)s") if head.is_credit_note else _("Invoice %(number)s")
    return gettext(text, number=head.invoice.called)


def _not_sendable(head: Head) -> Response:
    text = _("It has been credited, so it is not sent again.")
    if head.invoice.printed is not None:
        text = _("Another system issued and sent it. It is not sent from here.")
    note(gettext(text), tone="warn")
    return redirect(addresses.invoice(head.invoice.uuid), code=303)


def _ways(head: Head) -> frozenset[str]:
    """Return how it can be sent: to an estate, whoever looks after it, by letter alone."""
    if head.payer.deceased_on is not None:
        return frozenset({Channel.PRINT})
    return frozenset({Channel.EMAIL, Channel.PRINT, *([Channel.SMS] if _number(head) else [])})


def _number(head: Head) -> str:
    """Return where a text message about it can go, or nothing."""
    if head.payer.deceased_on is not None:
        return ""
    return number_of(session(), phone=head.payer.phone, creditor_id=head.invoice.creditor_id)


def _page(head: Head, form: SendForm) -> str:
    return render_template(
        "admin/invoice/send.html",
        head=head,
        invoice=head.invoice,
        form=form,
        estate=head.payer.deceased_on is not None,
        to=estate_of(head.invoice.payer_name, Language(head.invoice.language))
        if head.payer.deceased_on is not None
        else head.invoice.payer_name,
        number=_number(head),
        on_paper=on_paper(head.invoice),
        collected=collected(session(), invoice_id=head.invoice.id),
        spoken=tongue(head.invoice.language),
        above={"address": addresses.invoice(head.invoice.uuid), "words": name_of(head)},
    )
