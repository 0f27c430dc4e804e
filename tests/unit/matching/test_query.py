"""The query language: what it means, what it refuses and how it says so, and that no input hurts it."""

import random
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from watchbot.matching.query import Hit, Query, QueryError, QueryTerm, parse
from watchbot.model.errors import InputError


def lookup(title: str = "", body: str = "") -> Callable[[QueryTerm], Sequence[Hit]]:
    """Finds terms word by word, any case, as the simplest of matchers would."""

    def find(term: QueryTerm) -> list[Hit]:
        out = []
        wanted = term.text.lower().split()
        for field, text in (("title", title), ("body", body)):
            there = text.lower().split()
            for at in range(len(there) - len(wanted) + 1):
                if term.field in ("", field) and there[at : at + len(wanted)] == wanted:
                    start = len(" ".join(there[:at])) + (at > 0)
                    out.append(Hit(field, start, start + len(" ".join(wanted)), at, at + len(wanted) - 1, term.text))
        return out

    return find


def true(query: str, title: str = "", body: str = "") -> list[str] | None:
    """The terms of the hits that made the query true, None where it is false."""
    found = parse(query).evaluate(lookup(title, body))
    return None if found is None else [hit.term for hit in found]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("a", "x a y", ["a"]),
        ("a", "x", None),
        ("a AND b", "b a", ["b", "a"]),
        ("a AND b", "a", None),
        ("a OR b", "b", ["b"]),
        ("a OR b AND c", "a", ["a"]),  # AND binds tighter
        ("(a OR b) AND c", "a", None),
        ("a OR b AND c", "b c", ["b", "c"]),
        ("a NOT b", "a", ["a"]),
        ("a NOT b", "a b", None),
        ("a AND NOT b", "a c", ["a"]),
        ("NOT b AND a", "a", ["a"]),
        ("a NOT b NOT c", "a c", None),
        ("a NOT (b AND c)", "a b", ["a"]),
        ("a NOT (b AND c)", "a b c", None),
        ("a NOT NOT b", "a b", ["a", "b"]),
        ("a NOT NOT b", "a", None),
        ("a AND (NOT b OR c)", "a", ["a"]),
        ("a AND (NOT b OR c)", "a b", None),
        ("a AND (NOT b OR c)", "a b c", ["a", "c"]),
        ("NOT (NOT a OR b)", "a", ["a"]),
        ('"ai server" AND quanta', "quanta ai server", ["quanta", "ai server"]),
        ('"ai server"', "ai big server", None),
        ('"AND"', "and", ["AND"]),
        ("a NEAR/0 b", "a b", ["a", "b"]),
        ("a NEAR/0 b", "b a", ["b", "a"]),
        ("a NEAR/0 b", "a x b", None),
        ("a NEAR/1 b", "a x b", ["a", "b"]),
        ("a NEAR/2 b", "a x x x b x x a", ["b", "a"]),
        ("a NEAR/5 a", "a", None),
        ("a NEAR/5 a", "a x a", ["a", "a"]),
        ("(a OR b) NEAR/1 c", "b x c", ["b", "c"]),
        ("a NEAR/1 b NEAR/1 c", "a b c", ["a", "b", "c"]),
        ("a NEAR/1 b NEAR/1 c", "a b x x b c", None),
        ("a NEAR/0 b AND c", "a b c", ["a", "b", "c"]),
        ("a NOT b NEAR/0 c", "a b x c", ["a"]),
        ("鴻海 AND （廣達 OR 緯創）", "鴻海 緯創", ["鴻海", "緯創"]),
        ("“ai server”", "ai server", ["ai server"]),
        ("a\n  AND\tb", "a b", ["a", "b"]),
    ],
)
def test_meaning(query: str, text: str, expected: list[str] | None) -> None:
    assert true(query, body=text) == expected


def test_fields() -> None:
    assert true("title:a", title="a") == ["a"]
    assert true("title:a", body="a") is None
    assert true("title:(a OR b) AND body:c", "b", "c") == ["b", "c"]
    assert true("title: a", title="a") == ["a"]
    assert true('body:"a b"', title="a b") is None
    assert true("a NEAR/3 b", "a", "b") is None  # one field


def test_terms_and_company() -> None:
    query = parse('"AI server" AND (company:foxconn OR Quanta) NOT rumor AND Quanta')
    assert set(query.terms) == {
        QueryTerm("AI server", "", False),
        QueryTerm("foxconn", "", True),
        QueryTerm("Quanta", "", False),
        QueryTerm("rumor", "", False),
    }
    assert parse('company:"Hon Hai"').terms == (QueryTerm("Hon Hai", "", True),)
    assert parse("title:company:x").terms == (QueryTerm("x", "title", True),)
    assert [term.text for term in parse("C++ AND AT&T AND 10:30 AND 3.5G").terms] == ["C++", "AT&T", "10:30", "3.5G"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a AND semiconductor", {"semiconductor"}),
        ("semiconductor AND Foxconnex", {"Foxconnex"}),
        ('the AND "advanced packaging line"', {"advanced packaging line"}),
        ("a OR b", {"a", "b"}),
        ("(x OR y) AND foxconn", {"foxconn"}),
        ("a NEAR/3 foxconn", {"foxconn"}),
        ("foxconn NOT apple", {"foxconn"}),
        ("(foxconn AND apple) OR (nvidia NOT intel)", {"foxconn", "nvidia"}),
    ],
)
def test_required(query: str, expected: set[str]) -> None:
    assert {term.text for term in parse(query).required()} == expected


