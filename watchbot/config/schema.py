"""The JSON Schema of both files, made from the table the checker reads by."""

from typing import Any

from watchbot.config.tables import DAEMON, WATCHLIST_FILE


def schema() -> dict[str, Any]:
    """One schema: `$defs` hold watchbot.yaml and watchlist.yaml, the whole accepts either."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "watchbot.yaml or watchlist.yaml",
        "anyOf": [{"$ref": "#/$defs/daemon"}, {"$ref": "#/$defs/watchlists"}],
        "$defs": {
            "daemon": {"title": "watchbot.yaml", **DAEMON.schema()},
            "watchlists": {"title": "watchlist.yaml", **WATCHLIST_FILE.schema()},
        },
    }
