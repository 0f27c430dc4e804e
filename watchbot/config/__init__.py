"""The configuration: YAML files and the environment become frozen settings, or every mistake at once.

A file's way: bytes -> text (reading) -> YAML events -> nodes with places (nodes) -> values, checked key by key against
one declarative table (tables, kinds) -> settings (loading, sources, watches). The same table makes the JSON Schema.
"""

from watchbot.config.check import Checked, check
from watchbot.config.environment import config_path
from watchbot.config.loading import load, load_watchlists, read_watchlists
from watchbot.config.scaffold import init
from watchbot.config.schema import schema

__all__ = ["Checked", "check", "config_path", "init", "load", "load_watchlists", "read_watchlists", "schema"]
