"""The search keys of a person: what `name_key` and `email_key` hold, and what a search is folded to."""

from dues.folding import folded


def name_key(given_name: str, family_name: str) -> str:
    """Return the key a person is sorted and looked up by: family name first, then the given one.

    An organisation has no given name. A search for the beginning of a name compares with `folded` of what was typed.
    """
    return folded(f"{family_name} {given_name}")


def email_key(email: str) -> str:
    """Return the key of an e-mail address; mail systems ignore case in practice, so the key does, too."""
    return folded(email)
