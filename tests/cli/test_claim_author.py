"""Readers name who last changed what a memory claims, by whichever way it was changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo

FIVE, NINE = "The cap is 5.", "The cap is 9."
CODEX = ("--agent", "codex", "--session", "s")


def with_body(fast: Mem, _repo: Repo, memory_id: str) -> None:
    assert fast(*CODEX, "edit", memory_id, "--body", NINE).code == 0


def as_file(fast: Mem, repo: Repo, memory_id: str) -> None:
    directory, path = (fast(*CODEX, *line).out.strip() for line in (("session", "path"), ("path", memory_id)))
    file = Path(directory, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(repo.git("show", f"mem/main:{path}").replace(FIVE, NINE) + "\n")
    assert fast(*CODEX, "session", "save").code == 0


@pytest.mark.parametrize("change", [with_body, as_file])
def test_what_an_agent_changes_is_not_a_persons_word(
    fast: Mem, repo: Repo, change: Callable[[Mem, Repo, str], None]
) -> None:
    fast("init", "-q")
    memory_id = fast("add", FIVE, "--json").json()["id"]
    assert fast("promote", "--yes", "-q").code == 0
    fast(*CODEX[:2], "session", "start", "s", "--worktree", "-q")
    change(fast, repo, memory_id)
    assert fast("promote", "s", "--yes", "-q").code == 0
    shown = fast("show", memory_id, "--json").json()
    assert shown["body"].strip() == NINE
    assert (shown["evidence"], shown["source"]["agent"], shown["source"]["session"]) == ("inference", "codex", "s")
    assert "evidence inference, by codex" in fast("recall", "cap").out
    assert "human" not in fast("hydrate", "--task", "cap").out

    fast("edit", memory_id, "--body", "The cap is 7.", "-q")
    assert fast("promote", "--yes", "-q").code == 0
    assert "evidence human, by a person" in fast("recall", "cap").out
    assert "codex" not in fast("show", memory_id).out
