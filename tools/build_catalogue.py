"""Builds watchbot/catalogue/data/catalogue.json.gz from the hand-kept overlay, `twstock` and `pytickersymbols`.

Run `python -m tools.build_catalogue` after every change of the overlay, the word list or the rules; `--check` only
tells whether the file is up to date. Both packages are needed here alone (dependency group `data`). The overlay wins:
a row of either package with one of its tickers is absorbed, its names coming in as unsafe ones.
"""

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from watchbot.catalogue.check import check
from watchbot.catalogue.companies import Company, CompanyName
from watchbot.catalogue.keys import key
from watchbot.catalogue.overlay import read_files
from watchbot.catalogue.rows import pack, row_of
from watchbot.catalogue.rules import bare_form, doubt, strip_form
from watchbot.catalogue.tickers import canonical, is_canonical
from watchbot.text import words

ROOM = Path(__file__).parent.parent / "watchbot" / "catalogue"
OVERLAY = ROOM / "overlay"
TARGET = ROOM / "data" / "catalogue.json.gz"

_TAIWAN_MARKETS = {"上市": "TW", "上市臺灣創新板": "TW", "上櫃": "TWO"}
_TAIWAN_TYPES = ("股票", "創新板", "臺灣存託憑證(TDR)")
# What the exchange appends to a short name: foreign registration, innovation board, receipt, odd par value.
_TAIL = re.compile(r"(?:\*|-KY創?|-創|-DR)+$")
_US = ("NASDAQ", "NYSE")
_HOME_LISTED = ("TYO", "BME", "AMS", "STO", "EBR", "HEL", "EPA", "ETR", "SWX")
_BRITISH = ("United Kingdom", "Ireland", "Guernsey", "Isle of Man", "Jersey")


def overlay_files() -> list[Path]:
    """The hand-kept files, in order."""
    return sorted(OVERLAY.glob("*.yaml"))


def taiwan_shares() -> dict[str, tuple[str, str]]:
    """Code -> market and Chinese short name (without the exchange's marks) of every Taiwan share."""
    import twstock

    shares = (share for share in twstock.codes.values() if share.type in _TAIWAN_TYPES)
    return {share.code: (_TAIWAN_MARKETS[share.market], _TAIL.sub("", share.name)) for share in shares}


def taiwan_rows() -> Iterator[Company]:
    """The companies of the Taiwan exchanges."""
    import twstock

    known = words.load()
    for code, (market, short) in sorted(taiwan_shares().items()):
        names = [_rated(short, "zh-TW", known)]
        if "-KY" in twstock.codes[code].name:
            names.append(CompanyName(f"{short}-KY", "zh-TW", True))
        yield Company(f"{market.lower()}-{code.lower()}", short, tuple(names), (f"{code}.{market}",), curated=False)


def index_rows() -> Iterator[Company]:
    """The index members of the US, Europe and Japan; share classes listed as two companies come as one."""
    import pytickersymbols

    known = words.load()
    by_name: dict[str, list[str]] = {}
    for stock in sorted(pytickersymbols.PyTickerSymbols().get_all_stocks(), key=lambda stock: str(stock["name"])):
        name = re.sub(r"\s*\(Class \w\)$", "", " ".join(str(stock["name"]).replace("’", "'").split()))
        by_name.setdefault(name, []).extend(_tickers(stock))
    for name, tickers in by_name.items():
        full = re.sub(r"\s*\([^)]*\)$", "", name)
        if any(ticker.endswith(".ST") for ticker in tickers):
            full = re.sub(r"(?<=[a-zåäö])[A-C]$", "", full)  # Stockholm's share class, glued to the name
        if not tickers or not full:
            continue
        body = full.removeprefix("The ")
        short = strip_form(body, known)
        short = full if doubt(short, known) else short
        texts = dict.fromkeys((short, bare_form(body)) if len(bare_form(body)) > 1 else (short,))
        names = tuple(_rated(text, "en", known) for text in texts)
        yield Company(_slug(short), short, names, tuple(dict.fromkeys(tickers)), curated=False)


def _rated(text: str, lang: str, known: frozenset[str]) -> CompanyName:
    """A name with the safety that the rules see in it; three capitals, or a word in capitals, need a hand's word."""
    capitals = text.isascii() and text.isupper() and (len(text) == 3 or text.lower() in known)
    return CompanyName(text, lang, not capitals and not doubt(text, known))


