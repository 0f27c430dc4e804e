"""A watch made in a chat as JSON and back. Unknown keys are those of a newer program and are ignored."""

import json
from typing import Any

from watchbot.model.watch import Case, Options, Priority, Watch

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


def load_watch(text: str) -> Watch:
    """The watch that `dump_watch` wrote; what an older program did not write has its default."""
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
