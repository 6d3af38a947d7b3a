"""Why the embedded servers refuse: one exception for each thing a person can do about it."""


class EmbeddedError(Exception):
    """The embedded servers cannot be used; the message says what to do."""


class WheelMissingError(EmbeddedError):
    """The wheel with a server's binaries is not installed."""


class OtherVersionError(EmbeddedError):
    """The data were written by another major version of PostgreSQL than the installed one."""


class ServerFailedError(EmbeddedError):
    """A server ended or stayed silent while starting; the message ends with its last words."""


class UnsafeFolderError(EmbeddedError):
    """A folder that must be private belongs to somebody else or is open to others."""


class NoAccountError(EmbeddedError):
    """Started by root, and the system offers no unprivileged account for the servers to run as."""
