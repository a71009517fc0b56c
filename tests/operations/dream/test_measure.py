"""What a dream would do to recall, on real stores: packs, the front page, lost answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from memcli.branch import store_to_read, store_to_write
from memcli.core.dream.recall_comparison import LostAnswer
from memcli.core.dream.steps import PRUNE, RETIRED, Step
from memcli.core.memory.document import Value
from memcli.core.memory.summary import Filters
from memcli.core.session.reads import Read
from memcli.core.text.tokens import token_count
from memcli.index.database.view import View
from memcli.index.search.ranking import SearchRequest, best, search
from memcli.operations.dream.measure import (
    PackMeter,
    RecallMeasures,
    front_page_tokens,
    measure_recall,
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
    commit = here.odb.commit(store_to_write(here.layout)[1])
    return Snapshot(commit.id, commit.tree, commit.at)


def changed(workspace: Open, **by_id: dict[str, Value]) -> Snapshot:
    """The tip's tree with front matter changed, in no ref, as a dream proposes it."""
    here, now = workspace(), snapshot(workspace)
    with Reader(here).main_view() as view:
        tree = WorkingTree(view)
        for memory_id, values in by_id.items():
            file = tree.get(memory_id)
            assert file
            tree.change(file, values, Step(PRUNE, memory_id, RETIRED, "a test"))
    return Snapshot("", here.store.write(now.tree, tree.texts), now.at)


def at(here: Workspace, snapshot: Snapshot) -> Callable[[], AbstractContextManager[View]]:
    return lambda: Reader(here).tree_view(snapshot)


def meter(here: Workspace) -> PackMeter:
    return PackMeter(here.layout, store_to_read(here.layout)[1], here.selection.name, here.now)


def read(query: str, *shown: str, op: str = "recall", second: int = 0) -> Read:
    pairs = tuple((memory_id, "0" * 40) for memory_id in shown)
    return Read(op, f"2026-11-20T00:00:{second:02}Z", "", query, {"n": 10}, pairs, "0" * 64)


def compared(workspace: Open, before: Snapshot, after: Snapshot, *reads: Read) -> RecallMeasures:
    here = workspace()
    return measure_recall(at(here, before), at(here, after), reads, meter(here))


GONE: dict[str, Value] = {
    "status": "retired",
    "retired": {"at": "2026-11-20T00:00:00Z", "by": "dream", "reason": "expired on 2026-11-01"},
}


def superseded(by: str | None) -> dict[str, Value]:
    return {"status": "superseded", "superseded_by": by}


def test_a_retired_answer_is_lost_with_its_reason(workspace: Open, ids: list[str]) -> None:
    before, after = snapshot(workspace), changed(workspace, **{ids[0]: GONE})
    reads = [read("webhook deliveries retried", ids[0]), read("when are deploys", ids[1], second=1)]
    measures = compared(workspace, before, after, *reads)
    assert measures.lost == (
        LostAnswer("webhook deliveries retried", ids[0], RETRIES.rstrip("."), "retired: expired on 2026-11-01"),
    )
    assert (measures.active, measures.recorded, measures.replayed) == ((3, 2), 2, 2)
    assert measures.front_tokens[0] > measures.front_tokens[1] > 0
    packs = measures.pack_tokens
    assert packs[0] and packs[1] and packs[0] > packs[1]
    assert compared(workspace, before, before, *reads).lost == ()


def test_an_answer_that_the_query_no_longer_has_before_is_not_lost(workspace: Open, ids: list[str]) -> None:
    before, after = snapshot(workspace), changed(workspace, **{ids[0]: GONE})
    assert compared(workspace, before, after, read("deploys on tuesdays", ids[0], ids[1])).lost == ()
    assert compared(workspace, before, after, read("unheard of quasars", ids[0])).lost == ()


def test_a_successor_that_answers_loses_nothing(workspace: Open, ids: list[str]) -> None:
    good = promoted(workspace, "Webhook deliveries are retried at most 9 times, then dropped.")
    before = snapshot(workspace)
    query = read("webhook deliveries retried", ids[0])
    well, badly = (changed(workspace, **{ids[0]: superseded(successor)}) for successor in (good, ids[1]))
    assert compared(workspace, before, well, query).lost == ()
    (lost,) = compared(workspace, before, badly, query).lost
    assert lost.reason == f"superseded by '{DEPLOYS.rstrip('.')}', which does not answer this"


