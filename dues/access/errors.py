"""Why staff cannot be taken in, or cannot log in."""


class AccessError(Exception):
    """Something about staff was refused; the message says what can be done."""


class StaffKnownError(AccessError):
    """There is somebody with this address already."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is a login for {email} already.")


class UnknownStaffError(AccessError):
    """There is nobody with this address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is no login for {email}.")


class WeakPasswordError(AccessError):
    """A password is too short or known to everybody."""

    def __init__(self, shortest: int) -> None:
        super().__init__(f"Choose a password of at least {shortest} characters that is not among the common ones.")
