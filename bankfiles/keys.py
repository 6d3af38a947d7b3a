"""Keys that recognise a section or payment when it comes a second time."""

import hashlib


def key(*parts: object) -> str:
    """The parts joined by "|"; a "|" within a part is escaped, so that different parts never make the same key."""
    return "|".join([escaped(str(part)) for part in parts])


def escaped(part: str) -> str:
    """A part as `key` writes it."""
    if "%" not in part and "|" not in part:
        return part
    return part.replace("%", "%25").replace("|", "%7C")


def digest(*parts: object) -> str:
    """A short SHA-256 of the parts, for content that has no number of its own."""
    return hashlib.sha256(key(*parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
