"""Sessions: which one is meant, what a worktree's files become, and how they go on and end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memcli.branch import store_to_write
from memcli.config import Flags, load
from memcli.core.memory.summary import Filters
from memcli.errors import Conflict, Usage
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.list import list_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.review import review_session
from memcli.operations.sessions.close import close_session
from memcli.operations.sessions.path import prepare_worktree
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import resume_session, start_session
from memcli.operations.sessions.update import update_session
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.waiting import a_minute_old

Open = Callable[..., Workspace]


@pytest.fixture(autouse=True)
def store(workspace: Open) -> None:
    init(workspace())


def _add(here: Workspace, body: str = "Deliveries are retried.") -> str:
    return add_memories(here, [{"body": body}])[0].session


def test_an_agents_first_memory_starts_a_session_and_the_next_goes_into_it(workspace: Open) -> None:
    first = _add(workspace(agent="codex"))
    assert first.startswith("codex-")
    assert _add(workspace(agent="codex"), "Another fact.") == first


def test_an_agent_never_writes_into_a_persons_session(workspace: Open) -> None:
    mine = _add(workspace())
    agents = _add(workspace(agent="codex"), "By an agent.")
    assert agents.startswith("codex-") and agents != mine
    assert _add(workspace(agent="codex"), "By the same agent.") == agents
    assert _add(workspace(), "By the person again.") == mine


def test_a_harness_session_id_always_finds_its_session(workspace: Open, repo: Repo) -> None:
    def by(thread: str) -> Workspace:
        return Workspace(load(Flags(directory=str(repo.path)), {"CODEX_THREAD_ID": thread}))

    one, other = _add(by("thread-1")), _add(by("thread-2"), "Another.")
    assert one != other
    assert _add(by("thread-1"), "A third.") == one
    assert resume_session(workspace(), "thread-2").session == other


def test_none_can_be_read_but_not_written(workspace: Open) -> None:
    with pytest.raises(Usage, match="none"):
        _add(workspace(session="none"))
    assert list_memories(workspace(session="none"), Filters()).memories == ()


def test_candidates_are_seen_in_their_session_only(workspace: Open) -> None:
    _add(workspace(session="one"))
    assert len(list_memories(workspace(session="one"), Filters()).memories) == 1
    assert list_memories(workspace(session="two"), Filters()).memories == ()


def test_a_taken_name_is_refused(workspace: Open) -> None:
    start_session(workspace(), "work")
    with pytest.raises(Conflict, match="already open"):
        start_session(workspace(), "work")
    with pytest.raises(Usage, match="reserved"):
        start_session(workspace(), "none")


def test_files_of_the_worktree_become_memories(workspace: Open, repo: Repo) -> None:
    place = start_session(workspace(), "work", worktree=True).worktree
    assert place == repo.path / ".mem" / "work"
    note = place / "procedural" / "build" / "twice.md"
    note.parent.mkdir(parents=True)
    note.write_bytes(b"\xef\xbb\xbfRun make twice,\r\nthe first run fails.\r\n")
    a_minute_old(note)
    saved = save_session(workspace(), "work")
    assert (saved.saved, saved.findings, saved.strays) == (("procedural/build/twice.md",), (), ())
    found = list_memories(workspace(session="work"), Filters()).memories[0]
    assert (found.kind, found.topic, found.type) == ("procedural", "build", "procedure")
    text = note.read_text(encoding="utf-8")
    assert f"id: {found.id}" in text and text.endswith("Run make twice,\nthe first run fails.\n")
    assert save_session(workspace(), "work").saved == ()


def test_an_edit_in_the_worktree_meets_one_at_the_terminal(workspace: Open) -> None:
    here = workspace(session="work")
    memory_id = add_memories(here, [{"body": "First paragraph.\n\nSecond paragraph.", "title": "Two"}])[0].id
    place = prepare_worktree(workspace(session="work"), "work")
    file = next(place.rglob("*two*.md"))
    file.write_text(file.read_text().replace("Second paragraph.", "Second, by the editor."))
    a_minute_old(file)
    from memcli.operations.memories.changes import open_memory
    from memcli.operations.memories.edit import edit_memory

    here = workspace(session="work")
    edit_memory(here, open_memory(here, memory_id), {}, "First, at the terminal.\n\nSecond paragraph.")
    save_session(workspace(), "work")
    after = review_session(workspace(), "work").candidates[0].after
    assert after is not None
    assert after.body == "First, at the terminal.\n\nSecond, by the editor.\n" and not after.conflict
    assert file.read_text().endswith(after.body)


def test_bad_files_are_findings_and_block_nothing(workspace: Open) -> None:
    place = start_session(workspace(), "work", worktree=True).worktree
    assert place is not None
    (place / "semantic" / "general").mkdir(parents=True)
    (place / "semantic" / "general" / "good.md").write_text("A good one.\n")
    (place / "semantic" / "general" / "bad.md").write_text("---\ntitle: [\n---\nA bad one.\n")
    (place / "semantic" / "general" / "link.md").symlink_to("/etc/passwd")
    (place / "notes.txt").write_text("a stray")
    saved = save_session(workspace(), "work")
    assert saved.saved == ("semantic/general/good.md",)
    assert saved.strays == ("notes.txt",)
    assert sorted((one.check, one.severity) for one in saved.findings) == [("path-safety", "warn"), ("schema", "block")]
    assert "line 2" in " ".join(one.message for one in saved.findings)


def test_a_file_that_is_gone_is_no_retirement(workspace: Open) -> None:
    _add(workspace(session="work"))
    place = prepare_worktree(workspace(session="work"), "work")
    for file in place.rglob("*.md"):
        file.unlink()
    assert save_session(workspace(), "work").saved == ()
    assert len(review_session(workspace(), "work").candidates) == 1


def test_a_copied_file_does_not_take_the_id_along(workspace: Open) -> None:
    _add(workspace(session="work"))
    place = prepare_worktree(workspace(session="work"), "work")
    original = next((place / "semantic").rglob("*.md"))
    original.with_name("copy.md").write_text(original.read_text())
    saved = save_session(workspace(), "work")
    assert saved.saved == () and "the id belongs to" in saved.findings[0].message


def test_mem_inside_the_worktree_means_its_session(workspace: Open, mem: Mem) -> None:
    place = start_session(workspace(), "work", worktree=True).worktree
    start_session(workspace(), "other")
    assert mem("add", "From inside.", "--json", cwd=place).json()["session"] == "work"
    assert mem("status", "--json", cwd=place).json()["session"] == "work"


def test_update_brings_later_promotions_in(workspace: Open) -> None:
    _add(workspace(session="work"))
    _add(workspace(session="other"), "Promoted meanwhile.")
    promote(workspace(), PromoteRequest("other"))
    tip = store_to_write(workspace().layout)[1]
    assert update_session(workspace(), "work").base == tip
    assert len(review_session(workspace(), "work").candidates) == 1
    done = promote(workspace(), PromoteRequest("work"))
    assert len(done.promoted) == 1 and len(list_memories(workspace(), Filters()).memories) == 2


def test_a_worktree_goes_with_its_session_unless_something_unsaved_is_in_it(workspace: Open, repo: Repo) -> None:
    for name, stray in (("clean", False), ("dirty", True)):
        _add(workspace(session=name), f"A fact of {name}.")
        place = prepare_worktree(workspace(session=name), name)
        if stray:
            (place / "notes.txt").write_text("keep me")
        promote(workspace(), PromoteRequest(name))
    assert not (repo.path / ".mem" / "clean").exists()
    assert (repo.path / ".mem" / "dirty" / "notes.txt").read_text() == "keep me"


def test_a_closed_session_waits_and_is_written_no_more(workspace: Open) -> None:
    _add(workspace(session="work"))
    assert close_session(workspace(), "work").waiting == 1
    assert _add(workspace(session="work"), "Too late for that one.") == "work-2"
    assert len(review_session(workspace(), "work").candidates) == 1
    assert resume_session(workspace(), "work").resumed
    assert review_session(workspace(), "work").session.state == "open"


def test_an_empty_session_ends_when_it_is_closed(workspace: Open, repo: Repo) -> None:
    start_session(workspace(), "work")
    assert close_session(workspace(), "work").waiting == 0
    assert repo.git("for-each-ref", "--format=%(refname)", "refs/mem") == "refs/mem/ended/work"
