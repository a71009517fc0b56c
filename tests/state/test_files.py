"""Every file below `.git/mem` is in the table of docs/architecture.md, and each may be missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.core.memory.summary import Filters
from memcli.operations.bootstrap.bootstrap import bootstrap
from memcli.operations.bootstrap.bootstrapped import BootstrapRequest
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.events.worker import run_worker
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.list import list_memories
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.index import sync_index
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.decisions import CandidateRef
from memcli.operations.review.pending_decisions import ACCEPT, PendingDecision, pending_decisions
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.exclude import add_exclude
from memcli.operations.setup.init import init
from memcli.operations.writing.kept_drafts import create_draft
from memcli.workspace import Workspace
from tests import sandbox
from tests.conftest import Repo

Open = Callable[..., Workspace]
PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
UNSEEN = {"intent", "pending.old"}
"""Are there for a moment, or after very many writes."""
MOST_KINDS = 23
"""Each kind has a writer of its own; the last were drafts, counts of uses, decisions not carried out yet,
persons' standing sessions, the report, and what bootstrap has read."""


def rows() -> list[list[str]]:
    """The patterns of each row of the table."""
    section = PAGE.read_text(encoding="utf-8").split("\n## State below `.git/mem`\n")[1].split("\n## ")[0]
    firsts = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", cell) for cell in firsts]


def matches(pattern: str, path: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"<[^>]+>", pattern)]
    return re.fullmatch("[^/.]+".join(parts) + (".+" if pattern.endswith("/") else ""), path) is not None


def files(repo: Repo) -> list[str]:
    """The paths of all files below `.git/mem`."""
    home = repo.path / ".git" / "mem"
    return sorted(file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file())


def hook(repo: Repo, event: str, **payload: object) -> None:
    said = json.dumps({"session_id": "s1", "cwd": str(repo.path), **payload})
    subprocess.run([*sandbox.MEM, "hook", "claude", event], cwd=repo.path, input=said, text=True, check=True)


@pytest.fixture
def lived_in(repo: Repo, workspace: Open) -> Repo:
    """A repository in which everything has happened that leaves a file."""
    init(workspace())
    add_memories(workspace(), [{"body": "The queue owns webhook failures.", "paths": ("src/app.py",)}], once="key")
    promote(workspace(), PromoteRequest(workspace().selection.name or "", consent=True))
    place = start_session(workspace(), "desk", worktree=True).worktree
    assert place
    (place / "semantic" / "general").mkdir(parents=True)
    (place / "semantic" / "general" / "ledger.md").write_text("The ledger locks rows.\n")
    save_session(workspace(), "desk")
    add_memories(workspace(session="desk"), [{"body": "Rows are locked for 5 s."}])
    undo(workspace(session="desk"))
    reject(workspace(), "desk", [], "no")
    add_exclude(workspace(), "vendor/")
    (repo.path / "queue.md").write_text("The queue is drained at midnight.\n")
    bootstrap(workspace(), BootstrapRequest(("queue.md",), dry_run=True))
    for event, payload in (("session-start", {"source": "startup"}), ("stop", {})):
        hook(repo, event, **payload)
    hook(repo, "pre-edit", tool_input={"file_path": str(repo.path / "src/app.py")})
    hook(repo, "mention", prompt="Drain the queue at noon.")
    subprocess.run([*sandbox.MEM, "hook", "git", "post-commit"], cwd=repo.path, check=True)
    hook(repo, "delegate", tool_input={"prompt": "queue.md"})
    repo.git("config", "mem.dense", "chroma")
    sync_index(workspace())
    recall(workspace(), RecallRequest("webhook"))
    hydrate(workspace(), HydrateRequest())
    run_dream(workspace(), DreamRequest())
    run_worker(workspace())
    add_memories(workspace(), [{"body": "Retries wait for a second."}])
    add_memories(workspace(agent="codex"), [{"body": "Codex has a session of its own."}])
    for command in (["report", "-q"], ["review", "--web", "-q"]):
        subprocess.run([*sandbox.MEM, *command], cwd=repo.path, check=True, env={**os.environ, "BROWSER": "true"})
    undecided = PendingDecision(ACCEPT, "0" * 64)
    pending_decisions(workspace()).note({CandidateRef("desk", "01"): undecided})
    journal = workspace().journal
    (journal.home / workspace().clock.new_operation_id()).write_text("torn")
    add_memories(workspace(), [{"body": "A torn entry is set aside."}])
    for what in ("add", "policy"):
        create_draft(workspace(), what, "typed")
    start_session(workspace(), "bench")
    journal.append(workspace().actor.entry("read", workspace().selection.name or "", note={"read": "{}"}))
    return repo


def test_every_file_has_a_row(lived_in: Repo) -> None:
    kinds = rows()
    assert len(kinds) <= MOST_KINDS
    found = files(lived_in)
    for file in found:
        assert len([kind for kind in kinds if any(matches(pattern, file) for pattern in kind)]) == 1, file
    patterns = {pattern for kind in kinds for pattern in kind} - UNSEEN
    assert [pattern for pattern in sorted(patterns) if not any(matches(pattern, file) for file in found)] == []


def test_every_file_may_be_missing(lived_in: Repo, workspace: Open, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(lived_in.path, whole, symlinks=True)
    for number, kind in enumerate(rows()):
        shutil.rmtree(lived_in.path)
        shutil.copytree(whole, lived_in.path, symlinks=True)
        for file in files(lived_in):
            if any(matches(pattern, file) for pattern in kind):
                (lived_in.path / ".git" / "mem" / file).unlink()
        name = f"line-{number}"
        added = add_memories(workspace(session=name), [{"body": f"Fact {number} is about deleted {kind[0]}."}])
        assert added[0].state == "committed", kind
        assert promote(workspace(), PromoteRequest(name, consent=True)).commit, kind
        assert added[0].id in {record.id for record in list_memories(workspace(), Filters()).memories}, kind
        hits = recall(workspace(), RecallRequest(f"fact {number}")).hits
        assert added[0].id in {hit.record.id for hit in hits}, kind
