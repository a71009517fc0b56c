"""The store as of a snapshot: real promotions, also by machines whose clocks were wrong."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from memcli import config
from memcli.branch import ROOT
from memcli.core.memory.instants import format_instant
from memcli.core.memory.summary import Filters
from memcli.errors import NotFound, Usage
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.retire import retire_memory
from memcli.operations.memories.show import show_memory
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.decisions import Promoted
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import Snapshot, parse_valid_at
from memcli.workspace import Workspace
from tests.conftest import Repo

At = Callable[..., Workspace]
Note = Callable[..., Promoted]


@pytest.fixture
def at(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> At:
    """A workspace whose clock stands at an instant; None: it goes."""

    def opened(instant: str | None = None) -> Workspace:
        if instant is None:
            monkeypatch.delenv("GIT_COMMITTER_DATE", raising=False)
        else:
            monkeypatch.setenv("GIT_COMMITTER_DATE", instant)
        return Workspace(config.load(config.Flags(directory=str(repo.path))))

    init(opened(None))
    return opened


@pytest.fixture
def note(at: At) -> Note:
    """Write down a memory and promote it at an instant."""

    def promoted(instant: str, body: str, **front: str) -> Promoted:
        made = add_memories(at(instant), [{"body": body, **front}])
        return promote(at(instant), PromoteRequest(made[0].session, consent=True))

    return promoted


def snapshot(workspace: Workspace, name: str) -> Snapshot:
    found = Reader(workspace).snapshot(name)
    assert found
    return found


def titles(workspace: Workspace, as_of: str | None = None, **filters: object) -> list[str]:
    found = list_memories(workspace, Filters(**filters), as_of=as_of).memories  # type: ignore[arg-type]
    return sorted(one.title for one in found)


def test_a_date_is_the_store_at_the_end_of_that_day(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    note("2026-03-02T23:30:00Z", "The second")
    here = at("2026-06-01T00:00:00Z")
    assert titles(here, "2026-02-28") == titles(here, "1969-12-31") == []
    assert titles(here, "2026-03-01") == titles(here, "2026-03-02T23:29:59Z") == ["The first"]
    assert titles(here, "2026-03-02") == titles(here, "2026-03-03T00:30:00+01:00") == ["The first", "The second"]


def test_a_commit_of_the_store_or_of_a_session_is_itself(at: At, note: Note, repo: Repo) -> None:
    first = note("2026-03-01T10:00:00Z", "The first")
    note("2026-03-02T10:00:00Z", "The second")
    here, tip = at(), repo.git("rev-parse", "mem/main")
    assert first.commit
    for name in (first.commit, first.commit[:12].upper(), first.parents[1]):
        assert titles(here, name) == ["The first"]
    repo.git("tag", "-a", "-m", "a tag", "release", first.commit)
    assert titles(here, "release") == ["The first"]
    assert titles(here, ROOT) == []
    for name in ("mem/main", "refs/heads/mem/main", "heads/mem/main", tip):
        assert snapshot(here, name).commit == tip
    assert titles(here, "mem/main") == ["The first", "The second"]


def test_a_commit_of_the_code_is_what_was_known_when_it_was_made(at: At, note: Note, repo: Repo) -> None:
    first = note("2026-03-01T10:00:00Z", "The first")
    repo.git("commit", "-q", "--allow-empty", "-m", "code", env={"GIT_COMMITTER_DATE": "2026-03-01T12:00:00Z"})
    note("2026-03-02T10:00:00Z", "The second")
    for name in ("HEAD", "main", repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "--short", "HEAD")):
        then = snapshot(at(), name)
        assert (then.commit, format_instant(then.at)) == (first.commit, "2026-03-01T12:00:00Z")
        assert titles(at(), name) == ["The first"]


def test_a_ref_goes_before_a_shortened_id(at: At, note: Note, repo: Repo) -> None:
    first, second = note("2026-03-01T10:00:00Z", "The first"), note("2026-03-02T10:00:00Z", "The second")
    assert first.commit and second.commit
    repo.git("branch", first.commit[:7], second.commit)
    assert snapshot(at(), first.commit[:7]).commit == second.commit
    assert snapshot(at(), first.commit[:8]).commit == first.commit
    repo.git("update-ref", f"refs/heads/{first.commit}", second.commit)
    assert snapshot(at(), first.commit).commit == first.commit


def test_a_shortened_id_that_stands_for_several_commits_is_refused(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    made = "".join(
        f"commit refs/heads/many\nmark :{n}\ncommitter a <a@b> {n} +0000\ndata 1\nx\n" for n in range(1, 900)
    )
    repo.git("fast-import", "--quiet", input=made)
    ids = repo.git("rev-list", "many").split("\n")
    same = {one[:4] for one in ids} - {one for one in ids if sum(other[:4] == one[:4] for other in ids) == 1}
    shared = next(four for four in sorted(same) if sum(one[:4] == four for one in ids) > 1)
    with pytest.raises(Usage, match="stands for 2 commits"):
        snapshot(at(), shared)


HOSTILE = [
    "nonsense", "", " ", "HEAD~99", "HEAD~12345", "HEAD^2", "~1", "@",
    "@{u}", "@{-1}", "mem/main@{yesterday}", ":/The", "mem/main^{/The}",
    "HEAD:README.md", "../../HEAD", "refs/../config", "refs/heads/../../HEAD", "/etc/passwd", "--all", "-1", "abc",
    "a" * 5000, "\0", "mem/main\0", "\udcff", "%", "*", "refs/heads/*", "2026-13-01", "2026-02-30", "20260301",
    "2026-03-01T10:00", "0001-01-01T00:00:00+14:00", "config", "description", "index", "0000000000000000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_neither_date_nor_commit_is_refused_with_the_next_step(at: At, note: Note, text: str) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    with pytest.raises(Usage) as refused:
        list_memories(at(), Filters(), as_of=text)
    assert refused.value.exit_code == 2 and refused.value.hint
    with pytest.raises(Usage):
        parse_valid_at(text)


def test_a_promotion_dated_before_the_others_lets_the_past_know_nothing(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    assert "in the future" in note("2020-01-01T00:00:00Z", "From 2020").warnings[0]
    assert repo.git("log", "-1", "--format=%cs", "mem/main") == "2020-01-01"
    assert titles(at(), "2022-01-01") == []
    assert titles(at(), "2026-03-01") == ["From 2020", "The first"]


def test_a_foreign_promotion_dated_2020_lets_2022_know_nothing(at: At, note: Note, repo: Repo) -> None:
    """Another tool, or another version of this one, may have written any date."""
    note("2026-03-01T10:00:00Z", "The first")
    note("2026-03-02T10:00:00Z", "The second")
    _redated(repo, "2020-01-01T00:00:00Z")
    assert titles(at(), "2022-01-01") == []
    assert titles(at(), "2026-03-01") == ["The first", "The second"]
    note("2026-03-03T10:00:00Z", "The third")
    assert titles(at(), "2026-03-02") == ["The first"]
    assert titles(at(), "2026-03-03") == ["The first", "The second", "The third"]


def test_one_promotion_dated_2035_does_not_hide_the_later_ones(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    early = note("2035-01-01T00:00:00Z", "From 2035")
    late = note("2026-03-03T10:00:00Z", "The third")
    assert not early.warnings and "in the future" in late.warnings[0]
    assert repo.git("log", "-1", "--format=%cs", "mem/main") == "2026-03-03"
    note("2026-03-04T10:00:00Z", "The fourth")
    assert titles(at(), "2026-03-02") == ["The first"]
    assert titles(at(), "2026-03-03") == ["From 2035", "The first", "The third"]
    assert len(titles(at(), "2026-03-04")) == 4


@pytest.mark.parametrize(("now", "dated"), [("2026-03-01T09:00:00Z", "2026-03-02T09:00:00+00:00"),
                                            ("2026-03-01T08:59:59Z", "2026-03-01T08:59:59+00:00"),
                                            ("2026-03-02T09:00:01Z", "2026-03-02T09:00:01+00:00")])  # fmt: skip
def test_a_promotions_date_never_goes_back_within_a_day(note: Note, repo: Repo, now: str, dated: str) -> None:
    note("2026-03-02T09:00:00Z", "The first")
    warned = note(now, "The second").warnings
    assert repo.git("log", "-1", "--format=%cI", "mem/main") == dated
    assert bool(warned) == (dated < "2026-03-02")


def _redated(repo: Repo, date: str) -> None:
    """The tip of the store with another date."""
    tree, *parents = repo.git("log", "-1", "--format=%T %P", "mem/main").split()
    above = [word for parent in parents for word in ("-p", parent)]
    made = repo.git("commit-tree", tree, *above, "-m", "redated", env={"GIT_COMMITTER_DATE": date})
    repo.git("update-ref", "refs/heads/mem/main", made)


def test_the_past_knows_no_candidates_and_nothing_later(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "The retry limit is three", key="retries")
    note("2026-04-01T10:00:00Z", "The retry limit is five", key="retries")
    add_memories(at("2026-05-01T10:00:00Z"), [{"body": "The retry limit is seven", "key": "retries"}])
    here = at()
    now = recall(here, RecallRequest("retry limit")).hits
    assert {hit.record.title for hit in now} == {"The retry limit is five", "The retry limit is seven"}
    old = recall(here, RecallRequest("retry limit", as_of="2026-03-15"))
    assert [hit.record.title for hit in old.hits] == ["The retry limit is three"]
    assert [hit.record.status for hit in old.hits] == ["active"]
    assert old.as_of and old.tree == old.as_of.tree and old.valid_at is None
    assert recall(here, RecallRequest("retry limit", as_of="2026-02-01")).hits == ()


def test_what_held_then_and_what_was_known_then_combine(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "The limit is three", key="limit", valid_from="2026-01-01")
    note("2026-05-01T10:00:00Z", "The limit was two", key="limit", valid_from="2026-02-01", valid_to="2026-02-10")
    here, february = at(), parse_valid_at("2026-02-05")
    assert titles(here, valid_at=february) == ["The limit was two"]
    assert titles(here, "2026-04-01", valid_at=february) == ["The limit is three"]
    assert titles(here, valid_at=parse_valid_at("2025-12-31")) == []
    assert titles(here, valid_at=parse_valid_at("2026-02-10")) == []


def test_candidates_of_the_session_count_as_promotion_would(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "The limit is three", key="limit", valid_from="2026-01-01")
    add_memories(
        at("2026-05-01T10:00:00Z"), [{"body": "The limit is five", "key": "limit", "valid_from": "2026-02-01"}]
    )
    assert titles(at(), valid_at=parse_valid_at("2026-01-31")) == ["The limit is three"]
    assert titles(at(), valid_at=parse_valid_at("2026-02-01")) == ["The limit is five"]


def test_show_as_it_was_and_what_held_in_its_place(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "The limit is three", key="limit", valid_from="2026-01-01")
    old = list_memories(at(), Filters()).memories[0].id
    changed = edit_memory(at("2026-03-05T10:00:00Z"), open_memory(at("2026-03-05T10:00:00Z"), old), {"topic": "limits"})
    promote(at("2026-03-05T10:00:00Z"), PromoteRequest(changed.session, consent=True))
    note("2026-04-01T10:00:00Z", "The limit is five", key="limit", valid_from="2026-02-01")
    new = next(one.id for one in list_memories(at(), Filters()).memories)
    then = show_memory(at(), old, as_of="2026-03-04")
    assert (then.record.topic, then.front["status"]) == ("general", "active")
    assert then.rev == snapshot(at(), "2026-03-04").commit
    assert (now := show_memory(at(), old)).record.topic == "limits" and now.front["status"] == "superseded"
    for name in (old, new):
        assert show_memory(at(), name, valid_at="2026-01-15").record.id == old
        assert show_memory(at(), name, valid_at="2026-02-01").record.id == new
    assert show_memory(at(), old, as_of="2026-03-15", valid_at="2026-02-01").record.topic == "limits"
    with pytest.raises(NotFound, match="nothing of limit held at 2025-01-01T23:59:59Z"):
        show_memory(at(), old, valid_at="2025-01-01")
    with pytest.raises(NotFound):
        show_memory(at(), new, as_of="2026-03-15")


def test_show_of_a_memory_without_a_key_asks_whether_it_held(at: At, note: Note) -> None:
    note("2026-03-01T10:00:00Z", "Alone", valid_from="2026-01-01", valid_to="2026-02-01")
    alone = list_memories(at(), Filters()).memories[0].id
    assert show_memory(at(), alone, valid_at="2026-01-31").record.id == alone
    for day in ("2025-12-31", "2026-02-01"):
        with pytest.raises(NotFound, match="did not hold"):
            show_memory(at(), alone, valid_at=day)
    retired = retire_memory(at("2026-03-02T10:00:00Z"), alone, "wrong")
    promote(at("2026-03-02T10:00:00Z"), PromoteRequest(retired.session, consent=True))
    with pytest.raises(NotFound):
        show_memory(at(), alone, valid_at="2026-01-31")
    assert show_memory(at(), alone, as_of="2026-03-01", valid_at="2026-01-31").record.id == alone


def test_a_read_says_of_when_it_was(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The retry limit is three")
    session = add_memories(at("2026-05-01T10:00:00Z"), [{"body": "Something else"}])[0].session
    here = at("2026-05-02T10:00:00Z")
    found = recall(
        here, RecallRequest("retry limit", filters=Filters(valid_at=parse_valid_at("2026-04-01")), as_of="2026-03-15")
    )
    add_memories(at("2026-05-03T10:00:00Z"), [{"body": "So that the reads are committed"}])
    read = repo.git("show", f"refs/mem/sessions/{session}:.session/reads.jsonl")
    assert found.tree in read and found.as_of
    assert f'"as_of": {{"commit": "{found.as_of.commit}", "at": "2026-03-15T23:59:59Z"}}' in read
    assert '"valid_at": "2026-04-01T23:59:59Z"' in read


def test_a_shallow_clone_answers_with_what_it_has(note: Note, repo: Repo, tmp_path: Path) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    note("2026-03-02T10:00:00Z", "The second")
    clone = tmp_path / "clone"
    source = f"file://{repo.path}"
    subprocess.run(["git", "clone", "-q", "--depth", "1", "--no-single-branch", source, clone], check=True)
    here = Workspace(config.load(config.Flags(directory=str(clone))))
    assert titles(here, "2026-03-02") == ["The first", "The second"]
    assert titles(here, "2026-03-01") == []
    assert snapshot(here, "origin/mem/main").commit == repo.git("rev-parse", "mem/main")


def test_the_past_survives_a_lost_index(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The retry limit is three", key="retries")
    note("2026-04-01T10:00:00Z", "The retry limit is five", key="retries")
    expected = recall(at(), RecallRequest("retry limit", as_of="2026-03-15"))
    shutil.rmtree(repo.path / ".git/mem/index")
    assert recall(at(), RecallRequest("retry limit", as_of="2026-03-15")) == expected
    index = next((repo.path / ".git/mem/index").glob("g-*/index.db"))
    index.write_bytes(index.read_bytes()[:5000])
    assert recall(at(), RecallRequest("retry limit", as_of="2026-03-15")) == expected


def test_asking_about_the_past_writes_no_object(at: At, note: Note, repo: Repo) -> None:
    note("2026-03-01T10:00:00Z", "The first")
    before = sorted((repo.path / ".git/objects").rglob("*"))
    assert titles(at(), "1960-01-01") == titles(at(), "2026-01-01") == []
    assert sorted((repo.path / ".git/objects").rglob("*")) == before
