"""The files in a session's worktree stay their author's, and what a save has read is saved once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from memcli.git.worktrees import Worktree
from memcli.operations.events.hook_entries import append_event
from memcli.operations.history.undo import undo
from memcli.operations.memories.add import add_memories
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.review.review import review_session
from memcli.operations.sessions.close import close_session
from memcli.operations.sessions.save import save_session
from memcli.operations.sessions.start import start_session
from memcli.operations.sessions.update import update_session
from memcli.operations.setup.init import init
from memcli.operations.writing.session_files import SessionFiles
from memcli.operations.writing.worktree_edits import read_edits
from memcli.state.lock import hold
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.drained import drain
from tests.waiting import a_minute_old

Open = Callable[..., Workspace]


@pytest.fixture
def place(workspace: Open) -> Path:
    """The directory for memories in the worktree of the session `work`."""
    init(workspace())
    worktree = start_session(workspace(), "work", worktree=True).worktree
    assert worktree
    directory = worktree / "semantic" / "general"
    directory.mkdir(parents=True)
    return directory


def write(file: Path, text: str, old: bool = True) -> Path:
    file.write_text(text)
    if old:
        a_minute_old(file)
    return file


def bodies(workspace: Open, session: str = "work") -> list[str]:
    """The bodies that a session proposes."""
    sessions = workspace().sessions
    found = sessions.candidates(sessions.load(session))
    return sorted(candidate.after.body for candidate in found if candidate.after)


def files_of(workspace: Open) -> SessionFiles:
    here = workspace()
    return SessionFiles(Worktree(here.layout, here.odb, "work"))


# a file is replaced only while it holds what was read


def test_a_line_written_after_the_read_stays(place: Path, workspace: Open) -> None:
    file = write(place / "a.md", "First.\n")
    files = files_of(workspace)
    with files.locked():
        [edited] = read_edits(workspace(), files, "work").files
        with file.open("a") as stream:
            stream.write("Second.\n")
        assert edited.file.data == b"First.\n"
        assert not files.replace(edited.file.path, edited.file.data, b"completed", edited.file.known)
    assert file.read_text() == "First.\nSecond.\n"
    assert not list(files.displaced)


def test_a_file_that_was_only_just_written_is_left_alone(place: Path, workspace: Open) -> None:
    """It is saved, and completed once its author has gone on to something else."""
    file = write(place / "a.md", "First.\n", old=False)
    assert save_session(workspace(), "work").saved == ("semantic/general/a.md",)
    assert file.read_text() == "First.\n" and bodies(workspace) == ["First.\n"]
    with file.open("a") as stream:
        stream.write("Second.\n")
    assert save_session(workspace(), "work").saved == ("semantic/general/a.md",)
    assert bodies(workspace) == ["First.\nSecond.\n"]
    a_minute_old(file)
    assert save_session(workspace(), "work").saved == ()
    assert file.read_text().startswith("---\nid: ") and file.read_text().endswith("First.\nSecond.\n")


def test_what_is_written_into_a_displaced_file_is_saved(place: Path, workspace: Open) -> None:
    """Whoever has a file open goes on writing into it after it gave way to the completed one."""
    file = write(place / "a.md", "First.\n")
    with file.open("a") as held:
        save_session(workspace(), "work")
        assert "id: " in file.read_text()
        held.write("\nSecond.\n")
        held.flush()
        assert save_session(workspace(), "work").saved == ("semantic/general/a.md",)
        assert bodies(workspace) == ["First.\n\nSecond.\n"]
        held.write("\nThird.\n")
    save_session(workspace(), "work")
    assert bodies(workspace) == ["First.\n\nSecond.\n\nThird.\n"]
    assert file.read_text().endswith("First.\n\nSecond.\n\nThird.\n")
    assert len(review_session(workspace(), "work").candidates) == 1


def test_what_comes_late_after_the_end_becomes_a_file_again(place: Path, workspace: Open, repo: Repo) -> None:
    file = write(place / "a.md", "First.\n")
    with file.open("a") as held:
        promote(workspace(), PromoteRequest("work", consent=True))
        assert not (repo.path / ".mem" / "work").exists()
        held.write("Second.\n")
    start_session(workspace(), "next", worktree=True)
    close_session(workspace(), "next")
    assert "Second." in file.read_text()


def test_a_front_page_with_notes_of_its_agent_is_not_overwritten(place: Path, workspace: Open) -> None:
    page = place.parents[1] / "MEMORY.md"
    with page.open("a") as stream:
        stream.write("- remember the milk\n")
    assert save_session(workspace(), "work").strays == ("MEMORY.md",)
    add_memories(workspace(session="other"), [{"body": "Promoted meanwhile."}])
    promote(workspace(), PromoteRequest("other", consent=True))
    update_session(workspace(), "work")
    assert "milk" in page.read_text()
    [finding] = close_session(workspace(), "work").findings
    assert "MEMORY.md" in finding.message and "milk" in page.read_text()


# only saved files are removed


def test_a_directory_with_a_repository_in_it_stays(place: Path, mem: Mem, repo: Repo) -> None:
    write(place / "a.md", "First.\n")
    nested = place.parents[1] / "vendor"
    nested.mkdir()
    repo.git("init", "-q", str(nested))
    promoted = mem("promote", "work", "--yes", "--json")
    assert promoted.code == 0, promoted.err
    assert (nested / ".git" / "HEAD").exists()
    assert (place.parents[1] / ".git").exists() and (place / "a.md").exists()


def test_a_file_that_is_in_no_commit_stays_and_is_told(place: Path, workspace: Open) -> None:
    file = write(place / "a.md", "Taken back.\n")
    save_session(workspace(), "work")
    undo(workspace())
    add_memories(workspace(session="work"), [{"body": "Another fact."}])
    promoted = promote(workspace(), PromoteRequest("work", consent=True))
    assert not promoted.ended and file.read_text().endswith("Taken back.\n")
    assert [finding for finding in promoted.review.findings if "semantic/general/a.md" in finding.message]


def test_a_branch_of_the_users_is_no_business_of_the_removal(place: Path, workspace: Open, repo: Repo) -> None:
    """git's entries of the user's worktrees stay, also of one whose disk is away."""
    repo.git("worktree", "add", "-q", "-b", "feature", str(repo.path.parent / "away"))
    (repo.path.parent / "away").rename(repo.path.parent / "unplugged")
    write(place / "a.md", "First.\n")
    promote(workspace(), PromoteRequest("work", consent=True))
    assert not (repo.path / ".mem" / "work").exists()
    assert sorted(entry.name for entry in (repo.path / ".git" / "worktrees").iterdir()) == ["away"]


# one save at a time


def test_two_saves_at_once_make_each_memory_once(place: Path, workspace: Open, mem: Mem) -> None:
    for number in range(6):
        write(place / f"{number}.md", f"Note {number}.\n", old=number % 2 == 0)
    commands = [("session", "save", "work"), ("review", "work"), ("session", "save", "work"), ("review", "work")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda words: mem(*words), commands))
    save_session(workspace(), "work")
    assert bodies(workspace) == [f"Note {number}.\n" for number in range(6)]


def test_saves_that_wait_make_each_memory_once(place: Path, workspace: Open, mem: Mem, repo: Repo) -> None:
    file = write(place / "a.md", "First.\n")
    with hold(repo.path / ".git" / "mem" / "lock", 5):
        for text in ("", "Second.\n"):
            with file.open("a") as stream:
                stream.write(text)
            assert mem("session", "save", "work", "--json", env={"MEM_LOCK_TIMEOUT": "0"}).json()["state"] in (
                "queued", "committed",
            )  # fmt: skip
    drain(workspace())
    assert bodies(workspace) == ["First.\nSecond.\n"]


def test_a_requested_save_waits_while_the_files_cannot_be_worked_on(place: Path, workspace: Open, repo: Repo) -> None:
    """Nothing is committed for it until then."""
    write(place / "a.md", "First.\n")
    table = repo.path / ".mem" / ".saved" / "work" / "known.json"
    table.unlink(missing_ok=True)
    table.mkdir()
    append_event(workspace().layout, "save", "work", {"event": "stop"}, "ada", None)
    drain(workspace())
    assert [entry.verb for entry in workspace().journal.entries("work")] == ["save"] and bodies(workspace) == []
    table.rmdir()
    drain(workspace())
    assert workspace().journal.entries("work") == [] and bodies(workspace) == ["First.\n"]


KILLED = """
import sys
from memcli.operations.sessions.save import save_session
from memcli.state.journal import Journal
from memcli.workspace import opened