def _slug(name: str) -> str:
    """A name as an id."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("ø", "o").replace("Ø", "O"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _tickers(stock: Mapping[str, Any]) -> tuple[str, ...]:
    """The canonical tickers of a stock: its home exchange and New York; no cross listings, no counters."""
    symbol = str(stock.get("symbol") or "")
    country = str(stock.get("country") or "")
    out: list[str] = []
    if "." in symbol and is_canonical(canonical(symbol)):
        out.append(canonical(symbol))
    for listing in stock.get("symbols", ()):
        yahoo, (exchange, _, code) = str(listing["yahoo"] or ""), str(listing["google"] or "").partition(":")
        if exchange in _US or (not code and exchange == symbol):
            out.append((code or symbol).replace("-", "."))
        elif exchange in _HOME_LISTED or (exchange == "LON" and country in _BRITISH and not yahoo[:1].isdigit()):
            out.append(canonical(yahoo))
        elif exchange == "FRA" and country == "Germany" and yahoo == f"{symbol}.F":
            out.append(f"{symbol}.DE")
    # The first is the symbol itself, where it is among them.
    found = sorted(dict.fromkeys(out), key=lambda ticker: ticker != symbol)
    return tuple(ticker for ticker in found if is_canonical(ticker))


def merged(curated: list[Company], rows: Iterable[Company]) -> list[Company]:
    """Hand-kept companies with what they absorb, then the other rows with tickers and ids of their own."""
    by_ticker = {ticker: company.id for company in curated for ticker in company.tickers}
    kept = {company.id: company for company in curated}
    others: dict[str, Company] = {}
    owners: dict[str, str] = {}
    for row in rows:
        taken = next((by_ticker[ticker] for ticker in row.tickers if ticker in by_ticker), "")
        if taken:
            kept[taken] = _absorb(kept[taken], row)
            continue
        same = next((owners[ticker] for ticker in row.tickers if ticker in owners), "")
        if same:
            others[same] = replace(others[same], tickers=tuple(dict.fromkeys(others[same].tickers + row.tickers)))
            continue
        identity = row.id if row.id not in kept and row.id not in others else f"{row.id}-{_slug(row.tickers[0])}"
        others[identity] = replace(row, id=identity)
        owners.update(dict.fromkeys(row.tickers, identity))
    return [kept[identity] for identity in sorted(kept)] + [others[identity] for identity in sorted(others)]


def _absorb(company: Company, row: Company) -> Company:
    """A hand-kept company with a row's names, unsafe, but for forms such as 世芯-KY that mean nothing else."""
    known = {key(name.text) for name in company.names}
    extra = [name for name in row.names if not {key(name.text), key(bare_form(name.text))} & known]
    names = company.names + tuple(replace(name, safe=name.text.endswith("-KY")) for name in extra)
    return replace(company, names=names)


def settled(companies: list[Company]) -> list[Company]:
    """No name is safe in two companies: a hand-kept one keeps its names, rows keep only what nobody else is called."""
    shared = Counter(folded for company in companies for folded in {key(name.text) for name in company.names})
    return [
        company
        if company.curated
        else replace(
            company,
            names=tuple(replace(name, safe=name.safe and shared[key(name.text)] == 1) for name in company.names),
        )
        for company in companies
    ]


def build() -> bytes:
    """The bytes of the data file. Raises SystemExit with every mistake of the overlay."""
    problems = check(overlay_files(), taiwan_shares())
    if problems:
        raise SystemExit("\n".join(str(problem) for problem in problems))
    entries, _none = read_files(overlay_files())
    curated = [entry.company() for entry in entries]
    companies = settled(merged(curated, [*taiwan_rows(), *index_rows()]))
    return pack([row_of(company) for company in companies])


def main() -> int:
    """Write the file, or with --check say whether it is up to date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the file is out of date")
    arguments = parser.parse_args()
    data = build()
    if arguments.check:
        current = TARGET.exists() and TARGET.read_bytes() == data
        print("up to date" if current else "out of date: run python -m tools.build_catalogue")
        return 0 if current else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
