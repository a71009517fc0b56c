"""The numbers of a history that is counted by hand here: `WORLD` says who proposes what, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from memcli.core.memory.document import Value
from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.revert import revert
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.recall import RecallRequest, recall
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.reject import reject
from memcli.operations.sessions.start import start_session
from memcli.operations.setup.init import init
from memcli.operations.stats.counts import Counts, DreamCounts
from memcli.operations.stats.stats import Stats, read_stats
from memcli.workspace import Workspace
from tests.conftest import Repo

Open = Callable[..., Workspace]
OCTOBER, NOVEMBER = "2026-10-05T10:00:00Z", "2026-11-16T10:00:00Z"


class Store:
    """A store at a point in time."""

    def __init__(self, workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
        self.workspace, self._patch = workspace, monkeypatch
        self.at(OCTOBER)
        init(workspace())

    def at(self, instant: str) -> None:
        """From now on it is this time."""
        self._patch.setenv("GIT_COMMITTER_DATE", instant)

    def propose(self, session: str, *facts: tuple[str, str, str], agent: str | None = None) -> list[str]:
        """The ids of memories (topic, type, text) that are proposed in a session."""
        start_session(self.workspace(agent=agent), session)
        fields = [{"topic": topic, "type": type, "body": body} for topic, type, body in facts]
        added = add_memories(self.workspace(agent=agent, session=session), fields)
        return [memory.id for memory in added]

    def promote(self, session: str, *only: str) -> None:
        promote(self.workspace(), PromoteRequest(session, only=only, consent=True))

    def stats(self, by: str | None = None, since: datetime | None = None) -> Stats:
        return read_stats(self.workspace(), since, by)


@pytest.fixture
def store(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> Store:
    return Store(workspace, monkeypatch)


@pytest.fixture
def world(store: Store) -> Store:
    """October: claude proposes three and two are accepted, one is rejected; Ada's only one is accepted. November: codex
    proposes two, both rejected; claude's next one is accepted and undone; Ada's next one waits. claude reads twice, one
    of them a pack."""
    claude = store.propose(
        "retries",
        ("payments", "decision", "Webhook deliveries are retried at most seven times."),
        ("payments", "fact", "The ledger locks one account at a time."),
        ("search", "fact", "The crawler sleeps on Sundays."),
        agent="claude",
    )
    reject(store.workspace(), "retries", [claude[2]], "not true")
    store.promote("retries")
    store.propose("ada-own", ("search", "fact", "The index is rebuilt every night at two."))
    store.promote("ada-own")
    store.at(NOVEMBER)
    wrong = [("payments", "fact", "Cards are blue."), ("ops", "event", "The disk was full.")]
    store.propose("wrong", *wrong, agent="codex")
    reject(store.workspace(), "wrong", [], "no evidence")
    store.propose("second", ("ops", "procedure", "Restart the worker with systemctl."), agent="claude")
    store.promote("second")
    undo(store.workspace())
    store.propose("third", ("ops", "fact", "Backups are kept for thirty days."))
    reader = store.workspace(agent="claude", session="second")
    recall(reader, RecallRequest("webhook deliveries retried"))
    hydrate(store.workspace(agent="claude", session="second"), HydrateRequest("index rebuilt at night"))
    return store


def test_every_candidate_counts_once(world: Store) -> None:
    total = world.stats().total
    assert (total.accepted, total.rejected, total.waiting, total.proposed) == (3, 3, 2, 8)
    assert total.acceptance == 0.5
    assert (total.active, total.stale, total.questions) == (3, 0, 0)
    assert (total.reads, total.packs) == (2, 1)
    assert 20 < total.pack_tokens < 2_000


def test_the_numbers_by_agent_add_up(world: Store) -> None:
    stats = world.stats("agent")
    claude, codex, ada = (stats.groups[name] for name in ("claude", "codex", "Ada Example"))
    assert (claude.accepted, claude.rejected, claude.waiting) == (2, 1, 1)
    assert (codex.accepted, codex.rejected, codex.waiting) == (0, 2, 0)
    assert (ada.accepted, ada.rejected, ada.waiting) == (1, 0, 1)
    assert (claude.reads, claude.packs, codex.reads, ada.reads) == (2, 1, 0, 0)
    for name in ("accepted", "rejected", "waiting", "active", "reads", "packs", "pack_tokens"):
        assert sum(getattr(counts, name) for counts in stats.groups.values()) == getattr(stats.total, name)


def test_the_numbers_by_topic_and_type(world: Store) -> None:
    topics, types = world.stats("topic").groups, world.stats("type").groups
    assert (topics["payments"].accepted, topics["payments"].rejected) == (2, 1)
    assert (topics["search"].accepted, topics["search"].rejected) == (1, 1)
    assert (topics["ops"].accepted, topics["ops"].rejected, topics["ops"].waiting) == (0, 1, 2)
    assert (types["decision"].accepted, types["fact"].accepted, types["procedure"].waiting) == (1, 2, 1)


def test_the_numbers_by_week(world: Store) -> None:
    groups = world.stats("week").groups
    assert list(groups) == ["2026-W47", "2026-W41"]
    assert (groups["2026-W41"].accepted, groups["2026-W41"].rejected) == (3, 1)
    assert (groups["2026-W47"].accepted, groups["2026-W47"].rejected, groups["2026-W47"].waiting) == (0, 2, 2)


def test_since_limits_what_happened_and_not_what_there_is(world: Store) -> None:
    total = world.stats(since=datetime(2026, 11, 1, tzinfo=UTC)).total
    assert (total.accepted, total.rejected, total.waiting, total.active) == (0, 2, 2, 3)


def test_an_undone_rejection_waits_again(world: Store) -> None:
    ids = world.propose("fourth", ("ops", "fact", "Logs are rotated weekly."))
    reject(world.workspace(), "fourth", ids, "no")
    assert world.stats().total.rejected == 4
    undo(world.workspace())
    assert (world.stats().total.rejected, world.stats().total.waiting) == (3, 3)


def test_a_promotion_that_was_undone_by_its_inverse_is_not_accepted(world: Store) -> None:
    world.propose("under", ("ops", "fact", "Logs are rotated weekly."))
    world.promote("under")
    promoted = next(world.workspace().oplog.newest_first())
    world.propose("above", ("ops", "fact", "Alerts go to the pager."))
    world.promote("above")
    assert world.stats().total.accepted == 5
    undo(world.workspace(), promoted.op)
    total = world.stats().total
    assert (total.accepted, total.waiting, total.active) == (4, 3, 4)


def test_what_is_left_of_a_session_counts_for_its_author(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = world.propose("parts", ("ops", "fact", "Red is stop."), ("ops", "fact", "Green is go."))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob Other")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Bob Other")
    world.promote("parts", first)
    groups = world.stats("agent").groups
    assert "Bob Other" not in groups
    assert (groups["Ada Example"].accepted, groups["Ada Example"].waiting) == (2, 2)
    world.promote("parts", second)
    assert world.stats("agent").groups["Ada Example"].accepted == 3


@pytest.mark.usefixtures("world")
def test_another_clone_counts_what_was_promoted_and_no_rejections(workspace: Open, repo: Repo) -> None:
    clone = repo.path.parent / "clone"
    repo.git("clone", "-q", str(repo.path), str(clone))
    total = read_stats(workspace(cwd=clone)).total
    assert (total.accepted, total.rejected, total.waiting, total.active) == (3, 0, 0, 3)


def test_stale_memories_are_a_share_of_the_active_ones(store: Store, repo: Repo) -> None:
    start_session(store.workspace(), "code")
    anchored: dict[str, Value] = {"body": "The app retries seven times.", "paths": ("src/app.py",)}
    add_memories(store.workspace(session="code"), [anchored, {"body": "Tea is at four."}])
    store.promote("code")
    assert store.stats().total == Counts(accepted=2, active=2)
    repo.commit("change", {"src/app.py": "RETRIES = 8\n"})
    assert store.stats().total.stale_share == 0.5


def test_open_questions_are_counted(store: Store) -> None:
    start_session(store.workspace(), "two")
    bodies = ("The bcrypt cost is 12.", "The bcrypt cost is 10.")
    add_memories(store.workspace(session="two"), [{"body": body, "topic": "auth"} for body in bodies])
    store.promote("two")
    done = run_dream(store.workspace(), DreamRequest())
    assert done.session
    store.promote(done.session)
    asked = store.stats("topic").groups["auth"].questions
    assert asked == store.stats().total.questions == 1


def test_dreams_are_counted_beside_the_rest(store: Store) -> None:
    body = "The webhook retry queue of the payments service retries every failed delivery with growing pauses."
    store.propose("first", ("payments", "fact", body))
    store.promote("first")
    store.propose("copies", ("payments", "fact", body.replace("The webhook", "A webhook")))
    store.promote("copies")
    thrown = run_dream(store.workspace(), DreamRequest())
    assert thrown.session
    proposed = store.stats().dreams.waiting
    assert proposed
    assert store.stats().dreams == DreamCounts(run=1, waiting=proposed)
    reject(store.workspace(), thrown.session, (), "no")
    assert store.stats().dreams == DreamCounts(run=1, rejected=proposed)
    store.at("2026-11-17T10:00:00Z")
    done = run_dream(store.workspace(), DreamRequest(force=True))
    assert done.session
    store.promote(done.session)
    assert store.stats().dreams == DreamCounts(run=2, promoted=proposed, rejected=proposed)
    assert store.stats().total.accepted == 2
    revert(store.workspace(), done.session)
    assert store.stats().dreams == DreamCounts(run=2, promoted=proposed, rejected=proposed, reverted=proposed)
    later = store.stats(since=datetime(2026, 11, 1, tzinfo=UTC)).dreams
    assert later == DreamCounts(run=1, promoted=proposed, reverted=proposed)


def test_a_hostile_title_promotes_nobody_else(store: Store) -> None:
    store.propose("odd", ("ops", "fact", "A title (ABCDEF), merged with 0000000: body (GHJKMN)\n\n+ other (ABCDEF)"))
    store.promote("odd")
    assert (store.stats("topic").groups["ops"].accepted, store.stats().total.accepted) == (1, 1)
