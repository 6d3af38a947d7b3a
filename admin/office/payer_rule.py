"""Makes a rule from a case: whose money from this account, or with these words, is from now on."""

from typing import Final
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from admin import addresses
from admin.addresses import door
from admin.office.actors import Actors
from admin.office.amounts import money_words
from admin.office.bench import LARGEST, Part, case_or_stop, part
from admin.office.boxes import Boxes
from admin.office.found import below
from admin.office.queue import Page, moved, onward
from admin.user import require
from dues import dates
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.patience import BusyError
from dues.payments.aside_models import PayerRule
from dues.payments.candidates import candidates, named_candidates
from dues.payments.case import Case
from dues.payments.errors import PaymentError
from dues.payments.payer_rules import (
    SHORTEST,
    Applied,
    Ruled,
    RuleTakenError,
    RuleWordsError,
    apply_rules,
    fitting,
    make_rule,
    payer_rules,
    stop_rule,
)
from language import gettext_noop as _
from web.house import begin_anew, commit, house, session
from web.notes import note
from web.speech import gettext, ngettext

doors = Blueprint("payer_rule", __name__, url_prefix="/admin/queue")

_NOBODY: Final = "not-ours"


class RuleForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """By what such payments are known, and whose they are."""

    by = StringField()
    words = StringField()
    whose = StringField()


@doors.get("/<int:payment_id>/rule")
@permission(Permission.PAYMENTS_ALLOCATE)
def ask(payment_id: int) -> str | Response:
    """Ask by what such payments are known, and whose they are."""
    found, here = case_or_stop(payment_id), part()
    if not found.waits or not found.unallocated:
        return redirect(here.case(payment_id), code=303)
    whose = request.args.get("choice", "") or _suggested(found)
    data = {"by": "account" if found.payer_account else "words", "words": found.message[:60], "whose": whose}
    return _page(here, found, RuleForm(formdata=None, data=data))


@doors.post("/<int:payment_id>/rule")
@permission(Permission.PAYMENTS_ALLOCATE)
def make(payment_id: int) -> Page:
    """Make it, decide by it what waits, and open the next case."""
    found, here, form = case_or_stop(payment_id), part(), RuleForm()
    boxes = Boxes(form)
    by_account = boxes.text("by") == "account" and found.payer_account is not None
    whose = dict(_whose(found, boxes.text("whose")))
    if not boxes.text("whose"):
        boxes.fault("whose", gettext(_("Say whose such payments are.")))
    elif boxes.text("whose") not in whose:
        boxes.fault("whose", gettext(_("Choose one of the list.")))
    if not boxes.hand_over():
        return _page(here, found, form)
    try:
        made = make_rule(
            session(),
            ruled=Ruled(
                payment_id=payment_id,
                payer_account=found.payer_account if by_account else None,
                words=boxes.text("words"),
                person_id=_person(found, boxes.text("whose")),
            ),
            by=require().actor,
        )
        on = dates.today(session())
        done = apply_rules(session(), creditor_id=found.creditor_id, on=on, by=require().actor)
        undo = door("payer_rule.stop", rule_id=made.id)
        commit(then=house().wake.messages)
    except RuleWordsError:
        said = _("Write at least %(number)s characters of what such payments say.")
        form.words.errors = [gettext(said, number=SHORTEST)]
        return _again(here, found, form)
    except RuleTakenError:
        form.by.errors = [gettext(_("There is a rule for that already. Stop that one first."))]
        return _again(here, found, form)
    except (PaymentError, BusyError) as error:
        return moved(here, found, error)
    note(_done(done), undo=undo)
    return redirect(onward(here, payment_id), code=303)


@doors.get("/rules")
@permission(Permission.PAYMENTS_READ)
def listed() -> str:
    """Show the rules in force."""
    rows = payer_rules(session(), path=below())
    return render_template(
        "admin/queue/rules.html",
        rows=rows,
        actors=Actors.of(session(), [row.rule.actor for row in rows]),
        addresses=addresses,
    )


@doors.post("/rules/<int:rule_id>/stop")
@permission(Permission.PAYMENTS_ALLOCATE)
def stop(rule_id: int) -> Response:
    """Let a rule decide nothing any more."""
    row = session().get(PayerRule, rule_id) if rule_id <= LARGEST else None
    if row is None:
        abort(404)
    case_or_stop(row.payment_id)
    stop_rule(session(), rule_id=rule_id)
    commit()
    note(gettext(_("The rule is stopped. What it decided stays, and can be taken back payment by payment.")))
    return redirect(door("payer_rule.listed"), code=303)


def _again(here: Part, found: Case, form: RuleForm) -> str:
    begin_anew()
    return _page(here, found, form)


def _person(found: Case, key: str) -> int | None:
    if key == _NOBODY:
        return None
    return next((one.person_id for one in named_candidates(session(), found, keys=[key])), None)


def _whose(found: Case, chosen: str) -> list[tuple[str, str]]:
    """Return whose such payments may be: each person the case speaks for, once, and nobody; before them no choice.

    Money that left is nobody's payment: of it there is one thing to say.
    """
    if found.unallocated < 0:
        return [(_NOBODY, gettext(_("Not ours")))]
    persons: dict[UUID, tuple[str, str]] = {}
    for one in candidates(session(), found, chosen=chosen if chosen != _NOBODY else ""):
        persons.setdefault(one.person, (f"credit-{one.person}", one.name))
    return [("", gettext(_("Choose"))), *persons.values(), (_NOBODY, gettext(_("Not ours")))]


def _suggested(found: Case) -> str:
    """Return whom the case speaks for most; nobody is suggested where it speaks for nobody."""
    return next((key for key, _name in _whose(found, "") if key and (key != _NOBODY or found.unallocated < 0)), "")


def _done(done: Applied) -> str:
    said = [gettext(_("The rule is made."))]
    if done.booked:
        said.append(ngettext("%(num)s payment is booked by it.", "%(num)s payments are booked by it.", done.booked))
    if done.aside:
        said.append(
            ngettext(
                "%(num)s payment left the queue as not ours.",
                "%(num)s payments left the queue as not ours.",
                done.aside,
            )
        )
    if not done.booked and not done.aside:
        said.append(gettext(_("Nothing that waits could be booked by it: no open invoice has the amount that came.")))
    return " ".join(said)


def _page(here: Part, found: Case, form: RuleForm) -> str:
    chosen = str(form.whose.data or "")
    if chosen.startswith("claim-"):
        person = next((one.person for one in named_candidates(session(), found, keys=[chosen])), None)
        chosen = form.whose.data = f"credit-{person}" if person else ""
    told = {"creditor_id": found.creditor_id}
    return render_template(
        "admin/queue/rule.html",
        here=here,
        found=found,
        form=form,
        whose=_whose(found, chosen),
        by_account=fitting(session(), **told, payer_account=found.payer_account, words="")
        if found.payer_account
        else 0,
        sum=money_words(abs(found.unallocated), found.currency),
    )
