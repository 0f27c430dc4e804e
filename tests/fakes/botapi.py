"""A Bot API server on loopback: strict like Telegram, scriptable by tests, with faults on demand.

    with BotApiServer.in_thread() as api:        # or: async with BotApiServer() as api
        chat = api.chat(1001)                    # only chats named once exist
        chat.says("/watch Foxconn")              # -> getUpdates
        alert = chat.expects("Foxconn")          # <- sendMessage
        chat.presses(alert, "Why")
        api.fault("500", times=2)

The way of a call: path and token -> parameters -> limits -> fault -> method -> answer, each written down in `calls`.
"""

import asyncio
import re
from typing import Any

from aiohttp import web
from typing_extensions import override

from tests.fakes import botapi_queries
from tests.fakes.botapi_chat import Chat, settings_of
from tests.fakes.botapi_faults import Fault
from tests.fakes.botapi_limits import METERED, Limits
from tests.fakes.botapi_methods import METHODS
from tests.fakes.botapi_params import Params, read_params
from tests.fakes.botapi_records import ApiError, Breach, Call, Json, Press, SentMessage, User
from tests.fakes.botapi_world import BOT, World, clock
from tests.fakes.serving import LoopbackServer

TOKEN = f"{BOT.id}:{'loopback-token-for-tests'.ljust(35, '0')}"
_PATH = re.compile(r"/(?P<file>file/)?bot(?P<token>\d+:[A-Za-z0-9_-]+)/(?P<rest>.+)")
_MAX_POLL = 50.0


