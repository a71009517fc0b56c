"""What a dream would do to recall, on real stores: packs, the front page, answers that would be lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from memcli.core.dream.recall_comparison import LostAnswer
from memcli.core.dream.steps import PRUNE, RETIRED, Step
from memcli.core.memory.document import Value
from memcli.core.memory.summary import Filters
from memcli.core.session.reads import Read
from memcli.core.text.tokens import token_count
from memcli.index.database.view import View
from memcli.index.search.ranking import SearchRequest, best, search
from memcli.operations.dream.measure import (
    RecallMeasures,
    front_page_tokens,
    measure_recall,
    pack_tokens,
    recorded_tasks,
)
from memcli.operations.dream.successors import successors_of
from memcli.operations.dream.working_tree import WorkingTree
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.retire import retire_memory
from memcli.operations.memories.supersede import supersede_memory
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import Snapshot
from memcli.workspace import Workspace
from tests.benchmarks import corpus
from tests.conftest import Repo

Open = Callable[..., Workspace]
RETRIES, DEPLOYS, LEDGER = (
    "Webhook deliveries are retried at most 7 times.",
    "Deploys happen on Tuesdays, never before noon.",
    "The ledger locks a row for each invoice.",
)


@pytest.fixture
def ids(workspace: Open) -> list[str]:
    init(workspace())
    return [promoted(workspace, body) for body in (RETRIES, DEPLOYS, LEDGER)]


def promoted(workspace: Open, body: str) -> str:
    made = add_memories(workspace(session="none-yet"), [{"body": body}])[0]
    promote(workspace(), PromoteRequest(made.session, consent=True))
    return made.id


def snapshot(workspace: Open) -> Snapshot:
    here = workspace()
    commit = here.odb.commit(here.main()[1])
    return Snapshot(commit.id, commit.tree, commit.at)


def changed(workspace: Open, **by_id: dict[str, Value]) -> Snapshot:
    """The tip's tree with front matter changed, in no ref, as a dream proposes it."""
    here, now = workspace(), snapshot(workspace)
    with Reader(here).main_view() as view:
        draft = WorkingTree(view)
        for memory_id, values in by_id.items():
            source = draft.get(memory_id)
            assert source
            draft.change(source, values, Step(PRUNE, memory_id, RETIRED, "a test"))
    return Snapshot("", here.store.write(now.tree, draft.texts), now.at)


def at(here: Workspace, then: Snapshot) -> Callable[[], AbstractContextManager[View]]:
    return lambda: Reader(here).tree_view(then)


def read(query: str, *shown: str, op: str = "recall", second: int = 0) -> Read:
    pairs = tuple((one, "0" * 40) for one in shown)
    return Read(op, f"2026-11-20T00:00:{second:02}Z", "", query, {"n": 10}, pairs, "0" * 64)


def compared(workspace: Open, before: Snapshot, after: Snapshot, *reads: Read) -> RecallMeasures:
    here = workspace()
    return measure_recall(here, at(here, before), at(here, after), reads)


GONE: dict[str, Value] = {
    "status": "retired",
    "retired": {"at": "2026-11-20T00:00:00Z", "by": "dream", "reason": "expired on 2026-11-01"},
}


def superseded(by: str | None) -> dict[str, Value]:
    return {"status": "superseded", "superseded_by": by}


def test_a_retired_answer_is_named_with_its_reason(workspace: Open, ids: list[str]) -> None:
    before, after = snapshot(workspace), changed(workspace, **{ids[0]: GONE})
    reads = [read("webhook deliveries retried", ids[0]), read("when are deploys", ids[1], second=1)]
    found = compared(workspace, before, after, *reads)
    assert found.lost == (
        LostAnswer("webhook deliveries retried", ids[0], RETRIES.rstrip("."), "retired: expired on 2026-11-01"),
    )
    assert (found.active, found.recorded, found.replayed) == ((3, 2), 2, 2)
    assert found.front_tokens[0] > found.front_tokens[1] > 0
    packs = found.pack_tokens
    assert packs[0] and packs[1] and packs[0] > packs[1]
    assert compared(workspace, before, before, *reads).lost == ()


def test_what_was_shown_once_and_no_longer_answers_is_not_lost(workspace: Open, ids: list[str]) -> None:
    before, after = snapshot(workspace), changed(workspace, **{ids[0]: GONE})
    assert compared(workspace, before, after, read("deploys on tuesdays", ids[0], ids[1])).lost == ()
    assert compared(workspace, before, after, read("unheard of quasars", ids[0])).lost == ()


def test_an_heir_that_answers_loses_nothing(workspace: Open, ids: list[str]) -> None:
    good = promoted(workspace, "Webhook deliveries are retried at most 9 times, then dropped.")
    before = snapshot(workspace)
    query = read("webhook deliveries retried", ids[0])
    well, badly = (changed(workspace, **{ids[0]: superseded(heir)}) for heir in (good, ids[1]))
    assert compared(workspace, before, well, query).lost == ()
    (lost,) = compared(workspace, before, badly, query).lost
    assert lost.reason == f"superseded by '{DEPLOYS.rstrip('.')}', which does not answer this"


