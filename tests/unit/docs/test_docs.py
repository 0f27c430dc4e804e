"""The documents say what the program does: every command and option, and no dead link."""

import re
from pathlib import Path

import pytest

from watchbot.cli.parser import COMMANDS, build

ROOT = Path(__file__).parents[3]
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", [spec.name for spec in COMMANDS])
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"\| `{name}\b", COMMANDS_PAGE)


def test_every_option_is_described() -> None:
    options = {name for spec in COMMANDS for names, _ in spec.arguments for name in names if name.startswith("--")}
    options |= {name for action in build()._actions for name in action.option_strings if name.startswith("--")}
    assert [name for name in sorted(options) if f"`{name}" not in COMMANDS_PAGE] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"run", "test"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.M)] == []
