"""Titles follow their bodies, whatever changes these: an edit, a file of a worktree, a dream, a merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Mem

OLD, NEW = "Uploads are limited to 64 MB.", "Uploads are limited to 128 MB."


@pytest.fixture
def stored(fast: Mem) -> str:
    """The id of a promoted memory whose title is its first sentence."""
    fast("init", "-q")
    return store(fast, OLD)


def store(fast: Mem, *arguments: str) -> str:
    memory_id = fast("add", *arguments, "--json").json()["id"]
    assert fast("promote", "--yes", "-q").code == 0
    return str(memory_id)


def title(fast: Mem, memory_id: str) -> str:
    return str(fast("show", memory_id, "--json").json()["title"])


def test_an_edit_of_the_body_changes_the_title_everywhere(fast: Mem, stored: str) -> None:
    fast("edit", stored, "--body", NEW, "-q")
    assert fast("promote", "--yes", "-q").code == 0
    for command in (["list"], ["recall", "uploads limited"]):
        shown = fast(*command).out
        assert "Uploads are limited to 128 MB" in shown and "64 MB" not in shown


def test_a_title_given_with_the_body_stays(fast: Mem, stored: str) -> None:
    fast("edit", stored, "--body", NEW, "--title", "Upload quota", "-q")
    assert title(fast, stored) == "Upload quota"
    fast("edit", stored, "--body", "Something else.", "-q")
    assert title(fast, stored) == "Upload quota"


@pytest.mark.parametrize("removed", [False, True])
def test_a_title_follows_a_file_of_a_worktree(fast: Mem, stored: str, removed: bool) -> None:
    worktree = Path(fast("session", "start", "w", "--worktree", "--json").json()["worktree"])
    fast("session", "path", stored, "--session", "w")
    (file,) = worktree.glob(f"semantic/*/*{stored[-6:]}.md")
    text = file.read_text().replace(OLD, NEW)
    file.write_text("".join(line for line in text.splitlines(True) if not (removed and line.startswith("title:"))))
    for _ in range(2):
        assert fast("session", "save", "w").code == 0
        assert fast("show", stored, "--session", "w", "--json").json()["title"] == "Uploads are limited to 128 MB"


def test_a_title_that_an_author_chose_is_reported_when_its_numbers_are_gone(fast: Mem) -> None:
    fast("init", "-q")
    mine = store(fast, OLD.replace("Uploads", "Downloads"), "--title", "The 64 MB limit of downloads")
    told = fast("edit", mine, "--body", "Downloads are limited to 128 MB.", "--json").json()["findings"]
    assert [finding["check"] for finding in told] == ["title-differs"]
    assert title(fast, mine) == "The 64 MB limit of downloads"
    findings = fast("review", "--json").json()["findings"]
    assert [(found["check"], found["id"]) for found in findings if found["check"] == "title-differs"] == [
        ("title-differs", mine)
    ]


@pytest.mark.parametrize("chosen", [(), ("--title", "Yesterday the CI cache went")])
def test_a_dated_body_has_a_dated_title(fast: Mem, chosen: tuple[str, ...]) -> None:
    fast("init", "-q")
    store(fast, "Yesterday the CI cache was purged.", *chosen)
    fast("dream", "-q")
    fast("dream", "promote", "--yes", "-q")
    for command in (["list"], ["recall", "CI cache"]):
        assert "Yesterday" not in fast(*command).out
    assert "the CI cache w" in fast("list").out


def test_titles_of_two_edits_are_merged_with_the_bodies(fast: Mem) -> None:
    fast("init", "-q")
    body = "Uploads are limited.\n\nDownloads are not.\n"
    memory_id = store(fast, body)
    for session, text in (("one", f"# Quotas\n\n{body}"), ("two", body.replace("are limited", "stop at 64 MB"))):
        fast("session", "start", session, "-q")
        fast("edit", memory_id, "--body", text, "--session", session, "-q")
    for session in ("one", "two"):
        assert fast("promote", session, "--yes", "-q").code == 0
    shown = fast("show", memory_id, "--session", "none", "--json").json()
    assert (shown["title"], shown.get("title_other"), shown.get("conflict")) == ("Quotas", None, None)
    assert "stop at 64 MB" in shown["body"]
