"""The map of the house in docs/architecture.md, drawn from the imports and the docstrings of the packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house import ENTRIES, LADDERS, ROOT, ROWS, imported, imported_row, modules, row_of


def row_imports() -> dict[str, set[str]]:
    """Row → the rows that its modules import from, the exceptions for entries and `errors` left out."""
    rows: dict[str, set[str]] = {row: set() for row in ROWS if row != "errors"}
    for path, tree in modules().items():
        if row_of(path) in rows and path not in ENTRIES:
            rows[row_of(path)] |= {target for name in imported(tree) if (target := imported_row(name))}
    return {row: (targets & rows.keys()) - {row} for row, targets in rows.items()}


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Every row that a row imports from, directly or through others."""
    return set().union(*({row, *reachable(graph, row)} for row in graph[start]))


def arrows() -> Iterator[tuple[str, str]]:
    """The imports between rows, without those that a way through a third row implies."""
    graph = row_imports()
    for row, targets in reversed(graph.items()):
        implied = set().union(*(reachable(graph, target) for target in targets))
        yield from ((row, target) for target in sorted(targets - implied))


def places() -> Iterator[str]:
    """Packages and modules of the first two levels, from the command line down; the later one imports the earlier."""
    for row in reversed(ROWS):
        packages = [f"{row}/{package}" for package in reversed(LADDERS.get(row, ()))]
        yield from packages or [row]


def docstring(place: str) -> str:
    """The first paragraph of a package's or module's docstring, as one line. Raises LookupError where it has none."""
    tree = modules().get(f"{place}.py") or modules()[f"{place}/__init__.py"]
    text = ast.get_docstring(tree)
    if not text:
        raise LookupError(f"memcli/{place} has no docstring that says what it is the home of")
    return " ".join(text.split("\n\n")[0].split())


def house_map() -> str:
    """The block of docs/architecture.md: who imports whom, and what each place is the home of."""
    edges = "".join(f"    {row} --> {target}\n" for row, target in arrows())
    table = "".join(f"| `{_shown(place)}` | {docstring(place)} |\n" for place in places())
    return f"```mermaid\nflowchart TD\n{edges}```\n\n| place | home of |\n|---|---|\n{table}\n"


def _shown(place: str) -> str:
    return f"{place}/" if (ROOT / place).is_dir() else f"{place}.py"
