"""Tickers: many written forms, one canonical CODE.MARKET, and back to every form that news is written with.

US listings are bare (AAPL, BRK.B). Bare digits and bare letters never match in text: a ticker counts with its market,
its exchange or a `$`, or as a code in brackets right after one of the names.
"""

import re
from dataclasses import dataclass

from watchbot.model.errors import InputError
from watchbot.text import words

US = "US"


@dataclass(frozen=True, slots=True)
class Market:
    """One market: its suffix, the shape of its codes, exchange names before the code, letters after it.

    `suffixes` are other suffixes in use for it; `after` are country letters of terminals ("2317 TT"), which may also
    stand before a colon ("TT:2317").
    """

    suffix: str
    code: str
    exchanges: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TickerForms:
    """`written`: forms that count anywhere. `code`, like the rest of `codes`, counts in brackets right after a name."""

    written: tuple[str, ...]
    code: str
    codes: tuple[str, ...] = ()


_LETTERS = r"[A-Z0-9]{1,6}(?:-[A-Z0-9]{1,2})?"
_INDIA = r"[A-Z0-9&-]{1,12}"
_MARKETS = (
    Market("TW", r"\d{4,6}[A-Z]?", ("TWSE", "TPE"), (), ("TT", "TW")),
    Market("TWO", r"\d{4,6}[A-Z]?", ("TPEX", "OTC", "GTSM", "ROCO"), (), ("TT",)),
    Market("HK", r"\d{4,5}", ("HKEX", "SEHK", "HKG", "HKSE"), (), ("HK",)),
    Market("SS", r"\d{6}", ("SSE", "SHA", "SHSE", "SH"), ("SH",), ("CH", "CG")),
    Market("SZ", r"\d{6}", ("SZSE", "SHE", "SZ"), (), ("CH", "CS")),
    Market("T", r"\d{3}[0-9A-Z]", ("TYO", "TSE", "JPX"), (), ("JP", "JT")),
    Market("KS", r"\d{5}[0-9A-Z]", ("KRX", "KOSPI", "KSE"), (), ("KS",)),
    Market("KQ", r"\d{5}[0-9A-Z]", ("KOSDAQ",), (), ("KQ",)),
    Market("L", _LETTERS, ("LSE", "LON"), (), ("LN",)),
    Market("PA", _LETTERS, ("EPA", "EURONEXT PARIS"), (), ("FP",)),
    Market("AS", _LETTERS, ("AMS", "EURONEXT AMSTERDAM"), (), ("NA",)),
    Market("DE", _LETTERS, ("ETR", "XETRA", "FRA", "FWB"), (), ("GR", "GY")),
    Market("SW", _LETTERS, ("SWX", "SIX", "VTX"), ("S",), ("SW",)),
    Market("MI", _LETTERS, ("BIT", "MIL"), (), ("IM",)),
    Market("MC", _LETTERS, ("BME", "MCE"), (), ("SM",)),
    Market("BR", _LETTERS, ("EBR", "EURONEXT BRUSSELS"), (), ("BB",)),
    Market("LS", _LETTERS, ("ELI", "EURONEXT LISBON"), (), ("PL",)),
    Market("ST", _LETTERS, ("STO",), (), ("SS",)),
    Market("HE", _LETTERS, ("HEL",), (), ("FH",)),
    Market("CO", _LETTERS, ("CPH",), (), ("DC",)),
    Market("OL", _LETTERS, ("OSL",)),
    Market("VI", _LETTERS, ("VIE", "WBAG"), (), ("AV",)),
    Market("IR", _LETTERS, ("ISE", "EURONEXT DUBLIN")),
    Market("WA", _LETTERS, ("WSE", "GPW"), (), ("PW",)),
    Market("TO", _LETTERS, ("TSX",), (), ("CN",)),
    Market("AX", _LETTERS, ("ASX",), (), ("AU",)),
    Market("SI", _LETTERS, ("SGX",), (), ("SP",)),
    Market("NS", _INDIA, ("NSE",)),
    Market("BO", _INDIA, ("BOM",)),
)
_BY_SUFFIX = {name: market for market in _MARKETS for name in (market.suffix, *market.suffixes)}
_BY_EXCHANGE = {name: market for market in _MARKETS for name in market.exchanges}
_BY_AFTER = {name: market for market in reversed(_MARKETS) for name in market.after}
_US_EXCHANGES = ("NASDAQ", "NYSE", "NASDAQGS", "NYSE AMERICAN", "AMEX", "OTC", "OTCMKTS", "OTCQX", "US")
_US_SUFFIXES = ("O", "N", "OQ", "US")
_US_CODE = re.compile(r"([A-Z]{1,5})(?:[.\-/ ]([A-EKUW]))?")
# What stands before a code in East Asian filings and news; the code's own market is clear from its length or the name.
_LABELS = {
    "TW": ("股票代號", "股票代碼", "證券代號", "證券代碼", "股號"),
    "TWO": ("股票代號", "股票代碼", "證券代號", "證券代碼", "股號"),
    "HK": ("股份代號", "股票代號", "股份代码"),
    "SS": ("证券代码", "股票代码"),
    "SZ": ("证券代码", "股票代码"),
    "T": ("証券コード", "銘柄コード", "東証"),
    "KS": ("종목코드",),
    "KQ": ("종목코드",),
}
MEND = "write CODE.MARKET (2317.TW, 0700.HK, SAP.DE), EXCHANGE:CODE (NASDAQ:AAPL) or a US ticker alone (AAPL)"


