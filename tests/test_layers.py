"""The architecture as a test: imports point down, each heavy library has one home, the environment one reader.

Imports under `TYPE_CHECKING` name types and load nothing; the rules hold for them too. Imports inside functions count.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "memcli"
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "core": {"errors"},
    "repo": {"errors"},
    "index": {"core", "errors"},
    "branch": {"core", "repo", "errors"},
    "store": {"branch", "core", "repo", "errors"},
    "config": {"core", "errors"},
    "sessions": {"branch", "config", "store", "core", "repo", "errors"},
    "workspace": {"branch", "config", "sessions", "store", "index", "core", "repo", "errors"},
    "agents": {"core", "errors"},
    "operations": {"agents", "branch", "workspace", "sessions", "store", "index", "core", "repo", "errors"},
    "cli": {"agents", "operations", "workspace", "config", "core", "errors"},
}
"""Row → the rows it may import from, beside itself; `config` is for the composition root and the flags of the cli."""
HOMES: dict[str, set[str]] = {
    "pygit2": {
        "repo/fresh.py",
        "repo/objects.py",
        "repo/odb.py",
        "repo/refs.py",
        "repo/renames.py",
        "repo/worktree.py",
        "repo/written.py",
    },
    "git": {"repo/command.py"},
    "ruamel": {"core/frontmatter.py", "core/policy.py"},
    "markdown_it": {"core/markdown.py"},
    "Stemmer": {"core/analysis.py"},
    "sqlite3": {"index/"},
    "numpy": {"index/"},
    "rank_bm25": {"index/history.py"},
    "tokenizers": {"index/embedding.py"},
    "safetensors": {"index/embedding.py"},
    "chromadb": {"index/collection.py", "index/embedding.py"},  # the store as a collection; its embedding functions
    "rich": {"cli/"},
    "typer": {"cli/"},
}
"""Heavy library → the files (or the directory) that may import it."""
UNUSED = {"rich"}
"""Not imported by us as yet: Typer uses it for help texts."""
FORBIDDEN_IN_CORE = {"os", "pathlib", "subprocess", "time", "random", "shutil", "tempfile", "socket"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path below it."""
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}


def imported(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that a module imports, wherever it does; `from a import b` counts as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def row_of(path: str) -> str:
    return path.split("/")[0].removesuffix(".py")


def own(name: str) -> str | None:
    """The row of the package that an imported name lies in."""
    parts = name.split(".")
    return parts[1] if parts[0] == "memcli" and len(parts) > 1 and not parts[1].startswith("__") else None


def test_every_row_of_the_package_has_a_rule() -> None:
    rows = {row_of(path) for path in modules()} - {"__init__", "__main__"}
    assert rows <= ALLOWED.keys()


@pytest.mark.parametrize("row", sorted(ALLOWED))
def test_imports_point_down(row: str) -> None:
    wrong = {
        f"{path} imports {name}"
        for path, tree in modules().items()
        if row_of(path) == row
        for name in imported(tree)
        if (target := own(name)) and target not in ALLOWED[row] | {row}
    }
    assert not wrong


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_heavy_library_has_one_home(library: str) -> None:
    users = {path for path, tree in modules().items() if library in {name.split(".")[0] for name in imported(tree)}}
    strangers = {path for path in users if not any(path.startswith(home) for home in HOMES[library])}
    assert not strangers
    assert users or library in UNUSED


def test_only_the_configuration_reads_the_environment() -> None:
    """And `cli/hook`, which has no time to import it."""
    readers = {path for path, tree in modules().items() for node in ast.walk(tree) if _reads_environment(node)}
    assert readers == {"config.py", "cli/hook.py"}


def _reads_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv")


def test_the_core_knows_no_files_processes_or_clock() -> None:
    wrong = {
        (path, name)
        for path, tree in modules().items()
        if row_of(path) == "core"
        for name in imported(tree)
        if name.split(".")[0] in FORBIDDEN_IN_CORE and name != "pathlib.PurePosixPath"  # arithmetic on names
    }
    clocks = {
        path
        for path, tree in modules().items()
        if row_of(path) == "core"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
    }
    assert not wrong and not clocks


def test_processes_are_started_in_two_places_git_in_one_of_them() -> None:
    """`repo/guest` runs what the user has configured, which is never git."""
    users = {
        path for path, tree in modules().items() if "subprocess" in {name.split(".")[0] for name in imported(tree)}
    }
    assert {path for path in users if row_of(path) != "cli"} == {"repo/asking.py", "repo/guest.py"}


def test_only_the_command_line_prints() -> None:
    wrong = {
        path
        for path, tree in modules().items()
        if row_of(path) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    }
    assert not wrong


def test_no_import_cycles() -> None:
    """Also counting the imports inside functions; only names for type checkers may point back."""
    edges = {name_of(path): {target for name in imported(_runtime(tree)) if (target := _module(name))} - {name_of(path)}
             for path, tree in modules().items()}  # fmt: skip
    assert not list(_cycle(edges))


def name_of(path: str) -> str:
    return "memcli." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _module(name: str) -> str | None:
    """The module an imported name is or lies in."""
    known = {name_of(path) for path in modules()}
    return next((candidate for candidate in (name, name.rpartition(".")[0]) if candidate in known), None)


def _runtime(tree: ast.Module) -> ast.Module:
    """The module without what only type checkers see."""
    body = [node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))]
    return ast.Module(body=body, type_ignores=[])


def _cycle(edges: dict[str, set[str]]) -> Iterator[str]:
    """The imports that are left when modules that nothing left imports, or that import nothing left, are taken away."""
    left = dict(edges)
    while True:
        targets = set().union(*left.values()) if left else set()
        free = [name for name in left if name not in targets or not left[name] & left.keys()]
        if not free:
            break
        for name in free:
            del left[name]
    yield from (f"{name} -> {target}" for name in sorted(left) for target in sorted(left[name] & left.keys()))


def test_the_command_table_loads_nothing_heavy() -> None:
    program = "import sys, memcli.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    heavy = {"chromadb", "numpy", "git", "pygit2", "rich", "ruamel", "markdown_it", "sqlite3", "Stemmer", "pydantic",
             "tokenizers", "safetensors", "rank_bm25", "onnxruntime"}  # fmt: skip
    assert not loaded & heavy
