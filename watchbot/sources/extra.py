"""The extra `watchbot[documents]`: PDF and Word documents are read by libraries that are not in the base install."""

from importlib import import_module
from typing import Any

from watchbot.model.errors import RefusedFile


def library(module: str, name: str, what: str) -> Any:
    """A module of the extra. Raises RefusedFile, which names the extra, where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise RefusedFile(
            f'{name} is {what}, which needs the extra watchbot[documents]: pip install "watchbot[documents]" '
            "(in a checkout: make documents)"
        ) from None
