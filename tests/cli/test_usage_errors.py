"""Usage errors: exit 2, the allowed words, what a typo may have meant; and no traceback for any command line."""

from __future__ import annotations

import json
import random

import pytest

from memcli.cli.command_table import COMMANDS
from tests.conftest import Mem, Repo


@pytest.fixture
def memory(fast: Mem) -> str:
    """The id of a promoted memory about src/app.py, in a store with a session that waits."""
    fast("init")
    memory_id = fast("add", "Alpha is 5.", "--path", "src/app.py", "--promote", "--json", "-q").out.splitlines()[0]
    fast("session", "start", "line"), fast("add", "Beta is 6.")
    return str(json.loads(memory_id)["data"]["id"])


TYPOS: dict[str, tuple[tuple[str, ...], str]] = {
    "kind": (("list", "--kind", "semntic"), "did you mean 'semantic'? use one of semantic, procedural, episodic"),
    "kind of add": (("add", "x", "--kind", "procedura"), "did you mean 'procedural'?"),
    "type": (("recall", "x", "--type", "decison"), "did you mean 'decision'?"),
    "type of add": (("add", "x", "--type", "fct"), "did you mean 'fact'?"),
    "evidence": (("add", "x", "--evidence", "humn"), "did you mean 'human'?"),
    "date": (("add", "x", "--valid-from", "yesterdy"), "YYYY-MM-DD"),
    "impossible date": (("add", "x", "--expires", "2026-13-45"), "YYYY-MM-DD"),
    "as of": (("list", "--as-of", "soon"), "2026-11-20"),
    "confidence": (("add", "x", "--confidence", "7"), "0.8"),
    "number": (("recall", "x", "-n", "0"), "--help"),
    "fusion": (("recall", "x", "--fusion", "rff"), "did you mean 'rrf'?"),
    "command": (("lst",), "--help"),
    "subcommand": (("session", "strt"), "--help"),
    "option": (("list", "--kindd", "x"), "--help"),
}


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(("words", "hint"), TYPOS.values(), ids=TYPOS)
def test_a_typo_is_told_with_what_is_allowed(fast: Mem, words: tuple[str, ...], hint: str) -> None:
    done = fast(*words)
    assert (done.code, done.out) == (2, ""), done
    assert hint in done.err and done.err.count("\n") == 2, done


FRONT: dict[str, tuple[str, str, str]] = {
    "key": ("staus", "active", "did you mean 'status'"),
    "status": ("status", "retird", "did you mean 'retired'? use one of active,"),
    "kind": ("kind", "sematic", "did you mean 'semantic'? use one of semantic,"),
    "type": ("type", "decison", "did you mean 'decision'?"),
    "evidence": ("evidence", "humn", "did you mean 'human'?"),
    "pin": ("pin", "yes", "use one of true, false"),
    "confidence": ("confidence", "7", "for example 0.8"),
    "date": ("valid_from", "yesterday", "YYYY-MM-DD"),
}
"""(key, value, hint) of front matter that is mistyped."""


@pytest.mark.parametrize(("key", "value", "hint"), FRONT.values(), ids=FRONT)
def test_mistyped_front_matter_is_told_alike_by_each_command(
    memory: str, repo: Repo, fast: Mem, key: str, value: str, hint: str
) -> None:
    before = repo.git("for-each-ref")
    edited = fast("edit", memory, "--set", f"{key}={value}")
    added = fast("add", "--batch", "-", input=json.dumps({"body": "Gamma is 7.", key: value}))
    for done in (edited, added):
        assert (done.code, done.out, hint in done.err, key in done.err) == (2, "", True, True), done
    assert "line" not in edited.err and repo.git("for-each-ref") == before


def test_a_key_that_resembles_none_is_kept(memory: str, fast: Mem) -> None:
    assert fast("edit", memory, "--set", "jurisdiction=EU").code == 0
    assert "jurisdiction: EU" in fast("diff").out


