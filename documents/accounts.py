"""Accounts and references in the groups of digits that people type them in."""

from enum import StrEnum


class AccountKind(StrEnum):
    """What sort of account the payer is asked to pay to."""

    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    NORWEGIAN = "norwegian"
    IBAN = "iban"


class ReferenceKind(StrEnum):
    """What sort of reference the payer is asked to quote."""

    OCR = "ocr"
    KID = "kid"
    RF = "rf"
    BETALINGSKENMERK = "betalingskenmerk"
    TEXT = "text"


def written_account(account: str, kind: AccountKind) -> str:
    """Return an account as it is printed; one of an unexpected shape is returned as it came.

    Bankgiro 5050-1055 and 991-2346 (last four apart), plusgiro 4 15 28-5 (pairs, the check digit apart), Norwegian
    1234.56.78903 (register, group, number), IBAN in groups of four (ISO 13616).
    """
    characters = "".join(character for character in account if character.isalnum()).upper()
    if kind is AccountKind.IBAN:
        return in_fours(characters)
    if not characters.isdigit():
        return account
    if kind is AccountKind.BANKGIRO and len(characters) in {7, 8}:
        return f"{characters[:-4]}-{characters[-4:]}"
    if kind is AccountKind.PLUSGIRO and 2 <= len(characters) <= 8:  # noqa: PLR2004  # plusgiro has 2 to 8 digits
        return f"{_pairs_from_right(characters[:-1])}-{characters[-1]}"
    if kind is AccountKind.NORWEGIAN and len(characters) == 11:  # noqa: PLR2004  # Norwegian accounts have 11 digits
        return f"{characters[:4]}.{characters[4:6]}.{characters[6:]}"
    return account


def written_reference(reference: str, kind: ReferenceKind) -> str:
    """Return a reference as it is printed.

    RF (ISO 11649) and betalingskenmerk are printed in groups of four; OCR and KID in one piece, because slips and
    banks' forms show them so.
    """
    if kind in {ReferenceKind.RF, ReferenceKind.BETALINGSKENMERK}:
        return in_fours("".join(reference.split()).upper())
    return reference


def in_fours(characters: str) -> str:
    """Return `characters` in groups of four from the left."""
    return " ".join(characters[start : start + 4] for start in range(0, len(characters), 4))


def _pairs_from_right(digits: str) -> str:
    odd = len(digits) % 2
    pairs = [digits[start : start + 2] for start in range(odd, len(digits), 2)]
    return " ".join([digits[:odd], *pairs] if odd else pairs)
