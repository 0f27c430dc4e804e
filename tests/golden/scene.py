"""A conversation as a page: what a person says and presses, and what the bot shows, word for word.

> /watch Foxconn          a person types
< ✓ On: Foxconn           the bot answers, buttons in brackets below
* [Undo]                  a person presses; `= toast`
~ text                    an earlier message becomes this
"""

from typing import Any

from tests.fakes.botapi_html import parse
from tests.unit.bot.conftest import Desk, Shown

PAUSE = 4.0  # seconds between two messages: people have a quota of them a minute


class Scene:
    """Plays on a desk and writes down what is seen."""

    def __init__(self, desk: Desk) -> None:
        """Nothing was said yet."""
        self.desk = desk
        self.lines: list[str] = []

    def says(self, text: str, **more: Any) -> "Scene":
        """A person types, and whatever takes long is done."""
        self.lines += [
            f"> {line}" for line in (text or f"(sends {more.get('document', {}).get('file_name')})").split("\n")
        ]
        self.desk.clock.move(PAUSE)
        self._shown(self.desk.says(text, **more))
        self._shown(self.desk.chores())
        return self

    def press(self, verb: str, times: int = 1) -> "Scene":
        """A person presses the newest button that says this verb (or `verb:argument`)."""
        for _ in range(times):
            message, label = self._find(verb)
            self.lines.append(f"* [{label}]")
            self.desk.clock.move(PAUSE)
            changed = self.desk.press(message, label)
            if self.desk.toast:
                self.lines.append(f"= {'(window) ' if self.desk.popup else ''}{self.desk.toast}")
            self._shown(changed)
            self._shown(self.desk.chores())
        return self

    def note(self, text: str) -> "Scene":
        """What happens beside the chat."""
        self.lines.append(f"--- {text}")
        return self

    def arrives(self) -> "Scene":
        """What came of its own accord."""
        self._shown(self.desk.deliver())
        return self

    @property
    def page(self) -> str:
        """The whole conversation."""
        return "\n".join(self.lines)

    def _find(self, verb: str) -> tuple[Shown, str]:
        here = [one for one in self.desk.messages.values() if one.chat == self.desk.chat]
        for message in reversed(here):
            for row in message.rows:
                for button in row:
                    if button.data == verb or button.data.startswith(f"{verb}:"):
                        return message, button.text
        raise AssertionError(f"no button says {verb!r}:\n{self.page}")

    def _shown(self, messages: list[Shown]) -> None:
        for message in messages:
            if message.chat != self.desk.chat:
                continue
            mark = "~" if message.edits else "<"
            text = message.text if message.html else f"(file {message.file[:60]})"
            lines = text.split("\n")
            silent = " (silent)" if message.silent and not message.edits else ""
            self.lines.append(f"{mark} {lines[0]}{silent}")
            self.lines += [f"  {line}" for line in lines[1:]]
            self.lines += ["  " + " ".join(f"[{button.text}]" for button in row) for row in message.rows]


def entities(html: str) -> int:
    """How many entities Telegram counts in a message."""
    return len(parse(html).entities)
