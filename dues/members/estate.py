"""What somebody leaves behind owes what they owed: how letters address it, and pages name it."""

from dues.members.models import Person
from language import Language


def estate_of(name: str, language: Language) -> str:
    """Return what the estate of somebody who was called so is called in a language."""
    return language.gettext("Estate of %(name)s", name=name)


def debtor_name(person: Person, language: Language) -> str:
    """Return who owes what a person owed: they themselves, or, after their death, their estate."""
    name = f"{person.given_name} {person.family_name}".strip()
    return name if person.deceased_on is None else estate_of(name, language)