def canonical(text: str) -> str:
    """The canonical form of a ticker as people write it; InputError with the mend where it is none."""
    plain = re.sub(r"\s*:\s*", ":", text.strip().strip("()").upper()).replace("：", ":")
    plain = re.sub(r"\s+", " ", plain).removesuffix(
        " EQUITY",
    )
    if len(plain) > 40 or not plain.isascii():
        raise InputError(f"not a ticker: {text.strip()[:40]!r}; {MEND}")
    if plain.startswith("$"):
        return _united_states(plain[1:], text)
    if ":" in plain:
        return _with_exchange(plain, text)
    if re.fullmatch(r"\d+", plain):
        raise InputError(f"the ticker {plain!r} lacks its market: write {plain}.TW, {plain}.HK or the like")
    return _with_suffix(plain, text)


def market(ticker: str) -> str:
    """The market of a canonical ticker: TW, HK, T, DE ..., and US for the bare ones."""
    _code, _dot, suffix = ticker.rpartition(".")
    return suffix if _code and suffix in _BY_SUFFIX and not _united_class(ticker) else US


def forms(ticker: str) -> TickerForms:
    """Every written form of a canonical ticker (or of anything `canonical` takes)."""
    ticker = canonical(ticker)
    where = market(ticker)
    if where == US:
        return _us_forms(ticker)
    place = _BY_SUFFIX[where]
    code = ticker[: -len(where) - 1]
    codes = _spellings(code, where)
    written: list[str] = []
    for one in codes:
        for suffix in (where, *place.suffixes):
            written += [f"{one}.{suffix}"]
            written += [f"{one}-{suffix}"] if len(suffix) > 1 else []
        for exchange in place.exchanges:
            written += [f"{exchange}:{one}", f"{exchange}: {one}"]
        for letters in place.after:
            written += [f"{one}:{letters}", f"{letters}:{one}", f"{letters}: {one}"]
            # "5 HK" is money more often than a share; three digits and more are what terminals print.
            written += [f"{one} {letters}"] if len(one) > 2 or not one.isdigit() else []
        if where in ("SS", "SZ"):
            written.append(f"{'SH' if where == 'SS' else 'SZ'}{one}")
        for label in _LABELS.get(where, ()):
            written += [f"{label}{one}", f"{label}:{one}"]
    if place.code is _LETTERS and where in ("AS", "PA", "BR", "LS", "IR"):
        written += [f"EURONEXT:{code}", f"EURONEXT: {code}"]
    return TickerForms(tuple(dict.fromkeys(written)), codes[0], codes)


def _spellings(code: str, where: str) -> tuple[str, ...]:
    """The ways the code itself is written: Hong Kong pads with zeros or does not, Nordic shares join their class."""
    if where == "HK":
        return tuple(dict.fromkeys((code, code.lstrip("0"), code.zfill(5))))
    if "-" in code:
        return (code, code.replace("-", " "), code.replace("-", ""))
    return (code,)


