"""What an error of a Telegram call means: one outcome class for each, found by its cause.

BadRequest first: it is a subclass of NetworkError. The question behind the classes is whether the message may have
arrived: a connection that was never made cannot have carried it, an answer that was lost may have.
"""

import re

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from typing_extensions import override

from watchbot.model.alert import Outcome, Result
from watchbot.pipeline.deliver import OWN_LIMIT

_LONGEST_ERROR = 300
# The call never left this machine, or was refused before it could have any effect.
_NOT_SENT = (
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    RuntimeError,  # the client is closed or not started
)
_SAME = ("message is not modified",)
_NO_THREAD = ("message thread not found", "topic_closed", "topic_deleted", "topic closed", "topic deleted")
_NO_MESSAGE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to be replied not found",
    "message to reply not found",
    "replied message not found",
    "reply message not found",
)
_NO_FILES = ("rights to send documents", "chat_send_docs_forbidden", "chat_send_media_forbidden")
_UNREACHABLE = (
    "chat not found",
    "chat_id is empty",
    "peer_id_invalid",
    "chat_id_invalid",
    "chat is deactivated",
    "chat was deactivated",
    "user is deactivated",
    "user_is_deactivated",
    "input_user_deactivated",
    "user_is_blocked",
    "user not found",
    "have no rights to send",
    "not enough rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "bot is not a member",
    "bot was kicked",
    "bot was blocked",
    "bots can't send messages to bots",
    "upgraded to a supergroup",
    "channel_private",
)
_BUTTONS = (
    "button_",
    "inline keyboard",
    "reply markup",
    "reply_markup",
    "keyboard button",
    "button text",
    "button url",
)
_TOO_LARGE = "Request Entity Too Large"
_TOKEN = re.compile(r"\d{4,}:[A-Za-z0-9_-]{20,}")


class Paused(RetryAfter):
    """A 429, or our own limiter's wish to wait. Unlike its parent it warns of nothing and holds plain seconds."""

    __slots__ = ("own", "seconds")

    def __init__(self, seconds: float, own: bool = False) -> None:
        """`own`: nothing was called, our own limiter says that the chat must wait."""
        TelegramError.__init__(self, f"Flood control exceeded. Retry in {seconds:g} seconds")
        self.seconds = seconds
        self.own = own

    @property
    @override
    def retry_after(self) -> int:
        """Whole seconds, as the parent has it."""
        return -int(-self.seconds // 1)


def classify(error: BaseException) -> Outcome:
    """The outcome of a call that ended with this error."""
    told = words(error)
    if isinstance(error, BadRequest):
        return Outcome(_bad_request(told.lower()), error=told)
    if isinstance(error, RetryAfter):
        own = isinstance(error, Paused) and error.own
        return Outcome(Result.PAUSED, seconds=seconds_of(error), error=OWN_LIMIT if own else told)
    if isinstance(error, ChatMigrated):
        return Outcome(Result.MIGRATED, chat=str(error.new_chat_id), error=told)
    if isinstance(error, Forbidden):
        return Outcome(Result.UNREACHABLE, error=told)
    if isinstance(error, InvalidToken):
        return Outcome(Result.REFUSED, error="Telegram does not accept the bot's token")
    if isinstance(error, Conflict):
        return Outcome(Result.NOT_SENT, error=told)
    return Outcome(_lost_or_not(error), error=told)


def words(error: BaseException) -> str:
    """An error in one line, without the token that some of Telegram's errors and addresses carry."""
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ is not None else ""
    return _TOKEN.sub("[token]", f"{error}{cause}" or type(error).__name__)[:_LONGEST_ERROR]


def about_buttons(error: BadRequest) -> bool:
    """Whether Telegram refuses a call for its buttons alone."""
    told = str(error).lower()
    same = any(part in told for part in _SAME)  # names the markup too
    return not same and any(part in told for part in _BUTTONS)


def seconds_of(error: RetryAfter) -> float:
    """How long to wait."""
    if isinstance(error, Paused):
        return error.seconds
    # What the error is pickled with: the attribute itself warns that its type will change.
    return float(error.__reduce__()[1][0])


def _bad_request(message: str) -> Result:
    """Telegram understood the call and refuses it; what is not known here is taken for a fault of the text."""
    table = (
        (_SAME, Result.SENT),
        (_NO_THREAD, Result.NO_THREAD),
        (_NO_MESSAGE, Result.NO_MESSAGE),
        (_NO_FILES, Result.BAD_TEXT),  # words are welcome there all the same: the chat is not to fall silent
        (_UNREACHABLE, Result.UNREACHABLE),
    )
    return next((result for parts, result in table if any(part in message for part in parts)), Result.BAD_TEXT)


def _lost_or_not(error: BaseException) -> Result:
    """Network trouble: not sent where the call cannot have got there, else uncertain."""
    cause = error.__cause__ if isinstance(error, TelegramError) else error
    unwritable = isinstance(error, ValueError | TypeError) or isinstance(cause, UnicodeEncodeError)
    if unwritable or (isinstance(error, NetworkError) and _TOO_LARGE in str(error)):
        return Result.BAD_TEXT
    return Result.NOT_SENT if isinstance(cause, _NOT_SENT) else Result.UNCERTAIN
