"""What a group says in its own words, one occasion and language at a time; empty words say nothing any more."""

from flask import redirect, render_template, request
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin.addresses import door
from admin.group.here import group_doors, this_group
from admin.setup.occasions import Said, explained, occasion_words, occasions, read_occasion
from admin.setup.texts import REFUSED
from admin.shell import reading_choices
from admin.tables.fields import Choice, Lines
from admin.user import require
from dues.access.declare import permission
from dues.access.permissions import Permission
from dues.groups.models import Medium, Occasion, OwnText
from dues.groups.texts import Saying, add_text, change_text, end_text
from dues.groups.wording import WordingError
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, reader

doors = group_doors("group_texts", "/look/texts")


class WordsForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """Words for an occasion."""

    occasion = Choice(_("Occasion"), choices=occasions)
    language = Choice(_("Language"), choices=reading_choices, hint=_("Only who reads this language gets these words."))
    words = Lines(
        _("Words"),
        optional=True,
        hint=_(
            "Plain text. They stand beside what is always said: amount, day and how to pay. Leave them empty to say "
            "nothing of your own."
        ),
    )


@doors.get("/")
@permission(Permission.GROUP_LOOK)
def page() -> str:
    """Show what the group says, and the form for more."""
    occasion = request.args.get("occasion", Occasion.INVOICE.value)
    known = {key for key, _words in occasions()}
    said = read_occasion(occasion if occasion in known else Occasion.INVOICE.value)
    language = request.args.get("language", this_group().language)
    language = language if language in dict(reading_choices()) else reader().code
    text = _text(said, language)
    data = {"occasion": said.key, "language": language, "words": text.words if text else ""}
    return _page(WordsForm(formdata=None, data=data))


@doors.post("/")
@permission(Permission.GROUP_LOOK)
def save() -> str | Response:
    """Say it from now on."""
    form = WordsForm()
    if not form.validate():
        return _page(form)
    said, words = read_occasion(form.occasion.data), form.words.data or ""
    try:
        _say(said, form.language.data, words)
    except WordingError as error:
        begin_anew()
        form.words.errors = [REFUSED[type(error)].words(error)]
        return _page(form)
    commit()
    note(gettext(_("Saved. What is written already keeps the words it had.")))
    return redirect(door("group_texts.page", occasion=said.key, language=form.language.data), code=303)


def _say(said: Said, language: str, words: str) -> None:
    there, by = _text(said, language), require().actor
    if there is None and words.strip():
        saying = Saying(this_group().id, said.occasion, language, said.level, Medium.EVERYWHERE)
        add_text(session(), saying=saying, words=words, by=by)
    elif there is not None and words.strip():
        change_text(session(), text_id=there.id, words=words, by=by)
    elif there is not None:
        end_text(session(), text_id=there.id, by=by)


def _text(said: Said, language: str) -> OwnText | None:
    return next((one for one in _ours() if (one.occasion, one.level, one.language) == _key(said, language)), None)


def _key(said: Said, language: str) -> tuple[Occasion, int, str]:
    return said.occasion, said.level, language


def _ours() -> list[OwnText]:
    """Return what the group says everywhere, in mails and on documents."""
    wanted = select(OwnText).where(
        OwnText.group_id == this_group().id, OwnText.ended_at.is_(None), OwnText.medium == Medium.EVERYWHERE
    )
    return list(session().scalars(wanted.order_by(OwnText.occasion, OwnText.level, OwnText.language)))


def _page(form: WordsForm) -> str:
    languages = dict(reading_choices())
    rows = [
        (
            f"{occasion_words(one.occasion, one.level)}, {languages[one.language]}",
            one.words,
            door("group_texts.page", occasion=Said(one.occasion, one.level).key, language=one.language),
        )
        for one in _ours()
    ]
    return render_template(
        "group/look/texts.html",
        form=form,
        faults=form.errors,
        ids={one.name: one.first_id for one in form if hasattr(one, "first_id")},
        fields=[form.occasion, form.language, form.words],
        rows=rows,
        places=explained(None),
    )
