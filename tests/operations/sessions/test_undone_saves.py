"""A file whose save was undone is named by every verb that judges the session, and nothing takes it away."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mem

REWRITES = [("Alpha one", "Alpha two"), ("text.\n", "text, which is longer.\n")]
"""What the author changes: with or without a title that mem completes afterwards."""


@pytest.fixture
def file(fast: Mem) -> Path:
    """The file of a stored memory in the worktree of the session `work`."""
    assert fast("init").code == 0
    assert fast("add", "Alpha one text.\n").code == 0 and fast("promote", "--yes").code == 0
    place = Path(fast("session", "start", "work", "--worktree", "--json").json()["worktree"])
    assert fast("session", "path", "--all", "--session", "work").code == 0
    return next(place.glob("semantic/*/*.md"))


def rewrite(file: Path, old: str, new: str) -> None:
    """Change a file, as if some time ago."""
    file.write_text(file.read_text().replace(old, new))
    os.utime(file, (time.time() - 60,) * 2)


def undo_a_save(fast: Mem, file: Path, old: str, new: str) -> str:
    """Save a change and undo that; return what the author has in the file."""
    rewrite(file, old, new)
    assert fast("session", "save", "work").code == 0
    text = file.read_text()
    assert fast("undo").code == 0
    return text


def names_undone(data: Any) -> bool:
    return any("save was undone" in finding["message"] and finding["next"] for finding in data["findings"])


@pytest.mark.parametrize(("old", "new"), REWRITES)
def test_every_verb_names_the_file_and_none_takes_it(file: Path, fast: Mem, old: str, new: str) -> None:
    text = undo_a_save(fast, file, old, new)
    for words in (("session", "save"), ("review",), ("promote", "--yes"), ("session", "show")):
        answer = fast(*words, "work", "--json")
        assert answer.code == 0 and names_undone(answer.json()), words
        assert "save was undone" in fast(*words, "work").out, words
        assert file.read_text() == text
    closed = fast("session", "close", "work", "--json")
    assert closed.code == 6 and names_undone(closed.json()) and closed.json()["state"] == "open"
    assert file.read_text() == text


@pytest.mark.parametrize(("old", "new"), REWRITES)
def test_session_path_leaves_the_file_and_names_it(file: Path, fast: Mem, old: str, new: str) -> None:
    text = undo_a_save(fast, file, old, new)
    answer = fast("session", "path", "--all", "--session", "work")
    assert answer.code == 0 and "save was undone" in answer.err and file.read_text() == text


def test_a_session_stays_open_with_the_file_when_others_are_promoted(file: Path, fast: Mem) -> None:
    text = undo_a_save(fast, file, *REWRITES[0])
    assert fast("add", "Other candidate.", "--session", "work").code == 0
    promoted = fast("promote", "work", "--yes", "--json")
    assert promoted.code == 0 and names_undone(promoted.json()) and not promoted.json()["ended"]
    assert file.read_text() == text


def test_the_whole_text_is_saved_again_once_it_is_changed(file: Path, fast: Mem) -> None:
    undo_a_save(fast, file, "Alpha one text.", "Alpha two text.\n\nA second paragraph.")
    rewrite(file, "A second paragraph.", "A second paragraph.\n\nA third.")
    assert fast("session", "save", "work").code == 0
    promoted = fast("promote", "work", "--yes", "--json")
    assert promoted.code == 0 and promoted.json()["ended"]
    (memory,) = fast("list", "--json").json()["memories"]
    shown = fast("show", memory["id"]).out
    assert "Alpha two text." in shown and "A second paragraph." in shown and "A third." in shown


def test_two_undone_saves_are_saved_again_together(file: Path, fast: Mem) -> None:
    rewrite(file, "Alpha one text.", "Alpha one text.\n\nA second paragraph.")
    assert fast("session", "save", "work").code == 0
    undo_a_save(fast, file, "A second paragraph.", "A second paragraph.\n\nA third.")
    assert fast("undo").code == 0
    assert names_undone(fast("session", "save", "work", "--json").json())
    rewrite(file, "A third.", "A third one.")
    assert fast("promote", "work", "--yes").code == 0
    (memory,) = fast("list", "--json").json()["memories"]
    shown = fast("show", memory["id"]).out
    assert "A second paragraph." in shown and "A third one." in shown


def test_a_session_ends_once_the_file_is_deleted_or_restored(file: Path, fast: Mem) -> None:
    before = file.read_text()
    undo_a_save(fast, file, *REWRITES[0])
    time.sleep(1)  # the save would be one of another second
    file.write_text(before)
    saved = fast("session", "save", "work", "--json").json()
    assert not saved["findings"] and not saved["saved"]
    undo_a_save(fast, file, *REWRITES[0])
    file.unlink()
    assert fast("session", "close", "work").code == 0 and not file.parent.exists()


def test_a_new_file_whose_save_was_undone_keeps_the_session_open(file: Path, fast: Mem) -> None:
    new = file.with_name("new.md")
    new.write_text("A new note about owls.\n")
    assert fast("session", "save", "work").code == 0 and fast("undo").code == 0
    closed = fast("session", "close", "work", "--json")
    assert closed.code == 6 and names_undone(closed.json()) and "owls" in new.read_text()
    rewrite(new, "owls", "owls and hawks")
    assert fast("promote", "work", "--yes", "--json").json()["ended"]
    assert len(fast("list", "--json").json()["memories"]) == 2


def test_a_moved_file_is_to_be_moved_back(file: Path, fast: Mem) -> None:
    path, moved = file.relative_to(file.parents[2]).as_posix(), file.parents[1] / "z" / "moved.md"
    moved.parent.mkdir()
    file.rename(moved)
    rewrite(moved, *REWRITES[0])
    findings = fast("review", "work", "--json").json()["findings"]
    assert [finding["next"] for finding in findings] == [f"move it back to {path}: a memory keeps its path"]
    moved.rename(file)
    assert fast("promote", "work", "--yes", "--json").json()["ended"]
    assert len(fast("list", "--json").json()["memories"]) == 1


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "note.md~", ".note.md.swp", ".#note.md"])
def test_what_systems_and_editors_leave_keeps_no_session_open(file: Path, fast: Mem, name: str) -> None:
    if name.startswith(".#"):
        file.with_name(name).symlink_to("user@host.1")
    else:
        file.with_name(name).write_bytes(b"\0")
    assert not fast("review", "work", "--json").json()["findings"]
    closed = fast("session", "close", "work")
    assert closed.code == 0 and not file.parents[2].exists(), closed.err