def test_a_united_memory_answers_for_what_went_into_it(workspace: Open, ids: list[str]) -> None:
    twin = promoted(workspace, "Webhook deliveries: retried at most 7 times, says the runbook.")
    before = snapshot(workspace)
    lineage: dict[str, Value] = {"merged_from": (ids[0],)}
    united = changed(workspace, **{ids[0]: GONE, twin: lineage})
    assert compared(workspace, before, united, read("webhook deliveries retried", ids[0])).lost == ()


def test_real_promotions_are_sides_too(workspace: Open, ids: list[str]) -> None:
    """Also where the store has gone on, and where files of its tip are not in the tree that is measured."""
    before = snapshot(workspace)
    new = supersede_memory(workspace(), ids[0], {"body": "Webhook deliveries are retried 9 times."})
    promote(workspace(), PromoteRequest(new.session, consent=True))
    gone = retire_memory(workspace(), ids[1], "nobody deploys")
    promote(workspace(), PromoteRequest(gone.session, consent=True))
    reads = read("webhook deliveries retried", ids[0]), read("when are deploys", ids[1])
    found = compared(workspace, before, snapshot(workspace), *reads)
    assert [(one.id, one.reason) for one in found.lost] == [(ids[1], "retired: nobody deploys")]
    assert found.active == (3, 2)


def test_lines_of_heirs_end_also_where_they_are_knotted(workspace: Open, ids: list[str]) -> None:
    here = workspace()
    line = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: superseded(ids[2])})
    with Reader(here).tree_view(line) as view:
        found = successors_of(view, [*ids, "01K9Z3V5C4M8Q2T7R6W1XABCDE"])
    assert [found[one].id for one in ids] == [ids[2]] * 3 and len(found) == 3
    knot = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: superseded(ids[0]), ids[2]: superseded(ids[2])})
    with Reader(here).tree_view(knot) as view:
        assert [one.id for one in successors_of(view, ids).values()] == [None] * 3
    ended = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: GONE, ids[2]: superseded(None)})
    with Reader(here).tree_view(ended) as view:
        found = successors_of(view, ids)
    assert found[ids[0]].reason == f"superseded by '{DEPLOYS.rstrip('.')}', retired: expired on 2026-11-01"
    assert found[ids[2]].reason == "superseded by nothing that is here"


def test_tasks_are_the_recorded_ones() -> None:
    packs = [read(task, op="hydrate", second=n) for n, task in enumerate(["a", "b", "", "a"])]
    assert recorded_tasks([*packs, read("recalled")]) == ("a", "b") and recorded_tasks([]) == ("",)
    assert recorded_tasks([read(str(n), op="hydrate") for n in range(30)], 3) == ("29", "28", "27")


def test_measuring_writes_nothing(workspace: Open, ids: list[str], repo: Repo) -> None:
    before, after = snapshot(workspace), changed(workspace, **{ids[0]: GONE})
    refs, files = repo.git("for-each-ref"), sorted((repo.path / ".git/objects").rglob("*"))
    compared(workspace, before, after, read("webhook deliveries retried", ids[0]), read("deploys", op="hydrate"))
    assert repo.git("for-each-ref") == refs and sorted((repo.path / ".git/objects").rglob("*")) == files
    assert not (repo.path / ".git/mem/packs").exists()


@pytest.fixture
def store(workspace: Open) -> Workspace:
    """200 memories."""
    here = workspace()
    init(here)
    corpus.commit(here, range(200))
    return workspace()


def test_200_memories(workspace: Open, store: Workspace) -> None:
    with Reader(store).main_view() as view:
        shown = {number: best(view, corpus.query(number)) for number in range(0, 200, 3)}
        first = search(view, SearchRequest(corpus.query(0), Filters()))
        assert [hit.record.id for hit in first.hits] == shown[0]
    gone = {shown[number][0] for number in range(90, 120, 3)}
    reads = [read(corpus.query(number), *found, second=number % 60) for number, found in shown.items()]
    before, after = snapshot(workspace), changed(workspace, **dict.fromkeys(gone, GONE))
    found = compared(workspace, before, after, *reads)
    assert {one.id for one in found.lost} >= gone - {shown[0][0]}
    assert {one.reason for one in found.lost} == {"retired: expired on 2026-11-01"}
    assert found == compared(workspace, before, after, *reads)
    assert found.active == (200, 200 - len(gone)) and found.recorded == found.replayed == 50


def test_a_tree_laid_over_answers_like_one_scored_alone(workspace: Open, store: Workspace) -> None:
    with Reader(store).main_view() as view:
        gone = [record.id for record in view.records()][:20]
    after = changed(workspace, **dict.fromkeys(gone, GONE))
    with Reader(store).tree_view(after) as view:
        quick = [best(view, corpus.query(number)) for number in range(30)]
        page = front_page_tokens(view)
    with Reader(store).past_view(after) as view:
        assert [best(view, corpus.query(number)) for number in range(30)] == quick
        assert front_page_tokens(view) == page


def test_the_average_pack(store: Workspace) -> None:
    tasks = [corpus.query(1), corpus.query(2)]
    with Reader(store).main_view() as view:
        sizes = [pack_tokens(store, view, [task]) for task in tasks]
        average = pack_tokens(store, view, tasks)
        assert sizes[0] and sizes[1] and average == round((sizes[0] + sizes[1]) / 2) <= 2_000
        assert pack_tokens(store, view, []) is None
        assert token_count("x" * 8_000) == 2_000
