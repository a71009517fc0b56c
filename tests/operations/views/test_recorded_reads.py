"""Recorded reads of real sessions: open, ended, promoted and unreadable ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from memcli.branch import READS, store_to_write
from memcli.core.session.reads import Read
from memcli.index.storage.use_counts import read_uses
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views import recorded_reads
from memcli.operations.views.recorded_reads import RecordedReads, update_use_counts
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.drained import drain

Open = Callable[..., Workspace]
FACTS = ("Deliveries are retried at most 7 times.", "Deploys happen on Tuesdays.")


@pytest.fixture(autouse=True)
def ids(workspace: Open) -> list[str]:
    """Two memories in the store."""
    init(workspace())
    made = add_memories(workspace(session="first"), [{"body": body} for body in FACTS])
    promote(workspace(), PromoteRequest("first", consent=True))
    return [one.id for one in made]


def recall_in(workspace: Open, session: str, *queries: str) -> None:
    """Add a memory and recall in a session."""
    add_memories(workspace(session=session), [{"body": f"Seen by {session}: {' '.join(queries)}"}])
    for query in queries:
        recall(workspace(session=session), RecallRequest(query))
    drained(workspace)


def drained(workspace: Open) -> None:
    drain(workspace())


def reads_of(here: Workspace) -> RecordedReads:
    return RecordedReads(here.layout, here.odb, here.store)


def load(workspace: Open, commits: Iterable[str]) -> list[Read]:
    return reads_of(workspace()).load(commits)


def tips(workspace: Open, since: datetime | None = None, watermark: str | None = None) -> tuple[str, ...]:
    here = workspace()
    return reads_of(here).commits(since, watermark, store_to_write(here.layout)[1])


def queries(workspace: Open, *chosen: str) -> list[str]:
    return [read.query for read in load(workspace, chosen or tips(workspace))]


def counted_uses(workspace: Open) -> dict[str, float]:
    """What is counted beside the index."""
    here = workspace()
    update_use_counts(here.layout, here.odb, here.store, store_to_write(here.layout)[1])
    return read_uses(Path(here.layout.mem_dir, "index"))


def test_reads_of_open_and_promoted_sessions_count_once(workspace: Open) -> None:
    recall_in(workspace, "open", "retried deliveries")
    recall_in(workspace, "done", "deploys", "tuesdays")
    promote(workspace(), PromoteRequest("done", consent=True))
    reads = load(workspace, tips(workspace))
    assert sorted(read.query for read in reads) == ["deploys", "retried deliveries", "tuesdays"]
    shown = [memory_id for read in reads for memory_id, _ in read.ids]
    assert counted_uses(workspace) == {memory_id: shown.count(memory_id) for memory_id in set(shown)}
    assert [read.at for read in reads] == sorted(read.at for read in reads)
    both = [*tips(workspace), workspace().sessions.load("done", ended=True).tip]
    assert load(workspace, both) == reads


def test_the_order_of_the_commits_does_not_matter(workspace: Open) -> None:
    for name in ("one", "two", "three"):
        recall_in(workspace, name, f"deploys {name}")
    every = tips(workspace)
    assert len(every) == 3 and every == tuple(sorted(every))
    assert load(workspace, every) == load(workspace, every[::-1] * 2)


def test_a_promotion_keeps_the_reads_of_a_session_whose_ref_is_gone(workspace: Open, repo: Repo) -> None:
    recall_in(workspace, "done", "deploys")
    promote(workspace(), PromoteRequest("done", consent=True))
    repo.git("update-ref", "-d", "refs/mem/ended/done")
    assert queries(workspace) == ["deploys"]
    assert tips(workspace, watermark=store_to_write(workspace().layout)[1]) == ()


def test_only_reads_after_an_instant_count(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2030-01-01T00:00:00Z")
    recall_in(workspace, "old", "deploys")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2030-02-01T00:00:00Z")
    recall_in(workspace, "new", "tuesdays")
    assert queries(workspace, *tips(workspace, datetime(2030, 1, 15, tzinfo=UTC))) == ["tuesdays"]
    assert tips(workspace, datetime(2030, 2, 1, tzinfo=UTC)) == ()


def test_dreams_and_sessions_without_reads_do_not_count(workspace: Open, repo: Repo) -> None:
    add_memories(workspace(session="silent"), [{"body": "Nothing was asked."}])
    recall_in(workspace, "work", "deploys")
    tip = repo.git("rev-parse", "refs/mem/sessions/work")
    repo.git("update-ref", "refs/mem/sessions/dream-20261120t000000z", tip)
    assert tips(workspace) == (tip,)
    repo.git("update-ref", "-d", "refs/mem/sessions/work")
    assert tips(workspace) == ()


def test_hostile_files_are_read_as_far_as_possible(
    workspace: Open, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recall_in(workspace, "good", "deploys")
    read = Read("recall", "2026-11-20T00:00:00Z", "", "kept", {}, ((ids[0], "0" * 40),), "0" * 64)
    mixed = foreign(workspace, f'\0\n[[[\n{{"ids": 7}}\n{read.line()}\n\ud800'.encode("utf-8", "replace"))
    assert queries(workspace, mixed) == ["kept"]
    monkeypatch.setattr(recorded_reads, "MOST_BYTES", 1_000)
    assert queries(workspace, foreign(workspace, (read.line() + "\n").encode() * 100)) == []
    assert queries(workspace, "0" * 40, mixed) == ["kept"]
    assert queries(workspace) == ["deploys"]


def foreign(workspace: Open, data: bytes) -> str:
    """A commit whose recorded reads are these bytes."""
    here = workspace()
    tree = here.odb.update(here.odb.commit(store_to_write(here.layout)[1]).tree, {READS: here.odb.write_blob(data)})
    return here.odb.write_commit(tree, [store_to_write(here.layout)[1]], "foreign", here.person)


def test_of_too_many_reads_the_newest_are_kept(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [Read("recall", f"2026-11-20T00:{n:02}:00Z", "", f"q{n}", {}, (), "0" * 64).line() for n in range(40)]
    tip = foreign(workspace, "\n".join(lines).encode())
    monkeypatch.setattr(recorded_reads, "MOST_READS", 5)
    assert queries(workspace, tip) == [f"q{n}" for n in range(35, 40)]
    for name in ("one", "two", "three"):
        recall_in(workspace, name, "deploys")
    monkeypatch.setattr(recorded_reads, "MOST_COMMITS", 2)
    assert len(tips(workspace)) == 2


def test_a_pack_is_a_read(workspace: Open, ids: list[str]) -> None:
    recall_in(workspace, "work")
    hydrate(workspace(session="work"), HydrateRequest(task="deploys"))
    drained(workspace)
    (read,) = load(workspace, tips(workspace))
    assert (read.op, read.query) == ("hydrate", "deploys") and counted_uses(workspace)[ids[1]] == 1
