"""A dream is a session: the verbs of sessions do all that those of dreams do, and `dream` names the open one."""

from __future__ import annotations

import pytest

from memcli.branch import ROOT
from tests.conftest import Mem, Repo

CLAIM = "The webhook retry queue retries every failed delivery of the payments service with growing pauses."


@pytest.fixture
def dream(fast: Mem) -> str:
    """The name of an open dream that merges two copies."""
    fast("init")
    for text in (CLAIM, CLAIM.replace("The", "A", 1)):
        fast("add", text)
        fast("promote", "--yes")
    name: str = fast("dream", "--json").json()["session"]
    return name


def refs(repo: Repo) -> str:
    return repo.git("for-each-ref", "--format=%(refname)", "refs/mem")


def test_its_page_and_its_session_show_the_report(fast: Mem, dream: str) -> None:
    shown = fast("dream", "show", "--json").json()
    for name in ("dream", dream):
        for command in (("review", name), ("session", "show", name)):
            assert fast(*command, "--json").json()["dream"] == shown
            text = fast(*command).out
            assert "before and after" in text and "\nmerge\n" in text and dream in text
    assert fast("session", "show", "ada", "--json").json()["dream"] is None


def test_promote_carries_the_watermark_and_the_front_page(fast: Mem, repo: Repo, dream: str) -> None:
    base = repo.git("rev-parse", "mem/main")
    promoted = fast("promote", "dream", "--yes", "--json").json()
    assert promoted["session"] == dream and promoted["ended"]
    assert repo.git("log", "-1", "--format=%(trailers:key=Mem-Watermark,valueonly)", "mem/main") == base
    assert repo.git("show", "mem/main:MEMORY.md").count("webhook") < repo.git("show", f"{base}:MEMORY.md").count(
        "webhook"
    )
    assert fast("status", "--json").json()["dream"]["watermark"] == base
    assert fast("dream", "--auto", "--json").json()["gate"] == "time"


@pytest.mark.parametrize("command", [("reject", "dream"), ("dream", "discard")])
def test_reject_and_discard_are_one_decision(fast: Mem, repo: Repo, dream: str, command: tuple[str, ...]) -> None:
    tree = repo.git("rev-parse", "mem/main^{tree}")
    done = fast(*command, "--reason", "both stay", "--json").json()
    assert (done["session"], done["ended"], done["reason"]) == (dream, True, "both stay")
    assert f"refs/mem/ended/{dream}" in refs(repo) and repo.git("rev-parse", "mem/main^{tree}") == tree
    assert fast("dream", "--auto", "--json").json()["gate"] == "time"
    assert fast("dream", "--json").json()["changes"] == []
    assert fast("dream", "--force", "--since", ROOT, "--json").json()["changes"]


def test_undo_of_a_rejection_opens_the_dream_again(fast: Mem, dream: str) -> None:
    fast("reject", "dream")
    assert fast("undo", "--json").json()["reopened"] == dream
    assert fast("review", "dream", "--json").json()["session"] == dream


def test_without_an_open_dream_the_name_leads_to_one(fast: Mem, dream: str) -> None:
    fast("promote", dream, "--yes")
    for command in ("review", "promote", "reject"):
        done = fast(command, "dream")
        assert done.code == 4 and "'mem dream' proposes one" in done.err
    assert "promoted" in fast("dream", "show").out
    assert fast("session", "start", "dream").code == 2
