"""Settings and watches of chats, people, invitations."""

from tests.contract.store_rows import NOW, at
from watchbot.model.watch import Case, Options, Priority, Watch
from watchbot.store import SqlStore

FULL = Watch(
    "tsmc",
    "台積電",
    ("TSMC", "台積電"),
    ("積電",),
    ("2330.TW",),
    ("3nm",),
    ("drama",),
    ("chip",),
    'A AND "b"',
    "tsmc-id",
    Options(False, Case.EXACT, True, True),
    Priority.HIGH,
    "digest",
    "silent",
    "loud",
    4,
)


def test_settings_of_a_chat(store: SqlStore) -> None:
    with store.write() as tx:
        assert dict(tx.chats.settings("7")) == {}
        tx.chats.set("7", "language", "en")
        tx.chats.set("7", "language", "zh-TW")
        tx.chats.set("7", "timezone", "Asia/Taipei")
        tx.chats.set("8", "language", "en")
        assert tx.chats.settings("7") == {"language": "zh-TW", "timezone": "Asia/Taipei"}
        both = {"7": {"language": "zh-TW", "timezone": "Asia/Taipei"}, "8": {"language": "en"}}
        assert tx.chats.every_setting() == both
        tx.chats.set("8", "language", "")
        assert "8" not in tx.chats.every_setting()


def test_watches_come_back_as_they_were(store: SqlStore) -> None:
    plain = Watch("b", "B", ("B",))
    with store.write() as tx:
        tx.chats.add_watch("7", FULL, NOW)
        tx.chats.add_watch("8", plain, at(1))
        tx.chats.add_watch("7", plain, at(2))
        tx.chats.add_watch("7", Watch("tsmc", "New"), at(3))
        tx.chats.add_watch("7", FULL, at(4))
        assert [(one.watch, one.created_at) for one in tx.chats.watches("7")] == [(FULL, NOW), (plain, at(2))]
        assert [(one.chat, one.watch.id) for one in tx.chats.watches()] == [("7", "tsmc"), ("8", "b"), ("7", "b")]
        assert tx.chats.remove_watch("7", "tsmc")
        assert not tx.chats.remove_watch("7", "tsmc")
        assert not tx.chats.remove_watch("9", "b")
        assert [one.watch.id for one in tx.chats.watches("7")] == ["b"]


def test_the_version_grows_with_every_change(store: SqlStore) -> None:
    with store.write() as tx:
        seen = [tx.chats.version()]
        tx.chats.set("7", "language", "en")
        seen.append(tx.chats.version())
        tx.chats.add_watch("7", FULL, NOW)
        seen.append(tx.chats.version())
        tx.chats.remove_watch("7", "tsmc")
        seen.append(tx.chats.version())
        tx.outbox.rekey("7", "8")
        seen.append(tx.chats.version())
    assert seen == sorted(set(seen))


def test_roles(store: SqlStore) -> None:
    with store.write() as tx:
        assert tx.chats.role(1) == ""
        assert tx.chats.owner() is None
        tx.chats.set_role(1, "owner", NOW)
        tx.chats.set_role(5_000_000_000, "user", NOW)
        assert (tx.chats.role(1), tx.chats.role(5_000_000_000), tx.chats.owner()) == ("owner", "user", 1)
        tx.chats.set_role(5_000_000_000, "owner", NOW)
        assert (tx.chats.role(1), tx.chats.owner()) == ("admin", 5_000_000_000)
        tx.chats.set_role(1, "", NOW)
        assert tx.chats.role(1) == ""


def test_a_code_serves_once_and_in_time(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.invite("h1", "admin", at(60))
        tx.chats.invite("h2", "user", at(60))
        assert tx.chats.redeem("unknown", 5, NOW) is None
        assert tx.chats.redeem("h2", 5, at(60)) is None
        assert tx.chats.redeem("h1", 5, at(59)) == "admin"
        assert tx.chats.redeem("h1", 6, at(59)) is None
        assert (tx.chats.role(5), tx.chats.role(6)) == ("admin", "")


def test_there_is_one_owner_by_code(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.invite("h1", "owner", at(60))
        tx.chats.invite("h2", "owner", at(60))
        assert tx.chats.redeem("h1", 5, NOW) == "owner"
        assert tx.chats.redeem("h2", 6, NOW) is None
        assert tx.chats.owner() == 5


def test_a_lower_code_takes_nothing_away_and_is_not_used_up(store: SqlStore) -> None:
    with store.write() as tx:
        tx.chats.set_role(5, "owner", NOW)
        tx.chats.invite("h", "user", at(60))
        assert tx.chats.redeem("h", 5, NOW) == "owner"
        assert tx.chats.redeem("h", 6, NOW) == "user"
        assert (tx.chats.role(5), tx.chats.role(6)) == ("owner", "user")
