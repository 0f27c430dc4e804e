"""A card says who, what and why, and quotes the right sentences."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from watchbot.message.card import TEASER_LENGTH, build, headline_text
from watchbot.message.marked import columns
from watchbot.model.alert import Card, Report, Why
from watchbot.model.item import Item
from watchbot.model.match import Match, Span
from watchbot.model.watch import Kind, Level

SEEN = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)


def spans(item: Item, *texts: str, kind: Kind = Kind.NAME) -> tuple[Span, ...]:
    """Every place where one of the texts stands in title or body."""
    out = []
    for field, value in (("title", item.title), ("body", item.body)):
        for text in texts:
            at = value.find(text)
            while at >= 0:
                out.append(Span(field, at, at + len(text), text, text, kind))
                at = value.find(text, at + 1)
    return tuple(out)


def match(item: Item, *texts: str, score: float = 1.0, level: Level = Level.MAIN, kind: Kind = Kind.NAME) -> Match:
    """A match of these texts."""
    return Match("list", texts[0], score, level, spans(item, *texts, kind=kind))


def card(item: Item, *matches: tuple[str, Match], reports: tuple[Report, ...] = ()) -> Card:
    """The card in English."""
    return build(item, matches, reports, SEEN, "en", "Asia/Taipei")


def marked(card: Card) -> list[str]:
    """The marked words of the teaser."""
    return [card.teaser.text[start:end] for start, end in card.teaser.marks]


def test_watches_stand_in_order_of_strength_without_repeats() -> None:
    item = Item("1", "Foxconn and Quanta", "")
    told = card(
        item,
        ("Quanta", match(item, "Quanta", score=0.4)),
        ("Foxconn", match(item, "Foxconn", score=0.9)),
        ("Quanta", match(item, "Quanta", score=0.2)),
    )
    assert told.watches == ("Foxconn", "Quanta")


def test_the_first_report_is_the_item_itself_where_none_is_given() -> None:
    item = Item("1", "Foxconn grows", "", "https://wire.example/1", None, "Wire")
    assert card(item, ("Foxconn", match(item, "Foxconn"))).reports == (
        Report("Wire", "Foxconn grows", "https://wire.example/1", SEEN),
    )


def test_without_a_headline_the_first_sentence_is_one_of_at_most_90_columns() -> None:
    item = Item("1", "", "鴻海" * 60 + "。 Foxconn grows.", document="page.txt", line=3)
    told = card(item, ("Foxconn", match(item, "Foxconn")))
    assert columns(told.headline.text) <= 90
    assert told.headline.text.endswith("…")
    assert told.place == "page.txt, line 3"
    assert marked(told) == ["Foxconn"]


def test_an_item_without_words_is_called_by_its_address() -> None:
    assert headline_text(Item("1", "", "", "https://wire.example/1")) == "https://wire.example/1"
    assert headline_text(Item("1", "", " ", document="page.txt")) == "page.txt"


def test_the_teaser_holds_the_sentences_around_the_first_match() -> None:
    filler = " ".join(f"Sentence number {n} says nothing of note at all." for n in range(40))
    item = Item("1", "News of the day", f"{filler} Then Foxconn spoke. It ended. {filler}")
    teaser = card(item, ("Foxconn", match(item, "Foxconn"))).teaser
    assert "Sentence number 39 says nothing of note at all. Then Foxconn spoke. It ended." in teaser.text
    assert len(teaser.text) <= TEASER_LENGTH
    assert teaser.text.endswith(".")


def test_all_matched_words_are_marked() -> None:
    item = Item("1", "Chips", "Foxconn and 鴻海 met Quanta. Foxconn left.")
    told = card(item, ("Foxconn", match(item, "Foxconn", "鴻海")), ("Quanta", match(item, "Quanta", score=0.5)))
    assert marked(told) == ["Foxconn", "鴻海", "Quanta", "Foxconn"]


def test_the_teaser_does_not_repeat_the_headline() -> None:
    title = "Foxconn to build a plant"
    for body in ("", title, f"{title}.", f" {title}! "):
        item = Item("1", title, body)
        assert card(item, ("Foxconn", match(item, "Foxconn"))).teaser.text == ""
    for body in (f"{title}. It costs much.", f"{title}\nIt costs much."):
        item = Item("1", title, body)
        assert card(item, ("Foxconn", match(item, "Foxconn"))).teaser.text == "It costs much."


def test_one_very_long_sentence_is_cut_around_the_match() -> None:
    item = Item("1", "Chips", "word " * 400 + "Foxconn " + "word " * 400)
    told = card(item, ("Foxconn", match(item, "Foxconn")))
    assert len(told.teaser.text) <= TEASER_LENGTH
    assert told.teaser.text.startswith("…word")
    assert told.teaser.text.endswith("word…")
    assert marked(told) == ["Foxconn"]


def test_a_match_longer_than_the_teaser_is_cut() -> None:
    item = Item("1", "Chips", "x" * 1000)
    told = card(item, ("X", match(item, "x" * 1000)))
    assert len(told.teaser.text) <= TEASER_LENGTH
    assert len(marked(told)) == 1


def test_a_matching_headline_quotes_the_beginning_of_the_text() -> None:
    item = Item("1", "Foxconn", "It opened. Then it closed.")
    told = card(item, ("Foxconn", match(item, "Foxconn")))
    assert told.teaser.text == "It opened. Then it closed."
    assert told.teaser.marks == ()


def test_why_prefers_the_headline_and_a_sure_term() -> None:
    item = Item("1", "Taiwpower rises", "So does Taipower.")
    sure = spans(item, "Taipower")
    guess = tuple(Span(s.field, s.start, s.end, s.text, "Taipower", Kind.FUZZY) for s in spans(item, "Taiwpower"))
    both = Match("l", "w", 1.0, Level.MAIN, guess + sure)
    assert card(item, ("Taipower", both)).why == Why(Level.MAIN, "Taipower", "body", Kind.NAME)
    only = Match("l", "w", 1.0, Level.MENTION, guess)
    assert card(item, ("Taipower", only)).why == Why(Level.MENTION, "Taipower", "title", Kind.FUZZY)


@given(st.text(max_size=80), st.text(max_size=900), st.data())
def test_any_text_makes_a_card(title: str, body: str, data: st.DataObject) -> None:
    found = []
    for field, value in (("title", title), ("body", body)):
        if value:
            start = data.draw(st.integers(0, len(value) - 1))
            end = data.draw(st.integers(start + 1, len(value)))
            found.append(Span(field, start, end, value[start:end], "term", Kind.NAME))
    item = Item("1", title, body)
    told = build(item, [("Watch", Match("l", "w", 1.0, Level.MAIN, tuple(found)))], (), SEEN, "zh-TW", "UTC")
    assert len(told.teaser.text) <= TEASER_LENGTH
    for one in (told.headline, told.teaser):
        positions = [place for mark in one.marks for place in mark]
        assert positions == sorted(positions)
        assert not positions or positions[-1] <= len(one.text)
