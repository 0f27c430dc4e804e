"""Whole conversations in both languages, as pages that a reviewer reads as the person would."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.golden.scene import Scene
from tests.unit.bot.conftest import ADMIN, GROUP, STRANGER, USER, Desk, catalogue, desk
from tests.unit.bot.fake_web import with_web
from tests.unit.pipeline.conftest import news
from watchbot.bot.handlers import Handlers
from watchbot.model.item import Item
from watchbot.pipeline.holding import release

__all__ = ["catalogue", "desk"]

SEED = re.compile(r"start=[\w-]+")
NEWS = (
    (
        "Foxconn wins AI server order from OpenAI",
        "Hon Hai will build the racks in Houston, the company said on Friday.",
    ),
    ("TSMC lifts capital spending on AI demand", "The chipmaker named advanced packaging as the bottleneck."),
    ("DRAM contract prices rise a fifth month", "Buyers of memory pay 12 % more than in October, traders said."),
    ("Quanta ships its first GB300 racks", "Deliveries to a cloud customer began this week, Quanta Computer said."),
    ("鴻海第三季營收創同期新高", "鴻海精密表示，AI 伺服器出貨動能持續到明年第一季。"),
    ("台電公布冬季供電規劃", "台電表示，大潭電廠新機組將於十二月併聯。"),
    ("Apple Hospitality raises its dividend", "The hotel owner named no date. Apple Hospitality owns 220 hotels."),
    ("Nvidia and Hon Hai plan a supercomputer in Kaohsiung", "Foxconn will run it with 10,000 chips."),
)


def item(number: int) -> Item:
    """One of the news."""
    title, body = NEWS[number]
    return news(number, title, body)


def alone(scene: Scene) -> Scene:
    """Somebody who was let in, in a private chat of their own that no file reaches."""
    scene.desk.as_(USER, language=scene.desk.language)
    return scene


def stored(scene: Scene) -> Scene:
    """All the news lie in the database; what they told elsewhere was read."""
    for number in range(len(NEWS)):
        scene.desk.take("Wire", item(number))
        scene.desk.clock.move(2 * 3600)
    scene.desk.deliver()
    return scene


def first_steps(scene: Scene) -> None:
    """From /start to the first useful news in two messages, then the first alert."""
    stored(alone(scene)).says("/start").press("watch").note("an hour later")
    scene.desk.clock.move(3600)
    scene.desk.take("Post", news(90, "Foxconn and TSMC sign a packaging deal", "Both named 2027 as the first year."))
    scene.arrives()


def one_name(scene: Scene) -> None:
    """Names without doubt, doubtful, misspelt, unknown; switches and undo."""
    stored(alone(scene)).says("/watch").says("/watch Quanta").press("flip:0").press("undo").says("/watch ASE")
    scene.press("strict").says("/watch Taipowr").press("instead").says("/watch 三星").press("pick:0")
    scene.says("/watch Zyxomma").says("/watch Zyxomma").says("/alias Zyxomma + ZYX Corp").says("/alias Zyxomma")
    scene.says("/alias Zyxomma - ZYX Corp").says("/alias").says("/list").press("flip:0").press("flip:0")
    scene.says("/unwatch Zyxoma").says("/unwatch Zyxomma").says("/unwatch")


def many_names(scene: Scene) -> None:
    """Pasted at once: a few, and more than ten."""
    stored(alone(scene)).says("/watch 2330 2317 2454").says("/watch Foxconn, 三星, Zyxomma, !!!")
    scene.press("pick").press("plain")
    names = "Nvidia, Intel, Micron, ASUS, Acer, Wistron, Inventec, Pegatron, Largan, Yageo, Innolux, 2603"
    scene.says(f"/watch {names}").press("all").says("/list").press("page:1")


def buttons(scene: Scene) -> None:
    """Why, Mute and 👎 of an alert, and what they offer."""
    scene.says("/list")
    scene.desk.take("Wire", item(0))
    scene.arrives()
    scene.desk.clock.move(300)
    scene.press("why").press("why").press("sources").press("story")
    scene.press("mute").press("m:8h").press("unmute").press("mute").press("back")
    scene.press("down").press("d:wrong").press("do:0").press("undo:0").press("down").press("d:boring").press("do:0")
    scene.press("down").press("d:old").press("down").press("d:dup").says("/list").says("/export")


def why_not(scene: Scene) -> None:
    """Why something came, and why something did not."""
    stored(scene).says("/why").says("/why 1").says("/why 9999").says(
        "/why A bakery in Tainan opens its doors to all of us"
    )
    scene.says("/why Foxconn buys a bakery in Tainan for one dollar").says("/why https://news.example/5")
    scene.says("/why https://news.example/unknown/page").says("/why Foxconn").says("/story").says("/story s1")
    scene.says("/latest").says("/latest Foxconn").says("/search 供電").says('/search "AI server"').says("/search xyzzy")
    scene.says("/search")


def silence(scene: Scene) -> None:
    """Mutes, quiet hours, digests: what is held, and how it comes back."""
    scene.says("/list")
    scene.says("/mute Foxcon").says("/mute Foxconn 8h").says("/mute").says("/mute Wire today").says("/unmute Wire")
    scene.desk.take("Wire", item(0))
    scene.arrives().note("Foxconn was in the news").says("/unmute Foxconn").press("show")
    scene.says("/quiet 25:00").says("/quiet 08:00-20:00").says("/quiet")
    scene.desk.take("Wire", item(2))
    scene.desk.clock.move(3600)
    scene.desk.take("Wire", item(4))
    scene.arrives().note("in the evening")
    scene.desk.clock.move(12 * 3600)
    release(scene.desk.store, scene.desk.directory, scene.desk.clock.now())
    scene.arrives().says("/quiet off").says("/digest").says("/digest mon-fri 08:30, sun 20:00")
    for number in (5, 7):
        scene.desk.take("Wire", item(number))
        scene.desk.clock.move(600)
    scene.desk.take("Wire", news(91, "Memory maker cuts DRAM output", "Samsung and others follow."))
    scene.arrives().note("three days later")
    scene.desk.clock.move(timedelta(days=3).total_seconds())
    release(scene.desk.store, scene.desk.directory, scene.desk.clock.now())
    scene.arrives().says("/digest off")


def settings(scene: Scene) -> None:
    """Everything that can be set in a chat, and how the bot is."""
    scene.says("/settings").press("open:updates").press("set:updates=loud").press("back")
    scene.says("/settings timezone Tokio").says("/settings timezone Taipei").says("/settings cap 5")
    scene.says("/settings format compact").says("/settings colour red").says("/settings language")
    scene.says("/settings language zh-TW").says("/settings language en").says("/status")


def sources(scene: Scene) -> None:
    """A site is added, a page and a file are sent, questions are asked."""
    web = with_web(scene.desk)
    web.feed("https://wire.example/news.xml", "Chip Wire", NEWS[0][0], NEWS[1][0], NEWS[6][0])
    link = (
        b'<html><head><title>Chip Wire</title><link rel="alternate" type="application/rss+xml" href="/news.xml"></head>'
    )
    web.page("https://wire.example/", link.decode())
    web.page("https://plain.example/", "<html><body><p>Nothing to see.</p></body></html>")
    scene.says("/add").says("/add https://wire.example/").press("add").says("/feeds").press("remove")
    scene.says("/add https://plain.example/").says("/add https://nowhere.example/")
    scene.says("Foxconn").says("Tesla").press("watch").says("what is this").says(
        ". ".join(NEWS[7]) + " " + "It opens in 2027. " * 4
    )
    web.files["f1"] = b"Hon Hai buys land in Ohio\n\nThe company paid 120 million dollars, it said.\n"
    scene.says("", document={"file_id": "f1", "file_unique_id": "u1", "file_name": "note.txt", "file_size": 80})
    scene.says("", document={"file_id": "f1", "file_unique_id": "u1", "file_name": "note.txt", "file_size": 80})
    web.files["f2"] = b"PK\x03\x04" + bytes(200)
    scene.says("", document={"file_id": "f2", "file_unique_id": "u2", "file_name": "all.zip", "file_size": 204})


def people(scene: Scene) -> None:
    """Invitations, roles, strangers, groups."""
    desk, language = scene.desk, scene.desk.language
    scene.says("/invite").says("/invite admin 2d").says("/invite king").says("/invite list").press("remove").press(
        "yes"
    )
    scene.says("/help").says("/help watch").says("/stats").note("an admin")
    desk.as_(ADMIN, language=language)
    scene.says("/invite admin").says("/help").note("a stranger")
    desk.as_(STRANGER, language=language)
    scene.says("/start").says("/watch Foxconn").note("somebody in the group")
    desk.as_(STRANGER, GROUP, language)
    scene.says("/watch Foxconn").says("/start").note("an admin in the group")
    desk.as_(ADMIN, GROUP, language)
    scene.says("/watch@watch_test_bot Quanta").says("/list")


SCENES: dict[str, Callable[[Scene], None]] = {
    scene.__name__: scene
    for scene in (
        first_steps,
        one_name,
        many_names,
        buttons,
        why_not,
        silence,
        settings,
        sources,
        people,
    )
}


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("name", SCENES)
def test_conversation(name: str, language: str, desk: Desk, golden: SnapshotAssertion) -> None:
    desk.language = language
    desk.tools = replace(desk.tools, username="watch_test_bot")
    desk.handlers = Handlers(desk.tools, lambda: None)
    scene = Scene(desk)
    SCENES[name](scene)
    assert SEED.sub("start=CODE", scene.page) == golden
