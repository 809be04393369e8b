"""Amounts of money as people read them. They are kept in the currency's smallest unit, and never added across currencies."""

from __future__ import annotations

MONEY = ("paid", "refunded")
"""Columns of ``purchases`` that are amounts, in the currency that the row has beside them."""
_WHOLE = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
})  # fmt: skip
"""Currencies whose smallest unit is the currency itself (ISO 4217; MGA as payment providers have it)."""
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def money(amount: int, currency: str) -> str:
    """``amount`` of a currency's smallest unit: ``1,234.50 EUR``, ``1,200 JPY``."""
    digits = 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
    whole, rest = divmod(abs(amount), 10**digits)
    said = f"{'-' * (amount < 0)}{whole:,}" + f".{rest:0{digits}}" * bool(digits)
    return f"{said} {currency}"
