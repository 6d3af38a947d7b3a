"""Identity numbers of donors, by the rules of their countries; they are kept sealed and shown to nobody."""

from typing import Final

from stdnum.de import idnr
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

PURPOSE: Final = "donor identity"
"""What numbers are sealed for: nothing else opens them."""

_COUNTRIES: Final = {"SE": personnummer, "NO": fodselsnummer, "NL": bsn, "DE": idnr}


class WrongIdentityError(Exception):
    """What was written is no identity number of the country."""

    def __init__(self, country: str) -> None:
        super().__init__(f"This is no identity number of {country}.")


def normalised(written: str, *, country: str) -> str:
    """Return an identity number in its country's spelling. Raises WrongIdentityError."""
    rules = _COUNTRIES.get(country)
    if rules is None:
        raise WrongIdentityError(country)
    try:
        return str(rules.validate(written))
    except ValidationError as error:
        raise WrongIdentityError(country) from error
