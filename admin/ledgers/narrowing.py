"""Filters that several long lists share: a group with all below it, a creditor, a type, a person."""

import uuid
from collections.abc import Sequence
from typing import cast

from flask import g
from markupsafe import Markup

from admin.ledgers import cells
from admin.office import run_words
from admin.office.gap_words import called
from admin.setup.fields import Picked, meant
from admin.setup.finding import groups
from admin.tables.filters import Choices, Filter, UnreadableFilterError, choice
from dues.groups.below import creditors, path_of
from dues.groups.models import Creditor
from dues.members.choices import countries_of_persons, person_called, types_of_all
from dues.payments.account_list import account_currencies, bank_account, bank_accounts
from dues.pricing.products import all_products
from dues.runs.listing import find_run
from language import gettext_noop as _
from web.house import session
from web.speech import gettext, named, reader


def group(words: str = _("Group and all below it")) -> Filter:
    """A group by its name; its value is what was picked."""
    return Filter("group", words, "pick", read=_read_group, say=lambda value: value.words, source="groups.suggest")


def _read_group(written: str) -> Picked:
    return meant(groups, written)


def below(picked: Picked | None) -> str:
    """Return the path of a picked group, nothing for none."""
    return path_of(session(), group_id=picked.id) if picked else ""


def creditor() -> Filter:
    """A creditor of a few."""
    return choice("creditor", _("Creditor"), _creditors)


def _creditors() -> Choices:
    return [(str(one.id), one.name) for one in _known_creditors()]


def _known_creditors() -> Sequence[Creditor]:
    if "creditors" not in g:
        g.creditors = creditors(session())
    return cast("Sequence[Creditor]", g.creditors)


def account() -> Filter:
    """A bank account; of many only the first are in the list, and pages lead to the others."""

    def read(written: str) -> str:
        known = written.isascii() and written.isdecimal() and len(written) < len(str(1 << 63))
        found = bank_account(session(), agreement_id=int(written), cash=True) if known else None
        if found is None:
            raise UnreadableFilterError(gettext(_("Choose one of the list.")))
        return written

    return Filter("account", _("Account"), "choice", read=read, say=_account_called, choices=_accounts)


def _account_called(written: str) -> str:
    found = bank_account(session(), agreement_id=int(written), cash=True)
    return called(found) if found else written


def _accounts() -> Choices:
    return [(str(one.id), called(one)) for one in bank_accounts(session(), missing=False, at=None, cash=True).rows]


def currencies_of_accounts() -> Choices:
    """The currencies that money came in."""
    return [(one, one) for one in account_currencies(session())]


def owed_to(words: object, creditor: str) -> Markup:
    """Return words with the creditor's name under them, where there is more than one creditor."""
    return cells.under(words, creditor if len(_known_creditors()) > 1 else "")


def level() -> Filter:
    """How often somebody was reminded."""
    return choice("level", _("Reminders"), _levels)


def _levels() -> Choices:
    return [("0", gettext(_("None"))), *((str(level), reader().number(level)) for level in (1, 2, 3))]


def product() -> Filter:
    """A product of the library, by its number and its name."""
    return choice("product", _("Product"), _products)


def _products() -> Choices:
    return [(str(one), f"{number} {named(names)}") for one, number, names in all_products(session())]


def run(key: str, words: str) -> Filter:
    """A run by the id that leaves the house: its own page leads here."""
    return Filter(key, words, "hidden", read=_read_id, say=_run_name)


def _run_name(public_id: uuid.UUID) -> str:
    found = find_run(session(), public_id=public_id)
    return run_words.name(found) if found else str(public_id)


def membership_type() -> Filter:
    """A membership type of a few."""
    return choice("type", _("Type of membership"), _types)


def _types() -> Choices:
    """Types of the same name are told apart by their group."""
    found = [(str(one.id), named(one.names), one.group) for one in types_of_all(session())]
    names = [name for _id, name, _group in found]
    return [(id_, f"{name} ({group})" if names.count(name) > 1 else name) for id_, name, group in found]


def person(key: str, words: str) -> Filter:
    """A person by the id that leaves the house: pages lead here with it, nobody writes it."""
    return Filter(key, words, "hidden", read=_read_id, say=_name)


def file(key: str, words: str) -> Filter:
    """A bank file by the id that leaves the house."""
    return Filter(key, words, "hidden", read=_read_id)


def _read_id(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        raise UnreadableFilterError(gettext(_("Nobody is called by this address."))) from None


def _name(public_id: uuid.UUID) -> str:
    return person_called(session(), public_id=public_id) or str(public_id)


def words_of(pairs: Sequence[tuple[str, str]]) -> Choices:
    """Return the choices of a few values, their words in the reader's language."""
    return [(value, gettext(words)) for value, words in pairs]


def country() -> Filter:
    """A country that somebody lives in."""
    return choice("country", _("Country"), _countries)


def _countries() -> Choices:
    found = [(code, reader().country_name(code)) for code in countries_of_persons(session())]
    return sorted(found, key=lambda pair: pair[1])
