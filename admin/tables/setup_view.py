"""SetupView: a small table that is set up here: list, one form to add and to change, and a page to take away."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.again import ask_again
from admin.tables.base import Doors, TableView
from admin.tables.fields import WordedField
from admin.tables.theme import DELETE, expose
from admin.user import require
from database.turns import take_turn
from dues.access.permissions import Permission
from language import gettext_noop as _
from web.house import begin_anew, commit, session
from web.notes import note
from web.speech import gettext, reader

SEEN: Final = "seen"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is said when a verb refuses: at which field, and the sentence, marked for translation.

    A function makes the sentence from the error, in the reader's language already.
    """

    field: str
    sentence: str | Callable[[Any], str]

    def words(self, error: Exception) -> str:
        """Return the sentence in the reader's language."""
        return reader().gettext(self.sentence) if isinstance(self.sentence, str) else self.sentence(error)


def doors_of(edits: Permission, *, opens: Permission | None = None, **more: Permission) -> Doors:
    """Return what the doors of a table ask for: to see it, and to change it; ``opens`` is what adding a row takes."""
    return {
        "index_view": Permission.SETUP_READ,
        "create_view": opens or edits,
        "edit_view": Permission.SETUP_READ,
        "delete_view": opens or edits,
        **more,
    }


class SetupView(TableView):
    """A small table. Say of each view, beside what TableView asks for:

    ``form`` (a FlaskForm of our fields), ``faults`` (which error of a verb stands at which field), ``one``, ``called``
    and ``filled``, ``shelf`` (under which heading the page of what can be set up names it; nowhere where it is empty),
    ``new_words`` ("Add a type"), whether the form ``takes_files``, and the verbs ``add``, ``change`` and, where rows
    may go, ``remove``. Verbs take what the form says and call the domain; the commit happens here, once.

    Whoever may read sees the form of a row; only who holds ``edits`` can send it, and, where the view is ``sensitive``,
    has proved who they are within the last minutes.
    """

    edits: ClassVar[Permission] = Permission.SETUP_EDIT
    doors: ClassVar[Doors] = doors_of(Permission.SETUP_EDIT)
    faults: ClassVar[Mapping[type[Exception], Fault]] = {}
    new_words: ClassVar[str] = _("Add")
    shelf: ClassVar[str] = ""
    takes_files: ClassVar[bool] = False
    sensitive: ClassVar[bool] = False
    can_create = can_edit = True

    def one(self, key: str) -> Any:
        """Return the row that an address calls, None where there is none; raise ValueError for what calls nothing."""
        raise NotImplementedError

    def key_of(self, row: Any) -> str:
        """Return what addresses call a row: a uuid where it has one."""
        raise NotImplementedError

    def called(self, row: Any) -> str:
        """Return what a row is called on pages and in notes."""
        raise NotImplementedError

    def filled(self, row: Any) -> Mapping[str, Any]:
        """Return the values of the form's fields for a row."""
        raise NotImplementedError

    def add(self, form: Any) -> Any:
        """Write a new row by a verb of the domain and return it."""
        raise NotImplementedError

    def change(self, row: Any, form: Any) -> None:
        """Change a row by a verb of the domain."""
        raise NotImplementedError

    def remove(self, row: Any) -> None:
        """Take a row away by a verb of the domain."""
        raise NotImplementedError

    def what_goes(self, _row: Any) -> str:
        """Return what happens when a row is taken away, in the reader's language."""
        return gettext(_("It is gone afterwards. Nothing that was issued or booked changes."))

    @property
    def new_heading(self) -> str:
        """What adding a row is called, in the reader's language."""
        return reader().gettext(self.new_words)

    def fields(self, form: Any) -> list[WordedField]:
        """Return the fields that are drawn."""
        return [field for field in form if isinstance(field, WordedField)]

    def ids(self, form: Any) -> dict[str, str]:
        """Return where the links of the error summary lead, where not to a field of that name."""
        return {"": "overtaken"} | {field.name: field.first_id for field in self.fields(form)}

    def link(self, row: Any) -> str:
        """A row leads to its form."""
        return url_for(f"{self.door}.edit_view", key=self.key_of(row)) if self.can_edit else ""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> str | Response:
        """Show the empty form, and add what it says."""
        if asked := self._ask_again():
            return asked
        form = self.create_form()
        if self.validate_form(form):
            name = self.create_model(form)
            if name:
                return self._done(gettext(_("“%(name)s” is added."), name=name))
        return str(self.render(self.create_template, form=form, faults=form.errors))

    @expose("/<key>/", methods=("GET", "POST"))
    def edit_view(self, key: str) -> str | Response:
        """Show the form of a row, and change it to what it says, unless somebody else has changed it meanwhile."""
        if request.method == "POST" and not self.editable:
            abort(404)
        if self.editable and (asked := self._ask_again()):
            return asked
        self._take_turn(key)
        row = self.get_one(key) or abort(404)
        name, there = self.called(row), Standing.of(self, row)
        form = self.edit_form(row)
        overtaken = []
        if self.validate_form(form):
            overtaken = there.differences(form) if request.form.get(SEEN) != there.digest else []
            if overtaken:
                form.form_errors.append(gettext(_("Somebody else has changed this while you did. Look at it first.")))
            elif self.update_model(form, row):
                return self._done(gettext(_("“%(name)s” is saved."), name=name))
        leave = url_for(f"{self.door}.delete_view", key=key) if self.can_delete and self.may("delete_view") else ""
        # What was seen stays what it was until it has been told that it is another: also when the form is sent again.
        seen = there.digest if request.method == "GET" or overtaken else request.form.get(SEEN, there.digest)
        known = {"name": name, "seen": seen, "leave": leave, "overtaken": overtaken}
        return str(self.render(self.edit_template, form=form, faults=form.errors, **known))

    @expose("/<key>/delete/", methods=("GET", "POST"))
    def delete_view(self, key: str) -> str | Response:
        """Say what happens when a row is taken away, and take it away."""
        if asked := self._ask_again():
            return asked
        self._take_turn(key)
        row = self.get_one(key) or abort(404)
        name, what, back = self.called(row), self.what_goes(row), self.link(row)
        refused = self.delete_model(row) if request.method == "POST" else None
        if request.method == "POST" and refused is None:
            return self._done(gettext(_("“%(name)s” is taken away."), name=name))
        return str(self.render(DELETE, name=name, what=what, back=back, refused=refused))

    def get_one(self, key: str) -> Any:
        """Return a row; what cannot be an address calls nothing."""
        try:
            return self.one(key)
        except ValueError:
            return None

    def edit_form(self, row: Any) -> Any:
        """Return the form as the row fills it, or as it was sent."""
        return self._edit_form_class(data=self.filled(row))

    def create_model(self, form: Any) -> str:
        """Add what a form says and commit; return the name, nothing where the verb refuses."""
        names: list[str] = []
        if not self._said(form, lambda: names.append(self.called(self.add(form)))):
            return ""
        commit()
        return names[0]

    def update_model(self, form: Any, row: Any) -> bool:
        """Change a row to what a form says and commit; tell whether the verb took it."""
        done = self._said(form, lambda: self.change(row, form))
        if done:
            commit()
        return done

    def delete_model(self, row: Any) -> str | None:
        """Take a row away and commit; return why not where the verb refuses."""
        refused = self._refused(lambda: self.remove(row))
        if refused is None:
            commit()
        return None if refused is None else refused[1]

    def _said(self, form: Any, work: Callable[[], None]) -> bool:
        """Do a verb's work; where it refuses, its sentence stands at the field it is about."""
        refused = self._refused(work)
        if refused is not None:
            field, sentence = refused
            form[field].errors = [sentence]
        return refused is None

    def _refused(self, work: Callable[[], None]) -> tuple[str, str] | None:
        """Do a verb's work; return where it was refused and why, with nothing of it left in the session."""
        try:
            work()
            session().flush()
        except tuple(self.faults) as error:
            fault = next(fault for kind, fault in self.faults.items() if isinstance(error, kind))
            begin_anew()
            return fault.field, fault.words(error)
        return None

    @property
    def editable(self) -> bool:
        """Whether whoever asks may change rows."""
        return require().may(self.edits)

    @property
    def why_only_read(self) -> str:
        """Why a form is only to be looked at, in the reader's language."""
        return gettext(_("You may look at this. Others may change it."))

    def _ask_again(self) -> Response | None:
        return ask_again() if self.sensitive else None

    def _take_turn(self, key: str) -> None:
        if request.method == "POST":
            take_turn(session(), f"{self.door} {key}")

    def _done(self, words: str) -> Response:
        note(words)
        return redirect(url_for(f"{self.door}.index_view"), code=303)


@dataclass(frozen=True, slots=True)
class Standing:
    """A row as it stands, to tell whether somebody has changed it since a form was opened."""

    form: Any
    digest: str

    @classmethod
    def of(cls, view: SetupView, row: Any) -> "Standing":
        """Take down how a row stands."""
        filled = view.filled(row)
        plain = json.dumps(filled, sort_keys=True, default=str)
        return cls(view.form(formdata=None, data=filled), hashlib.sha256(plain.encode()).hexdigest()[:16])

    def differences(self, form: Any) -> list[tuple[str, str]]:
        """Return the fields that stand otherwise than a form says, with how they stand."""
        ours = [field for field in self.form if isinstance(field, WordedField)]
        return [(field.words, field.said) for field in ours if field.said != form[field.name].said]
