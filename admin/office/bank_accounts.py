"""Bank accounts: their statements in order, and what is missing between them."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin.addresses import door, may
from admin.office import gap_words as words
from admin.office.actors import Actors
from admin.office.bench import whole
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.paging import Place
from dues.payments.account_list import BankAccount, bank_account, bank_accounts
from dues.payments.gaps import NoGapError, NoReasonError, explain, gaps, reopen, statements
from language import gettext_noop as _
from web.house import commit, session
from web.notes import note
from web.speech import gettext

doors = Blueprint("bank_accounts", __name__, url_prefix="/admin/bank-accounts")

_ROWS: Final = 25
_GAPS: Final = 50
_MISSING: Final = "missing"
_OVER: Final = _("This is settled already. Look again.")


class ReasonForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Why nothing is missing."""

    note = StringField()


@doors.get("/", endpoint="accounts")
@permission(Permission.BANK_FILES_READ)
def show_accounts() -> str:
    """Show the accounts: when each was told of last, its balance, and whether something is missing."""
    missing = request.args.get("state") == _MISSING
    before, after = request.args.get("before", ""), request.args.get("after", "")
    at = Place(before, backwards=True) if before else Place(after) if after else None
    page = bank_accounts(session(), missing=missing, at=at)
    state = _MISSING if missing else None
    return render_template(
        "admin/bank_accounts/list.html",
        rows=page.rows,
        missing=missing,
        newer=door("bank_accounts.accounts", before=page.before, state=state) if page.before else "",
        older=door("bank_accounts.accounts", after=page.after, state=state) if page.after else "",
        words=words,
    )


@doors.get("/<int:account>")
@permission(Permission.BANK_FILES_READ)
def account(account: int) -> str:
    """Show an account: what is missing, and its statements."""
    return _page(_account_or_stop(account), ReasonForm(formdata=None))


@doors.post("/<int:account>/missing/<int:gap>")
@permission(Permission.BANK_FILES_IMPORT)
def settle_gap(account: int, gap: int) -> str | Response:
    """Note why nothing is missing, so that nobody is warned of it any more; or take such a note back."""
    found, form = _account_or_stop(account), ReasonForm()
    try:
        if request.form.get("do") == "reopen":
            reopen(session(), agreement_id=found.id, gap_id=gap)
        else:
            explain(session(), agreement_id=found.id, gap_id=gap, note=form.note.data or "", by=require().actor)
        commit()
    except NoReasonError:
        form.note.errors = [gettext(_("Say in a few words why nothing is missing."))]
        return _page(found, form, wrong=gap)
    except NoGapError:
        session().rollback()
        note(gettext(_OVER), tone="warn")
    return redirect(door("bank_accounts.account", account=found.id), code=303)


def _page(found: BankAccount, form: ReasonForm, *, wrong: int = 0) -> str:
    before = whole(request.args.get("before", "")) or None
    rows = statements(session(), agreement_id=found.id, before=before, limit=_ROWS + 1)
    missing = gaps(session(), agreement_id=found.id, limit=_GAPS)
    return render_template(
        "admin/bank_accounts/account.html",
        account=found,
        open_gaps=[gap for gap in missing if not gap.note],
        explained=[gap for gap in missing if gap.note],
        form=form,
        faults=form.errors,
        wrong=wrong,
        may_note=may(Permission.BANK_FILES_IMPORT),
        actors=Actors.of(session(), [gap.closed_by for gap in missing if gap.closed_by]),
        rows=rows[:_ROWS],
        first=door("bank_accounts.account", account=found.id) if before else "",
        older=door("bank_accounts.account", account=found.id, before=rows[_ROWS - 1].id) if len(rows) > _ROWS else "",
        words=words,
    )


def _account_or_stop(account: int) -> BankAccount:
    found = bank_account(session(), agreement_id=account) if account < 1 << 63 else None
    return found if found is not None else abort(404)
