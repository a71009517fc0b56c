"""Modules of the package that documents, docstrings and comments name exist."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = [file for folder in ("memcli", "tests") for file in (ROOT / folder).rglob("*.py") if file != Path(__file__)]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
PATHS = re.compile(r"\b(?:memcli|tests)/[\w/]+\.py\b|(?<!`)`([a-z_]+(?:[./][a-z_]+)+)`(?!`)")
"""A file of ours wherever it stands, or a path with dots or slashes in backticks."""
ADDED = re.compile(r"(?m)^--- /dev/null\n\+\+\+ b/(\S+)")
OTHERS = re.compile(
    r"os\.|refs/|core\.(hooksPath|quotePath)|hooks\.state$|shell\.env$|templates/plugins$|index(\.db|/(current|chroma))|(a|b|docs|git|info|mem|origin|src)/"
    r"|(a|chat|claude|dream|limits|manifest|mem|owners|session|source|then|tool|verified)\.[a-z_.-]+$|tests/b/|chat_completions\.py"
    r"|.*\.(json|jsonl|js|html|css|md|mdc|yml|yaml|toml|db|lock|log|old|safetensors)$"
)
"""Attributes, keys, settings, branches, files of the store and of users."""


@pytest.mark.parametrize("file", [*DOCUMENTS, *CODE], ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_modules_that_a_text_names_exist(file: Path) -> None:
    text = prose(file)
    names = {match[1] or match[0] for match in PATHS.finditer(text)} - set(ADDED.findall(text))
    assert not {name for name in names if not exists(name) and not OTHERS.match(name)}


def prose(file: Path) -> str:
    """A document or a module of the package as a whole; of a test the docstrings and comments, since its other texts
    name files that it makes."""
    text = file.read_text("utf-8")
    if not file.is_relative_to(ROOT / "tests"):
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    statements = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr))
    docstrings = [str(node.value) for node in statements if isinstance(node, ast.Constant)]
    return "\n".join((*comments, *docstrings))


def exists(name: str) -> bool:
    """Whether a path ends in that of a module or a package, or in a name that such a module defines."""
    parts = tuple(re.split(r"[./]", name.removesuffix(".py")))
    home = homes().get(parts[:-1])
    return parts in homes() or (home is not None and defines(home, parts[-1]))


def defines(file: Path, name: str) -> bool:
    return re.search(rf"(?m)^(?:def |class )?{name}\b", file.read_text("utf-8")) is not None


@cache
def homes() -> dict[tuple[str, ...], Path]:
    """Every way to name a module or a package (`core.memory.keys`, `memory.keys`, `keys`) → its file."""
    names: dict[tuple[str, ...], Path] = {}
    for file in CODE:
        parts = file.relative_to(ROOT).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        names |= {parts[start:]: file for start in range(len(parts))}
    return names
