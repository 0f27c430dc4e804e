"""Size, docstrings and where `async` may live: what linters do not say. The checks are tried on violations too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "watchbot").rglob("*.py"))
ASYNC_ROOMS = {"bot", "web", "sources", "delivery", "daemon", "ports"}
ONE_ASYNC = {"wiring/__init__.py", "cli/daemon.py"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def problems(name: str, text: str) -> list[str]:
    """Everything wrong with one file, `name` being its path below watchbot/."""
    tree = ast.parse(text)
    found = []
    if len(text.splitlines()) > LONGEST_FILE:
        found.append(f"{name}: more than {LONGEST_FILE} lines")
    if not ast.get_docstring(tree):
        found.append(f"{name}: no docstring")
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION:
            found.append(f"{name}: {function.name} has more than {LONGEST_FUNCTION} lines")
    found += [f"{name}: {node.name} has no docstring" for node in _public(tree) if not ast.get_docstring(node)]
    asynchronous = [node for node in functions if isinstance(node, ast.AsyncFunctionDef)]
    allowed = name.split("/")[0] in ASYNC_ROOMS or (name in ONE_ASYNC and len(asynchronous) <= 1)
    if asynchronous and not allowed:
        found.append(f"{name}: async def outside the rooms that may wait")
    return found


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    top = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    inner = [
        node
        for owner in top
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not any(isinstance(mark, ast.Name) and mark.id == "override" for mark in node.decorator_list)
        and not _is_stub(node)
    ]
    return [*top, *inner]


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """`def x(self) -> T: ...` of a Protocol speaks for itself."""
    return len(node.body) == 1 and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_keeps_the_house_rules(path: Path) -> None:
    name = path.relative_to(ROOT / "watchbot").as_posix()
    assert problems(name, path.read_text(encoding="utf-8")) == []


def test_files_were_found() -> None:
    assert len(FILES) > 60


LONG_FUNCTION = '"""x."""\ndef f():\n    """y."""\n' + "    a = 1\n" * 50


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("pipeline/x.py", '"""x."""\n' + "a = 1\n" * 400, "more than 400 lines"),
        ("pipeline/x.py", "a = 1\n", "no docstring"),
        ("pipeline/x.py", LONG_FUNCTION, "more than 50 lines"),
        ("pipeline/x.py", '"""x."""\ndef f():\n    return 1\n', "f has no docstring"),
        (
            "pipeline/x.py",
            '"""x."""\nclass C:\n    """y."""\n    def f(self):\n        return 1\n',
            "f has no docstring",
        ),
        ("pipeline/x.py", '"""x."""\nasync def _f():\n    return 1\n', "async def"),
    ],
)
def test_violations_are_found(name: str, text: str, says: str) -> None:
    assert any(says in line for line in problems(name, text))


def test_alembic_folder_is_no_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
