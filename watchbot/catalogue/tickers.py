"""Stock codes: one canonical form, CODE.MARKET, and US listings bare."""

import re

MARKETS: tuple[str, ...] = ("TW", "TWO", "HK", "SS", "SZ", "T", "KS", "KQ")
EUROPE: tuple[str, ...] = (
    "L", "PA", "DE", "AS", "BR", "MC", "MI", "SW", "ST", "HE", "CO", "OL", "VI", "LS", "IR", "WA",
)  # fmt: skip

# In the order in which a bare code is looked for when the reader's own market does not have it.
_SUFFIXES = (*MARKETS, *EUROPE)

_HOME: dict[str, tuple[str, ...]] = {
    "TW": ("TW", "TWO"),
    "CN": ("SS", "SZ"),
    "JP": ("T",),
    "KR": ("KS", "KQ"),
    "US": ("",),
}

_EXCHANGES: dict[str, str] = {
    "TWSE": "TW", "TPE": "TW", "TAI": "TW",
    "TPEX": "TWO", "GTSM": "TWO", "TWO": "TWO",
    "HKEX": "HK", "HKG": "HK", "SEHK": "HK",
    "SSE": "SS", "SHA": "SS", "SHSE": "SS",
    "SZSE": "SZ", "SHE": "SZ",
    "TYO": "T", "TSE": "T", "JPX": "T",
    "KRX": "KS", "KOSPI": "KS", "KOSDAQ": "KQ",
    "LSE": "L", "LON": "L", "EPA": "PA", "ETR": "DE", "XETRA": "DE", "FRA": "DE", "FWB": "DE", "AMS": "AS",
    "EBR": "BR", "BME": "MC", "BIT": "MI", "SWX": "SW", "STO": "ST", "HEL": "HE", "CPH": "CO", "OSL": "OL",
    "VIE": "VI", "ELI": "LS", "WSE": "WA",
    "NASDAQ": "", "NYSE": "", "AMEX": "", "NYSEAMERICAN": "", "OTC": "", "OTCMKTS": "",
}  # fmt: skip

_BLOOMBERG: dict[str, str] = {
    "TT": "TW", "HK": "HK", "CH": "SS", "CG": "SS", "CS": "SZ", "JP": "T", "JT": "T", "KS": "KS", "KQ": "KQ",
    "LN": "L", "FP": "PA", "GR": "DE", "GY": "DE", "NA": "AS", "US": "", "UN": "", "UW": "", "UQ": "",
}  # fmt: skip

_SHAPES: dict[str, re.Pattern[str]] = {
    "TW": re.compile(r"\d{4,6}[A-Z]?"),
    "TWO": re.compile(r"\d{4,6}[A-Z]?"),
    "HK": re.compile(r"\d{4,5}"),
    "SS": re.compile(r"\d{6}"),
    "SZ": re.compile(r"\d{6}"),
    "T": re.compile(r"\d[0-9A-Z]\d[0-9A-Z]"),
    "KS": re.compile(r"\d{5}[0-9A-Z]"),
    "KQ": re.compile(r"\d{5}[0-9A-Z]"),
    "": re.compile(r"[A-Z]{1,5}(\.[A-EKUW])?"),
}
_EUROPEAN = re.compile(r"[0-9A-Z]{1,8}(-[A-Z])?")


def is_canonical(ticker: str) -> bool:
    """True where the text is exactly the canonical form of a ticker."""
    code, market = split(ticker)
    return _shape(market).fullmatch(code) is not None


def split(ticker: str) -> tuple[str, str]:
    """Code and market suffix of a canonical ticker; the market of a US listing is ""."""
    code, dot, market = ticker.rpartition(".")
    if dot and market in _SUFFIXES:
        return code, market
    return ticker, ""


def canonical(text: str) -> str:
    """The canonical form of a ticker written with its market in any usual way, "" where it is none.

    Understood are 2317.TW, 2317-TW, TWSE:2317, `2317 TT`, AAPL.US and $AAPL; a bare code has no market and is none.
    """
    upper = text.strip().strip("()").upper()
    if upper.startswith("$"):
        return _checked(upper[1:], "")
    exchange, colon, code = upper.partition(":")
    if colon:
        market = _EXCHANGES.get(exchange.strip())
        return "" if market is None else _checked(code.strip(), market)
    found = re.fullmatch(r"([0-9A-Z.-]+?)(?:[.-]| )([A-Z]{1,3})", upper)
    if found is None:
        return ""
    code, market = found[1], found[2]
    if " " in upper:
        return _checked(code, _BLOOMBERG[market]) if market in _BLOOMBERG else ""
    if market == "US":
        return _checked(code, "")
    return _checked(code, market) if market in _SUFFIXES else ""


def spellings(code: str, market: str) -> list[str]:
    """The canonical tickers a bare code can stand for, those of the reader's market first."""
    upper = code.strip().strip("()$").upper()
    home = _HOME.get(market.upper(), (market.upper(),))
    order = [*home, *(suffix for suffix in ("", *_SUFFIXES) if suffix not in home)]
    return [ticker for ticker in (_checked(upper, suffix) for suffix in order) if ticker]


def at_home(ticker: str, market: str) -> bool:
    """True where a canonical ticker is listed on the reader's market."""
    return split(ticker)[1] in _HOME.get(market.upper(), (market.upper(),))


def _checked(code: str, market: str) -> str:
    """Code and market as one canonical ticker, "" where the code has not the shape of that market."""
    if market == "HK" and code.isdecimal():
        code = code.lstrip("0").zfill(4)
    if market == "":
        code = code.replace("-", ".")
    if _shape(market).fullmatch(code) is None:
        return ""
    return f"{code}.{market}" if market else code


def _shape(market: str) -> re.Pattern[str]:
    """What codes of a market look like."""
    return _SHAPES.get(market, _EUROPEAN)
