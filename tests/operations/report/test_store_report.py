"""The store as one value: what it tells of a team's history, and of stores that are new, damaged or only fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memcli import config
from memcli.errors import NoStore
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.report.store_report import StoreReport, collect_report
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.exclude import add_exclude
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.html.team_store import NOW, build_team_store

Open = Callable[..., Workspace]


def report_on(workspace: Workspace, days: int = 7) -> StoreReport:
    return collect_report(workspace, workspace.now - timedelta(days=days))


@pytest.fixture(scope="module")
def team(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> StoreReport:  # noqa: ARG001
    place = tmp_path_factory.mktemp("team") / "harbour"
    build_team_store(place)
    opened = config.load(config.Flags(directory=str(place)))
    return report_on(Workspace(replace(opened, now=datetime.fromisoformat(NOW))))


def test_the_team_is_named_with_what_became_of_its_proposals(team: StoreReport) -> None:
    rows = {each.name: (each.is_agent, each.learned, each.counts.accepted, each.counts.rejected, each.counts.waiting)
            for each in team.contributors}  # fmt: skip
    assert rows == {
        "claude-code": (True, 4, 8, 0, 0),
        "codex": (True, 0, 3, 0, 2),
        "gemini-cli": (True, 0, 2, 1, 0),
        "Ada Lovelace": (False, 1, 1, 0, 0),
        "Grace Hopper": (False, 0, 4, 0, 0),
    }
    assert team.contributors[0].name == "claude-code"


def test_news_is_what_agents_and_people_learned(team: StoreReport) -> None:
    """Not what a dream tidied, nor what was superseded by something that is news itself."""
    assert {(each.change.change, each.memory.title[:22]) for each in team.news} == {
        ("added", "Page the payments team"),
        ("added", "The gateway counts req"),
        ("added", "Webhook deliveries are"),
        ("changed", "Webhook deliveries are"),
        ("added", "The API allows 1,200 r"),
    }
    assert len(team.news) == 5


def test_a_memory_has_its_history_with_diffs(team: StoreReport) -> None:
    retries = next(each for each in team.memories if "at most 7 times" in each.title)
    assert [(change.change, change.step.kind, change.step.author) for change in retries.changes] == [
        ("changed", "dream", "dream"), ("changed", "promotion", "claude-code"), ("added", "promotion", "claude-code"),
    ]  # fmt: skip
    assert all(change.step.reviewer for change in retries.changes)
    edit = retries.changes[1]
    lines = {kind: text.split("\n") for kind, text in edit.diff}
    assert "evidence: code" in lines["-"] and {"evidence: test", "importance: 0.8"} <= {*lines["+"]}
    assert retries.changes[2].diff == ()


def test_questions_have_both_sides(team: StoreReport) -> None:
    asked = {each.question.kind: each for each in team.questions}
    assert asked.keys() == {"doubt", "contradiction"}
    bodies = {side.body.split("at most ")[1][:8] for side in asked["contradiction"].sides}
    assert bodies == {"7 times,", "10 times"}
    assert {side.author for side in asked["contradiction"].sides} == {"claude-code"}


def test_stale_memories_come_before_changed_ones(team: StoreReport) -> None:
    states = [each.staleness.state for each in team.doubtful]
    assert states == ["stale", "stale", "suspect", "suspect", "suspect"]


def test_the_timeline_has_every_step_and_its_weeks_count_them(team: StoreReport) -> None:
    assert [entry.step.kind for entry in team.timeline] == ["promotion", "dream", *["promotion"] * 6]
    assert sum(week.promoted for week in team.weeks) == 18 and sum(week.dreamed for week in team.weeks) == 5
    assert len(team.weeks) == 12 and team.weeks[-1].monday.isoformat() == "2026-11-30"


def test_the_map_links_what_names_supersedes_or_shares_code(team: StoreReport) -> None:
    titles = {each.id: each.title[:18] for each in team.memories}
    named = {(titles[link.source], titles[link.target]) for link in team.graph.links if link.relation == "links to"}
    assert named == {("The API allows 1,2", "The retry queue ow"), ("The API allows 1,2", "Webhook deliveries")}
    assert {link.relation for link in team.graph.links} == {"links to", "supersedes", "code"}
    assert all(0 <= node.x <= 1000 and 0 <= node.y <= team.graph.height for node in team.graph.nodes)


def test_candidates_are_named_as_waiting_by_title_alone(team: StoreReport) -> None:
    assert [(each.session, each.agent) for each in team.waiting] == [("ledger-export", "codex")] * 2
    assert not any("semicolons" in each.title for each in team.memories)


def test_a_new_store_has_a_report(workspace: Open, repo: Repo) -> None:  # noqa: ARG001
    with pytest.raises(NoStore):
        report_on(workspace())
    init(workspace())
    report = report_on(workspace())
    assert (report.memories, report.news, report.timeline, report.graph.nodes) == ((), (), (), ())


def _learn(workspace: Open, *texts: str, paths: tuple[str, ...] = ()) -> None:
    added = add_memories(workspace(), [{"body": text, "paths": paths} if paths else {"body": text} for text in texts])
    promote(workspace(), PromoteRequest(added[0].session, consent=True))


def test_what_was_undone_is_marked_and_no_news(workspace: Open, repo: Repo) -> None:  # noqa: ARG001
    init(workspace())
    _learn(workspace, "The cache is cleared at night.")
    _learn(workspace, "The queue keeps its order.")
    undo(workspace())
    report = report_on(workspace())
    assert [each.memory.title for each in report.news] == ["The cache is cleared at night"]


def test_a_clone_reads_what_is_only_fetched(workspace: Open, repo: Repo, tmp_path: Path) -> None:
    init(workspace())
    _learn(workspace, "The cache is cleared at night.")
    Repo(tmp_path).git("clone", "-q", str(repo.path), "clone")
    report = report_on(workspace(tmp_path / "clone"))
    assert [each.title for each in report.memories] == ["The cache is cleared at night"]
    assert report.news and report.contributors


def test_files_that_are_no_memories_are_named(workspace: Open, repo: Repo) -> None:
    init(workspace())
    _learn(workspace, "The cache is cleared at night.")
    opened = workspace()
    tip = repo.git("rev-parse", "mem/main")
    tree = opened.store.write(opened.store.tree_of(tip), {"semantic/general/bad.md": "---\nid: [\n"})
    commit = opened.odb.write_commit(tree, [tip], "by hand\n", opened.person)
    repo.git("update-ref", "refs/heads/mem/main", commit)
    report = report_on(workspace())
    assert [path for path, _ in report.unreadable] == ["semantic/general/bad.md"]
    assert len(report.memories) == 1


def test_a_lost_text_of_the_history_is_said(workspace: Open, repo: Repo) -> None:
    init(workspace())
    _learn(workspace, "The cache is cleared at night.")
    first = repo.git("rev-parse", f"mem/main:{report_on(workspace()).memories[0].path}")
    opened, memory = workspace(), report_on(workspace()).memories[0]
    tip = repo.git("rev-parse", "mem/main")
    text = opened.store.text(first).replace("at night", "at noon")
    tree = opened.store.write(opened.store.tree_of(tip), {memory.path: text})
    commit = opened.odb.write_commit(tree, [tip], "by hand\n", opened.person)
    repo.git("update-ref", "refs/heads/mem/main", commit)
    (repo.path / ".git/objects" / first[:2] / first[2:]).unlink()
    (repo.path / ".git/mem/pending").unlink(missing_ok=True)
    (changed,) = report_on(workspace()).memories
    assert [change.is_readable for change in changed.changes] == [False, True]


def test_excluded_paths_stay_out_for_everybody(workspace: Open, repo: Repo) -> None:
    repo.commit("secrets", {"secrets/key.py": "KEY = 1\n"})
    init(workspace())
    _learn(workspace, "The key is rotated every 90 days.", paths=("secrets/key.py",))
    _learn(workspace, "The cache is cleared at night.")
    add_memories(workspace(), [{"body": "The key has 32 bytes.", "paths": ("secrets/key.py",)}])
    add_exclude(workspace(), "secrets/")
    for agent in (None, "robot"):
        report = report_on(workspace(agent=agent))
        assert [each.title for each in report.memories] == ["The cache is cleared at night"]
        assert report.hidden == 1 and report.waiting == ()
        assert "90 days" not in repr(report) and "32 bytes" not in repr(report)


def test_withdrawn_memories_show_nothing_that_they_said(team: StoreReport) -> None:
    from memcli.operations.report.reported_memory import _shown

    memory = next(each for each in team.memories if len(each.changes) > 1)
    withdrawn = replace(memory.memory, status="withdrawn")
    assert all(not change.diff for change in _shown(withdrawn, memory.changes))
    assert any(change.diff for change in _shown(memory.memory, memory.changes))


def test_the_same_store_gives_the_same_report(workspace: Open, repo: Repo) -> None:  # noqa: ARG001
    init(workspace())
    _learn(workspace, "The cache is cleared at night.", "The queue keeps its order.", paths=("src/app.py",))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    one, other = (replace(collect_report(workspace(), since), now=since) for _ in range(2))
    assert one == other and len(one.graph.nodes) == 2
