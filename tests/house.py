"""The rules of the house as counts, each of which must be zero: `python -m tests.house` prints what breaks them.

Imports count wherever they stand: at the top, inside a function or under `TYPE_CHECKING`.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1] / "memcli"
MOST_LINES, MOST_PARAMETERS = 250, 6
ROWS: dict[str, set[str]] = {
    "errors": set(),
    "system": {"errors"},
    "core": {"errors"},
    "git": {"system", "errors"},
    "state": {"git", "system", "errors"},
    "index": {"core", "system", "errors"},
    "verified_tip": {"git", "system", "errors"},
    "branch": {"verified_tip", "core", "git", "errors"},
    "config": {"agents", "core", "errors"},
    "store": {"branch", "core", "git", "errors"},
    "sessions": {"branch", "store", "core", "git", "errors"},
    "session_pointer": {"core", "system"},
    "selection": {"branch", "session_pointer", "core", "git", "state", "errors"},
    "clock": {"core"},
    "actor": {"clock", "core", "git", "state", "errors"},
    "workspace": {
        *("actor", "branch", "config", "clock", "selection", "sessions", "store"),
        *("index", "core", "git", "state", "system", "errors"),
    },
    "agents": {"core", "errors"},
    "operations": {
        *("actor", "agents", "branch", "verified_tip", "clock", "selection", "sessions", "store", "workspace"),
        *("index", "core", "git", "state", "system", "errors"),
    },
    "html": {"operations", "core", "system", "errors"},
    "cli": {"agents", "html", "operations", "workspace", "config", "core", "system", "errors"},
    "tui": {"cli", "operations", "workspace", "core", "errors"},
    "mcp": {"agents", "cli", "operations", "workspace", "core", "errors"},
}
"""Row → the rows it may import from, beside itself; `config` is for the composition root and the flags of the cli."""
ENTRIES = {"cli/hook.py": {"git"}, "cli/commands/ui.py": {"tui"}, "cli/commands/mcp.py": {"mcp"}}
"""Hooks have no time to open a workspace, so their entry finds the repository itself. The terminal interface and
the server for agents lie on top of the command line, whose words they use; a command starts each."""
LADDERS: dict[str, tuple[str, ...]] = {
    "core": (
        *("text", "memory", "merge", "pack", "session", "review", "dream", "curator", "exchange", "sources", "worth"),
    ),
    "index": ("storage", "vectors", "database", "search"),
    "operations": (
        *("views", "writing", "provenance", "memories", "sessions", "review", "recall", "history"),
        *("curation", "dream", "hooks", "setup", "bootstrap", "exchange", "status", "stats", "report", "inbox"),
        "events",
    ),
    "cli": ("views", "commands"),
}
"""Row → its packages, each of which may import from the ones before it."""


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
    """The row of the ladder that a module's path lies in."""
    return path.split("/")[0].removesuffix(".py")


def imported_row(name: str) -> str | None:
    """The row that an imported name lies in; None for other packages."""
    parts = name.split(".")
    return parts[1] if parts[0] == "memcli" and len(parts) > 1 and not parts[1].startswith("__") else None


def wrong_rows(row: str) -> Iterator[str]:
    """The imports of a row that point up."""
    for path, tree in modules().items():
        allowed = ROWS[row] | {row} | ENTRIES.get(path, set())
        if row_of(path) == row:
            targets = ((name, imported_row(name)) for name in imported(tree))
            yield from (f"{path} imports {name}" for name, target in targets if target and target not in allowed)


def wrong_packages(row: str) -> Iterator[str]:
    """The imports between a row's packages that point up."""
    order = LADDERS[row]
    for path, tree in modules().items():
        if path.startswith(f"{row}/") and (package := path.split("/")[1]) in order:
            names = (name for name in imported(tree) if name.startswith(f"memcli.{row}."))
            later = order[order.index(package) + 1 :]
            yield from (f"{path} imports {name}" for name in names if name.split(".")[2] in later)


def ladder_violations() -> Iterator[str]:
    """Every import that points up, between rows or between the packages of a row."""
    for row in ROWS:
        yield from wrong_rows(row)
    for row in LADDERS:
        yield from wrong_packages(row)


