"""Many at once: two connections a host, no burst after an absence, nodes that share the work."""

import asyncio

from aiohttp import web

from tests.fakes.feedserver import FeedServer
from tests.politeness.day import Day


class Doorkeeper(FeedServer):
    """A server that lets nobody out before it is told to, and counts who is inside."""

    def __init__(self) -> None:
        """Nobody is inside."""
        super().__init__()
        self.inside = 0
        self.most = 0
        self._doors: asyncio.Event | None = None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Wait inside until the doors are open."""
        self._doors = self._doors or asyncio.Event()
        with self.changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.changed.notify_all()
        await self._doors.wait()
        answer = await super().handle(request)
        with self.changed:
            self.inside -= 1
        return answer

    def open_doors(self) -> None:
        """From now on everybody may leave."""
        assert self._doors is not None
        self.call_on_loop(self._doors.set)


async def test_two_at_a_time_at_one_host_however_many_are_due(day: Day) -> None:
    async with Doorkeeper() as door:
        await day.allow(door.port)
        for number in range(12):
            day.read(f"feed {number}", door.feed(f"/{number}", [{"title": f"Number {number}", "published": None}]))
        await day.nodes[0].feeds.tick()
        await asyncio.to_thread(door.wait_for, lambda: door.inside == 2)
        for _look in range(5):
            await day.nodes[0].feeds.tick()
        assert (door.inside, door.most) == (2, 2)
        door.open_doors()
        await day.nodes[0].feeds.idle()
        assert door.most == 2
        assert len(door.requests) == 12


async def test_redirects_to_one_host_do_not_crowd_it_either(day: Day) -> None:
    async with Doorkeeper() as door:
        await day.allow(door.port)
        target = door.feed("/shared", [{"title": "The one everybody is sent to", "published": None}])
        for number in range(6):
            server = day.web if number % 2 else day.elsewhere
            day.read(f"feed {number}", server.redirect(f"/{number}", target))
        await day.nodes[0].feeds.tick()
        await asyncio.to_thread(door.wait_for, lambda: door.inside > 0)
        for _look in range(5):
            await day.nodes[0].feeds.tick()
        door.open_doors()
        await day.nodes[0].feeds.idle()
        assert door.most <= 2
        assert len(door.requests_of("/shared")) == 6


async def test_no_burst_after_a_night_without_power(day: Day) -> None:
    for number in range(120):
        day.feed(f"/{number}")
    await day.until("08:00")
    before = len(day.web.requests)
    await day.asleep_until("+07:00")
    assert len(day.web.requests) - before <= 5
    await day.until("07:00:10")
    assert 10 <= len(day.web.requests) - before <= 70
    await day.until("07:00:31")
    assert all(day.polls(f"/{number}") == 2 for number in range(120))


async def test_no_burst_after_a_restart_either_and_what_is_not_due_waits(day: Day) -> None:
    for number in range(40):
        day.feed(f"/{number}", every=7200 if number < 10 else 600)
    await day.until("08:00")
    before = len(day.web.requests)
    day.clock.at = day.moment("09:00")
    await day.restart()
    await day.tick()
    assert len(day.web.requests) - before <= 3
    await day.until("09:00:09")
    assert all(day.polls(f"/{number}") == 2 for number in range(10, 40))
    assert all(day.polls(f"/{number}") == 1 for number in range(10))


async def test_who_wants_it_every_second_waits_no_longer_than_that(day: Day) -> None:
    for number in range(60):
        day.feed(f"/{number}")
    day.feed("/eager", every=1)
    await day.until("08:00:03")
    assert day.polls("/eager") == 4
    await day.asleep_until("20:00")
    await day.until("20:00:01")
    assert day.polls("/eager") >= 5
    assert sum(day.polls(f"/{number}") for number in range(60)) < 90


async def test_a_short_nap_is_no_absence(day: Day) -> None:
    day.feed("/wire", every=60)
    await day.until("08:00")
    await day.asleep_until("08:01")
    assert day.polls("/wire") == 2


async def test_two_nodes_ask_once(day: Day) -> None:
    for number in range(30):
        day.feed(f"/{number}", every=600)
    day.node("other node")
    for time in ("08:00", "08:10", "08:20"):
        day.clock.at = day.moment(time)
        await asyncio.gather(day.nodes[0].feeds.tick(), day.nodes[1].feeds.tick())
        await asyncio.gather(day.nodes[0].feeds.idle(), day.nodes[1].feeds.idle())
    assert {day.polls(f"/{number}") for number in range(30)} == {3}


async def test_what_a_stopped_node_had_claimed_is_asked_by_the_other(day: Day) -> None:
    async with Doorkeeper() as door:
        await day.allow(door.port)
        for number in range(4):
            day.read(f"feed {number}", door.feed(f"/{number}", [{"title": f"Number {number}", "published": None}]))
        day.node("other node")
        await day.nodes[0].feeds.tick()
        await asyncio.to_thread(door.wait_for, lambda: door.inside == 2)
        await day.tick(node=1)
        assert door.inside == 2
        await day.nodes[0].feeds.stop()
        door.open_doors()
        await day.tick(node=1)
        assert {day.row(f"feed {number}").failures for number in range(4)} == {0}
        assert all(day.row(f"feed {number}").ok_at for number in range(4))


async def test_a_node_that_died_holds_its_feeds_for_half_a_minute_only(day: Day) -> None:
    day.feed("/wire", every=600)
    with day.store.write() as tx:
        assert len(tx.sources.claim_due(day.clock.now(), "dead node", 30, 9)) == 1
    await day.tick()
    assert day.polls("/wire") == 0
    day.clock.at = day.moment("08:00:30")
    await day.tick()
    assert day.polls("/wire") == 1
