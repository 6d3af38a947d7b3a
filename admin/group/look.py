"""How a group looks and greets: its colour, its logo, its page for joining; shown before it is saved."""

from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from admin.addresses import address, door
from admin.group.here import group_doors, this_group
from admin.setup.fields import Colour, Picture
from admin.setup.groups import LOOK_FAULTS
from admin.setup.looks import look_of
from admin.tables.fields import Names, Tick
from database.turns import take_turn
from documents import Layout, Logo, Look, render
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.account_of import account_of
from dues.groups.change import change_group
from dues.groups.errors import ColourError, LogoError
from dues.groups.layout import layout_of
from dues.groups.logos import checked, keep_logo
from dues.groups.look import colour_of
from dues.groups.models import Group, Medium, Occasion
from dues.groups.models import Logo as Kept
from dues.invoicing.freeze_looks import looks_now
from dues.overview.sample_words import Sample, sample
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, reader

doors: Blueprint = group_doors("group_look", "/look")

_MAIL_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class LookForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What a group's own people say of its look."""

    colour = Colour(
        _("Colour"),
        hint=_(
            "For your pages, mails and documents. Where it could not be read, a darker or lighter one is used; you see "
            "it beside."
        ),
    )
    logo = Picture(_("Logo"), hint=_("PNG or plain SVG, at most 40 kB. Without one, that of the group above is shown."))
    no_logo = Tick(_("Take the logo away"))
    joinable = Tick(_("One can join us"), hint=_("We are found on the first page, and have a page for joining."))
    welcome = Names(_("Welcome"), lines=True, optional=True, hint=_("What stands first on our page for joining."))


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """Show the look as it is, and what is made of it."""
    return _page(_form(_group()))


@doors.post("/")
@permission(Permission.GROUP_LOOK)
def save() -> str | Answer:
    """Save what the form says."""
    group = _group()
    take_turn(session(), f"groups {group.uuid}")
    form = _form(group)
    if not form.validate():
        return _page(form)
    try:
        changes: dict[str, Any] = {name: form[name].data for name in ("colour", "joinable", "welcome")}
        if form.logo.data:
            changes["logo_id"] = keep_logo(session(), content=form.logo.data)
        elif form.no_logo.data:
            changes["logo_id"] = None
        change_group(session(), group_id=group.id, **changes)
    except (ColourError, LogoError) as error:
        fault = next(fault for kind, fault in LOOK_FAULTS.items() if isinstance(error, kind))
        begin_anew()
        form[fault.field].errors = [fault.words(error)]
        return _page(form)
    commit()
    note(gettext(_("Your look is saved. It holds for pages at once, and for mails and documents from the next on.")))
    return redirect(door("group_look.page"), code=303)


@doors.post("/preview")
@permission(Permission.GROUP_LOOK)
def preview() -> str:
    """Return how it would look as a piece of the page, for a script that shows it while somebody chooses."""
    return render_template("group/look/sample.html", **_seen(_form(_group())))


@doors.post("/mail")
@permission(Permission.GROUP_LOOK)
def mail() -> Answer:
    """Show a mail as it would look, where nothing runs and nothing is fetched."""
    found = _sample(_form(_group()))
    answer = Response(found.mail.html if found.mail else "", mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _MAIL_POLICY
    return answer


@doors.post("/document")
@permission(Permission.GROUP_LOOK)
def document() -> Answer:
    """Send an invoice as it would look as a PDF."""
    found = _sample(_form(_group()))
    answer = Response(render(found.document) if found.document else b"", mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename="sample.pdf")
    return answer


def _group() -> Group:
    return session().scalars(select(Group).where(Group.id == this_group().id)).one()


def _form(group: Group) -> LookForm:
    filled = {name: getattr(group, name) for name in ("colour", "joinable", "welcome")}
    form = LookForm(data=filled)
    form.row = group
    return form


def _page(form: LookForm) -> str:
    here, group = this_group(), form.row
    digest = session().scalar(select(Kept.digest).where(Kept.id == group.logo_id))
    account = account_of(session(), group_id=here.id)
    return render_template(
        "group/look/page.html",
        form=form,
        faults=form.errors,
        fields=[one for one in (form.colour, form.logo, form.no_logo) if one is not form.no_logo or digest],
        joining=[form.joinable, form.welcome],
        logo=url_for("look.logo", digest=digest) if digest else "",
        join=url_for("join.ask", slug=here.slug) if here.joinable else "",
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        account=account,
        texts=address("group_texts.page"),
        layout=address("group_layout.page"),
        prices=address("group_prices.page"),
        products=address("group_products.page") if account.own else "",
        sender=address("group_sender.ask"),
        **_seen(form),
    )


def _seen(form: LookForm) -> dict[str, Any]:
    return {"looks": look_of(_colour(form)), "name": this_group().name, "sample": _sample(form)}


def _sample(form: LookForm) -> Sample:
    """An invoice as somebody would get it, in the look that the form says."""
    return sample(
        session(),
        group_id=form.row.id,
        occasion=Occasion.INVOICE,
        level=0,
        language=reader().code,
        medium=Medium.EVERYWHERE,
        words="",
        on=today(session()),
        real=False,
        look=_look(form, _layout(form.row)),
    )


def _colour(form: LookForm) -> str:
    """Return the colour that is written, and what was there where none can be read."""
    try:
        return colour_of(str(form.colour.written))
    except ColourError:
        return str(form.row.colour)


def _layout(group: Group) -> Layout:
    looks = looks_now(session(), group=group, on=today(session()))
    return layout_of(looks.layout if looks else {})


def _look(form: LookForm, layout: Layout) -> Look:
    """Return the look that is tried; a picture that is refused is left out."""
    content: bytes | None = form.logo.data
    if content is not None:
        try:
            checked(content)
        except LogoError:
            content = None
    kept = session().get(Kept, form.row.logo_id) if form.row.logo_id and not form.no_logo.data else None
    if content is None and kept is not None:
        return Look(Logo(kept.content, kept.digest), _colour(form), layout)
    return Look(Logo(content, "tried") if content else None, _colour(form), layout)
