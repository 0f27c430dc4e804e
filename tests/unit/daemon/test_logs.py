"""No secret in the log, whatever a library writes."""

import io
import json
import logging

import pytest

from watchbot.daemon.logs import set_up, strike


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("POST /bot123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/getMe", "POST /bot***/getMe"),
        ("postgresql://me:hunter22@db/x", "postgresql://***@db/x"),
        ("https://t.me/b?start=AbC-123", "https://t.me/b?start=***"),
        ("nothing here", "nothing here"),
    ],
)
def test_secrets_are_struck_out(text: str, safe: str) -> None:
    assert strike(text) == safe


def test_named_secrets_are_struck_out_of_tracebacks_too() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        set_up("debug", "json", ("topsecretvalue",), stream)
        try:
            raise ValueError("key topsecretvalue is wrong")
        except ValueError:
            logging.getLogger("watchbot.x").exception("it failed with %s", "topsecretvalue")
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
    entry = json.loads(stream.getvalue())
    assert entry["level"] == "error"
    assert "ValueError" in entry["traceback"]
    assert "topsecretvalue" not in stream.getvalue()
