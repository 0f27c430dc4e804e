"""Watches made in chats, buttons and panels as JSON and back. Unknown keys are those of a newer program: ignored."""

import json
from functools import lru_cache
from typing import Any

from watchbot.model.panel import Button, Panel, Rows
from watchbot.model.watch import Case, Options, Priority, Watch
from watchbot.store.tables import storable

KNOWN_WATCHES = 20_000  # of about a kilobyte, most of it in use by the watchlists anyway
_LISTS = ("names", "aliases", "tickers", "keywords", "exclude", "context", "unsafe")
_WORDS = ("query", "company")
_CHOICES = ("deliver", "mentions", "updates")


def dump_watch(watch: Watch) -> str:
    """One line of JSON. Keys may be added later, none may change: stored rows outlive programs."""
    body: dict[str, Any] = {"id": watch.id, "label": watch.label}
    body |= {name: list(getattr(watch, name)) for name in _LISTS}
    body |= {name: getattr(watch, name) for name in (*_WORDS, *_CHOICES, "line")}
    body["priority"] = watch.priority.value
    body["options"] = {
        "fuzzy": watch.options.fuzzy,
        "case": watch.options.case.value,
        "urls": watch.options.urls,
        "main_only": watch.options.main_only,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


@lru_cache(KNOWN_WATCHES)
def load_watch(text: str) -> Watch:
    """The watch that `dump_watch` wrote; what an older program did not write has its default.

    Read once: all watches of all chats are looked at again whenever one chat changes something."""
    body = json.loads(text)
    options = body.get("options", {})
    plain = Options()
    values: dict[str, Any] = {name: tuple(body.get(name, ())) for name in _LISTS}
    values |= {name: body.get(name, "") for name in _WORDS}
    values |= {name: body.get(name) for name in _CHOICES}
    return Watch(
        id=body["id"],
        label=body["label"],
        **values,
        line=body.get("line", 0),
        priority=Priority(body.get("priority", Priority.NORMAL.value)),
        options=Options(
            fuzzy=options.get("fuzzy", plain.fuzzy),
            case=Case(options.get("case", plain.case.value)),
            urls=options.get("urls", plain.urls),
            main_only=options.get("main_only", plain.main_only),
        ),
    )


def dump_rows(rows: Rows) -> str:
    """Buttons as one line of JSON, rows of [text, data]; "" for none."""
    if not rows:
        return ""
    return _line([[[button.text, button.data] for button in row] for row in rows])


def load_rows(text: str) -> Rows:
    """The buttons that `dump_rows` wrote."""
    if not text:
        return ()
    return tuple(tuple(Button(words, data) for words, data in row) for row in json.loads(text))


def dump_panel(panel: Panel | None) -> str:
    """What stands behind buttons as one line of JSON, "" for nothing."""
    if panel is None:
        return ""
    return _line({"kind": panel.kind, "state": dict(panel.state), "user": panel.user})


def load_panel(text: str) -> Panel | None:
    """The panel that `dump_panel` wrote."""
    if not text:
        return None
    body = json.loads(text)
    return Panel(body["kind"], body.get("state", {}), body.get("user", 0))


def _line(body: Any) -> str:
    return storable(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
