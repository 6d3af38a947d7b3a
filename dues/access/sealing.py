"""Seals what must be read again but by nobody else: secrets of second factors, with the installation's own secret."""

import base64
import hashlib
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LENGTH: Final = 32


class UnreadableSealError(Exception):
    """Something was sealed with another secret: the installation's secret has changed."""

    def __init__(self) -> None:
        super().__init__("What was sealed cannot be opened: the installation's secret has changed.")


def seal(plain: bytes, *, secret: str, purpose: str) -> bytes:
    """Seal bytes for one purpose; what is sealed for another one cannot be opened in its place."""
    return _box(secret, purpose).encrypt(plain)


def unseal(sealed: bytes, *, secret: str, purpose: str) -> bytes:
    """Open what `seal` made; raise UnreadableSealError where the secret or the purpose is another."""
    try:
        return _box(secret, purpose).decrypt(sealed)
    except InvalidToken as error:
        raise UnreadableSealError from error


def keyed_hash(value: str, *, secret: str, purpose: str) -> bytes:
    """Return a hash that only this installation can make: for short codes, which a plain hash would give away."""
    return hashlib.blake2b(value.encode(), key=_key(secret, purpose), digest_size=_LENGTH).digest()


def _box(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret, purpose)))


def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), _LENGTH, salt=None, info=purpose.encode()).derive(secret.encode())
