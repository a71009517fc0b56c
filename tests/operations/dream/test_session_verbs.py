"""A dream is a session: the verbs of sessions do all that those of dreams do, and `dream` names the open one."""

from __future__ import annotations

import pytest

from memcli.branch import ROOT
from tests.conftest import Mem, Repo

CLAIM = "The webhook retry queue retries every failed delivery of the payments service with growing pauses."


@pytest.fixture
def dream(mem: Mem) -> str:
    """The name of an open dream that merges two copies."""
    mem("init")
    for text in (CLAIM, CLAIM.replace("The", "A", 1)):
        mem("add", text)
        mem("promote", "--yes")
    name: str = mem("dream", "--json").json()["session"]
    return name


def refs(repo: Repo) -> str:
    return repo.git("for-each-ref", "--format=%(refname)", "refs/mem")


def test_its_page_and_its_session_show_the_report(mem: Mem, dream: str) -> None:
    shown = mem("dream", "show", "--json").json()
    for name in ("dream", dream):
        for command in (("review", name), ("session", "show", name)):
            assert mem(*command, "--json").json()["dream"] == shown
            text = mem(*command).out
            assert "before and after" in text and "\nmerge\n" in text and dream in text
    assert mem("session", "show", "ada", "--json").json()["dream"] is None


def test_promote_carries_the_watermark_and_the_front_page(mem: Mem, repo: Repo, dream: str) -> None:
    base = repo.git("rev-parse", "mem/main")
    promoted = mem("promote", "dream", "--yes", "--json").json()
    assert promoted["session"] == dream and promoted["ended"]
    assert repo.git("log", "-1", "--format=%(trailers:key=Mem-Watermark,valueonly)", "mem/main") == base
    assert repo.git("show", "mem/main:MEMORY.md").count("webhook") < repo.git("show", f"{base}:MEMORY.md").count(
        "webhook"
    )
    assert mem("status", "--json").json()["dream"]["watermark"] == base
    assert mem("dream", "--auto", "--json").json()["gate"] == "time"


@pytest.mark.parametrize("command", [("reject", "dream"), ("dream", "discard")])
def test_reject_and_discard_are_one_decision(mem: Mem, repo: Repo, dream: str, command: tuple[str, ...]) -> None:
    tree = repo.git("rev-parse", "mem/main^{tree}")
    done = mem(*command, "--reason", "both stay", "--json").json()
    assert (done["session"], done["ended"], done["reason"]) == (dream, True, "both stay")
    assert f"refs/mem/ended/{dream}" in refs(repo) and repo.git("rev-parse", "mem/main^{tree}") == tree
    assert mem("dream", "--auto", "--json").json()["gate"] == "time"
    assert mem("dream", "--json").json()["changes"] == []
    assert mem("dream", "--force", "--since", ROOT, "--json").json()["changes"]


def test_undo_of_a_rejection_opens_the_dream_again(mem: Mem, dream: str) -> None:
    mem("reject", "dream")
    assert mem("undo", "--json").json()["reopened"] == dream
    assert mem("review", "dream", "--json").json()["session"] == dream


def test_without_an_open_dream_the_name_leads_to_one(mem: Mem, dream: str) -> None:
    mem("promote", dream, "--yes")
    for command in ("review", "promote", "reject"):
        done = mem(command, "dream")
        assert done.code == 4 and "'mem dream' proposes one" in done.err
    assert "promoted" in mem("dream", "show").out
    assert mem("session", "start", "dream").code == 2
