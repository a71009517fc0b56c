"""The architecture as a test: imports point down, each heavy library has one home, the environment one reader.

`tests.house` counts what breaks a rule.
"""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.house import LADDERS, ROWS, import_cycles, imported, ladder_violations, modules, row_of

HOMES: dict[str, set[str]] = {
    "pygit2": {
        "git/changed_lines.py",
        "git/objects.py",
        "git/object_store.py",
        "git/odb.py",
        "git/pending_objects.py",
        "git/refs.py",
        "git/renames.py",
        "git/trees.py",
        "git/worktrees.py",
    },
    "git": {"git/remotes.py"},
    "ruamel": {"core/memory/front_matter.py", "core/review/policy_text.py"},
    "markdown_it": {"core/text/markdown.py"},
    "Stemmer": {"core/text/analysis.py"},
    "sqlite3": {"index/"},
    "simsimd": {"index/vectors/dot_products.py"},
    "mcp": {"mcp/"},
    "mcp_types": {"mcp/"},
    "pydantic": {"mcp/"},
    "anyio": {"mcp/"},
    "psutil": {"system/processes.py"},
    "rank_bm25": {"index/database/tree_bm25.py"},
    "tokenizers": {"index/vectors/embedding.py"},
    "chromadb": {"index/vectors/chroma_client.py", "index/vectors/embedding.py"},
    "networkx": {"operations/report/memory_graph.py"},
    "prometheus_client": {"cli/views/open_metrics.py"},
    "docutils": {"core/text/restructured_text.py"},
    "pygments": {"core/sources/code/code_comments.py"},
    "jinja2": {"html/template.py"},
    "markupsafe": {"html/template.py"},
    "rich": {"cli/"},
    "textual": {"tui/"},
    "typer": {"cli/"},
}
"""Heavy library → the files (or the directory) that may import it."""
UNUSED = {"rich", "docutils"}
"""Not imported by us as yet: Typer uses it for help texts."""
FORBIDDEN_IN_CORE = {"os", "pathlib", "subprocess", "time", "random", "shutil", "tempfile", "socket"}


def test_every_row_of_the_package_has_a_rule() -> None:
    assert {row_of(path) for path in modules()} - {"__init__", "__main__"} <= ROWS.keys()


def test_every_package_of_a_row_has_a_place() -> None:
    for row, order in LADDERS.items():
        packages = {path.split("/")[1] for path in modules() if path.startswith(f"{row}/") and path.count("/") > 1}
        assert packages == set(order)


def test_imports_point_down() -> None:
    assert not list(ladder_violations())


def test_no_import_cycles() -> None:
    assert not list(import_cycles())


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_heavy_library_has_one_home(library: str) -> None:
    users = {path for path, tree in modules().items() if library in {name.split(".")[0] for name in imported(tree)}}
    others = {path for path in users if not any(path.startswith(home) for home in HOMES[library])}
    assert not others
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


def test_processes_are_started_in_two_places() -> None:
    """git in the first; `system/external_command` runs what the user has configured, which is never git."""
    users = {
        path for path, tree in modules().items() if "subprocess" in {name.split(".")[0] for name in imported(tree)}
    }
    assert {path for path in users if row_of(path) != "cli"} == {
        "git/command.py",
        "system/external_command.py",
    }


def test_only_the_command_line_prints() -> None:
    wrong = {
        path
        for path, tree in modules().items()
        if row_of(path) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    }
    assert not wrong


def test_the_command_table_loads_nothing_heavy() -> None:
    program = "import sys, memcli.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    heavy = {"chromadb", "numpy", "git", "pygit2", "psutil", "rich", "ruamel", "markdown_it", "sqlite3", "Stemmer",
             "pydantic", "tokenizers", "safetensors", "rank_bm25", "onnxruntime",
             "jinja2", "networkx", "prometheus_client", "textual"}  # fmt: skip
    assert not loaded & heavy
