"""How many decimals a currency has."""

from typing import Final

# ISO 4217, list one: the currencies whose minor unit is not a hundredth. CLDR is not used here, because it
# follows shops rather than banks (it gives the Serbian dinar no decimals).
_NONE: Final = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF")
_DECIMALS: Final = {
    **dict.fromkeys((*_NONE, "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def decimals(currency: str) -> int:
    """Return the number of decimals of an ISO 4217 currency code: 2 for SEK, 0 for ISK."""
    return _DECIMALS.get(currency, 2)
