"""A digest that stays the same when a file only changes its line ends or blanks on its way."""

import codecs
import hashlib
import re
from typing import BinaryIO

_CHUNK = 1 << 20
_LONGEST = 1 << 23  # without a line end or tag for so long it is no bank file, and is taken as it is
_BETWEEN = re.compile(rb">\s+<")


def normalised_digest(stream: BinaryIO) -> str:
    """SHA-256 (hex) of a seekable stream, after leaving out what carries no meaning.

    Text: line ends, blanks at the end of a line, empty lines. XML: white space between tags, line ends. A byte order
    mark in both. XML in UTF-16 is taken byte for byte. Reads in constant memory and never fails: it knows no format.
    """
    stream.seek(0)
    digest = hashlib.sha256()
    rest = stream.read(_CHUNK).removeprefix(codecs.BOM_UTF8)
    split = _xml_split if rest.lstrip().startswith(b"<") else _text_split
    while data := stream.read(_CHUNK):
        whole, rest = split(rest + data)
        digest.update(whole)
    whole, rest = split(rest + b"\n")
    digest.update(whole + rest.rstrip())
    return digest.hexdigest()


def _text_split(data: bytes) -> tuple[bytes, bytes]:
    """The whole lines, made plain, and what may still go on."""
    end = data.rfind(b"\n") + 1 or (len(data) if len(data) > _LONGEST else 0)
    lines = [line.rstrip() for line in data[:end].splitlines()]
    return b"".join([line + b"\n" for line in lines if line]), data[end:]


def _xml_split(data: bytes) -> tuple[bytes, bytes]:
    """Everything before the last tag's end, made plain, and the rest."""
    end = max(data.rfind(b">"), 0) or (len(data) if len(data) > _LONGEST else 0)
    plain = _BETWEEN.sub(b"><", data[:end])
    if b"\r" in plain:  # one byte is looked for much faster than two are replaced
        plain = plain.replace(b"\r\n", b"\n")
    return plain.lstrip(), data[end:]
