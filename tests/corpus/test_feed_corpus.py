"""Every feed of tests/corpus/feeds against what its header expects, and against feedparser's count of entries."""

import pytest
from lxml import etree

from tests.corpus.feedcases import Case, bare_feedparser, cases, score
from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument
from watchbot.sources.feed import parse

CASES = cases()
LEAST_CASES = 200
LEAST_SHARE = 0.98


def read(case: Case) -> CutDocument:
    try:
        return parse(case.document)
    except InputError:
        return CutDocument(())


def well_formed(case: Case) -> bool:
    try:
        etree.fromstring(case.body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def test_the_cases_are_what_they_say() -> None:
    assert len(CASES) >= LEAST_CASES
    assert len({case.body for case in CASES}) == len(CASES)
    for case in CASES:
        assert case.head["what"], case.name
        assert len(case.items) == int(case.head["count"]), case.name


def test_share_of_right_fields(capsys: pytest.CaptureFixture[str]) -> None:
    ours = [(case, score(case, read(case))) for case in CASES]
    right = sum(found.right for _case, found in ours)
    wrong = [f"{case.name}: {one}" for case, found in ours for one in found.wrong]
    theirs = [bare_feedparser(case)[0] for case in CASES]
    their_right, their_wrong = sum(one.right for one in theirs), sum(len(one.wrong) for one in theirs)
    share, their_share = right / (right + len(wrong)), their_right / (their_right + their_wrong)
    with capsys.disabled():
        print(f"\n{len(CASES)} feeds: {share:.1%} of the fields right, bare feedparser {their_share:.1%}")
    assert share >= LEAST_SHARE, "\n".join(wrong)
    assert share > their_share


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_feed(case: Case) -> None:
    assert score(case, parse(case.document)).wrong == []


@pytest.mark.parametrize("case", [one for one in CASES if well_formed(one)], ids=lambda case: case.name)
def test_as_many_entries_as_feedparser_finds(case: Case) -> None:
    agreed = len(read(case).items) == bare_feedparser(case)[1]
    assert agreed != ("alone" in case.head), "`alone` says why they differ, and stands only where they do"
