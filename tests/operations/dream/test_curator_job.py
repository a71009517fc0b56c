"""Curators in a dream: what a good one decides is proposed; a bad one changes only the report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from memcli.core.dream.steps import CURATE
from memcli.operations.dream.dream import apply_dream_answer, prepare_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.memories.show import show_memory as show_memory
from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.dream.test_dream import Open, dream_now, front, promote_dream, store_memories, tree

ONE = "The webhook retry queue of the payments service retries failed deliveries with growing pauses."
TWO = "The webhook retry queue of the payments service retries failed deliveries, and the pauses grow each time."
BOTH = "The webhook retry queue of the payments service retries failed deliveries; each time the pauses are growing."


@pytest.fixture
def pair(workspace: Open) -> list[str]:
    init(workspace())
    return store_memories(workspace, ONE, TWO, "Deploys run before noon in every region.")


def curator(repo: Repo, script: str) -> None:
    """Configure a command that has the job in `job` and prints its answer."""
    file = repo.path.parent / "curator.py"
    file.write_text(f"import json, sys, time\njob = json.load(sys.stdin)\n{script}\n")
    repo.git("config", "mem.curator", f"{sys.executable} {file}")
    repo.git("config", "mem.curatorTimeout", "3")


def answering(edits: str) -> str:
    return f"print(json.dumps({{'schema': 'memcli/curator@1', 'job': job['id'], 'edits': {edits}}}))"


MERGE = f"[{{'edit': 'merge', 'id': ids[0], 'from': [ids[1]], 'body': {BOTH!r}, 'reason': 'they say the same'}}]"
IDS = "ids = [memory['id'] for memory in job['memories']]\n"


def test_a_curator_decides_what_the_dream_could_not(workspace: Open, repo: Repo, pair: list[str]) -> None:
    curator(repo, IDS + answering(MERGE))
    done = dream_now(workspace)
    assert [(step.change, step.id, step.others) for step in done.steps if step.phase == CURATE] == [
        ("merged", pair[0], (pair[1],))
    ]
    promote_dream(workspace, done)
    assert show_memory(workspace(), pair[0]).body.strip() == BOTH
    assert front(workspace, pair[1])["superseded_by"] == pair[0]


LIES = {
    "unknown ids": answering("[{'edit': 'retire', 'id': '01K9Z3V5C4M8Q2T7R6W1XABCDE', 'reason': 'x'}]"),
    "dropped sources": IDS
    + answering("[{'edit': 'merge', 'id': ids[0], 'from': [], 'body': 'All is well.', 'reason': 'x'}]"),
    "an order to retire everything": IDS + answering("[{'edit': 'retire', 'id': one, 'reason': 'x'} for one in ids]"),
    "invalid JSON": "print('{\"edits\": [')",
    "no answer": "time.sleep(60)",
    "too much": "while True: sys.stdout.write('x' * 1000000)",
    "a failure": "sys.exit(3)",
    "another job": "print(json.dumps({'schema': 'memcli/curator@1', 'job': 'other', 'edits': []}))",
}


@pytest.mark.parametrize("lie", sorted(LIES))
def test_a_bad_curator_changes_only_the_report(workspace: Open, repo: Repo, pair: list[str], lie: str) -> None:
    curator(repo, LIES[lie])
    done = dream_now(workspace)
    assert [step.id for step in done.steps if step.phase == CURATE] == []
    assert done.curator
    assert done.curator.failure or done.curator.refused
    promote_dream(workspace, done)
    assert [front(workspace, memory_id)["status"] for memory_id in pair] == ["active"] * 3
    assert [show_memory(workspace(), memory_id).body.strip() for memory_id in pair[:2]] == [ONE, TWO]


def test_a_job_is_prepared_edited_and_applied_as_files(
    workspace: Open, repo: Repo, pair: list[str], tmp_path: Path
) -> None:
    directory = tmp_path / "job"
    before = tree(repo)
    done, job = prepare_dream(workspace(), DreamRequest(), directory)
    assert job
    file = directory / "edits.json"
    answer = json.loads(file.read_text())
    answer["edits"] = [{"edit": "merge", "id": pair[0], "from": [pair[1]], "body": BOTH, "reason": "the same"}]
    file.write_text(json.dumps(answer))
    after = apply_dream_answer(workspace(), directory)
    assert (after.session, tree(repo)) == (done.session, before)
    assert [step.change for step in after.steps if step.phase == CURATE] == ["merged"]
    assert after.report
    promote_dream(workspace, after)
    assert show_memory(workspace(), pair[0]).body.strip() == BOTH


def test_without_questions_no_job_is_written(workspace: Open, tmp_path: Path) -> None:
    init(workspace())
    store_memories(workspace, ONE)
    _, job = prepare_dream(workspace(), DreamRequest(), tmp_path / "job")
    assert job is None
    assert not (tmp_path / "job").exists()
