"""Where the migration scripts are found."""

from pathlib import Path

import pytest

import watchbot
from watchbot.store import migrate


def test_beside_the_package_in_a_checkout_inside_it_once_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "watchbot"
    monkeypatch.setattr(watchbot, "__file__", str(package / "__init__.py"))
    assert migrate.scripts() == tmp_path / "alembic"
    (package / "_alembic").mkdir(parents=True)
    assert migrate.scripts() == package / "_alembic"


def test_any_working_directory_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    migrate.upgrade("sqlite:///here.db")
    assert migrate.current(f"sqlite:///{tmp_path}/here.db") == migrate.HEAD
