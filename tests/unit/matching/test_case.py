"""Smart case: what rule a term gets, and what the rule lets through."""

import pytest

from watchbot.matching.case import CaseRule, holds, rule
from watchbot.model.watch import Case
from watchbot.text import words


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("apple", CaseRule.ANY),
        ("Apple", CaseRule.CAPITAL),
        ("Quanta", CaseRule.CAPITAL),
        ("Delta Electronics", CaseRule.CAPITAL),
        ("Bed Bath and Beyond", CaseRule.CAPITAL),
        ("Moody's", CaseRule.CAPITAL),
        ("Foxconn", CaseRule.ANY),
        ("Hon Hai", CaseRule.ANY),
        ("HON HAI", CaseRule.ANY),
        ("eBay", CaseRule.ANY),
        ("AEC", CaseRule.EXACT),
        ("AI", CaseRule.EXACT),
        ("TSMC", CaseRule.EXACT),
        ("AT&T", CaseRule.EXACT),
        ("T.S.M.C.", CaseRule.EXACT),
        ("ＵＭＣ", CaseRule.EXACT),
        ("SK ON", CaseRule.EXACT),
        ("NVIDIA", CaseRule.ANY),
        ("台積電", CaseRule.ANY),
        ("台積電TSMC", CaseRule.ANY),
        ("2317", CaseRule.ANY),
        ("", CaseRule.ANY),
    ],
)
def test_smart_rule(term: str, expected: CaseRule) -> None:
    assert rule(term, Case.SMART, words.load()) is expected


def test_options_decide() -> None:
    assert rule("AEC", Case.ANY, words.load()) is CaseRule.ANY
    assert rule("foxconn", Case.EXACT, words.load()) is CaseRule.EXACT


@pytest.mark.parametrize(
    ("which", "term", "found", "expected"),
    [
        (CaseRule.ANY, "foxconn", "FoxConn", True),
        (CaseRule.EXACT, "ARM", "ARM", True),
        (CaseRule.EXACT, "ARM", "arm", False),
        (CaseRule.EXACT, "ARM", "Arm", False),
        (CaseRule.EXACT, "AEC", "AEC's", True),
        (CaseRule.EXACT, "AEC", "AEC Inc.", True),
        (CaseRule.EXACT, "AEC", "#AEC", True),
        (CaseRule.EXACT, "AT&T", "AT&amp;T", True),
        (CaseRule.EXACT, "UMC", "ＵＭＣ", True),
        (CaseRule.EXACT, "UMC", "U<b>M</b>C", True),
        (CaseRule.EXACT, "Foxconn", "FOXCONN", False),
        (CaseRule.EXACT, "foxconn", "foxconn", True),
        (CaseRule.CAPITAL, "Apple", "Apple", True),
        (CaseRule.CAPITAL, "Apple", "APPLE", True),
        (CaseRule.CAPITAL, "Apple", "apple", False),
        (CaseRule.CAPITAL, "Apple", "Apple's", True),
        (CaseRule.CAPITAL, "Apple", "Apple’s", True),
        (CaseRule.CAPITAL, "Apple", "apple’S", False),
        (CaseRule.CAPITAL, "Apple", "Apple inc.", True),
        (CaseRule.CAPITAL, "Delta Electronics", "Delta electronics", False),
        (CaseRule.CAPITAL, "Delta Electronics", "DELTA ELECTRONICS", True),
        (CaseRule.CAPITAL, "Delta Electronics", "Delta-\nElectronics", True),
        (CaseRule.CAPITAL, "Bed Bath and Beyond", "Bed Bath and Beyond", True),
        (CaseRule.CAPITAL, "Bed Bath and Beyond", "Bed Bath And Beyond", True),
        (CaseRule.CAPITAL, "Bed Bath and Beyond", "bed bath and beyond", False),
    ],
)
def test_holds(which: CaseRule, term: str, found: str, expected: bool) -> None:
    assert holds(which, term, found) is expected
