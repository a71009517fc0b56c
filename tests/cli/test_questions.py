"""Every reader shows an open question beside the memories that it involves, whichever of them lists it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Mem, Repo

TWELVE, TEN = "The bcrypt cost of logins is 12.", "The bcrypt cost of logins is 10."


@pytest.fixture
def pair(fast: Mem) -> tuple[str, str]:
    """Two promoted memories that contradict each other, one of them by an agent."""
    fast("init", "-q")
    ids = []
    for agent, body in ((), TWELVE), (("--agent", "codex"), TEN):
        added = fast(*agent, "add", body, "--json").json()
        ids.append(added["id"])
        assert fast("promote", added["session"], "--yes", "-q").code == 0
    fast("dream", "-q")
    assert fast("dream", "promote", "--yes", "-q").code == 0
    return ids[0], ids[1]


def asked(memory: Any) -> list[tuple[str, list[str], str]]:
    assert all(set(question) == {"kind", "with", "reason", "since"} for question in memory["questions"])
    return [(question["kind"], question["with"], question["reason"]) for question in memory["questions"]]


def test_json_of_every_reader_has_the_question_on_both_memories(fast: Mem, pair: tuple[str, str]) -> None:
    readers = {
        "recall": fast("recall", "bcrypt cost", "--json").json()["hits"],
        "recall --full": fast("recall", "bcrypt cost", "--full", "--json").json()["hits"],
        "list": fast("list", "--json").json()["memories"],
        "hydrate": fast("hydrate", "--task", "bcrypt cost", "--json").json()["items"],
        "show": [fast("show", each, "--json").json() for each in pair],
        "why": [fast("why", each, "--json").json() for each in pair],
    }
    for name, memories in readers.items():
        questions = {memory["id"]: asked(memory) for memory in memories}
        assert questions == {
            one: [("contradiction", [other], "differs: number 12 against 10")] for one, other in (pair, pair[::-1])
        }, name


def test_text_of_every_reader_has_the_question_on_both_memories(fast: Mem, repo: Repo, pair: tuple[str, str]) -> None:
    for one, other in (pair, pair[::-1]):
        brief = f"contradiction with {other[-6:]}"
        texts = {
            "recall": fast("recall", TWELVE, "-n", "2").out,
            "recall --full": fast("recall", TWELVE, "--full").out,
            "list": fast("list").out,
            "hydrate": fast("hydrate", "--task", "bcrypt cost").out,
            "show": fast("show", one).out,
            "why": fast("why", one).out,
            "MEMORY.md": repo.git("show", "mem/main:MEMORY.md"),
        }
        for name, text in texts.items():
            assert brief in text, (name, text)
        for name in ("recall", "recall --full", "show", "why"):
            assert "differs: number 12 against 10" in texts[name]


def test_recall_tells_evidence_and_author_of_each_hit(fast: Mem, pair: tuple[str, str]) -> None:
    lines = {line[:6]: line for line in fast("recall", "bcrypt cost").out.splitlines()}
    assert "evidence human, by a person" in lines[pair[0][-6:]]
    assert "evidence inference, by codex" in lines[pair[1][-6:]]


def test_an_answered_question_is_gone_from_every_reader(fast: Mem, repo: Repo, pair: tuple[str, str]) -> None:
    assert fast("resolve", pair[0], "--keep", "both", "-q").code == 0
    assert fast("promote", "--yes", "-q").code == 0
    for command in (["recall", "bcrypt cost"], ["list"], ["hydrate", "--task", "bcrypt cost"]):
        assert "contradiction" not in fast(*command).out
    assert "contradiction" not in repo.git("show", "mem/main:MEMORY.md")


def test_a_question_about_a_memory_out_of_use_is_not_shown(fast: Mem, pair: tuple[str, str]) -> None:
    fast("retire", pair[1], "-q")
    assert fast("promote", "--yes", "-q").code == 0
    for options in ((), ("--all",)):
        memories = fast("list", "--json", *options).json()["memories"]
        assert all(not memory["questions"] for memory in memories if memory["id"] in pair)


def test_a_pack_stays_small_however_many_questions_there_are(fast: Mem) -> None:
    fast("init", "-q")
    lines = [
        f'{{"body": "Service {name} keeps its logs for {days} days on the disk of the archive {name}."}}'
        for name in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
        for days in (10, 20)
    ]
    fast("add", "--batch", "-", "-q", input="\n".join(lines))
    assert fast("promote", "--yes", "-q").code == 0
    before = fast("hydrate", "--task", "logs of alpha", "--json").json()["tokens"]
    for memory in fast("list", "--json").json()["memories"]:
        fast("edit", memory["id"], "--set", "attention=is this so?", "-q")
    assert fast("promote", "--yes", "-q").code == 0
    pack = fast("hydrate", "--task", "logs of alpha", "--json").json()
    assert sum(item["section"] == "unsettled" for item in pack["items"]) <= 3
    assert pack["tokens"] <= before * 1.15


def test_a_question_is_moot_whichever_of_the_two_is_out_of_use(fast: Mem, pair: tuple[str, str]) -> None:
    fast("retire", pair[0], "-q")
    assert fast("resolve").out == "no open questions\n" and fast("resolve", pair[1]).code == 4
    assert "contradiction" not in fast("recall", "bcrypt cost").out
    fast("undo", "-q")
    assert len(fast("resolve", "--json").json()["unsettled"]) == 1
