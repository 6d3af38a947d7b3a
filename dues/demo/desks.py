"""Who works at the demonstration's desks."""

from typing import Final

from sqlalchemy.orm import Session

from dues.access.staff import add_staff

PASSWORD: Final = "try the desk out"  # noqa: S105 -- everybody's, printed at the start of every demonstration
LOGINS: Final = (
    ("economist@example.org", "Economist", "en"),
    ("officer@example.org", "Member officer", "en"),
)
"""Address, what colleagues call them, and what they read."""


def take_in(session: Session) -> None:
    """Take the demonstration's staff in."""
    for email, name, language in LOGINS:
        add_staff(session, name=name, email=email, password=PASSWORD, language=language)
