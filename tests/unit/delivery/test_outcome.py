"""Every row of the error table: did the message arrive, may it have, or what stands in its way?"""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from watchbot.delivery.outcome import Paused, classify
from watchbot.model.alert import Outcome, Result
from watchbot.pipeline.deliver import OWN_LIMIT


def caused(error: TelegramError, cause: BaseException) -> TelegramError:
    """The error as the library raises it."""
    error.__cause__ = cause
    return error


NOT_SENT = [
    httpx.ConnectTimeout(""),
    httpx.PoolTimeout(""),
    httpx.ConnectError("refused"),
    httpx.ProxyError("407"),
    httpx.UnsupportedProtocol("x"),
    httpx.LocalProtocolError("x"),
    httpx.InvalidURL("x"),
    RuntimeError("This HTTPXRequest is not initialized!"),
]
UNCERTAIN = [
    httpx.ReadTimeout(""),
    httpx.WriteTimeout(""),
    httpx.ReadError(""),
    httpx.WriteError(""),
    httpx.CloseError(""),
    httpx.RemoteProtocolError("cut"),
    OSError("x"),
]


@pytest.mark.parametrize("cause", NOT_SENT, ids=lambda cause: type(cause).__name__)
def test_what_never_left_is_not_sent(cause: BaseException) -> None:
    assert classify(caused(NetworkError("x"), cause)).result is Result.NOT_SENT
    assert classify(caused(TimedOut(), cause)).result is Result.NOT_SENT


@pytest.mark.parametrize("cause", UNCERTAIN, ids=lambda cause: type(cause).__name__)
def test_a_lost_answer_is_uncertain(cause: BaseException) -> None:
    assert classify(caused(NetworkError("x"), cause)).result is Result.UNCERTAIN
    assert classify(caused(TimedOut(), cause)).result is Result.UNCERTAIN


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("Bad Gateway (502)"),
        NetworkError("Internal Server Error (500)"),
        caused(NetworkError("Bad Gateway (502). Parsing the server response failed"), TelegramError("Invalid")),
        caused(TelegramError("Invalid server response"), ValueError("no JSON")),
        TimeoutError(),
        OSError("x"),
    ],
)
def test_a_broken_answer_is_uncertain(error: BaseException) -> None:
    assert classify(error).result is Result.UNCERTAIN


@pytest.mark.parametrize(
    ("message", "result"),
    [
        ("Message is not modified: specified new message content and reply markup are exactly the same", Result.SENT),
        ("Message thread not found", Result.NO_THREAD),
        ("TOPIC_CLOSED", Result.NO_THREAD),
        ("Topic_deleted", Result.NO_THREAD),
        ("Message to edit not found", Result.NO_MESSAGE),
        ("Message can't be edited", Result.NO_MESSAGE),
        ("Message to be replied not found", Result.NO_MESSAGE),
        ("Chat not found", Result.UNREACHABLE),
        ("Chat_id is empty", Result.UNREACHABLE),
        ("PEER_ID_INVALID", Result.UNREACHABLE),
        ("Group chat was deactivated", Result.UNREACHABLE),
        ("Not enough rights to send text messages to the chat", Result.UNREACHABLE),
        ("Have no rights to send a message", Result.UNREACHABLE),
        ("Need administrator rights in the channel chat", Result.UNREACHABLE),
        ("CHAT_WRITE_FORBIDDEN", Result.UNREACHABLE),
        ("Group chat was upgraded to a supergroup chat", Result.UNREACHABLE),
        ("Not enough rights to send documents to the chat", Result.BAD_TEXT),
        ("CHAT_SEND_DOCS_FORBIDDEN", Result.BAD_TEXT),
        ("Can't parse entities: unsupported start tag", Result.BAD_TEXT),
        ("Message is too long", Result.BAD_TEXT),
        ("Message text is empty", Result.BAD_TEXT),
        ("BUTTON_DATA_INVALID", Result.BAD_TEXT),
        ("Something nobody has heard of", Result.BAD_TEXT),
    ],
)
def test_refusals(message: str, result: Result) -> None:
    assert classify(BadRequest(message)) == Outcome(result, error=message)


def test_pauses() -> None:
    assert classify(Paused(7)) == Outcome(Result.PAUSED, seconds=7, error="Flood control exceeded. Retry in 7 seconds")
    assert classify(Paused(0.4, own=True)) == Outcome(Result.PAUSED, seconds=0.4, error=OWN_LIMIT)
    assert Paused(1.2).retry_after == 2


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
def test_the_librarys_own_pause() -> None:
    from telegram.error import RetryAfter

    assert classify(RetryAfter(9)).seconds == 9


def test_other_classes() -> None:
    assert classify(ChatMigrated(-1007)).chat == "-1007"
    assert classify(ChatMigrated(-1007)).result is Result.MIGRATED
    assert classify(Forbidden("bot was blocked by the user")).result is Result.UNREACHABLE
    assert classify(InvalidToken("The token `1:x` was rejected")).result is Result.REFUSED
    assert classify(Conflict("x")).result is Result.NOT_SENT
    assert classify(NetworkError("Request Entity Too Large (413)")).result is Result.BAD_TEXT


def test_a_text_that_cannot_be_written_down() -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        "\ud800".encode()
    assert classify(raised.value).result is Result.BAD_TEXT
    assert classify(caused(NetworkError("x"), raised.value)).result is Result.BAD_TEXT


def test_no_token_in_any_error() -> None:
    token = "123456:" + "A" * 35
    for error in (NetworkError(f"https://api.example/bot{token}/x"), InvalidToken(f"The token `{token}` was rejected")):
        assert token not in classify(error).error
