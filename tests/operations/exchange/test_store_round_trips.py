"""A whole store leaves its repository and comes into an empty one, through session, review and promotion.

`MEM_TEST_STORES=10000` makes the generated stores many; by default they are few.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memcli import config
from memcli.core.memory.document import parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.summary import Filters
from memcli.operations.exchange.export import ExportRequest, export_memories
from memcli.operations.exchange.import_sources import ImportRequest, import_sources
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.core.exchange.stores import IDS, content, documents

EXAMPLES = max(2, int(os.environ.get("MEM_TEST_STORES", "0")) // 200)
EVERYTHING = Filters(all=True)


@st.composite
def distinct_files(draw: st.DrawFn) -> dict[str, str]:
    """{path: text} of memories that a promotion takes as they are: no two make one claim, none is half merged."""
    ids = draw(st.lists(IDS, min_size=1, max_size=12, unique=True))
    files: dict[str, str] = {}
    for number, memory_id in enumerate(ids):
        document = draw(documents(memory_id))
        plain = dict.fromkeys(("conflict", "conflict_other", "conflict_sides", "title_other"))
        key = f"{document.get('key')}.{number}"
        alone = {"key": key, "status": "active", "superseded_by": None, "retired": None} if document.get("key") else {}
        document = document.with_values({**plain, **alone})
        front, name = document.front(), ("retries", "läuft", "a b", "x" * 90)[number % 4]
        text = document.with_body(f"{document.body}\nClaim {memory_id}.\n").text()
        files[f"{front['kind']}/{front['topic']}/{name}-{number}.md"] = text
    return files


def repository(place: Path, files: dict[str, str]) -> Workspace:
    """A new repository whose store has these files."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    git = ["git", "-C", str(place)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "start"], check=True)
    workspace = Workspace(config.load(config.Flags(directory=str(place))))
    init(workspace)
    if files:
        odb = workspace.odb
        tip = tip_of(place)
        tree = workspace.store.write(workspace.store.tree_of(tip), files)
        commit = odb.write_commit(tree, [tip], "files\n", workspace.person)
        subprocess.run([*git, "update-ref", "refs/heads/mem/main", commit], check=True)
    return Workspace(config.load(config.Flags(directory=str(place))))


def tip_of(place: Path) -> str:
    """The tip of the store's branch."""
    git = ["git", "-C", str(place), "rev-parse", "mem/main"]
    return subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()


def stored(workspace: Workspace) -> dict[str, tuple[Memory | None, object]]:
    """{id: what the file says} of all memories."""
    store, tip = workspace.store, tip_of(Path(workspace.layout.worktree or ""))
    files = workspace.odb.files(store.tree_of(tip))
    texts = [store.text(blob) for path, blob in files.items() if path.count("/") == 2]
    return {str(document.get("id")): content(document) for document in map(parse_document, texts)}


@pytest.mark.parametrize(
    "name, target", [("okf", "bundle"), ("okf", "b.tar.gz"), ("jsonl", "m.jsonl"), ("markdown", "m")]
)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(files=distinct_files())
def test_a_store_comes_back_as_it_was(name: str, target: str, files: dict[str, str], tmp_path: Path) -> None:
    source, empty = repository(tmp_path / "source", files), repository(tmp_path / "empty", {})
    place = tmp_path / target
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    exported = export_memories(source, ExportRequest(name, place, EVERYTHING))
    assert (exported.count, dict(exported.left), exported.files.kept) == (len(files), {}, ())
    imported = import_sources(empty, ImportRequest(str(place)))
    assert (len(imported.proposed), imported.refused, imported.known) == (len(files), (), 0)
    assert all("index" in each.skipped.reason for each in imported.skipped)
    promote(Workspace(empty.config), PromoteRequest("import", consent=True))
    assert stored(empty) == stored(source)
    again = import_sources(Workspace(empty.config), ImportRequest(str(place)))
    assert (len(again.proposed), again.known) == (0, len(files))
