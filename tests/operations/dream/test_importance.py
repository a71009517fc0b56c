"""Reading changes how memories rank in this clone, and nothing that anybody has to review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from memcli.index.storage.use_counts import FILE, read_uses
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.drained import drain
from tests.operations.dream.loading import load

Open = Callable[..., Workspace]
TEXTS = ["The ledger locks invoices by row.", "The gateway locks invoices by table.", "Ada owns the ledger."]


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def importance(workspace: Open, query: str) -> dict[str, float]:
    hits = recall(workspace(), RecallRequest(query)).hits
    return {hit.record.id: hit.channels["importance"].score for hit in hits}


def evening_of_queries(workspace: Open, query: str, count: int = 8) -> None:
    start_session(workspace(), "evening")
    for _ in range(count):
        recall(workspace(session="evening"), RecallRequest(query))
    drain(workspace())


def test_reads_are_no_change_to_review(workspace: Open, repo: Repo) -> None:
    ids = load(workspace(), TEXTS)
    run_dream(workspace(), DreamRequest())
    before = importance(workspace, "invoices")
    evening_of_queries(workspace, "who locks invoices")
    dream = run_dream(workspace(), DreamRequest())
    assert (dream.session, dream.steps) == (None, ())
    assert "importance" not in repo.git("grep", "-h", "", "mem/main")
    after = importance(workspace, "invoices")
    assert before[ids[0]] == 0.5 < after[ids[0]]


def test_deleting_the_counts_loses_nothing(workspace: Open) -> None:
    load(workspace(), TEXTS)
    evening_of_queries(workspace, "who locks invoices")
    run_dream(workspace(), DreamRequest())
    directory = Path(workspace().layout.mem_dir, "index")
    counts = read_uses(directory)
    assert counts
    (directory / FILE).unlink()
    assert set(importance(workspace, "invoices").values()) == {0.5}
    run_dream(workspace(), DreamRequest())
    assert read_uses(directory).keys() == counts.keys()


def test_what_an_author_stated_stands(workspace: Open) -> None:
    ids = load(workspace(), TEXTS, {0: {"importance": 0.9}, 1: {"importance": 0.1}})
    evening_of_queries(workspace, "who locks invoices")
    run_dream(workspace(), DreamRequest())
    shown = importance(workspace, "invoices")
    assert (shown[ids[0]], shown[ids[1]]) == (0.9, 0.1)
