"""Other programs' words for our commands run them, and say so; a word that resembles none is a usage error."""

from __future__ import annotations

import pytest

from memcli.cli.command_table import COMMANDS, SYNONYMS
from tests.conftest import Mem


def test_a_synonym_is_no_command_and_names_one() -> None:
    assert not SYNONYMS.keys() & COMMANDS.keys()
    assert {command.split()[0] for command in SYNONYMS.values()} <= COMMANDS.keys()


@pytest.mark.parametrize("word", SYNONYMS)
def test_a_synonym_leads_to_its_command(fast: Mem, word: str) -> None:
    assert f"Usage: mem {SYNONYMS[word]} " in fast(word, "--help").out


def test_a_synonym_answers_and_names_the_command(fast: Mem) -> None:
    fast("init"), fast("add", "Deliveries are retried seven times.", "--promote")
    found = fast("search", "deliveries")
    assert found.code == 0 and "retried seven times" in found.out
    assert found.err == "'mem search' runs 'mem recall'\n"


def test_with_json_or_quiet_nothing_is_said_beside_the_answer(fast: Mem) -> None:
    fast("init")
    for words in (("search", "x", "--json"), ("--json", "search", "x"), ("ls", "-q"), ("-q", "ls")):
        assert (fast(*words).code, fast(*words).err) == (0, ""), words


def test_to_remove_only_proposes(fast: Mem) -> None:
    fast("init")
    memory = fast("add", "Deploys happen on Tuesdays.", "--promote", "--json").json()["id"]
    removed = fast("rm", memory)
    assert removed.code == 0 and "'mem rm' runs 'mem retire'" in removed.err
    assert fast("undo").code == 0 and "status: active" in fast("show", memory).out


def test_the_inbox_is_mem_alone(fast: Mem) -> None:
    fast("init"), fast("add", "Deploys happen on Tuesdays.")
    assert "Deploys happen" in fast("inbox").out and fast("inbox").out == fast().out
    assert fast("inbox", "--json").json() == fast("--json").json()


def test_the_version(fast: Mem) -> None:
    assert fast("version") == fast("--version") and fast("version").code == 0


def test_errors_name_the_command_that_ran(fast: Mem) -> None:
    fast("init")
    assert "mem recall --help" in fast("search", "x", "--nosuch").err


@pytest.mark.parametrize(("word", "near"), [("serach", "'search'"), ("lst", "'list'"), ("promot", "'promote'")])
def test_a_typo_gets_a_suggestion(fast: Mem, word: str, near: str) -> None:
    mistyped = fast(word, "x")
    assert (mistyped.code, mistyped.out) == (2, "")
    assert f"no such command: 'mem {word}'" in mistyped.err and near in mistyped.err


def test_a_typo_below_a_command_gets_one_too(fast: Mem) -> None:
    mistyped = fast("session", "strat")
    assert (mistyped.code, mistyped.out) == (2, "")
    assert mistyped.err == (
        "error: no such command: 'mem session strat'\n"
        "hint: did you mean 'start'? 'mem session --help' lists the commands\n"
    )
