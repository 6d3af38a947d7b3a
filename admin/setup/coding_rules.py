"""Rules that give lines their account and their codes: one is added for a creditor, one is taken away."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.setup import finding
from admin.setup.fields import Pick
from admin.tables.fields import Choice, Text
from admin.tables.filters import Choices
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.editing import EditingError
from dues.groups.models import Creditor
from dues.journal.set_coding import (
    LONGEST,
    CodeTooLongError,
    NoSuchAccountError,
    Ruled,
    SameRuleError,
    add_rule,
    dimensions_of,
    drop_rule,
)
from dues.pricing.lists import all_components
from dues.pricing.products import all_products
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, named

doors = Blueprint("coding_rules", __name__, url_prefix="/admin/setup/coding-rules")


def _charged() -> Choices:
    parts = [(f"c{id_}", f"{named(names)} ({group})") for id_, names, group in all_components(session())]
    return parts + [(f"p{id_}", f"{number} {named(names)}") for id_, number, names in all_products(session())]


class RuleForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """For which lines, and what they get."""

    charged = Choice(
        _("Part of the fee or product"), choices=_charged, optional=True, hint=_("Leave it empty for all of them.")
    )
    group = Pick(
        _("In the group"),
        find=finding.groups,
        source="groups.suggest",
        optional=True,
        hint=_("And in those below it; the nearest rule wins. Leave it empty for all of them."),
    )
    account = Text(
        _("Revenue account"),
        optional=True,
        width="short",
        hint=_("Its number. What is collected for another group keeps its account."),
    )
    code1 = Text(_("First dimension"), optional=True, width="short")
    code2 = Text(_("Second dimension"), optional=True, width="short")
    code3 = Text(_("Third dimension"), optional=True, width="short")


@doors.get("/<uuid:creditor>/new")
@permission(Permission.SETUP_EDIT)
def ask(creditor: UUID) -> str:
    """Show the empty form."""
    return _page(_creditor(creditor), RuleForm(formdata=None))


@doors.post("/<uuid:creditor>/new")
@permission(Permission.SETUP_EDIT)
def add(creditor: UUID) -> str | Response:
    """Add a rule; it holds from the next invoice on."""
    found, form = _creditor(creditor), RuleForm()
    if not form.validate():
        return _page(found, form)
    try:
        add_rule(session(), creditor=found, ruled=_ruled(found, form))
    except EditingError as error:
        begin_anew()
        field, words = _refusal(error)
        form[field].errors = [words]
        return _page(_creditor(creditor), form)
    commit()
    note(gettext(_("The rule is added. It holds from the next invoice on.")))
    return redirect(url_for("coding.edit_view", key=creditor), code=303)


@doors.post("/<uuid:creditor>/<int:rule_id>/drop")
@permission(Permission.SETUP_EDIT)
def drop(creditor: UUID, rule_id: int) -> Response:
    """Take a rule away; what was issued keeps what it got."""
    found = _creditor(creditor)
    try:
        drop_rule(session(), creditor_id=found.id, rule_id=rule_id)
    except EditingError:
        abort(404)
    commit()
    note(gettext(_("The rule is taken away. What was issued keeps what it got.")))
    return redirect(url_for("coding.edit_view", key=creditor), code=303)


def _ruled(creditor: Creditor, form: RuleForm) -> Ruled:
    charged = str(form.charged.data or "")
    written = {position: str(form[f"code{position}"].data or "") for position in (1, 2, 3)}
    dimensions = dimensions_of(session(), creditor_id=creditor.id)
    return Ruled(
        component_id=int(charged[1:]) if charged.startswith("c") else None,
        product_id=int(charged[1:]) if charged.startswith("p") else None,
        group_id=form.group.picked,
        account=str(form.account.data or ""),
        codes=[written[one.position] for one in dimensions],
    )


def _refusal(error: EditingError) -> tuple[str, str]:
    match error:
        case NoSuchAccountError():
            return "account", gettext(_("No revenue account of these books has the number %(code)s."), code=error.code)
        case SameRuleError():
            return "charged", gettext(_("There is a rule for these lines. Take it away first."))
        case CodeTooLongError():
            return "code1", gettext(_("A code has at most %(most)s characters."), most=LONGEST)
        case _:
            return "account", gettext(_("Say an account or a code: otherwise the rule does nothing."))


def _page(creditor: Creditor, form: RuleForm) -> str:
    dimensions = dimensions_of(session(), creditor_id=creditor.id)
    codes = [form[f"code{one.position}"] for one in dimensions]
    return render_template(
        "admin/setup/coding_rule.html",
        form=form,
        faults=form.errors,
        fields=[form.charged, form.group, form.account],
        codes=[(named(one.names), field) for one, field in zip(dimensions, codes, strict=True)],
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        creditor=creditor,
    )


def _creditor(public_id: UUID) -> Creditor:
    found = session().scalar(select(Creditor).where(Creditor.uuid == public_id))
    return found if found is not None else abort(404)
