"""What mails need to know of the installation that sends them."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Self

from settings import Settings


@dataclass(frozen=True, slots=True)
class Installation:
    """Where links lead, whom mail is from, and the key that codes are derived with.

    ``base_url`` has no slash at its end; ``mail_from`` is an address with or without a name before it.
    """

    base_url: str
    mail_from: str
    secret: str = field(repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take from the settings what mails need."""
        return cls(base_url=settings.base_url, mail_from=settings.mail_from, secret=settings.signing_key())

    @property
    def name(self) -> str:
        """The name before the address that mail is from, or nothing."""
        return parseaddr(self.mail_from)[0]

    @property
    def address(self) -> str:
        """The bare address that mail is from."""
        return parseaddr(self.mail_from)[1]

    @property
    def domain(self) -> str:
        """What Message-IDs end in and how the sender greets a mail server."""
        return self.address.rpartition("@")[2] or "localhost"
