"""Amounts as integers of minor units: the exponents of ISO 4217 and the reading of decimal amounts."""

from bankfiles.errors import UnreadableAmount, UnsupportedCurrency

# ISO 4217, list one, without metals, funds and test codes. CLDR's digits are not used: they are for showing prices, and
# say 0 for currencies whose bank amounts have two decimals (RSD, IQD, LBP).
_TWO = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

EXPONENTS: dict[str, int] = (
    dict.fromkeys(_TWO.split(), 2) | dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3)
)
_DIGITS = 18  # the most an amount of ISO 20022 may have; fits a signed 64-bit integer


def exponent(currency: str | None) -> int:
    """The number of decimals of a currency code; raises UnsupportedCurrency."""
    found = EXPONENTS.get(currency or "")
    if found is None:
        raise UnsupportedCurrency("", 'the currency "{currency}" is not known', currency=currency or "")
    return found


def minor_units(text: str | None, currency: str | None) -> int:
    """The amount "12.50" as 1250: digits with at most one point and no sign, as ISO 20022 writes amounts.

    Decimals beyond those of the currency must be zeros. Raises UnreadableAmount and UnsupportedCurrency.
    """
    digits = exponent(currency)
    whole, _, decimals = (text or "").strip().partition(".")
    if len(decimals) != digits:
        decimals = decimals.rstrip("0").ljust(digits, "0")
    number = whole + decimals
    readable = number.isdigit() and number.isascii() and whole and len(decimals) == digits
    if not readable or len(number.lstrip("0")) > _DIGITS:
        raise UnreadableAmount("", '"{text}" is not an amount in {currency}', text=text or "", currency=currency)
    return int(number)


def decimal_text(amount: int, currency: str | None) -> str:
    """1250 as "12.50"; the inverse of `minor_units` for amounts of zero or more."""
    digits = exponent(currency)
    if not digits:
        return str(amount)
    whole, part = divmod(amount, 10**digits)
    return f"{whole}.{part:0{digits}}"