class Doomed(Journal):
    def append(self, entry):
        super().append(entry)
        import os
        os._exit(9)

here = opened(sys.argv[1])
here.__dict__["journal"] = Doomed(here.layout)
save_session(here, "work")
"""


def test_a_save_killed_after_it_was_acknowledged_is_not_done_twice(place: Path, workspace: Open, repo: Repo) -> None:
    write(place / "a.md", "First.\n")
    assert subprocess.run([sys.executable, "-c", KILLED, str(repo.path)], check=False).returncode == 9
    save_session(workspace(), "work")
    assert bodies(workspace) == ["First.\n"]


@pytest.mark.parametrize("old", [True, False])
def test_an_undone_save_is_taken_back_until_the_file_changes(place: Path, workspace: Open, old: bool) -> None:
    file = write(place / "a.md", "Taken back.\n", old)
    save_session(workspace(), "work")
    undo(workspace())
    assert save_session(workspace(), "work").saved == ()
    assert promote(workspace(), PromoteRequest("work", consent=True)).commit is None
    assert file.read_text().endswith("Taken back.\n")
    with file.open("a") as stream:
        stream.write("And changed.\n")
    assert save_session(workspace(), "work").saved == ("semantic/general/a.md",)
    assert bodies(workspace) == ["Taken back.\nAnd changed.\n"]


def test_an_undone_edit_leaves_the_earlier_candidate_and_the_file(place: Path, workspace: Open) -> None:
    file = write(place / "a.md", "One.\n")
    save_session(workspace(), "work")
    write(file, file.read_text().replace("One.", "Two."))
    save_session(workspace(), "work")
    undo(workspace())
    save_session(workspace(), "work")
    assert bodies(workspace) == ["One.\n"] and file.read_text().endswith("Two.\n")


def test_a_lost_table_is_made_up_for_by_the_session(place: Path, workspace: Open, repo: Repo) -> None:
    file = write(place / "a.md", "First.\n")
    save_session(workspace(), "work")
    (repo.path / ".mem" / ".saved" / "work" / "known.json").write_text("{torn")
    assert save_session(workspace(), "work").saved == ()
    write(file, file.read_text() + "Second.\n")
    save_session(workspace(), "work")
    assert bodies(workspace) == ["First.\nSecond.\n"]
