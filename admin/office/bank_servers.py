"""A bank's server: how its last visit went, trying the connection, and agreeing to its key."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from admin.addresses import door, may
from admin.again import ask_again
from admin.office import server_words as words
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.payments.fetching import RemoteError, fetched, target_of, wanted
from dues.payments.sftp import connect, fingerprint, host_key_of
from dues.payments.source_models import BankSource
from dues.payments.sources import ListedSource, OtherKeyError, source_of, trust
from language import gettext_noop as _
from web.house import commit, house, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("bank_servers", __name__, url_prefix="/admin/bank-servers")

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: what is wrong, or the files that would be fetched; or the key that is to be agreed to."""

    wrong: str = ""
    files: int = 0
    names: tuple[str, ...] = ()
    fingerprint: str = ""


@doors.get("/<uuid:public_id>")
@permission(Permission.ACCOUNTS_CHANGE)
def page(public_id: UUID) -> str:
    """Show a bank's server and how its last visit went."""
    return _page(_source_or_stop(public_id), None)


@doors.post("/<uuid:public_id>")
@permission(Permission.ACCOUNTS_CHANGE)
def press(public_id: UUID) -> str | Response:
    """Try the connection, without fetching anything; or agree to the key that the server shows."""
    if asked := ask_again():
        return asked
    found = _source_or_stop(public_id)
    if request.form.get("do") == "trust":
        return _trusted(found, request.form.get("seen", ""))
    return _page(found, _tried(found.source))


def _trusted(found: ListedSource, seen: str) -> str | Response:
    try:
        key = host_key_of(found.source.host, found.source.port)
        trust(session(), source_id=found.source.id, host_key=key, seen=seen)
        commit()
    except RemoteError as error:
        return _page(found, Tried(wrong=words.trouble(error.trouble)))
    except OtherKeyError:
        note(gettext(_("The server shows another key by now. Nothing was agreed to; compare it again.")), tone="warn")
    else:
        note(gettext(_("The key is agreed to. Try the connection once more: then files are fetched by themselves.")))
    return redirect(door("bank_servers.page", public_id=found.source.uuid), code=303)


def _tried(source: BankSource) -> Tried:
    try:
        if source.host_key is None:
            return Tried(fingerprint=fingerprint(host_key_of(source.host, source.port)))
        with connect(target_of(source, secret=house().settings.signing_key())) as remote:
            files = wanted(remote.listed(), pattern=source.pattern)
    except RemoteError as error:
        return Tried(wrong=words.trouble(error.trouble))
    return Tried(files=len(files), names=tuple(one.name for one in files[-_SHOWN:]))


def _page(found: ListedSource, tried: Tried | None) -> str:
    source = found.source
    return render_template(
        "admin/bank_servers/page.html",
        source=source,
        account=words.account(found),
        fingerprint=fingerprint(source.host_key) if source.host_key else "",
        fetched=fetched(session(), source_id=source.id),
        tried=tried,
        change=door("sources.edit_view", key=source.uuid) if may(Permission.SETUP_READ) else "",
        words=words,
    )


def _source_or_stop(public_id: UUID) -> ListedSource:
    found = source_of(session(), name=public_id)
    return found if found is not None else abort(404)
