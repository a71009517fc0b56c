"""The curator's part of a dream: accepted edits become steps and texts of the working tree; nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from memcli.core.curator.job import Job, Limits, Pair
from memcli.core.dream.steps import ATTENTION, CURATE, MERGE, MERGED, RETIRED, REWORDED, SUPERSEDED, Step
from memcli.core.memory.questions import CONTRADICTION
from memcli.operations.curation.answers import read_directory, write_job
from memcli.operations.dream.curator_job import build_dream_job, propose_answer, undecided_pairs
from memcli.operations.dream.working_tree import ChangeLimits, WorkingTree
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.core.curator.examples import ALSO, AT, BOTH, NINE, PINNED, QUEUE, answer
from tests.operations.curators import LIARS, ask_curator, configure, curator_command

Open = Callable[..., Workspace]
AGAIN = "Deliveries that failed go through the retry queue, which gives up after 7 attempts.\n"


@pytest.fixture
def ids(workspace: Open) -> list[str]:
    """The ids of QUEUE, ALSO, NINE and a pinned memory."""
    init(workspace())
    bodies = [{"body": body} for body in (QUEUE, ALSO, NINE)]
    added = add_memories(workspace(session="first"), [*bodies, {"body": PINNED, "pin": "true"}])
    promote(workspace(), PromoteRequest("first", consent=True))
    return [memory.id for memory in added]


@pytest.fixture
def tree(workspace: Open, ids: list[str]) -> Iterator[WorkingTree]:
    assert ids
    with Reader(workspace()).main_view() as view:
        yield WorkingTree(view)


def job_of(tree: WorkingTree, ids: list[str], retire: int = 1) -> Job:
    pairs = [Pair((ids[0], ids[1]), "alike"), Pair((ids[0], ids[2]), "7 against 9"), Pair((ids[3], ids[0]), "near")]
    return build_dream_job(tree, pairs, Limits(retire=retire))


def edit(form: str, memory_id: str, /, **fields: Any) -> dict[str, Any]:
    return {"edit": form, "id": memory_id, "reason": "because", **fields}


def test_the_job_has_the_pairs_and_says_what_may_be_changed(tree: WorkingTree, ids: list[str]) -> None:
    job = job_of(tree, ids)
    assert [memory.id for memory in job.memories] == sorted(ids)
    assert {memory.id: memory.why for memory in job.memories if not memory.editable} == {ids[3]: "pinned"}
    assert len(job.pairs) == 3 and job.left_out == 0
    assert job_of(tree, ids).id == job.id


def test_a_memory_out_of_scope_or_missing_is_not_for_the_curator(tree: WorkingTree, ids: list[str]) -> None:
    tree.limits = ChangeLimits(scope="procedural/*")
    assert {memory.why for memory in job_of(tree, ids).memories} == {"pinned", "not in the scope of this dream"}
    unknown = build_dream_job(tree, [Pair(("01K9Z3V5C4M8Q2T7R6W1XABCDE",), "gone")], Limits())
    assert unknown.memories == () and unknown.left_out == 1


def test_the_pairs_are_what_the_dream_could_not_decide() -> None:
    asked = Step(MERGE, "a", ATTENTION, "alike", ("b",))
    alone, done = Step(MERGE, "c", ATTENTION, "flip-flop"), Step(MERGE, "d", MERGED, "same", ("e",))
    assert undecided_pairs([asked, alone, done]) == (Pair(("a", "b"), "alike"),)


def test_accepted_edits_become_steps_of_the_phase(tree: WorkingTree, ids: list[str]) -> None:
    first, second, third, pinned = ids
    job = job_of(tree, ids)
    merge = edit("merge", second, **{"from": [first]}, body=BOTH)
    edits = answer(
        job, merge, edit("retire", third), edit("attention", pinned, **{"with": [first]}), edit("retire", pinned)
    )
    found = propose_answer(tree, job, edits, AT)
    assert tree.steps == [
        Step(CURATE, first, MERGED, "because", (second,)),
        Step(CURATE, third, RETIRED, "because"),
        Step(CURATE, pinned, ATTENTION, "because", (first,), CONTRADICTION),
    ]
    assert len(tree.texts) == 3 and "may not be changed (pinned)" in found.refused[0].reason
    merged = tree.get(first)
    assert merged and merged.memory.merged_from == (second,) and merged.memory.body == BOTH


def test_edits_that_reword_supersede_and_ask(tree: WorkingTree, ids: list[str]) -> None:
    first, second, third, _ = ids
    job = job_of(tree, ids)
    edits = answer(
        job, edit("edit", second, title="The queue"), edit("supersede", first, by=third), edit("attention", third)
    )
    assert not propose_answer(tree, job, edits, AT).refused
    assert [step.change for step in tree.steps] == [REWORDED, SUPERSEDED, ATTENTION]
    last = tree.get(third)
    assert last and last.memory.supersedes == (first,)
    assert [question.reason for question in last.memory.questions] == ["curator: because"]


def test_an_edit_above_the_limit_is_refused_and_has_no_effect(tree: WorkingTree, ids: list[str]) -> None:
    tree.limits = ChangeLimits(limit=1)
    job = job_of(tree, ids)
    edits = answer(job, edit("edit", ids[0], body=AGAIN), edit("edit", ids[1], title="The queue"))
    found = propose_answer(tree, job, edits, AT)
    assert [refused.reason for refused in found.refused] == ["the dream has reached its limit of changes"]
    assert tree.full and len(tree.texts) == len(tree.steps) == 1


@pytest.mark.parametrize("liar", sorted(LIARS))
def test_a_lying_curator_changes_nothing(
    workspace: Open, repo: Repo, tree: WorkingTree, ids: list[str], liar: str
) -> None:
    text, why = LIARS[liar]
    configure(repo, text, timeout=0.5 if liar == "no answer" else 20)
    job = job_of(tree, ids)
    found = propose_answer(tree, job, ask_curator(workspace(), job), AT)
    assert why in found.failure and not found.accepted
    assert tree.texts == {} and tree.steps == []


@pytest.mark.parametrize(
    "order, why",
    [
        ("'edit': 'retire', 'id': memory['id']", "none is retired"),
        ("'edit': 'retire', 'id': memory['id'][::-1]", "is not a memory of this job"),
        ("'edit': 'edit', 'id': memory['id'], 'body': 'Nothing.'", "lost"),
        ("'edit': 'edit', 'id': memory['id'], 'source': None", "changes nothing"),
        ("'edit': 'edit', 'id': memory['id'], 'source': {}", "no field 'source'"),
        ("'edit': 'supersede', 'id': memory['id'], 'by': job['id']", "is not a memory of this job"),
        ("'edit': 'merge', 'id': memory['id'], 'body': 'All.', 'from': [m['id'] for m in job['memories'][1:]]",
         "may not be changed (pinned)"),
    ],
)  # fmt: skip
def test_a_lying_answer_changes_nothing(
    workspace: Open, repo: Repo, tree: WorkingTree, ids: list[str], order: str, why: str
) -> None:
    edits = f"[{{'reason': 'all of it', {order}}} for memory in job['memories']]"
    configure(repo, f"print(json.dumps({{'job': job['id'], 'edits': {edits} * 100}}))")
    job = job_of(tree, ids)
    found = propose_answer(tree, job, ask_curator(workspace(), job), AT)
    assert not found.failure and not found.accepted
    assert any(why in refused.reason for refused in found.refused)
    assert tree.texts == {} and tree.steps == []


def test_a_directory_is_applied_once(tree: WorkingTree, ids: list[str], tmp_path: Any) -> None:
    job = job_of(tree, ids)
    write_job(job, tmp_path / "job")
    file = tmp_path / "job" / "memories" / f"{ids[0]}.md"
    file.write_text(file.read_text().replace(QUEUE, AGAIN))
    found = read_directory(job, tmp_path / "job")
    assert not propose_answer(tree, job, found.answer, AT, moved=found.moved).refused
    assert [(step.id, step.reason) for step in tree.steps] == [(ids[0], "edited in place")]
    later = job_of(tree, ids)  # the same directory once more: the memory has moved on
    found = read_directory(later, tmp_path / "job")
    edits = propose_answer(tree, later, found.answer, AT, moved=found.moved)
    assert not edits.accepted and "has changed since" in edits.refused[0].reason


def test_without_a_command_there_is_no_curator(workspace: Open, ids: list[str]) -> None:
    assert ids and curator_command(workspace()) is None
