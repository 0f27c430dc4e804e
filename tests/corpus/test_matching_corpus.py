"""The acceptance corpus of matching: every case in matching/*.yaml, judged by what a reader would expect.

A file holds `rule:` and `cases:`; a case is named by what it shows and holds `lang`, `watch` (a list of watches, or a
whole watchlist file), `title`, `body`, `url`. What must be found is marked in the text:

    [[Hon Hai]]                 a span of the only watch, kind `name`
    [[2317.TW]]{ticker}         another kind
    [[Hon Hai]]{foxconn:alias}  which watch, where there are several ({list/watch:kind} in several watchlists)

Every watch without a mark must stay silent; `not:` names those the case is about. `level: main` or
`level: {foxconn: mention}` is checked where given. A span may be longer than its mark by what the contract allows:
a possessive, a legal form, `#` or `$`, and the brackets around a code.
"""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from watchbot.config import load_watchlists
from watchbot.matching.matcher import build
from watchbot.model.item import Item
from watchbot.model.match import Match

FOLDER = Path(__file__).parent / "matching"
_MARK = re.compile(r"\[\[|\]\](?:\{(?P<who>[^{}]+)\})?")
_KINDS = {"name", "alias", "ticker", "keyword", "fuzzy", "query"}
_SWITCHES = {"true": True, "false": False}
_BEFORE = re.compile(r"[#＃$＄(（]?|(?:株式会社|株式會社|株式会社 |㈱|\(株\)|（株）|有限会社)")
_LEGAL = (
    r"inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|ag|gmbh|se|sa|s\.a|nv|n\.v|bv|ab|kk|k\.k|"
    r"holdings?|group|spa|s\.p\.a|股份有限公司|有限公司|集團|集团|控股|公司|株式会社|株式會社|グループ|ホールディングス|㈱|\(株\)|（株）"
)
_AFTER = re.compile(rf"(?:['’＇](?:s)?|[)）]|[\s,，.&]*(?:(?:{_LEGAL})[\s,.]*)+(?:['’]s)?)?", re.IGNORECASE)
Expected = tuple[str, str, str, int, int]


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of one file, each with its rule and id."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    cases = []
    for name, case in document["cases"].items():
        case = {"rule": document.get("rule", ""), **case}
        cases.append({**case, "id": f"{path.stem}: {name}"})
    return cases


@cache
def everything() -> tuple[dict[str, Any], ...]:
    """All cases of all files."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in read(path))


def typed(node: Any) -> Any:
    """A watchlist as the reader of the file takes it: text stays text, only switches are switches."""
    if isinstance(node, dict):
        return {
            key: _SWITCHES.get(str(value), value) if key in ("fuzzy", "urls") else typed(value)
            for key, value in node.items()
        }
    return [typed(one) for one in node] if isinstance(node, list) else node


def unmark(field: str, text: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    """The plain text, and (who, field, start, end) of each mark; marks may lie in one another."""
    plain, marks, last = "", [], 0
    opened: list[int] = []
    for found in _MARK.finditer(text):
        plain += text[last : found.start()]
        last = found.end()
        if found.group() == "[[":
            opened.append(len(plain))
            continue
        start = opened.pop()
        marks += [(who.strip(), field, start, len(plain)) for who in (found["who"] or "").split(",")]
    assert not opened, f"a mark is not closed: {text}"
    return plain + text[last:], marks


def expected(marks: list[tuple[str, str, int, int]], only: str) -> list[Expected]:
    """Each mark as (watch, kind, field, start, end)."""
    wanted = []
    for who, field, start, end in marks:
        watch, _, kind = who.rpartition(":")
        if not watch and kind not in _KINDS:
            watch, kind = kind, ""
        wanted.append((watch or only, kind or "name", field, start, end))
    return wanted


def fits(want: Expected, got: Expected, text: str) -> bool:
    """Whether a found span is the marked one, or longer only by what the contract allows."""
    if want[:3] != got[:3] or got[3] > want[3] or got[4] < want[4]:
        return False
    before, after = text[got[3] : want[3]], text[want[4] : got[4]]
    return bool(_BEFORE.fullmatch(before) and _AFTER.fullmatch(after))


def judge(case: dict[str, Any], folder: Path) -> list[str]:
    """What is wrong with the answer to one case, in words."""
    watch = typed(case["watch"])
    path = folder / "watchlist.yaml"
    path.write_text(json.dumps(watch if isinstance(watch, dict) else {"watches": watch}), encoding="utf-8")
    lists = load_watchlists(path, environ={})
    names = [one.id if len(lists) == 1 else f"{each.name}/{one.id}" for each in lists for one in each.watches]
    fields = {field: unmark(field, case.get(field, "")) for field in ("title", "body", "url")}
    wanted = expected([mark for _, marks in fields.values() for mark in marks], names[0] if len(names) == 1 else "?")
    unknown = {one[0] for one in wanted} | set(case.get("not", ())) | set(_levels(case, "")) - {"*"}
    assert unknown <= set(names), f"{case['id']} speaks of watches that are not there: {unknown - set(names)}"
    item = Item(id="1", title=fields["title"][0], body=fields["body"][0], url=fields["url"][0])
    titles = {each.key: each.name for each in lists}
    found = [(m.watch if len(lists) == 1 else f"{titles[m.watchlist]}/{m.watch}", m) for m in build(lists).match(item)]
    return compare(case, wanted, found, {field: plain for field, (plain, _) in fields.items()})


def compare(
    case: dict[str, Any], wanted: list[Expected], found: list[tuple[str, Match]], texts: dict[str, str]
) -> list[str]:
    """Spans, both ways, then the levels."""
    got = [(who, span.kind.value, span.field, span.start, span.end) for who, m in found for span in m.spans]
    wrong = [
        f"missing {want[0]} {want[1]} {texts[want[2]][want[3] : want[4]]!r} in {want[2]}"
        for want in wanted
        if not any(fits(want, one, texts[want[2]]) for one in got)
    ]
    wrong += [
        f"unwanted {one[0]} {one[1]} {texts[one[2]][one[3] : one[4]]!r} in {one[2]} at {one[3]}"
        for one in got
        if not any(fits(want, one, texts[one[2]]) for want in wanted)
    ]
    for who, match in found:
        wrong += [
            f"text of span {span} is not what stands there"
            for span in match.spans
            if texts[span.field][span.start : span.end] != span.text
        ]
        levels = _levels(case, match.level.value)
        level = levels.get(who, levels.get("*", match.level.value))
        if level != match.level.value:
            wrong.append(f"{who} is {match.level.value}, not {level}")
    return wrong


def _levels(case: dict[str, Any], default: str) -> dict[str, str]:
    """The expected level of each watch, `*` for all."""
    level = case.get("level", default)
    return level if isinstance(level, dict) else {"*": level} if level else {}


@pytest.mark.parametrize("case", everything(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    """What is marked is found, nothing else is."""
    wrong = judge(case, tmp_path)
    assert not wrong, "; ".join(wrong)


def test_size() -> None:
    """The corpus stays broad: by number, by rule and by language; no case twice."""
    cases = everything()
    assert len(cases) >= 300
    rules = Counter(case["rule"] for case in cases)
    languages = Counter(case["lang"] for case in cases)
    assert min(rules.values()) >= 8, rules
    assert set(languages) == {"en", "zh-Hant", "zh-Hans", "ja"}
    assert min(languages.values()) >= 40, languages
    contents = Counter(json.dumps([case["watch"], *map(case.get, ("title", "body", "url"))]) for case in cases)
    assert max(contents.values()) == 1, contents.most_common(1)