@pytest.mark.parametrize(
    ("query", "column", "says"),
    [
        ("", 1, "empty"),
        ("  ", 1, "empty"),
        ("A B", 3, "A AND B"),
        ('"a" "b"', 5, "AND or OR"),
        ("(a) (b)", 5, "operator is missing"),
        ("鴻海 廣達", 4, "鴻海 AND 廣達"),
        ("a and b", 3, "write AND"),
        ("and", 1, "write AND"),
        ("a Or b", 3, "write OR"),
        ("not a", 1, "write NOT"),
        ("a near/3 b", 3, "NEAR/5"),
        ("a NEAR b", 3, "NEAR/5"),
        ("a NEAR/51 b", 3, "0 to 50"),
        ("a NEAR/99999999999 b", 3, "0 to 50"),
        ("(a AND b) NEAR/3 c", 11, "NEAR stands between"),
        ("a NEAR/3 NOT b", 10, "after NEAR/3"),
        ("a AND", 6, "after AND"),
        ("OR b", 1, "before OR"),
        ("a AND OR b", 7, "after AND"),
        ("()", 2, "term is missing"),
        ("(a", 1, "never closed"),
        ("a)", 2, "closes nothing"),
        ('x AND "abc', 7, "never closed"),
        ('""', 1, "no letter"),
        ("a AND %%%", 7, "no letter"),
        ("title:", 7, "needs a term"),
        ("title: AND b", 8, "needs a term"),
        ("titel:a", 1, "title:"),
        ("TWSE:2317", 1, '"TWSE:2317"'),
        ("title:body:x", 1, "one field"),
        ("company:company:x", 1, "twice"),
        ("chip*", 1, "wildcards"),
        ("-rumor", 1, "NOT"),
        ("a && b", 3, "AND"),
        ("a || b", 3, "OR"),
        ("NOT a", 1, "nearly every item"),
        ("a OR NOT b", 6, "nearly every item"),
        ("NOT (a AND b)", 1, "nearly every item"),
        ("NOT a AND NOT b", 1, "nearly every item"),
    ],
)
def test_errors_name_column_and_mend(query: str, column: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert isinstance(caught.value, InputError)
    assert caught.value.column == column
    assert says in caught.value.reason
    assert "\n" not in caught.value.reason
    assert str(caught.value).startswith(f"column {column}: ")


def test_the_caret_stands_under_the_place_wide_characters_included() -> None:
    with pytest.raises(QueryError) as caught:
        parse("鴻海 B")
    assert str(caught.value).splitlines()[1:] == ["  鴻海 B", "       ^"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "(" * 4_000 + "a" + ")" * 4_000,
        "a " * 4_000,
        "NOT " * 2_400,
        "a AND " * 1_600,
        "title:" * 1_600 + "a",
        '"' * 9_999,
        "a NEAR/5 " * 1_000,
        "-" * 9_999,
        "x" * 100_000,
        ":" * 5_000,
    ],
)
def test_hostile_queries_end_in_a_short_error(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert len(str(caught.value)) < 600


def test_big_but_lawful_queries() -> None:
    many = parse(" OR ".join(f"name{number}" for number in range(700)))
    assert len(many.terms) == len(many.required()) == 700
    deep = parse("(" * 39 + "a" + ")" * 39)
    assert deep.terms == (QueryTerm("a", "", False),)
    assert parse("NOT " * 1_000 + "a").evaluate(lookup("a")) is not None
    assert parse(" AND ".join(["a", *["NOT b"] * 900])).evaluate(lookup("a")) is not None


def test_near_over_many_places_is_not_quadratic() -> None:
    places = {"a": range(30_000), "b": range(30_010, 60_000)}

    def find(term: QueryTerm) -> list[Hit]:
        return [Hit("body", at, at + 1, at, at, term.text) for at in places[term.text]]

    assert parse("a NEAR/3 b").evaluate(find) is None
    assert len(parse("a NEAR/10 b").evaluate(find) or ()) == 2


def random_query(rng: random.Random, depth: int) -> str:
    """A lawful query text over a, b, c, d."""
    kind = rng.random()
    if depth == 0 or kind < 0.3:
        return rng.choice("abcd")
    left, right = random_query(rng, depth - 1), random_query(rng, depth - 1)
    if kind < 0.55:
        return f"({left} AND {right})"
    return f"({left} OR {right})" if kind < 0.8 else f"({left} NOT {right})"


def truth(query: str, present: set[str]) -> bool:
    """The same query by Python's own rules."""
    text = query.replace(" NOT ", " and not ").replace(" AND ", " and ").replace(" OR ", " or ")
    return bool(eval(text, {letter: letter in present for letter in "abcd"}))


def test_random_queries_agree_with_plain_logic_and_their_required_terms() -> None:
    rng = random.Random(11)
    for _ in range(300):
        text = random_query(rng, 4)
        query = parse(text)
        for number in range(16):
            present = {letter for bit, letter in enumerate("abcd") if number >> bit & 1}
            found = query.evaluate(lookup(body=" ".join(sorted(present))))
            assert (found is not None) == truth(text, present), (text, present)
            if found is not None:
                assert {term.text for term in query.required()} & present
                assert {hit.term for hit in found} <= present


def test_query_is_made_once_and_lark_is_loaded_late() -> None:
    assert isinstance(parse("a"), Query)
    assert parse("a AND b").text == "a AND b"
    code = "import sys, watchbot.matching.query; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_wanted_terms_are_those_that_no_not_stands_before() -> None:
    query = parse('(company:Wistron OR "AI server" NEAR/3 Quanta) NOT (rumor OR company:Acer) AND NOT NOT chips')
    assert [term.text for term in query.wanted()] == ["Wistron", "AI server", "Quanta", "chips"]
