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


class UnknownRoleError(AccessError):
    """There is no such role."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no role “{slug}”.")


class BuiltInRoleError(AccessError):
    """A role of the house was to be changed."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The role “{slug}” comes with the program. Make a role of your own beside it.")


class RoleMovedError(AccessError):
    """A role is not the one any more whose change was proposed."""

    def __init__(self) -> None:
        super().__init__("This role has been changed since its change was proposed.")


class RoleNameError(AccessError):
    """A role's short name is not plain."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"{slug!r} is no short name: use small letters, digits and single hyphens.")


class UnknownPermissionError(AccessError):
    """A permission that does not exist was asked for."""


class NotYoursToGiveError(AccessError):
    """Somebody would give what they do not have themselves; a second person must agree."""

    def __init__(self) -> None:
        super().__init__("This role may do what you may not. A second person who may do it must agree.")


class UnknownGrantError(AccessError):
    """There is no such grant, or it has ended."""

    def __init__(self) -> None:
        super().__init__("There is no such grant any more.")


class LoginHeldError(AccessError):
    """After too many wrong passwords a login waits; ``seconds`` says how long."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Too many tries. Wait {seconds} seconds.")


class WrongCodeError(AccessError):
    """A code of the second factor does not fit, or was used already."""

    def __init__(self) -> None:
        super().__init__("This code does not fit. Wait for the next one.")


class InvitationNotValidError(AccessError):
    """A link of an invitation never was, was used, or is too old."""

    def __init__(self) -> None:
        super().__init__("This link is not valid any more. Ask for a new one.")


class ApprovalError(AccessError):
    """Something that needs two persons was refused."""


class OwnApprovalError(ApprovalError):
    """Whoever proposed something cannot be the second person."""

    def __init__(self) -> None:
        super().__init__("You proposed this yourself. Somebody else must agree.")


class OneHandError(ApprovalError):
    """The two would not be two: one person alone (``behind``) made both able to do it."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        super().__init__("One person alone stands behind both of you. Somebody else must agree.")


class DecidedError(ApprovalError):
    """It was decided already."""

    def __init__(self) -> None:
        super().__init__("This has been decided already.")
