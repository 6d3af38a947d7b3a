"""Texts: what the organisation says in its own words, by group, occasion and language, and how that will look."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Response, abort, render_template, request
from flask_wtf import FlaskForm

from admin.setup import finding
from admin.setup.fields import Pick
from admin.setup.occasions import (
    OCCASIONS,
    Said,
    explained,
    languages,
    media,
    occasion_words,
    occasions,
    read_occasion,
)
from admin.setup.setting import Setting, faults, number_of
from admin.shell import reading_choices
from admin.tables.base import Doors
from admin.tables.columns import Column
from admin.tables.fields import Choice, Lines
from admin.tables.filters import choice
from admin.tables.listing import Wanted
from admin.tables.setup_view import Fault, doors_of
from admin.tables.theme import expose
from admin.user import require
from documents import render
from dues.access.permissions import Permission
from dues.dates import today
from dues.groups.lists import ListedText, text_in_force, texts_page
from dues.groups.models import Medium, Occasion, OwnText
from dues.groups.texts import Saying, TextTwiceError, add_text, change_text, end_text
from dues.groups.wording import LONGEST, LooseBraceError, MarkupError, TooLongError, UnknownPlaceError, WordingError
from dues.overview.sample_words import Sample, sample
from dues.paging import Page
from language import SUPPORTED
from language import gettext_noop as _
from web.house import house, session
from web.speech import gettext, reader

TEXT = "text"
_SHORT = 80


def _unknown(error: UnknownPlaceError) -> str:
    known = ", ".join(f"{{{place}}}" for place in error.known)
    return gettext(
        _("{%(place)s} is not known on this occasion. Known are: %(known)s."), place=error.place, known=known
    )


def _too_long(error: TooLongError) -> str:
    text = _("The text has %(length)s characters; there is room for %(most)s. Make it shorter.")
    return gettext(text, length=reader().number(error.length), most=reader().number(LONGEST))


REFUSED: Mapping[type[Exception], Fault] = {
    UnknownPlaceError: Fault("words", _unknown),
    LooseBraceError: Fault("words", _("A brace { or } stands alone. Places stand between two of them, like {name}.")),
    MarkupError: Fault(
        "words",
        lambda error: gettext(
            _("%(tag)s has no meaning here. Write plain text; empty lines make paragraphs."), tag=error.tag
        ),
    ),
    TooLongError: Fault("words", _too_long),
}


class TextForm(FlaskForm):  # type: ignore[misc]  # WTForms publishes no types
    """What is said, by whom, when and where."""

    group = Pick(
        _("Group"),
        find=finding.groups,
        source="groups.suggest",
        hint=_("It says this, and so do all groups below it that say nothing else."),
    )
    occasion = Choice(
        _("Occasion"), choices=occasions, hint=_("A renewal for which nobody has words takes those of invoices.")
    )
    language = Choice(
        _("Language"),
        choices=reading_choices,
        hint=_(
            "Only who reads this language gets these words. Whoever reads another one gets none, or those in theirs."
        ),
    )
    medium = Choice(
        _("Where it is read"), choices=media, hint=_("Words for mails or documents alone go before words for both.")
    )
    words = Lines(
        _("Words"),
        hint=_(
            "Plain text. They stand beside what is always said: amount, day and how to pay. An empty line "
            "begins a paragraph."
        ),
    )
    reader = Pick(
        _("Show it with"),
        find=finding.readers,
        source="texts.people",
        optional=True,
        hint=_("A member's name, to see the words as they would get them. Nothing is sent, and nothing kept."),
    )


class TextsView(Setting):
    """The organisation's own words."""

    door = "texts"
    address = "/admin/setup/texts"
    words = _("Texts")
    about = _(
        "What the organisation says in its own words on invoices, reminders, receipts and credit "
        "notes, and to who has joined. The nearest group's words win. The welcome on the page for "
        "joining stands with each group."
    )
    shelf = _("Words")
    new_words = _("Add a text")
    columns = (
        Column("group", _("Group"), lambda row: row.group.name),
        Column("occasion", _("Occasion"), lambda row: occasion_words(row.text.occasion, row.text.level)),
        Column("language", _("Language"), lambda row: dict(reading_choices())[row.text.language]),
        Column("medium", _("Where it is read"), lambda row: dict(media())[row.text.medium.value]),
        Column("words", _("Words"), lambda row: _shortened(row.text.words)),
    )
    filters = (
        choice("occasion", _("Occasion"), lambda: [(one.value, gettext(OCCASIONS[one])) for one in Occasion]),
        choice("language", _("Language"), languages),
    )
    search = _("Beginning of the group's name")
    nothing = _("Nobody says anything in words of their own yet. What is always said, is said without them.")
    form = TextForm
    fixed = ("group", "occasion", "language", "medium")
    create_template = "admin/setup/text_new.html"
    edit_template = "admin/setup/text.html"
    can_delete = True
    edits = Permission.TEXTS_EDIT
    doors: ClassVar[Doors] = doors_of(
        Permission.TEXTS_EDIT,
        preview=Permission.TEXTS_EDIT,
        mail=Permission.TEXTS_EDIT,
        document=Permission.TEXTS_EDIT,
        people=Permission.MEMBERS_READ,
    )
    faults = faults(
        "words",
        {
            **REFUSED,
            TextTwiceError: Fault(
                "occasion",
                _("This group has words for this already, in this language and place. Change those instead."),
            ),
        },
    )

    def read(self, wanted: Wanted) -> Page[ListedText]:
        """Return a page of texts."""
        occasion = wanted.values.get("occasion")
        return texts_page(
            session(),
            beginning=wanted.search,
            occasion=Occasion(occasion) if occasion else None,
            language=wanted.values.get("language"),
            at=wanted.place,
        )

    def one(self, key: str) -> OwnText | None:
        """Return a text that is in force by its number."""
        return text_in_force(session(), text_id=number_of(key))

    def key_of(self, row: OwnText | ListedText) -> str:
        """Return the number."""
        return str(row.id if isinstance(row, OwnText) else row.text.id)

    def called(self, row: OwnText) -> str:
        """Return the occasion and the group."""
        group = finding.group(row.group_id)
        name = group.words.rpartition(" (")[0] if group else ""
        return f"{occasion_words(row.occasion, row.level)}, {name} ({dict(reading_choices())[row.language]})"

    def defaults(self) -> Mapping[str, Any]:
        """Words are read everywhere unless that is not wanted."""
        return {"language": reader().code, "medium": Medium.EVERYWHERE.value}

    def filled(self, row: OwnText) -> Mapping[str, Any]:
        """Return a text as its form shows it."""
        return {
            "group": finding.group(row.group_id),
            "occasion": Said(row.occasion, row.level).key,
            "language": row.language,
            "medium": row.medium.value,
            "words": row.words,
        }

    def create_form(self) -> Any:
        """Only who may see members shows words with their names."""
        return _of_whom(super().create_form())

    def edit_form(self, row: Any) -> Any:
        """Likewise."""
        return _of_whom(super().edit_form(row))

    def add(self, form: Any) -> OwnText:
        """Say something new."""
        return add_text(session(), saying=self._saying(form), words=form.words.data, by=require().actor)

    def change(self, row: OwnText, form: Any) -> None:
        """Say something else from now on."""
        change_text(session(), text_id=row.id, words=form.words.data, by=require().actor)

    def remove(self, row: OwnText) -> None:
        """Say nothing of one's own any more."""
        end_text(session(), text_id=row.id, by=require().actor)

    def what_goes(self, _row: Any) -> str:
        """Say what is read then."""
        return gettext(
            _(
                "From now on the words of the nearest group above are read, or none. What is written already "
                "keeps these."
            )
        )

    def _saying(self, form: Any) -> Saying:
        said = read_occasion(form.occasion.data)
        return Saying(form.group.picked, said.occasion, form.language.data, said.level, Medium(form.medium.data))

    def panel(self, form: Any) -> Mapping[str, Any]:
        """Show how the words will look, and which places they may leave open."""
        row = getattr(form, "row", None)
        return {"places": explained(row.occasion if row else None), "text": row.id if row else "", **self._seen(form)}

    def _seen(self, form: Any) -> Mapping[str, Any]:
        """Return the sample, or why there is none."""
        row = getattr(form, "row", None)
        group = row.group_id if row else form.group.picked
        words = str(form.words.written)
        occasion = row.occasion.value if row else form.occasion.data
        complete = row is not None or form.medium.data in set(Medium)
        if not (group and words.strip() and occasion and complete and form.language.data in SUPPORTED):
            return {"sample": None, "refused": ""}
        saying = Saying(row.group_id, row.occasion, row.language, row.level, row.medium) if row else self._saying(form)
        try:
            return {"sample": _sample(saying, words, _whom(form)), "refused": ""}
        except WordingError as error:
            return {"sample": None, "refused": REFUSED[type(error)].words(error)}

    def _sent(self) -> Mapping[str, Any]:
        """Return the sample of a form that was sent to look at, not to keep."""
        key = request.form.get(TEXT, "")
        row = self.get_one(key) if key else None
        if key and row is None:
            abort(404)
        form = self.edit_form(row) if row else self.create_form()
        form.validate()
        return self._seen(form)

    @expose("/preview/", methods=("POST",))
    def preview(self) -> str:
        """Return the sample as a piece of the page, for a script that shows it while somebody writes."""
        return render_template("admin/setup/sample.html", **self._sent())

    @expose("/people/")
    def people(self) -> Response:
        """Offer members to a script, with whose names the words are shown."""
        return finding.offered(finding.readers)

    @expose("/mail/", methods=("POST",))
    def mail(self) -> str | Response:
        """Show the sample's mail as a mail program would, where nothing runs and nothing is fetched."""
        seen = self._sent()
        found: Sample | None = seen["sample"]
        if found is None or found.mail is None:
            return render_template("admin/setup/sample_page.html", **seen)
        answer = Response(found.mail.html, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
        )
        return answer

    @expose("/document/", methods=("POST",))
    def document(self) -> str | Response:
        """Send the sample's document as a PDF."""
        seen = self._sent()
        found: Sample | None = seen["sample"]
        if found is None or found.document is None:
            return render_template("admin/setup/sample_page.html", **seen)
        answer = Response(render(found.document), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "inline", filename="sample.pdf")
        return answer


def _of_whom(form: Any) -> Any:
    if not require().may(Permission.MEMBERS_READ):
        del form.reader
    return form


def _whom(form: Any) -> int | None:
    return form.reader.picked if "reader" in form else None


def _sample(saying: Saying, words: str, person_id: int | None) -> Sample:
    return sample(
        session(),
        group_id=saying.group_id,
        occasion=saying.occasion,
        level=saying.level,
        language=saying.language,
        medium=saying.medium,
        words=words,
        on=today(session()),
        real=require().may(Permission.MEMBERS_READ),
        person_id=person_id,
        base_url=house().settings.base_url,
    )


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHORT else line[:_SHORT].rsplit(" ", 1)[0] + " …"
