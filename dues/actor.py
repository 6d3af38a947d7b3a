"""Who does something: a person of the staff, a member, a job, or an operator at the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """``kind`` and ``name`` of whoever acts; the name is an id or a fixed word, never personal data."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


AUTOMATIC = Actor("job", "automatic")
COMMAND_LINE = Actor("operator", "command line")
VISITOR = Actor("visitor", "join page")
ENTRANCE = Actor("visitor", "entrance")