class BotApiServer(LoopbackServer):
    """The fake Bot API; `url` is what the configuration calls api_url."""

    def __init__(self, limits: Limits | None = None, privacy: bool = True) -> None:
        """Set it up with Telegram's real limits, or others; `privacy` is the bot's privacy mode in groups."""
        super().__init__()
        self.token = TOKEN
        self.limits = limits or Limits()
        self.world = World(privacy=privacy)
        self.faults: list[Fault] = []
        self.conflicts = 0
        self._polls = 0
        self._arrived: asyncio.Event | None = None

    # --- what tests set up ---

    @property
    def bot(self) -> Json:
        """The result of getMe."""
        me: Json = botapi_queries.get_me(self.world, Params())
        return me

    def chat(self, chat_id: int, **settings: Any) -> Chat:
        """A chat by id, made when first named.

        Settings: type, title, username (channels), members ({id: "administrator" | "member" | "creator"} or a list
        of ids), bot_status, topics ({7: "Chips"}), started, deactivated, may_write.
        """
        with self.changed:
            return Chat(self, self.world.chat(chat_id, **settings_of(settings)))

    def user(self, user_id: int, **settings: Any) -> User:
        """A person by id, made when first named. Settings: name, username, language."""
        with self.changed:
            return self.world.user(user_id, **settings)

    def fault(self, kind: str, method: str = "sendMessage", times: int | None = 1, **settings: Any) -> Fault:
        """Let calls go wrong from now on; `times=None` until cancelled. Kinds and settings: botapi_faults."""
        fault = Fault(kind, method, times, **settings)
        with self.changed:
            self.faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        """No fault strikes any more."""
        with self.changed:
            self.faults.clear()

    # --- what tests look at ---

    @property
    def sent(self) -> list[SentMessage]:
        """Every accepted message, oldest first."""
        with self.changed:
            return list(self.world.sent)

    @property
    def calls(self) -> list[Call]:
        """Every call with a good token, oldest first."""
        with self.changed:
            return list(self.world.calls)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    @property
    def breaches(self) -> list[Breach]:
        """Every call over a limit or inside a pause."""
        with self.changed:
            return list(self.limits.breaches)

    @property
    def presses(self) -> list[Press]:
        """Every pressed button with its answer."""
        with self.changed:
            return list(self.world.presses.values())

    @property
    def commands(self) -> dict[tuple[str, str], list[str]]:
        """The menu: (scope, language) -> command names; a chat's scope is like `chat:1001`."""
        with self.changed:
            return {key: [one["command"] for one in menu] for key, menu in self.world.commands.items()}

    def wait_confirmed(self, update_id: int | None = None, timeout: float = 30.0) -> None:
        """Wait until the bot confirmed an update (or all of them)."""

        def confirmed() -> bool:
            return not self.world.updates if update_id is None else self.world.confirmed >= update_id

        self.wait_for(confirmed, timeout, f"update {update_id or '(all)'} to be confirmed")

    @override
    def story(self) -> str:
        """The calls so far, getUpdates left out."""
        calls = [call for call in self.calls if call.method != "getupdates"]
        lines = [f"  {c.method} {c.params} -> {c.status} {c.answer!r}"[:300] for c in calls[-20:]]
        return f"{len(calls)} calls, the last:\n" + "\n".join(lines)

    def push_update(self, kind: str, payload: Json) -> int | None:
        """Queue an update of any kind; returns its id, or None where the bot did not ask for the kind."""
        with self.changed:
            update_id = self.world.push(kind, payload)
            self.changed.notify_all()
        self.call_on_loop(self._wake)
        return update_id

    def _wake(self) -> None:
        if self._arrived is not None:
            self._arrived.set()

    # --- answering ---

    @override
    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one call."""
        found = _PATH.fullmatch(request.path)
        if found is None:
            return _json(ApiError(404, "Not Found"))
        if found["token"] != self.token:
            return _json(ApiError(401, "Unauthorized"))
        if found["file"]:
            return self._download(found["rest"])
        name = found["rest"].lower()
        if name not in METHODS and name != "getupdates":
            return _json(ApiError(404, "Not Found: method not found"))
        params = await read_params(request)
        with self.changed:
            call = self._record(name, params)
            self.changed.notify_all()
        try:
            response = await self._respond(call, params, request)
        except ApiError as error:
            response = _json(error)
            call.answer = error.description
        call.status = response.status
        self.notify()
        return response

    def _record(self, name: str, params: Params) -> Call:
        at, wall = clock()
        chat = self.world.find_chat(params.values.get("chat_id"))
        shown = {**params.values, **{key: f"<{file[0]}>" for key, file in params.files.items()}}
        call = Call(name, shown, at, wall, chat.id if chat else None)
        self.world.calls.append(call)
        return call

    async def _respond(self, call: Call, params: Params, request: web.BaseRequest) -> web.Response:
        with self.changed:
            if call.method in METERED:
                chat = self.world.find_chat(params.values.get("chat_id"))
                self.limits.check(call.method, call.chat_id, chat is not None and chat.group)
            fault = next((one for one in self.faults if one.strikes(call.method, call.chat_id)), None)
            if fault is not None:
                fault.hits += 1
        if fault is not None and not fault.accepted:
            return await self._broken(fault, call, request)
        result = await self._result(call.method, params)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault is not None:
            return await self._broken(fault, call, request)
        call.answer = result
        return web.json_response({"ok": True, "result": result})

    async def _broken(self, fault: Fault, call: Call, request: web.BaseRequest) -> web.Response:
        call.answer = f"fault {fault.kind}"
        with self.changed:
            refusal = fault.refusal(self.limits, call.chat_id)
            self.changed.notify_all()
        if refusal is not None:
            return _json(refusal)
        return await fault.respond(request)

    async def _result(self, name: str, params: Params) -> Any:
        if name == "getupdates":
            return await self._get_updates(params)
        with self.changed:
            result = METHODS[name](self.world, params)
            self.changed.notify_all()
            return result

    async def _get_updates(self, params: Params) -> list[Json]:
        self._polls += 1
        mine = self._polls
        self._wake()  # an older poll that still waits is ended with a conflict
        self._arrived = asyncio.Event()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(params.integer("timeout") or 0, _MAX_POLL)
        with self.changed:
            if "allowed_updates" in params.values:
                self.world.allowed_updates = params.json("allowed_updates") or []
        while True:
            if mine != self._polls:
                self.conflicts += 1
                raise ApiError(409, "Conflict: terminated by other getUpdates request")
            arrived = self._arrived
            arrived.clear()
            with self.changed:
                limit = params.integer("limit") or 100
                updates = self.world.take_updates(params.integer("offset") or 0, limit)
                self.changed.notify_all()
            if updates or loop.time() >= deadline:
                return updates
            try:
                async with asyncio.timeout_at(deadline):
                    await arrived.wait()
            except TimeoutError:
                pass

    def _download(self, path: str) -> web.Response:
        with self.changed:
            found = self.world.files.get(path.removeprefix("documents/"))
        if found is None:
            return _json(ApiError(404, "Not Found"))
        return web.Response(body=found[1])


def _json(error: ApiError) -> web.Response:
    return web.json_response(error.as_json(), status=error.code)
