"""What the audit log refuses."""


class HeadUnreadableError(Exception):
    """What was given as a noted head is none."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written!r} is no head of the chain: write it as it was printed, like 1234:ab12….")
