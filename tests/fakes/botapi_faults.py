"""Faults of the fake Bot API: what goes wrong, for which calls, how often.

Kinds answered without handling the call: "500" "502" (an HTML body) "not_json" (200) "401" "404" "409" "429"
"blocked" "deactivated" "kicked" "chat_not_found" "thread_not_found" "migrate" "drop" (the connection is cut) "hang" (no
answer until the server closes). With `accepted=True` the call takes effect first and then goes wrong, so the answer is
lost; "lost" is short for an accepted "drop". "slow" handles the call and answers `seconds` later.
"""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.botapi_limits import Limits, too_many
from tests.fakes.botapi_records import ApiError, bad_request, forbidden
from tests.fakes.serving import drop

_REFUSALS = {
    "401": ApiError(401, "Unauthorized"),
    "404": ApiError(404, "Not Found"),
    "409": ApiError(409, "Conflict: terminated by other getUpdates request"),
    "blocked": forbidden("bot was blocked by the user"),
    "deactivated": forbidden("user is deactivated"),
    "kicked": forbidden("bot was kicked from the supergroup chat"),
    "chat_not_found": bad_request("chat not found"),
    "thread_not_found": bad_request("message thread not found"),
}
KINDS = frozenset({*_REFUSALS, "500", "502", "not_json", "429", "migrate", "drop", "lost", "hang", "slow"})


@dataclass(eq=False)
class Fault:
    """One rule; `hits` counts how often it struck."""

    kind: str
    method: str = "sendMessage"
    times: int | None = 1
    chat: int | None = None
    seconds: float = 1.0
    accepted: bool = False
    everywhere: bool = False
    new_chat: int | None = None
    hits: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind!r}; there are {sorted(KINDS)}")
        if self.kind in {"lost", "slow"}:
            self.accepted = True

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is hit."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.method != "*" and self.method.lower() != method:
            return False
        return self.chat is None or self.chat == chat_id

    def cancel(self) -> None:
        """Strike no more."""
        self.times = self.hits

    def refusal(self, limits: Limits, chat_id: int | None) -> ApiError | None:
        """The error answer of kinds that are one; a 429 starts a pause of the chat (or of all, `everywhere`)."""
        if self.kind == "429":
            limits.pause(None if self.everywhere else chat_id, self.seconds)
            return too_many(max(1, round(self.seconds)))
        if self.kind == "migrate":
            new_id = {"migrate_to_chat_id": self.new_chat}
            return bad_request("group chat was upgraded to a supergroup chat", new_id)
        return _REFUSALS.get(self.kind)

    async def respond(self, request: web.BaseRequest) -> web.Response:
        """The broken answer of the other kinds."""
        if self.kind == "hang":
            await asyncio.Event().wait()
        if self.kind in {"500", "502"}:
            page = f"<html><body><h1>{self.kind} Server Error</h1></body></html>"
            return web.Response(status=int(self.kind), text=page, content_type="text/html")
        if self.kind == "not_json":
            return web.Response(text="<html>welcome to the hotel network</html>", content_type="text/html")
        return drop(request)
