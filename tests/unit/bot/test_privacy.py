"""What is one chat's own is nobody else's: everything that others can ask is the same as if it were not there.

A user adds a feed, sends a page, watches and mutes; what every other chat is shown is compared with a desk at which
none of it happened, with nothing but numbers left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.unit.bot.conftest import ADMIN, GROUP, OWNER, USER, Desk, Shown, new_desk
from tests.unit.bot.fake_web import with_web
from tests.unit.pipeline.conftest import news
from watchbot.catalogue import Catalogue
from watchbot.message.keyboard import load_file
from watchbot.model.item import CutDocument
from watchbot.model.records import PollResult, SourceSpec
from watchbot.pipeline.ingest import Ingest

OTHER = 10
MARKS = ("zephyr", "zebra", "quagga", "okapi", "secret.example")
PLANT = "Foxconn to build AI server plant in Houston"
PRIVATE = "Foxconn zebra: to build AI server plant in Houston"
READERS = {"user": (OTHER, OTHER), "admin": (ADMIN, ADMIN), "owner": (OWNER, OWNER), "group": (OWNER, GROUP)}
QUESTIONS = (
    "/start", "/help", "/list", "/feeds", "/latest", "/latest Foxconn", "/latest Okapi", "/search Foxconn",
    "/search zebra", "/search quagga", "/search plant", f"/why {PRIVATE}", "/why https://secret.example/1",
    "/why https://secret.example/page", "/why https://feeds.secret.example/rss", "/why quagga text", "/story",
    "/mute", "/mute Zephyrletter", "/mute Zephyrlette",
    "/mute Okapiwatch", "/mute nonsense", "/unmute Zephyrletter", "/unmute", "/export", "/settings", "/digest",
    "/quiet",
    "/watch Foxconn", "/watch zebra", "/watch okapi", "/unwatch Okapiwatch", "/alias Okapiwatch", "/alias Foxconn",
    "/watch Tesla, Okapiwatch", "/status", "/test zebra", "Okapiwatch", "Okapiwatc", "zebra",
    "/add https://feeds.secret.example/rss", "/add zebra",
)  # fmt: skip
IDS = [f"/{command} {sign}{number}" for command in ("why", "story") for sign in ("", "s") for number in range(1, 12)]


@dataclass
class Two:
    """The desk at which a user made much, and the one at which nothing of that happened."""

    secret: Desk
    plain: Desk

    def ask(self, reader: str, text: str) -> tuple[list[str], list[str]]:
        """What one reader is shown at both."""
        return told(self.secret, reader, text), told(self.plain, reader, text)


def private_things(desk: Desk) -> None:
    """A feed, a page, watches, mutes, rules and settings of the user's own chat."""
    now = desk.clock.now()
    spec = SourceSpec("Zephyrletter", "feed", "https://feeds.secret.example/rss", chat=str(USER), added=True)
    with desk.store.write() as tx:
        row, _new = tx.sources.add(spec, now)
        tx.sources.polled(row.id, PollResult(now, now + timedelta(hours=1)))  # its baseline is behind it
        row = tx.sources.get(row.id) or row
    desk.as_(USER).says("/watch Foxconn")
    desk.says("/watch Okapiwatch")
    desk.says("/alias Okapiwatch + Okapi Zephyr")
    ingest = Ingest(desk.store, desk.directory, desk.clock)
    ingest.take(row, CutDocument((news(901, PRIVATE, "quagga text", "https://secret.example/1"),)))
    ingest.take(row, CutDocument((news(902, "Okapiwatch sinks zebra", "quagga", "https://secret.example/2"),)))
    desk.says("Foxconn and the zebra: quagga text that nobody else may ever read, from a private letter of ours.")
    desk.chores()
    desk.says("/mute Zephyrletter")
    desk.says("/search zebra")
    assert len([one for one in desk.messages.values() if one.alert]) == 3


def others_things(desk: Desk) -> None:
    """What everybody hears."""
    for user, chat in READERS.values():
        desk.as_(user, chat).says("/watch Foxconn")
    desk.as_(OTHER).says("/watch DRAM")
    desk.take("Wire", news(1, PLANT, "It will cost 500 million dollars."))
    desk.take("Post", news(2, "Foxconn to build an AI server plant in Houston, Texas"))
    desk.take("Wire", news(3, "DRAM prices rise"))
    desk.clock.move(5)
    desk.deliver()


@pytest.fixture
def two(desk: Desk, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Two]:
    """Both desks, with a small web each."""
    found = []
    for number, current in enumerate((desk, new_desk(tmp_path_factory.mktemp("plain"), catalogue))):
        web = with_web(current)
        web.feed("https://feeds.secret.example/rss", "Their letter", "Cakes")
        with current.store.write() as tx:
            tx.chats.set_role(OTHER, "user", current.clock.now())
        if number == 0:
            private_things(current)
        others_things(current)
        found.append(current)
    yield Two(*found)
    found[1].store.close()


def read(shown: Shown) -> str:
    """All that a person sees of a message."""
    if shown.file:
        file = load_file(shown.file)
        return f"{file.name}\n{file.body.decode()}"
    return "\n".join([shown.html, *shown.buttons])


def told(desk: Desk, reader: str, text: str) -> list[str]:
    """What a reader is shown after saying this, chores done."""
    user, chat = READERS[reader]
    desk.as_(user, chat)
    changed = [*desk.says(text), *desk.chores()]
    return [read(one) for one in dict.fromkeys(changed)]


def without_numbers(texts: list[str]) -> list[str]:
    return [re.sub(r"\d+", "#", text) for text in texts]


@pytest.mark.parametrize("reader", READERS)
def test_nothing_that_can_be_asked_tells_of_another_chats_things(two: Two, reader: str) -> None:
    for text in QUESTIONS:
        if text == "/status" and reader in ("admin", "owner"):
            continue  # counts: below
        secret, plain = two.ask(reader, text)
        assert without_numbers(secret) == without_numbers(plain), text
    for text in IDS:
        assert not any(mark in one.lower() for one in told(two.secret, reader, text) for mark in MARKS), text


@pytest.mark.parametrize("reader", ["admin", "owner"])
def test_who_runs_the_bot_sees_counts_only(two: Two, reader: str) -> None:
    (text,) = told(two.secret, reader, "/status")
    assert not any(mark in text.lower() for mark in MARKS)


BUTTONS = ("Why", "👎", "Mute")


@pytest.mark.parametrize("reader", READERS)
def test_nothing_behind_an_alerts_buttons_tells_of_another_chats_things(two: Two, reader: str) -> None:
    user, chat = READERS[reader]
    seen: list[list[str]] = []
    for desk in (two.secret, two.plain):
        desk.as_(user, chat)
        alert = next(one for one in desk.messages.values() if one.alert and one.chat == str(chat))
        out = [read(alert)]
        for answer in desk.press(alert, "Why"):
            out.append(read(answer))
            for label in ("Sources", "Back", "Story", "Back", "Split"):
                if any(label in one for one in answer.buttons):
                    out += [read(one) for one in desk.press(answer, label)]
        for complaint in ("Wrong", "Old", "Duplicate", "Boring"):
            desk.press(alert, "👎")
            out += [read(one) for one in desk.press(alert, complaint)]
        seen.append(out)
    assert without_numbers(seen[0]) == without_numbers(seen[1])
    assert not any(mark in text.lower() for text in seen[0] for mark in MARKS)