def module_name(path: str) -> str:
    """`core/text/prose.py` → `memcli.core.text.prose`."""
    return "memcli." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def import_graph() -> dict[str, set[str]]:
    """Module → the modules it imports."""
    names = {module_name(path): tree for path, tree in modules().items()}
    graph: dict[str, set[str]] = {}
    for name, tree in names.items():
        targets = {t if t in names else t.rpartition(".")[0] for t in imported(tree)}
        graph[name] = (targets & names.keys()) - {name}
    return graph


def import_cycles() -> Iterator[str]:
    """The imports that remain once modules that nothing imports, or that import nothing, are taken away in turn."""
    left = import_graph()
    while True:
        targets = set().union(*left.values()) if left else set()
        free = [name for name in left if name not in targets or not left[name] & left.keys()]
        if not free:
            break
        for name in free:
            del left[name]
    yield from (f"{name} -> {target}" for name in sorted(left) for target in sorted(left[name] & left.keys()))


def shared_names() -> Iterator[str]:
    """Names that two public classes or functions share; a Typer command may be called as its verb."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and _is_public(node):
                homes[node.name].append(path)
    yield from (f"{name}: {', '.join(sorted(paths))}" for name, paths in sorted(homes.items()) if len(paths) > 1)


def _is_public(node: ast.ClassDef | ast.FunctionDef) -> bool:
    return not node.name.startswith("_") and not _is_command(node)


def _is_command(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(d, ast.Call) and ast.unparse(d.func).endswith((".command", ".callback")) for d in decorators)


def long_modules() -> Iterator[str]:
    """Modules above the most lines that one may have."""
    counts = ((path, (ROOT / path).read_text("utf-8").count("\n")) for path in modules())
    yield from (f"{path}: {count} lines" for path, count in counts if count > MOST_LINES)


def wide_signatures() -> Iterator[str]:
    """Functions with too many parameters; `self` and `cls` are not counted, Typer's commands are exempt."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_command(node):
                count = _parameters(node.args)
                if count > MOST_PARAMETERS:
                    yield f"{path}:{node.lineno} {node.name}: {count} parameters"


def _parameters(arguments: ast.arguments) -> int:
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def below_the_verbs() -> Iterator[str]:
    """Functions that take the whole `Workspace` although no command or hook calls them: they take what they use."""
    verbs = {
        name.rpartition(".")[2]
        for path, tree in modules().items()
        if row_of(path) in ("cli", "tui")
        for name in imported(tree)
    }
    for path, tree in modules().items():
        if row_of(path) == "operations":
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef) and node.name not in verbs and _takes_workspace(node.args):
                    yield f"{path}:{node.lineno} {node.name}"


def _takes_workspace(arguments: ast.arguments) -> bool:
    return any(argument.annotation and ast.unparse(argument.annotation) == "Workspace" for argument in arguments.args)


def aliases() -> Iterator[str]:
    """Imports from this package under another name; a name that means one thing needs no second one."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                package = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                renamed = [name for name in node.names if name.asname not in (None, name.name)]
                names = (f"{package}{name.name} as {name.asname}" for name in renamed)
                yield from (f"{path} imports {name}" for name in names if name.startswith("memcli."))


def shared_module_names() -> Iterator[str]:
    """Names that two modules share; a command's module may be called as its verb's."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        if not path.startswith("cli/commands/") and not path.endswith("__.py"):
            homes[path.rpartition("/")[2]].append(path)
    yield from (f"{name}: {', '.join(sorted(paths))}" for name, paths in sorted(homes.items()) if len(paths) > 1)


RULES: dict[str, Callable[[], Iterator[str]]] = {
    "import cycles": import_cycles,
    "ladder violations": ladder_violations,
    "names shared by two public classes or functions": shared_names,
    f"modules above {MOST_LINES} lines": long_modules,
    "functions below the verbs that take the whole Workspace": below_the_verbs,
    f"functions with more than {MOST_PARAMETERS} parameters": wide_signatures,
    "imports from the package under another name": aliases,
}
FOR_A_LOOK = {"modules with one name in two packages": shared_module_names}
"""Printed, but not wrong by itself: a package may make clear what a module's name means in it."""


def main() -> int:
    """Print each rule with its count and what breaks it; 1 where anything does."""
    broken = {title: list(rule()) for title, rule in RULES.items()}
    for title, lines in {**broken, **{title: list(look()) for title, look in FOR_A_LOOK.items()}}.items():
        print(f"{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")
    return int(any(broken.values()))


if __name__ == "__main__":
    sys.exit(main())
