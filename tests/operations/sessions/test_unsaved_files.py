"""Files that no save can take are told, with path, line and next step; a session with such files does not end."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mem, Repo

GOOD = "semantic/x/good.md"
Write = Callable[[Path], object]


def text(path: str, content: str | bytes) -> Write:
    """Writes a file."""

    def write(place: Path) -> None:
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def link(path: str, target: str) -> Write:
    """Makes a symbolic link."""

    def write(place: Path) -> None:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).symlink_to(target)

    return write


def nested(path: str) -> Write:
    """Makes a repository of its own."""

    def write(place: Path) -> None:
        text(path, "A file of another repository.")(place)
        subprocess.run(["git", "init", "-q", str((place / path).parent)], check=True)

    return write


UNREADABLE: dict[str, tuple[str, Write, str]] = {
    "an anchor": ("semantic/x/bad.md", text("semantic/x/bad.md", "---\ntitle: &a x\n---\nText.\n"), "line 2"),
    "a key twice": ("semantic/x/bad.md", text("semantic/x/bad.md", "---\ntopic: a\ntopic: b\n---\nText.\n"), "line 3"),
    "a cut block": ("semantic/x/bad.md", text("semantic/x/bad.md", "---\ntitle: x\nText.\n"), "line 1"),
    "an unknown word": ("semantic/x/bad.md", text("semantic/x/bad.md", "---\nkind: odd\n---\nText.\n"), "kind"),
    "no UTF-8": ("semantic/x/bad.md", text("semantic/x/bad.md", b"Text.\nA \xff byte.\n"), "line 2"),
    "too large": ("semantic/x/bad.md", text("semantic/x/bad.md", "word " * 20_000), "bytes"),
    "larger than is read": ("semantic/x/bad.md", text("semantic/x/bad.md", "word " * 300_000), "bytes"),
    "a secret": ("semantic/x/bad.md", text("semantic/x/bad.md", "token = ghp_" + "a1B2c3D4e5" * 4), "line"),
    "a directory": ("semantic/x/bad.md/inner.md", text("semantic/x/bad.md/inner.md", "A note."), "is not"),
    "no topic": ("semantic/bad.md", text("semantic/bad.md", "A note."), "is not"),
    "a link": ("semantic/x/bad.md", link("semantic/x/bad.md", "/etc/hostname"), "regular"),
}
STRAYS: dict[str, tuple[str, Write, str]] = {
    "outside": ("notes.txt", text("notes.txt", "A note."), "move it"),
    "another kind": ("thoughts/x/bad.md", text("thoughts/x/bad.md", "A thought."), "move it"),
    "another extension": ("semantic/x/bad.txt", text("semantic/x/bad.txt", "A note."), "move it"),
    "a link of a directory": ("semantic/linked", link("semantic/linked", "/etc"), "move it"),
    "a repository": ("nested/inner.txt", nested("nested/inner.txt"), "move it"),
}


@pytest.fixture
def place(fast: Mem) -> Path:
    """The worktree of the session `work`."""
    assert fast("init").code == 0
    return Path(fast("session", "start", "work", "--worktree", "--json").json()["worktree"])


def told(data: Any, path: str, detail: str) -> bool:
    """Whether a finding names the path and the detail, and what to do."""
    texts = [f"{finding['message']} {finding['next']}" for finding in data["findings"] if finding["next"]]
    return any(path in line and detail in line for line in texts)


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_told_and_keeps_the_session_open(place: Path, fast: Mem, case: str) -> None:
    path, write, detail = UNREADABLE[case]
    write(place)
    text(GOOD, "A good body about owls.")(place)
    review = fast("review", "work", "--json")
    assert told(review.json(), path, detail) and review.json()["verdict"] == "person", review.json()["findings"]
    assert path in fast("review", "work").out
    assert told(fast("check", "work", "--json").json()["sessions"][0], path, detail)
    assert told(fast("session", "save", "work", "--json").json(), path, detail)
    assert told(fast("session", "show", "work", "--json").json(), path, detail)
    closed = fast("session", "close", "work", "--json")
    assert closed.code == 6 and told(closed.json(), path, detail) and closed.json()["state"] == "open"
    promoted = fast("promote", "work", "--yes", "--json")
    assert promoted.code == 0 and told(promoted.json(), path, detail) and not promoted.json()["ended"]
    assert [memory["title"] for memory in fast("list", "--json").json()["memories"]] == ["A good body about owls"]
    again = fast("promote", "work", "--yes", "--json")
    assert again.code == 6 and path in again.error()["message"] and again.error()["hint"]
    listed = {one["session"]: one["state"] for one in fast("session", "list", "--json").json()["sessions"]}
    assert listed == {"work": "open"}


@pytest.mark.parametrize("case", STRAYS)
def test_a_stray_is_told_blocks_nothing_and_keeps_the_session_open(place: Path, fast: Mem, case: str) -> None:
    path, write, detail = STRAYS[case]
    write(place)
    text(GOOD, "A good body about owls.")(place)
    review = fast("review", "work", "--json").json()
    assert told(review, path, detail) and review["verdict"] == "promotable", review["findings"]
    assert told(fast("check", "work", "--json").json()["sessions"][0], path, detail)
    assert told(fast("session", "save", "work", "--json").json(), path, detail)
    assert told(fast("session", "show", "work", "--json").json(), path, detail)
    promoted = fast("promote", "work", "--json")
    assert promoted.code == 0 and told(promoted.json(), path, detail) and not promoted.json()["ended"]
    assert "stays open" in fast("session", "close", "work").out and fast("session", "close", "work").code == 6
    assert fast("session", "list", "--json").json()["sessions"][0]["state"] == "open"
    assert (place / path).parent.is_dir()


def test_a_copied_file_with_the_id_of_another_is_told(place: Path, fast: Mem) -> None:
    text(GOOD, "A good body about owls.")(place)
    assert fast("session", "save", "work").code == 0
    (memory,) = fast("list", "--json").json()["memories"]
    text("semantic/x/copy.md", f"---\nid: {memory['id']}\n---\nA good body about hawks.\n")(place)
    for words in (("review", "work"), ("session", "show", "work")):
        assert told(fast(*words, "--json").json(), "semantic/x/copy.md", "'id'")
    assert fast("session", "close", "work").code == 6


def test_two_new_files_with_one_id_are_told(place: Path, fast: Mem) -> None:
    for name in ("one", "two"):
        text(f"semantic/x/{name}.md", f"---\nid: 01K9Z3V5C4M8Q2T7R6W1XABCDE\n---\nA body of {name}.\n")(place)
    assert told(fast("review", "work", "--json").json(), "semantic/x/two.md", "'id'")


def test_a_session_ends_once_its_files_are_mended(place: Path, fast: Mem) -> None:
    text("semantic/x/bad.md", "---\ntitle: &a x\n---\nA body about hawks.\n")(place)
    text("notes.txt", "A note.")(place)
    text(GOOD, "A good body about owls.")(place)
    assert fast("promote", "work", "--yes").code == 0
    text("semantic/x/bad.md", "---\ntitle: x\n---\nA body about hawks.\n")(place)
    (place / "notes.txt").unlink()
    assert fast("promote", "work", "--yes", "--json").json()["ended"]
    assert len(fast("list", "--json").json()["memories"]) == 2


def test_the_files_of_a_session_in_another_worktree_are_told(repo: Repo, fast: Mem, tmp_path: Path) -> None:
    assert fast("init").code == 0
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
    place = Path(fast("session", "start", "work", "--worktree", "--json", cwd=tmp_path / "linked").json()["worktree"])
    text("semantic/x/bad.md", "---\ntitle: &a x\n---\nText.\n")(place)
    text(GOOD, "A good body about owls.")(place)
    review = fast("review", "work", "--json").json()
    assert told(review, "semantic/x/bad.md", "line 2") and len(review["candidates"]) == 1


def test_a_file_that_is_written_while_a_session_closes_is_a_candidate(place: Path, fast: Mem) -> None:
    text(GOOD, "A good body about owls.")(place)
    assert fast("session", "close", "work", "--json").json()["waiting"] == 1
    assert len(fast("review", "work", "--json").json()["candidates"]) == 1


def test_a_session_whose_candidates_are_rejected_stays_open_with_the_rest(place: Path, fast: Mem) -> None:
    text(GOOD, "A good body about owls.")(place)
    text("notes.txt", "A note.")(place)
    assert fast("session", "save", "work").code == 0
    rejected = fast("reject", "work", "--json").json()
    assert told(rejected, "notes.txt", "move it") and not rejected["ended"]
    (place / "notes.txt").unlink()
    assert fast("session", "close", "work").code == 0
