"""An alert says who and what first, is escaped, and always fits one message."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.botapi_html import parse
from watchbot.message.html import alert_html, is_link
from watchbot.message.parts import LIMIT, length, plain
from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)
WIRE = Report("Wire", "Foxconn grows", "https://wire.example/1", NOW)
WHY = Why(Level.MAIN, "Foxconn", "title", Kind.NAME)


def card(**changes: object) -> Card:
    """A plain card with some fields changed."""
    fields: dict[str, object] = {
        "watches": ("Foxconn",),
        "headline": Marked("Plant opens in Houston"),
        "url": "https://wire.example/1",
        "place": "",
        "teaser": Marked("Then Foxconn spoke.", ((5, 12),)),
        "why": WHY,
        "reports": (WIRE,),
        "language": "en",
        "timezone": "Asia/Taipei",
    }
    return Card(**{**fields, **changes})  # type: ignore[arg-type]


def first_line(**changes: object) -> str:
    """Line 1 of an alert as Telegram shows it."""
    return parse(alert_html(card(**changes))).text.split("\n")[0]


def test_an_alert_line_by_line() -> None:
    assert alert_html(card(), now=NOW).split("\n") == [
        'Foxconn · <a href="https://wire.example/1">Plant opens in Houston</a>',
        "<blockquote expandable>Then <u>Foxconn</u> spoke.</blockquote>",
        "Main subject: “Foxconn” in the headline",
        "Wire · 08:12",
    ]


def test_two_names_then_a_number() -> None:
    assert first_line(watches=("A", "B", "C", "D")) == "A, B +2 · Plant opens in Houston"
    assert first_line(watches=("A", "B"), language="zh-TW") == "A、B · Plant opens in Houston"


def test_a_name_is_not_said_twice() -> None:
    assert first_line(headline=Marked("Foxconn grows")) == "Foxconn grows"
    assert first_line(headline=Marked("“FOXCONN” grows")) == "“FOXCONN” grows"
    assert first_line(headline=Marked("Foxconn's plant"), watches=("Foxconn", "Quanta")) == "Quanta · Foxconn's plant"
    assert first_line(headline=Marked("Foxconnery grows")) == "Foxconn · Foxconnery grows"
    assert first_line(headline=Marked("鴻海將興建"), watches=("鴻海",)) == "鴻海將興建"


def test_without_a_link_the_headline_is_bold_with_its_place() -> None:
    html = alert_html(card(url="", place="page.txt, line 3"))
    assert html.startswith("Foxconn · <b>Plant opens in Houston</b> (page.txt, line 3)\n")
    html = alert_html(card(url="", place="page.txt, line 3", language="zh-TW"))
    assert html.startswith("Foxconn · <b>Plant opens in Houston</b> (page.txt 第 3 行)\n")


def test_the_place_of_a_linked_item_stands_beside_the_source() -> None:
    assert alert_html(card(place="a, line 1.html, line 30"), now=NOW).endswith("Wire · 08:12 · a, line 1.html, line 30")


def test_a_strange_address_is_no_link() -> None:
    for url in ("javascript:alert(1)", "https://", "https://a b/", "//x", "https://[broken", "https://x/" + "y" * 3000):
        assert not is_link(url)
        assert "<a" not in alert_html(card(url=url))


def test_a_guess_says_that_it_is_one() -> None:
    why = Why(Level.MENTION, "Taipower", "body", Kind.FUZZY)
    assert "\nMention: “Taipower” in the text (spelling guess)\n" in alert_html(card(why=why))
    assert "\n提及：內文中的「Taipower」（拼字推測）\n" in alert_html(card(why=why, language="zh-TW"))


def test_kinds_of_terms_are_named() -> None:
    for kind, words in (
        (Kind.TICKER, "ticker 2317.TW"),
        (Kind.KEYWORD, "keyword “2317.TW”"),
        (Kind.ALIAS, "“2317.TW”"),
    ):
        html = alert_html(card(why=Why(Level.MENTION, "2317.TW", "url", kind)))
        assert f"\nMention: {words} in the link\n" in html


def test_a_possible_repeat_is_marked() -> None:
    assert alert_html(card(), repeat=True, now=NOW).endswith("Wire · 08:12 · <i>possibly repeated</i>")
    assert "可能重複" in alert_html(card(language="zh-TW"), repeat=True)


def test_further_reports_stand_in_a_quote_of_their_own() -> None:
    post = Report("Post <1>", "A & B grow", "https://post.example/?a=1&b=2", NOW)
    bare = Report("Bare", "No link", "", NOW)
    lines = alert_html(card(reports=(WIRE, post, bare)), now=NOW).split("\n")
    assert lines[3:] == [
        "Wire · 08:12 · +2 more",
        '<blockquote expandable>Post &lt;1&gt; · <a href="https://post.example/?a=1&amp;b=2">A &amp; B grow</a>',
        "Bare · No link</blockquote>",
    ]


def test_many_reports_are_counted() -> None:
    reports = tuple(Report(f"Source {n}", "x" * 300, "https://a.example/", NOW) for n in range(100))
    html = alert_html(card(reports=reports))
    assert length(html) <= LIMIT
    assert "+99 more\n" in html
    assert parse(html).text.endswith("+87 more")
    assert "Source 12" in html
    assert "Source 13" not in html


def test_an_old_item_shows_its_date() -> None:
    old = Report("Wire", "t", "", NOW - timedelta(days=400))
    assert "Wire · Fri 17 Oct 2025 08:12" in alert_html(card(reports=(old,)), now=NOW)


hostile = st.text(alphabet=st.sampled_from(list("<>&\"'ab 鴻\n\x00\u202e\ud800\U0001f600")), max_size=30)
long = st.builds(lambda text, times: text * times, hostile, st.sampled_from([1, 200]))


@given(st.lists(long, max_size=4), long, long, hostile, long, st.lists(long, max_size=20), st.booleans())
def test_whatever_a_feed_says_the_alert_is_one_good_message(
    watches: list[str], title: str, url: str, teaser: str, term: str, others: list[str], repeat: bool
) -> None:
    reports = tuple(Report(text, text, text, NOW) for text in others)
    from watchbot.message.marked import clean

    quote = Marked(clean(teaser), ((0, len(clean(teaser)) // 2),)) if clean(teaser) else Marked("")
    told = card(
        watches=tuple(watches),
        headline=Marked(title),
        url=url,
        place=term,
        teaser=quote,
        why=Why(Level.MAIN, term, "body", Kind.QUERY),
        reports=reports,
        language="zh-TW",
    )
    html = alert_html(told, repeat)
    assert length(html) <= LIMIT
    html.encode()
    parsed = parse(html)
    assert len(parsed.entities) < 100
    plain(html).encode()
