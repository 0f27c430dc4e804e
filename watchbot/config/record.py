"""A mapping with fixed keys, and what to say of a key that is not one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watchbot.config.inactive import INACTIVE, Inactive
from watchbot.config.kinds import BAD, Kind, Reading
from watchbot.config.nodes import MapNode, Node, ScalarNode, shown

MAIN = "watchbot.yaml"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its kind, what it is for, its default as the contract shows it, other words people may try."""

    name: str
    kind: Kind
    about: str
    default: Any = None
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with fixed keys; its value is a dict of those that were written and are right."""

    name: str
    keys: tuple[Key, ...]
    about: str = ""
    required: tuple[str, ...] = ()
    by_name: dict[str, Key] = field(init=False, repr=False)
    inactive: Mapping[str, Inactive] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the keys once."""
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})
        object.__setattr__(self, "inactive", INACTIVE.get(self.name, {}))

    def read(self, node: Node, at: Reading) -> Any:
        """The values that are right; what is missing or wrong is told."""
        if not isinstance(node, MapNode):
            if isinstance(node, ScalarNode) and node.empty and not node.broken and not self.required:
                return {}
            return at.wrong(node, f"{self.name} must be keys with values (key: value)")
        values: dict[str, Any] = {}
        unknown = False
        for name, (key_node, value_node) in node.pairs.items():
            key = self.by_name.get(name)
            if key is None:
                self._unknown(key_node, at)
                unknown = True
                continue
            at.key = name
            value = key.kind.read(value_node, at)
            if value is BAD:
                continue
            values[name] = value
            later = self.inactive.get(name)
            if later is not None and later.applies(value):
                at.report.note(f"{'' if self.name == MAIN else self.name + '.'}{name}: {later.words}")
        for name in self.required:
            # A misspelt key is told already; that it is missing under its right name is the same mistake.
            if name not in node and not unknown:
                at.wrong(node, f"{self.name} needs `{name}`")
        return values

    def _unknown(self, node: ScalarNode, at: Reading) -> None:
        """Tell an unknown key, with the one that was meant."""
        at.wrong(node, f"unknown key {shown(node)} in {self.name}{self._meant(node.raw)}")

    def _meant(self, word: str) -> str:
        """The likely key, or all of them."""
        from watchbot.text.nearest import nearest

        lower = word.strip().lower()
        for key in self.keys:
            if lower in key.meant or lower.replace("-", "_").replace(" ", "_") == key.name:
                return f"; did you mean `{key.name}`?"
        found = nearest(lower[:60], list(self.by_name), 1)
        if found:
            return f"; did you mean `{found[0]}`?"
        return f"; its keys are {', '.join(self.by_name)}"

    def schema(self) -> dict[str, Any]:
        """An object with these properties only."""
        properties: dict[str, Any] = {}
        for key in self.keys:
            properties[key.name] = {**key.kind.schema(), "description": key.about}
            if key.default is not None:
                properties[key.name]["default"] = key.default
        kind = "object" if self.required else ["object", "null"]
        schema: dict[str, Any] = {"type": kind, "properties": properties, "additionalProperties": False}
        if self.required:
            schema["required"] = list(self.required)
        if self.about:
            schema["description"] = self.about
        return schema