@pytest.mark.parametrize("key", ["based_on", "supersedes"])
def test_ids_that_are_given_are_stored_whole(memory: str, fast: Mem, repo: Repo, key: str) -> None:
    new = fast("add", "Gamma is 7.", "--json").json()["id"]
    before = repo.git("for-each-ref")
    for part, code in (("ZZZZZZ", 4), (memory[-3:], 2), (memory[:4], 2), ("0" * 26, 4)):
        batch = json.dumps({"body": "Delta is 8.", key: [part]})
        calls = [fast("edit", new, "--set", f"{key}={part}"), fast("add", "--batch", "-", input=batch)]
        calls += [fast("add", "Delta is 8.", "--based-on", part)] if key == "based_on" else []
        assert [done.code for done in calls] == [code] * len(calls), calls
    assert repo.git("for-each-ref") == before
    assert fast("edit", new, "--set", f"{key}={memory[-6:].lower()}").code == 0
    assert fast("add", "--batch", "-", input=json.dumps({"body": "Delta is 8.", key: memory[-6:]})).code == 0
    assert fast("diff").out.count(memory) == 2


def test_what_is_expected_is_a_result_or_a_tip(memory: str, fast: Mem) -> None:
    done = fast("promote", "line", "--expect", "zzz")
    assert memory and done.code == 4 and "neither a result of 'mem review' nor" in done.err
    assert "'mem review line'" in done.err


@pytest.mark.parametrize(("words", "verb"), [(("reject",), "reject"), (("promote", "--only"), "promote")])
def test_a_candidate_names_its_session(memory: str, fast: Mem, words: tuple[str, ...], verb: str) -> None:
    added = fast("add", "Gamma is 7.", "--session", "line", "--json").json()["id"]
    fast("session", "start", "other"), fast("add", "Delta is 8.", "--session", "other")
    fast("session", "close", "other")
    missing = fast(*words, "nosuch")
    assert missing.code == 4 and "no candidate or open session has the id or name 'nosuch'" in missing.err
    several = fast(verb)
    assert several.code == 4 and f"'mem {verb} " in several.err, several
    assert memory and fast(*words, added, "--json").json()["session"] == "line"


def test_another_type_is_kept(memory: str, fast: Mem) -> None:
    assert memory and fast("add", "x", "--type", "runbook").code == fast("list", "--type", "runbook").code == 0


@pytest.mark.parametrize(
    "words",
    [("retire",), ("edit", "--title", "x"), ("verify",), ("supersede",), ("undo",), ("promote", "--only"), ("reject",)],
    ids=lambda words: words[0],
)
def test_one_letter_of_an_id_changes_nothing(memory: str, repo: Repo, fast: Mem, words: tuple[str, ...]) -> None:
    before = repo.git("for-each-ref")
    for text in (memory[-1], memory[:3]):
        last = ("x",) if words[0] == "supersede" else ()
        done = (
            fast(words[0], *words[1:], text, *last)
            if words[0] == "promote"
            else fast(words[0], text, *words[1:], *last)
        )
        assert (done.code, "at least 4 characters" in done.err) == (2, True), done
    assert repo.git("for-each-ref") == before


def test_what_is_read_may_be_named_shortly(memory: str, fast: Mem) -> None:
    assert fast("show", memory[-3:]).code == 0


def test_an_ambiguous_id_has_one_exit_code(memory: str, fast: Mem) -> None:
    common = memory[:4]
    for words in (("show", common), ("retire", common), ("path", common), ("log", common), ("verify", common)):
        assert fast(*words).code == 2, words


def test_a_commit_of_the_code_is_none_of_the_store(memory: str, fast: Mem, repo: Repo) -> None:
    repo.commit("another")
    for words in (("HEAD~1",), ("main",), ("mem/main~1", "HEAD"), (repo.git("rev-parse", "HEAD"),)):
        done = fast("diff", *words)
        assert done.code == 4 and "is not a commit of the store" in done.err, done
    assert memory and fast("diff", "mem/main~1").code == fast("diff", "mem/main~1", "refs/mem/sessions/line").code == 0


def test_a_memory_whose_file_is_gone_is_not_verified(memory: str, fast: Mem, repo: Repo) -> None:
    repo.git("rm", "-q", "src/app.py")
    repo.git("commit", "-q", "-m", "gone")
    done = fast("verify", memory, "--json")
    assert done.code == 1 and [one["verified"] for one in done.json()["memories"]] == [False]
    assert "verified" not in fast("show", memory).out


