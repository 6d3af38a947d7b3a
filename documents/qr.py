"""What the QR code beside the payment details says, and how it is drawn."""

import math
import struct
import zlib
from typing import Final
from urllib.parse import quote

import zxingcpp

# EPC069-12 v3.1 (Quick Response code: guidelines to enable data capture for the initiation of an SCT), table 2.
_EPC_NAME: Final = 70
_EPC_TEXT: Final = 140
_EPC_LARGEST: Final = 999_999_999_99
_EPC_BYTES: Final = 331
# developer.getswish.se, QR API manual, section 6: the message may be changed by nobody when its bit is not set.
_SWISH_TEXT: Final = 50
_ALL_LOCKED: Final = 0
_AMOUNT_OPEN: Final = 2


class PayloadError(ValueError):
    """A payment that its QR standard cannot carry."""


def epc(*, name: str, iban: str, minor: int | None, bic: str = "", reference: str = "", text: str = "") -> str:
    """Return the payload of a SEPA credit transfer of `minor` euro cents (EPC069-12, version 002, UTF-8).

    The payer types the amount where `minor` is None: the standard lets the amount be empty.

    `reference` is a creditor reference by ISO 11649 and excludes `text`, free words for the payee. The BIC may be
    empty inside the EEA. A name or text over the standard's length is cut; an amount outside 0.01–999,999,999.99 and
    a payload over 331 bytes raise `PayloadError`.
    """
    if minor is not None and not 0 < minor <= _EPC_LARGEST:
        raise PayloadError("A SEPA QR code carries amounts from 0.01 to 999,999,999.99 euro.")
    if reference and text:
        raise PayloadError("A SEPA QR code carries a creditor reference or a text, not both.")
    amount = "" if minor is None else f"EUR{minor // 100}.{minor % 100:02}"
    account = "".join(iban.split()).upper()
    lines = ["BCD", "002", "1", "SCT", bic.upper(), one_line(name, _EPC_NAME), account, amount, ""]
    lines += ["".join(reference.split()).upper(), one_line(text, _EPC_TEXT)]
    payload = "\n".join(lines).rstrip("\n")
    if len(payload.encode()) > _EPC_BYTES:
        raise PayloadError(f"A SEPA QR code holds at most {_EPC_BYTES} bytes; shorten the payee's name or the text.")
    return payload


def swish(*, number: str, minor: int, message: str, more: bool = False) -> str:
    """Return the payload of a Swish payment of `minor` öre to `number`.

    The payer can change nothing of it, but with `more` the amount.

    The layout is `C<number>;<amount>;<message>;<mask>`, amount with a decimal comma, message URL-encoded and at most
    50 characters (developer.getswish.se, QR API manual, section 6). An amount that is not positive raises
    `PayloadError`.
    """
    if minor <= 0:
        raise PayloadError("A Swish QR code needs an amount over zero.")
    digits = "".join(character for character in number if character.isdigit())
    words = quote(one_line(message, _SWISH_TEXT), safe="")
    return f"C{digits};{minor // 100},{minor % 100:02};{words};{_AMOUNT_OPEN if more else _ALL_LOCKED}"


def one_line(text: str, longest: int) -> str:
    """Return a text as a field of a code: a line break inside it would shift every field after it."""
    return " ".join(text.split())[:longest].rstrip()


def png(payload: str) -> bytes:
    """Return `payload` as a QR code of error correction level M: a PNG of one grey pixel a module, no quiet zone."""
    code = zxingcpp.create_barcode(payload, zxingcpp.QRCode, ec_level="M")
    image = code.to_image(add_quiet_zones=False)
    pixels = memoryview(image).tobytes()  # type: ignore[arg-type]  # an Image has a buffer; its stub does not say so
    width = height = math.isqrt(len(pixels))
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
