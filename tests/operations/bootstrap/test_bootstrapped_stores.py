"""Real projects' memories and decision records, from bootstrap through one promotion to recall."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from memcli import config
from memcli.config import Flags
from memcli.core.memory.summary import Filters
from memcli.operations.bootstrap.bootstrap import bootstrap
from memcli.operations.bootstrap.bootstrapped import BootstrapRequest
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.needs import SHARED, needs_corpora

DATA = SHARED / "data" / "stores"
pytestmark = needs_corpora


def _project(repo: Repo, name: str) -> Workspace:
    shutil.copytree(DATA / name, repo.path, dirs_exist_ok=True)
    for place in (repo.path, *repo.path.rglob("*")):
        if ".git" not in place.parts and not place.is_symlink():
            place.chmod(0o755 if place.is_dir() else 0o644)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "import")
    init(_open(repo))
    return _open(repo)


def _open(repo: Repo) -> Workspace:
    return Workspace(config.load(Flags(directory=str(repo.path))))


def _promoted(repo: Repo, name: str) -> int:
    found = bootstrap(_project(repo, name))
    assert found.session
    promote(_open(repo), PromoteRequest(found.session, consent=True))
    return len(found.proposed)


@pytest.mark.parametrize(("name", "refs"), [("opensa", 33), ("govuk-aws", 38), ("bga-assistant", 19)])
def test_every_memory_and_record_is_found(repo: Repo, name: str, refs: int) -> None:
    folder = {"opensa": ".claude/memory", "bga-assistant": ".claude/memory"}.get(name, "docs/architecture/decisions")
    files = {file.name for file in (DATA / name / folder).glob("*.md")} - {"MEMORY.md"}
    assert len(files) == refs
    assert _promoted(repo, name) >= refs
    workspace = _open(repo)
    sources = [
        show_memory(workspace, one.id).front["source"] for one in list_memories(workspace, Filters(all=True)).memories
    ]
    named = {
        Path(source["ref"].partition("#")[0]).name for source in sources if isinstance(source, dict) and source["ref"]
    }
    assert files <= named


def test_a_promotion_is_one_merge_commit_and_a_second_bootstrap_proposes_nothing(repo: Repo) -> None:
    promoted = _promoted(repo, "opensa")
    assert repo.git("rev-list", "--count", "--first-parent", "mem/main") == "2"
    assert len(repo.git("rev-list", "--parents", "-1", "mem/main").split()) == 3
    again = bootstrap(_open(repo))
    assert (again.session, again.proposed, again.known) == (None, (), promoted)


def test_two_clones_make_the_same_ids(repo: Repo, tmp_path: Path) -> None:
    _project(repo, "govuk-aws")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", str(repo.path), str(clone))
    request = BootstrapRequest(dry_run=True)
    workspaces = [Workspace(config.load(Flags(directory=str(place)))) for place in (repo.path, _initialised(clone))]
    ids = [{proposal.memory.id for proposal in bootstrap(place, request).proposed} for place in workspaces]
    assert ids[0] == ids[1]
    assert len(ids[0]) >= 38


def _initialised(place: Path) -> Path:
    init(Workspace(config.load(Flags(directory=str(place)))))
    return place


def test_superseded_records_come_out_superseded(repo: Repo) -> None:
    _promoted(repo, "govuk-aws")
    found = list_memories(_open(repo), Filters(statuses=("superseded",))).memories
    assert [one.title for one in found] == ["DNS definitions for hosts and services"]
    replacement = show_memory(_open(repo), found[0].superseded_by or "")
    assert replacement.record.title == "DNS infrastructure"


def test_index_lines_find_their_memories(repo: Repo) -> None:
    _promoted(repo, "opensa")
    lines = (DATA / "opensa" / ".claude/memory/MEMORY.md").read_text(encoding="utf-8").splitlines()
    asked = [(match[2], match[1]) for line in lines if (match := re.match(r"- \[.*?\]\((.*?)\) — (.*)", line))]
    assert len(asked) >= 30
    workspace = _open(repo)
    missed = [file for query, file in asked if not _is_found(workspace, query, file)]
    assert len(missed) <= 0.05 * len(asked), missed


def _is_found(workspace: Workspace, query: str, file: str) -> bool:
    hits = recall(workspace, RecallRequest(query, limit=5)).hits
    refs = [show_memory(workspace, hit.record.id).front["source"] for hit in hits]
    return any(
        isinstance(source, dict) and str(source["ref"]).partition("#")[0].endswith("/" + file) for source in refs
    )
