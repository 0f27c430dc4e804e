"""What is held back, with the daemon as a process: it survives a kill, and comes once, when its time has come."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from watchbot.store import SqlStore, open_store

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"
FAR_OFF = f"{(datetime.now(ZoneInfo('Asia/Taipei')) + timedelta(hours=12)):%H:%M}"


def opened(house: House) -> SqlStore:
    """The daemon's database, beside it."""
    return open_store(f"sqlite:///{house.root}/var/watchbot.db")


def make_due(house: House, hold: str) -> int:
    """The time of what chat 1001 waits for has come; gives how many rows that were."""
    store = opened(house)
    try:
        with store.write() as tx:
            return tx.outbox.hold_until("1001", hold, datetime.now(UTC))
    finally:
        store.close()


def configure(house: House, api: BotApiServer, said: str) -> None:
    """A desk that has its own way, and the terminal that has alerts at once."""
    chats = f"chats: {{desk: {{id: '1001', {said}}}}}"
    house.configure({}, api, chats="[console, desk]", admins="1001", extra=chats)


def test_a_digest_after_a_kill(house: House, api: BotApiServer) -> None:
    desk = api.chat(1001)
    configure(house, api, f"deliver: digest, digest_at: '{FAR_OFF}'")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.drop("two.txt", PAGE.format(name="Taipower"))
    house.expects("one.txt: 1 told", "two.txt: 1 told")
    assert desk.unread == []
    house.kill()
    house.start()
    archived = str(next((house.inbox / "done").rglob("one.txt")))
    assert "1001: held: it comes in the digest of" in house.run("explain", archived).stdout
    assert make_due(house, "digest") == 2
    digest = desk.expects("Digest · ", "2 stories", "Foxconn", "Taipower")
    assert not digest.silent
    assert "1001: told in the digest of" in house.run("explain", archived).stdout
    house.drop("three.txt", "\n\n" + PAGE.format(name="Foxconn"))  # the same news: told in the digest already
    house.expects("three.txt: 0 told")
    assert make_due(house, "digest") == 0
    assert desk.unread == []


def test_the_night_ends_with_the_alert_itself(house: House, api: BotApiServer) -> None:
    desk = api.chat(1001)
    configure(house, api, "quiet_hours: [mon-sun]")
    house.start()
    house.drop("one.txt", PAGE.format(name="Foxconn"))
    house.expects("one.txt: 1 told")
    assert desk.unread == []
    explained = house.run("explain", "Foxconn hires 900 people in Brno")
    assert "1001: held: quiet hours" in explained.stdout
    assert make_due(house, "quiet") == 1
    desk.says("/quiet off")  # while it is quiet its time alone brings nothing
    desk.expects("Alerts ring at any hour")
    alert = desk.expects("Foxconn", "second plant")
    assert [[button.text for button in row] for row in alert.buttons] == [["Why", "Mute", "👎"]]