def test_to_revert_a_whole_dream_is_asked_first(memory: str, fast: Mem, repo: Repo) -> None:
    fast("promote", "line", "--yes")
    fast("add", "The freeze ends soon.", "--expires", "2020-01-01", "--promote")
    name = fast("dream", "--json").json()["session"]
    fast("dream", "promote", "--yes")
    before = repo.git("for-each-ref")
    done = fast("dream", "revert")
    assert done.code == 2 and f"mem dream revert {name}" in done.err and "--only" in done.err, done
    assert repo.git("for-each-ref") == before and memory
    assert fast("dream", "revert", "--yes").code == 0


@pytest.mark.parametrize(
    ("line", "code", "problem"),
    [
        ('{"title": "b"}', 2, "a memory needs a body"),
        ("[1]", 2, "not a JSON object"),
        ('{"body": "b", "kind": "semntic"}', 2, "kind: unknown value 'semntic'"),
        ('{"body": "b", "bodyy": "c"}', 2, "unknown key 'bodyy'"),
        ('{"body": "token ghp_a7Kq2mZ9xW4vB6nT1cR8yL3pD5sF0gHj2Ue4"}', 6, "secret: title"),
    ],
)
def test_a_batch_names_its_line_and_writes_nothing(
    memory: str, fast: Mem, repo: Repo, line: str, code: int, problem: str
) -> None:
    before = repo.git("for-each-ref")
    done = fast("add", "--batch", "-", input=f'{{"body": "fine"}}\n\n{line}\n{{"body": "fine too"}}\n')
    assert done.code == code and f"--batch, line 3: {problem}" in done.err, done
    assert "nothing of the batch was recorded" in done.err.lower() and memory
    assert repo.git("for-each-ref") == before


PIECES = (
    *("", " ", "-", "--", "---", "-n", "-1", "0", "x" * 5_000, "\udcff\udcfe", "\u202e", "\U0001f989" * 40, "\x1b[2J"),
    *("\n", "{}", "'", "$(reboot)", "../..", "*", "none", "HEAD", "@{u}", ":/x", "^", "--json", "--kind", "--as-of"),
    *(
        "--session",
        "-C",
        "--color",
        "--only",
        "--yes",
        "-q",
        "--help",
        "ZZZZ",
        "%s",
        "\\",
        "mem/main",
        "=",
        "a=b",
        "--set",
    ),
)


@pytest.mark.usefixtures("memory")
def test_no_command_line_ends_in_a_traceback(fast: Mem) -> None:
    chance = random.Random(11)
    commands = [*COMMANDS, "session list", "dream show", "index status", "op log", "policy set", "exclude list"]
    for _ in range(150):
        words = [*chance.choice(commands).split(), *chance.choices(PIECES, k=chance.randrange(4))]
        if {"demo", "hooks", "dream"} & set(words[:1]):
            continue  # slow, or for the person's own home
        done = fast(*words, "--no-input")
        assert done.code in range(9), (words, done)
        assert "Traceback" not in done.err and "internal error" not in done.err, (words, done)


@pytest.mark.parametrize(("type_", "kind"), [("event", "semantic"), ("fact", "procedural"), ("procedure", "episodic")])
def test_a_kind_that_contradicts_the_type_is_an_error(fast: Mem, repo: Repo, type_: str, kind: str) -> None:
    fast("init")
    before = repo.git("for-each-ref")
    for done in (
        fast("add", "Some text.", "--type", type_, "--kind", kind),
        fast("add", "--batch", "-", input=json.dumps({"body": "Some text.", "type": type_, "kind": kind})),
    ):
        assert done.code == 2 and f"the type {type_!r} is " in done.err and "leave the kind out" in done.err
    assert repo.git("for-each-ref") == before


def test_the_kind_follows_the_type_and_no_help_names_it(fast: Mem) -> None:
    fast("init")
    added = fast("add", "The deploy of Monday failed.", "--type", "event", "--json").json()
    assert added["path"].startswith("episodic/")
    fast("edit", added["id"], "--set", "type=procedure")
    assert fast("show", added["id"], "--json").json()["kind"] == "procedural"
    for command in ("add", "list", "recall", "edit"):
        assert "--kind" not in fast(command, "--help").out
    assert fast("list", "--kind", "procedural", "--json").json()["memories"]
