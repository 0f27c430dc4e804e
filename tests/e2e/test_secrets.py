"""No secret in a log, a database, a message, an export or the status: a whole conversation with marked ones."""

import re

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer

pytestmark = pytest.mark.e2e
KEY, HEADER, LOGIN, TYPED, HIDDEN = "zkeyqqq1", "zheaderqqq2", "zloginqqq3", "ztypedqqq4", "zhiddenqqq5"


def test_a_conversation_leaves_no_secret_behind(house: House, api: BotApiServer, feeds: FeedServer) -> None:
    feeds.feed("/wire.xml", [{"title": "Zyxomma was founded", "guid": "g0"}], title="Wire")
    feeds.feed("/open.xml", [{"title": "Open news", "guid": "g1"}], title="Open Wire")
    host = feeds.url_of("/").split("/")[2]
    sources = (
        f"  - {{name: Keyed, feed: 'http://{host}/wire.xml?apikey={KEY}', every: 1s, "
        f"headers: {{Authorization: 'Bearer {HEADER}'}}}}\n"
        f"  - {{name: Down, feed: 'http://user:{LOGIN}@{host}/none.xml', every: 1s}}\n"
    )
    boss, guest = api.chat(1001), api.chat(2002)
    house.configure({}, api, chats="[console]", admins="1001", private=(host,), extra="log: {level: debug}")
    text = house.config.read_text(encoding="utf-8")
    house.config.write_text(text.replace("sources:\n", f"sources:\n{sources}"), encoding="utf-8")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.wait_for_request("/none.xml", 2)
    boss.says("/watch Zyxomma")
    boss.expects("Zyxomma")
    boss.says("/invite")
    invitation = boss.expects("t.me/")
    code = re.search(r"start=([\w-]{20,})", invitation.text + str(invitation.entities))
    assert code
    guest.starts(code[1])
    guest.expects("2002")
    for command in (
        f"/add http://{host}/wire.xml?token={TYPED}",
        f"/add http://me:{TYPED}@{host}/wire.xml",
        f"http://me:{TYPED}@{host}/page",
        f"/why http://{host}/1?apikey={TYPED}",
        f"/add http://{host}/missing.xml?access_token={HIDDEN}",
        f"/add http://{host}/open.xml",
        "/feeds",
        "/export",
        "/status",
        f"/start {TYPED * 4}",
    ):
        said = boss.says(command)
        api.wait_confirmed(said.update_id)
    boss.expects("Open Wire", timeout=20)
    status = house.run("status", "--json").stdout
    listed = house.run("sources", "list").stdout + house.run("sources", "export").stdout
    assert house.stop() == 0
    stored = b"".join(file.read_bytes() for file in sorted((house.root / "var").iterdir()) if file.is_file())
    printed = "\n".join(house.lines)
    told = "\n".join(
        repr(one) for chat in (boss, guest) for one in chat.messages if one.message_id != invitation.message_id
    )
    for secret in (api.token.partition(":")[2], code[1], KEY, HEADER, LOGIN, TYPED, HIDDEN):
        assert secret.encode() not in stored, secret
        for where in (printed, told, status, listed):
            assert secret not in where, (secret, [line for line in where.splitlines() if secret in line][:3])