def _us_forms(ticker: str) -> TickerForms:
    """Forms of a US listing, with a class of shares or without."""
    code, _dot, share = ticker.partition(".")
    codes = (f"{code}.{share}", f"{code}-{share}", f"{code}/{share}") if share else (code,)
    written: list[str] = []
    for one in codes:
        written.append(f"${one}")
        for exchange in _US_EXCHANGES:
            written += [f"{exchange}:{one}", f"{exchange}: {one}"]
        written.append(f"{one}:US")
        # "ON US SOIL" in a headline in capitals is no ticker: an English word needs more than the two letters.
        spoken = len(one) > 1 and one.lower() not in words.load()
        written.append(f"{one} US" if spoken else f"{one} US Equity")
    if share:
        written += [*codes, f"{code}{share.lower()}.N"]
    elif len(code) > 1:
        # One letter and a dot is an abbreviation: U.N. is not the share U at the NYSE.
        written += [f"{code}.{suffix}" for suffix in _US_SUFFIXES]
    return TickerForms(tuple(dict.fromkeys(written)), ticker, codes)


def _united_class(ticker: str) -> bool:
    """Whether a dotted ticker is a US class of shares (BRK.B), not a code and a market."""
    found = _US_CODE.fullmatch(ticker)
    return bool(found and found[2])


def _united_states(plain: str, text: str) -> str:
    """AAPL or BRK.B of what stands for a US listing."""
    for suffix in _US_SUFFIXES:
        plain = plain.removesuffix(f".{suffix}")
    found = _US_CODE.fullmatch(plain)
    if not found:
        raise InputError(f"not a US ticker: {text.strip()!r}; {MEND}")
    return f"{found[1]}.{found[2]}" if found[2] else found[1]


def _with_exchange(plain: str, text: str) -> str:
    """EXCHANGE:CODE, or the terminals' US:AAPL and AAPL:US."""
    before, _colon, after = plain.partition(":")
    if before == "OTC" and _US_CODE.fullmatch(after):
        # Over the counter in Taiwan (digits) or in the United States (letters).
        return _united_states(after, text)
    if before in _BY_EXCHANGE:
        return _join(after, _BY_EXCHANGE[before], text)
    if before in _US_EXCHANGES:
        return _united_states(after, text)
    if before == "EURONEXT":
        raise InputError(f"{text.strip()!r} is one of several markets: write {after}.PA, {after}.AS or {after}.BR")
    for code, letters in ((after, before), (before, after)):
        if letters == "US":
            return _united_states(code, text)
        if letters in _BY_AFTER:
            return _join(code, _BY_AFTER[letters], text)
    raise InputError(f"unknown exchange {before!r} in {text.strip()!r}; {MEND}")


def _with_suffix(plain: str, text: str) -> str:
    """CODE.MARKET, CODE-MARKET, "CODE TT", AAPL, BRK.B."""
    code, separator, suffix = plain, "", ""
    for mark in (".", " ", "-"):
        head, found, tail = plain.rpartition(mark)
        if found and (tail in _BY_SUFFIX or tail in _US_SUFFIXES or tail in _BY_AFTER):
            code, separator, suffix = head, found, tail
            break
    if not separator:
        unknown = re.fullmatch(r"[A-Z0-9]+\.([A-Z]{2,4})", plain)
        if unknown:
            raise InputError(f"unknown market {unknown[1]!r} in {text.strip()!r}; {MEND}")
        return _united_states(plain, text)
    if separator == " " and suffix in _BY_AFTER:
        return _join(code, _BY_AFTER[suffix], text)
    if suffix in _US_SUFFIXES:
        return _united_states(code, text)
    if suffix in _BY_SUFFIX:
        return _join(code, _BY_SUFFIX[suffix], text)
    raise InputError(f"not a ticker: {text.strip()!r}; {MEND}")


def _join(code: str, place: Market, text: str) -> str:
    """The canonical form of a code on a market."""
    code = code.strip().removesuffix(f".{place.suffix}").replace(" ", "-").replace(".", "-")
    if place.suffix == "HK" and code.isdigit():
        code = code.lstrip("0").zfill(4)
    if not re.fullmatch(place.code, code):
        shape = "digits" if place.code.startswith(r"\d") else "letters"
        raise InputError(f"{text.strip()!r} is no ticker of {place.suffix}: its codes are {shape}; {MEND}")
    return f"{code}.{place.suffix}"