def test_a_merged_memory_answers_for_its_parts(workspace: Open, ids: list[str]) -> None:
    other = promoted(workspace, "Webhook deliveries: retried at most 7 times, says the runbook.")
    before = snapshot(workspace)
    lineage: dict[str, Value] = {"merged_from": (ids[0],)}
    merged = changed(workspace, **{ids[0]: GONE, other: lineage})
    assert compared(workspace, before, merged, read("webhook deliveries retried", ids[0])).lost == ()


def test_real_promotions_are_compared(workspace: Open, ids: list[str]) -> None:
    """Even where the store has moved on, and files of its tip are not in the measured tree."""
    before = snapshot(workspace)
    new = supersede_memory(workspace(), ids[0], {"body": "Webhook deliveries are retried 9 times."})
    promote(workspace(), PromoteRequest(new.session, consent=True))
    gone = retire_memory(workspace(), ids[1], "nobody deploys")
    promote(workspace(), PromoteRequest(gone.session, consent=True))
    reads = read("webhook deliveries retried", ids[0]), read("when are deploys", ids[1])
    measures = compared(workspace, before, snapshot(workspace), *reads)
    assert [(lost.id, lost.reason) for lost in measures.lost] == [(ids[1], "retired: nobody deploys")]
    assert measures.active == (3, 2)


def test_a_line_of_successors_ends_even_in_a_cycle(workspace: Open, ids: list[str]) -> None:
    here = workspace()
    line = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: superseded(ids[2])})
    with Reader(here).tree_view(line) as view:
        measures = successors_of(view, [*ids, "01K9Z3V5C4M8Q2T7R6W1XABCDE"])
    assert [measures[memory_id].id for memory_id in ids] == [ids[2]] * 3 and len(measures) == 3
    cycle = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: superseded(ids[0]), ids[2]: superseded(ids[2])})
    with Reader(here).tree_view(cycle) as view:
        assert [successor.id for successor in successors_of(view, ids).values()] == [None] * 3
    ended = changed(workspace, **{ids[0]: superseded(ids[1]), ids[1]: GONE, ids[2]: superseded(None)})
    with Reader(here).tree_view(ended) as view:
        measures = successors_of(view, ids)
    assert measures[ids[0]].reason == f"superseded by '{DEPLOYS.rstrip('.')}', retired: expired on 2026-11-01"
    assert measures[ids[2]].reason == "superseded by a memory that is not in the store"


def test_the_tasks_of_recorded_packs() -> None:
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


def test_a_store_of_200_memories(workspace: Open, store: Workspace) -> None:
    with Reader(store).main_view() as view:
        shown = {number: best(view, corpus.query(number)) for number in range(0, 200, 3)}
        first = search(view, SearchRequest(corpus.query(0), Filters()))
        assert [hit.record.id for hit in first.hits] == shown[0]
    gone = {shown[number][0] for number in range(90, 120, 3)}
    reads = [read(corpus.query(number), *measures, second=number % 60) for number, measures in shown.items()]
    before, after = snapshot(workspace), changed(workspace, **dict.fromkeys(gone, GONE))
    measures = compared(workspace, before, after, *reads)
    assert {lost.id for lost in measures.lost} >= gone - {shown[0][0]}
    assert {lost.reason for lost in measures.lost} == {"retired: expired on 2026-11-01"}
    assert measures == compared(workspace, before, after, *reads)
    assert measures.active == (200, 200 - len(gone)) and measures.recorded == measures.replayed == 50


def test_an_overlaid_tree_answers_like_one_scored_alone(workspace: Open, store: Workspace) -> None:
    with Reader(store).main_view() as view:
        gone = [record.id for record in view.records()][:20]
    after = changed(workspace, **dict.fromkeys(gone, GONE))
    with Reader(store).tree_view(after) as view:
        overlaid = [best(view, corpus.query(number)) for number in range(30)]
        page = front_page_tokens(view)
    with Reader(store).past_view(after) as view:
        assert [best(view, corpus.query(number)) for number in range(30)] == overlaid
        assert front_page_tokens(view) == page


def test_the_average_pack(store: Workspace) -> None:
    tasks = [corpus.query(1), corpus.query(2)]
    with Reader(store).main_view() as view:
        sizes = [meter(store).average_tokens(view, [task]).total for task in tasks]
        average = meter(store).average_tokens(view, tasks).total
        assert sizes[0] and sizes[1] and average == round((sizes[0] + sizes[1]) / 2) <= 2_000
        assert meter(store).average_tokens(view, []) == (None, None)
        assert token_count("x" * 8_000) == 2_000
