"""The curator's part of a dream: what is accepted are steps and texts of the draft, all else stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from memcli.core.curator.job import Job, Limits, Pair
from memcli.core.dream.steps import ATTENTION, CURATE, MERGE, MERGED, RETIRED, REWORDED, SUPERSEDED, Step
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
    """QUEUE, ALSO, NINE and a pinned one."""
    init(workspace())
    bodies = [{"body": body} for body in (QUEUE, ALSO, NINE)]
    made = add_memories(workspace(session="first"), [*bodies, {"body": PINNED, "pin": "true"}])
    promote(workspace(), PromoteRequest("first", consent=True))
    return [one.id for one in made]


@pytest.fixture
def draft(workspace: Open, ids: list[str]) -> Iterator[WorkingTree]:
    assert ids
    with Reader(workspace()).main_view() as view:
        yield WorkingTree(view)


def job_of(draft: WorkingTree, ids: list[str], retire: int = 1) -> Job:
    pairs = [Pair((ids[0], ids[1]), "alike"), Pair((ids[0], ids[2]), "7 against 9"), Pair((ids[3], ids[0]), "near")]
    return build_dream_job(draft, pairs, Limits(retire=retire))


def edit(form: str, memory_id: str, /, **fields: Any) -> dict[str, Any]:
    return {"edit": form, "id": memory_id, "reason": "because", **fields}


def test_the_job_shows_the_pairs_and_what_may_be_changed(draft: WorkingTree, ids: list[str]) -> None:
    job = job_of(draft, ids)
    assert [one.id for one in job.memories] == sorted(ids)
    assert {one.id: one.why for one in job.memories if not one.editable} == {ids[3]: "pinned"}
    assert len(job.pairs) == 3 and job.left_out == 0
    assert job_of(draft, ids).id == job.id


def test_what_is_outside_of_the_scope_or_not_there_is_not_for_the_curator(draft: WorkingTree, ids: list[str]) -> None:
    draft.bounds = ChangeLimits(scope="procedural/*")
    assert {one.why for one in job_of(draft, ids).memories} == {"pinned", "not in the scope of this dream"}
    unknown = build_dream_job(draft, [Pair(("01K9Z3V5C4M8Q2T7R6W1XABCDE",), "gone")], Limits())
    assert unknown.memories == () and unknown.left_out == 1


def test_what_a_dream_could_not_decide_are_the_pairs() -> None:
    asked = Step(MERGE, "a", ATTENTION, "alike", ("b",))
    alone, done = Step(MERGE, "c", ATTENTION, "swings"), Step(MERGE, "d", MERGED, "same", ("e",))
    assert undecided_pairs([asked, alone, done]) == (Pair(("a", "b"), "alike"),)


def test_what_is_accepted_are_steps_of_the_phase(draft: WorkingTree, ids: list[str]) -> None:
    one, two, three, pinned = ids
    job = job_of(draft, ids)
    merge = edit("merge", two, **{"from": [one]}, body=BOTH)
    said = answer(
        job, merge, edit("retire", three), edit("attention", pinned, **{"with": [one]}), edit("retire", pinned)
    )
    found = propose_answer(draft, job, said, AT)
    assert draft.steps == [
        Step(CURATE, one, MERGED, "because", (two,)),
        Step(CURATE, three, RETIRED, "because"),
        Step(CURATE, pinned, ATTENTION, "because", (one,)),
    ]
    assert len(draft.texts) == 3 and "may not be changed (pinned)" in found.refused[0].reason
    whole = draft.get(one)
    assert whole and whole.memory.merged_from == (two,) and whole.memory.body == BOTH


def test_rewording_superseding_and_asking(draft: WorkingTree, ids: list[str]) -> None:
    one, two, three, _ = ids
    job = job_of(draft, ids)
    said = answer(job, edit("edit", two, title="The queue"), edit("supersede", one, by=three), edit("attention", three))
    assert not propose_answer(draft, job, said, AT).refused
    assert [step.change for step in draft.steps] == [REWORDED, SUPERSEDED, ATTENTION]
    last = draft.get(three)
    assert last and last.memory.supersedes == (one,) and last.memory.attention == "curator: because"


def test_what_the_draft_does_not_take_is_refused_and_nothing_follows_from_it(
    draft: WorkingTree, ids: list[str]
) -> None:
    draft.bounds = ChangeLimits(limit=1)
    job = job_of(draft, ids)
    said = answer(job, edit("edit", ids[0], body=AGAIN), edit("edit", ids[1], title="The queue"))
    found = propose_answer(draft, job, said, AT)
    assert [one.reason for one in found.refused] == ["the dream may change no further memory"]
    assert draft.full and len(draft.texts) == len(draft.steps) == 1


@pytest.mark.parametrize("liar", sorted(LIARS))
def test_a_lying_curator_changes_nothing(
    workspace: Open, repo: Repo, draft: WorkingTree, ids: list[str], liar: str
) -> None:
    text, why = LIARS[liar]
    configure(repo, text, timeout=0.5 if liar == "no answer" else 20)
    job = job_of(draft, ids)
    found = propose_answer(draft, job, ask_curator(workspace(), job), AT)
    assert why in found.failure and not found.accepted
    assert draft.texts == {} and draft.steps == []


@pytest.mark.parametrize(
    "order, why",
    [
        ("'edit': 'retire', 'id': one['id']", "none is retired"),
        ("'edit': 'retire', 'id': one['id'][::-1]", "is not a memory of this job"),
        ("'edit': 'edit', 'id': one['id'], 'body': 'Nothing.'", "lost"),
        ("'edit': 'edit', 'id': one['id'], 'source': None", "changes nothing"),
        ("'edit': 'edit', 'id': one['id'], 'source': {}", "no field 'source'"),
        ("'edit': 'supersede', 'id': one['id'], 'by': job['id']", "is not a memory of this job"),
        ("'edit': 'merge', 'id': one['id'], 'body': 'All.', 'from': [m['id'] for m in job['memories'] if m != one]",
         "may not be changed (pinned)"),
    ],
)  # fmt: skip
def test_a_lying_answer_changes_nothing(
    workspace: Open, repo: Repo, draft: WorkingTree, ids: list[str], order: str, why: str
) -> None:
    edits = f"[{{'reason': 'all of it', {order}}} for one in job['memories']]"
    configure(repo, f"print(json.dumps({{'job': job['id'], 'edits': {edits} * 100}}))")
    job = job_of(draft, ids)
    found = propose_answer(draft, job, ask_curator(workspace(), job), AT)
    assert not found.failure and not found.accepted
    assert any(why in one.reason for one in found.refused)
    assert draft.texts == {} and draft.steps == []


def test_by_hand(draft: WorkingTree, ids: list[str], tmp_path: Any) -> None:
    job = job_of(draft, ids)
    write_job(job, tmp_path / "job")
    file = tmp_path / "job" / "memories" / f"{ids[0]}.md"
    file.write_text(file.read_text().replace(QUEUE, AGAIN))
    found = read_directory(job, tmp_path / "job")
    assert not propose_answer(draft, job, found.answer, AT, moved=found.moved).refused
    assert [(step.id, step.reason) for step in draft.steps] == [(ids[0], "edited in place")]
    later = job_of(draft, ids)  # the same directory once more: the memory has moved on
    found = read_directory(later, tmp_path / "job")
    said = propose_answer(draft, later, found.answer, AT, moved=found.moved)
    assert not said.accepted and "has changed since" in said.refused[0].reason


def test_without_a_command_there_is_no_curator(workspace: Open, ids: list[str]) -> None:
    assert ids and curator_command(workspace()) is None
