"""What scripts and agents rely on: the fields of every command's JSON, the exit codes, options in any place, ids."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest

from memcli.errors import EXIT_CODES
from tests.conftest import Mem, Repo
from tests.waiting import LIMIT, eventually, has_open

OID, ULID, INSTANT = r"[0-9a-f]{40}", r"[0-7][0-9A-HJKMNP-TV-Z]{25}", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


# shapes: a type, a pattern (text), a set of words, a list of one shape, a dictionary of shapes, a tuple of choices


@dataclass(frozen=True)
class Text:
    """A text that matches a pattern from end to end."""

    pattern: str = r"(?s).*"


Shape = Any
NULL = None
STRING, NAME = Text(), Text(r"[a-z0-9][a-z0-9-]{0,63}")
FINDING = {
    "check": Text("[a-z-]+"),
    "severity": {"block", "warn", "info"},
    "id": STRING,
    "message": STRING,
    "next": STRING,
}
WRITTEN = {"id": Text(ULID), "session": NAME, "state": {"committed", "queued", "spooled"},
           "path": Text(r"(semantic|procedural|episodic)/.+\.md"), "findings": [FINDING]}  # fmt: skip
SESSION = {"session": NAME, "state": {"open", "closed", "promoted", "rejected"}, "candidates": int,
           "agent": (STRING, NULL), "code_branch": (STRING, NULL), "updated": Text(INSTANT)}  # fmt: skip
CANDIDATE = {
    "id": STRING,
    "change": {"added", "changed", "retired", "policy"},
    "title": STRING,
    "path": STRING,
    "diff": STRING,
}
REVIEW = {"session": NAME, "base": Text(OID), "tip": Text(OID),
          "verdict": {"empty", "blocked", "person", "promotable"}, "candidates": [CANDIDATE],
          "findings": [FINDING]}  # fmt: skip
ANCHOR = {"path": STRING, "state": {"fresh", "suspect", "stale"}, "now": (STRING, NULL)}
HIT = {"id": Text(ULID), "title": STRING, "kind": STRING, "type": STRING, "path": STRING, "status": STRING,
       "score": float, "snippet": STRING,
       "staleness": {"fresh", "suspect", "stale", "unanchored"}, "trust": STRING, "evidence": (STRING, NULL),
       "agent": (STRING, NULL), "modified": Text(INSTANT), "valid_from": (STRING, NULL), "valid_to": (STRING, NULL),
       "conflict": bool, "superseded_by": (STRING, NULL), "session": (NAME, NULL)}  # fmt: skip
EXPLAINED = HIT | {"channels": {...: {"rank": int, "score": float, "weight": float}}}
LISTED = {"id": Text(ULID), "title": STRING, "kind": STRING, "type": STRING, "topic": STRING, "status": STRING,
          "modified": Text(INSTANT), "session": (NAME, NULL)}  # fmt: skip
VERIFIED = {"id": Text(ULID), "verified": bool, "staleness": {"fresh", "suspect", "stale", "unanchored"},
            "anchors": [ANCHOR], "rules": [{"rule": STRING, "holds": (bool, NULL)}], "session": (NAME, NULL),
            "state": ({"committed", "queued", "spooled"}, NULL)}  # fmt: skip
ENTRY = {"commit": Text(OID), "at": Text(INSTANT), "session": STRING, "agent": (STRING, NULL), "review": STRING,
         "change": STRING, "id": STRING, "title": STRING}  # fmt: skip
LINE = {"line": int, "text": STRING, "commit": Text(OID), "at": Text(INSTANT), "session": STRING,
        "agent": (STRING, NULL), "review": STRING}  # fmt: skip
MOVED = {"ref": STRING, "from": (Text(OID), NULL), "to": (Text(OID), NULL)}
STATUS = {"branch": STRING, "tip": Text(OID), "session": (NAME, NULL), "candidates": int, "queued": int,
          "failed": [{"op": STRING, "reason": STRING}],
          "index": {"tree": (Text(OID), NULL), "behind": (int, NULL), "embedder": STRING},
          "dream": {"watermark": (Text(OID), NULL), "last": (STRING, NULL)},
          "conflicts": int, "attention": int}  # fmt: skip
SHOWN = {"id": Text(ULID), "title": STRING, "kind": STRING, "type": STRING, "topic": STRING, "key": STRING,
         "tags": [STRING], "paths": [STRING], "status": STRING, "created": Text(INSTANT), "modified": Text(INSTANT),
         "evidence": STRING, "source": {"session": STRING, "commit": Text("[0-9a-f]{8,40}")}, "body": STRING,
         "path": STRING, "rev": Text(OID), "blob": Text(OID),
         "staleness": {"fresh", "suspect", "stale", "unanchored"}, "anchors": [ANCHOR]}  # fmt: skip


def misfit(shape: Shape, value: Any, where: str = "data") -> str:
    """Where a value does not have a shape, in words; empty where it has."""
    if isinstance(shape, tuple):
        tried = [misfit(one, value, where) for one in shape]
        return "" if "" in tried else tried[0]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{where} is no list: {value!r}"
        return next(filter(None, (misfit(shape[0], one, f"{where}[{n}]") for n, one in enumerate(value))), "")
    if isinstance(shape, dict):
        return _misfit_of_fields(shape, value, where)
    return "" if _fits(shape, value) else f"{where} is {value!r}, not {shape}"


def _misfit_of_fields(shape: dict[Any, Shape], value: Any, where: str) -> str:
    if not isinstance(value, dict):
        return f"{where} is no object: {value!r}"
    if ... in shape:
        return next(filter(None, (misfit(shape[...], one, f"{where}.{key}") for key, one in value.items())), "")
    missing = shape.keys() - value.keys()
    if missing:
        return f"{where} lacks {sorted(missing)}"
    return next(filter(None, (misfit(one, value[key], f"{where}.{key}") for key, one in shape.items())), "")


def _fits(shape: Shape, value: Any) -> bool:
    if shape is None:
        return value is None
    if isinstance(shape, set):
        return isinstance(value, str) and value in shape
    if isinstance(shape, Text):
        return isinstance(value, str) and re.fullmatch(shape.pattern, value) is not None
    if shape is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))


# a store on which every command has something to say


@dataclass
class World:
    """A repository with promoted memories, an open session with candidates, and the ids of both."""

    repo: Repo
    mem: Mem
    promoted: str = ""
    candidate: str = ""
    other: str = ""
    pack: str = ""


@pytest.fixture
def world(repo: Repo, fast: Mem) -> World:
    made = World(repo, fast)
    fast("init"), fast("session", "start", "first")
    made.promoted = fast("add", "RETRIES is 7 because the ledger locks.", "--key", "app.retries", "--tag", "ledger",
                         "--path", "src/app.py", "--session", "first", "--json").json()["id"]  # fmt: skip
    made.other = fast("add", "Deploys happen on Tuesdays.", "--session", "first", "--json").json()["id"]
    fast("promote", "first", "--yes")
    made.pack = fast("hydrate", "--json").json()["pack"][:12]
    fast("session", "start", "second")
    (repo.path / ".git/mem/session").unlink()  # the person's current session is none
    made.candidate = fast("add", "The queue retries webhooks.", "--session", "second", "--json").json()["id"]
    return made


CONTRACT: dict[str, tuple[str, Shape]] = {
    "init": ("init", {"branch": STRING, "root": Text(OID), "tip": Text(OID), "created": bool}),
    "add": ("add Something", WRITTEN),
    "edit": ("edit {promoted} --title Retries", WRITTEN),
    "retire": ("retire {other} -m outdated", WRITTEN),
    "supersede": ("supersede {promoted} Nine", WRITTEN),
    "show": ("show {promoted}", SHOWN),
    "list": ("list --session second", {"memories": [LISTED]}),
    "session start": ("session start third", {"session": NAME, "base": Text(OID), "worktree": NULL}),
    "session start --worktree": ("session start third --worktree",
                                 {"session": NAME, "base": Text(OID), "worktree": Text("/.+/third")}),
    "session list": ("session list --all", {"sessions": [SESSION]}),
    "review": ("review second", REVIEW),
    "check": ("check", {"sessions": [REVIEW]}),
    "promote": ("promote second", {"session": NAME, "commit": Text(OID), "parents": [Text(OID)],
                                   "promoted": [Text(ULID)], "left": [Text(ULID)], "review": STRING}),
    "verify": ("verify {promoted} {other}", {"memories": [VERIFIED]}),
    "recall": ("recall ledger locks", {"query": STRING, "tree": Text(OID), "degraded": (STRING, NULL), "hits": [HIT]}),
    "hydrate": ("hydrate --task ledger --session second",
                {"pack": Text("[0-9a-f]{64}"), "tree": Text(OID), "tokens": int, "chars": int,
                 "items": [{"id": Text(ULID), "title": STRING, "reason": STRING}], "left_out": int, "text": STRING}),
    "replay": ("replay {pack}", {"pack": Text("[0-9a-f]{64}"), "source": {"kept", "recomputed"}, "matches": bool,
                                 "text": STRING}),
    "log": ("log", {"entries": [ENTRY]}),
    "why": ("why {promoted}", {"id": Text(ULID), "lines": [LINE]}),
    "status": ("status", STATUS),
    "index verify": ("index verify", {"ok": bool, "tree": Text(OID), "digest": Text("[0-9a-f]{64}"),
                                      "problems": [STRING]}),
    "doctor": ("doctor", {"checks": [{"name": STRING, "ok": bool, "message": STRING, "next": STRING}]}),
    "undo": ("undo", {"op": Text(ULID), "moved": [MOVED], "reopened": (NAME, NULL)}),
    "session show": ("session show second", SESSION),
    "path": ("path {promoted}", {"id": Text(ULID), "path": STRING, "file": (STRING, NULL)}),
    "op log": ("op log", {"operations": [{"op": Text(ULID), "verb": STRING, "session": NAME}]}),
}  # fmt: skip
"""What is listed → how it is called, and the shape of its `data`; more fields may be there."""
MAY_BE_EMPTY = {"findings", "problems", "left", "failed"}


@pytest.mark.parametrize("name", CONTRACT)
def test_json_holds_what_is_promised(name: str, world: World) -> None:
    words, shape = CONTRACT[name]
    done = world.mem(*words.format(**vars(world)).split(), "--json")
    assert (done.code, done.err) == (0, ""), done
    document = json.loads(done.out)
    assert document.keys() == {"schema", "data", "warnings"} and done.out.count("\n") == 1
    assert document["schema"] == f"memcli/{name.removesuffix(' --worktree').replace(' ', '-')}@1"
    assert all(isinstance(one, str) for one in document["warnings"])
    assert misfit(shape, document["data"]) == ""
    assert all(document["data"][key] for key in shape if isinstance(shape[key], list) and key not in MAY_BE_EMPTY)


def test_a_result_is_printed_also_when_it_is_bad(world: World) -> None:
    """`review` and `check` exit 6, `doctor` and `index verify` 1, each with its document on stdout."""
    page = world.repo.git("rev-parse", "mem/main^{tree}")
    blob = world.repo.git("hash-object", "-w", "--stdin", input="---\nid: [\n")
    lines = world.repo.git("ls-tree", page) + f"\n100644 blob {blob}\tbad.md\n"
    inner = world.repo.git("mktree", input=f"100644 blob {blob}\tbad.md\n")
    lines = (
        "\n".join(line for line in lines.splitlines() if "bad.md" not in line) + f"\n040000 tree {inner}\tepisodic\n"
    )
    commit = world.repo.git("commit-tree", world.repo.git("mktree", input=lines), "-p", "mem/main", "-m", "by hand")
    world.repo.git("update-ref", "refs/heads/mem/main", commit)
    assert [(one["name"], one["ok"]) for one in world.mem("doctor", "--json").json()["checks"] if not one["ok"]] == [
        ("unreadable", False)
    ]
    assert world.mem("doctor").code == 1
    place = Path(world.mem("session", "start", "blocked", "--worktree", "--json").json()["worktree"])
    (place / "semantic/x").mkdir(parents=True)
    (place / "semantic/x/bad.md").write_text("---\nid: [\n")
    done = world.mem("session", "save", "--json")
    assert done.code == 6 and misfit([FINDING], done.json()["findings"]) == "" and done.err == ""


GLOBALS = (
    ("--json",),
    ("-q",),
    ("-v",),
    ("--no-input",),
    ("--color", "never"),
    ("--session", "second"),
    ("--agent", "robot"),
)


@pytest.mark.parametrize("words", GLOBALS, ids=" ".join)
@pytest.mark.parametrize("command", [("list",), ("session", "list"), ("policy",)], ids=" ".join)
def test_global_options_before_and_after_the_command(
    words: tuple[str, ...], command: tuple[str, ...], world: World
) -> None:
    before, after = world.mem(*words, *command), world.mem(*command, *words)
    assert (before.code, before.out, before.err) == (0, after.out, after.err)
    if len(command) == 2:
        between = world.mem(command[0], *words, command[1])
        assert (between.code, between.out) == (0, after.out)


def test_a_directory_before_and_after_the_command(world: World, tmp_path: Path) -> None:
    here = world.mem("list")
    for words in (("-C", str(world.repo.path), "list"), ("list", "-C", str(world.repo.path / "src"))):
        assert world.mem(*words, cwd=tmp_path).out == here.out
    assert world.mem("list", cwd=world.repo.path / "src").out == here.out


def test_session_and_agent_by_option_or_environment(world: World) -> None:
    ways: list[tuple[tuple[str, ...], dict[str, str]]]
    ways = [(("--session", "second"), {}), ((), {"MEM_SESSION": "second"})]
    for words, env in ways:
        ids = [one["id"] for one in world.mem("list", "--json", *words, env=env).json()["memories"]]
        assert world.candidate in ids
    ways = [(("--agent", "robot"), {}), ((), {"MEM_AGENT": "robot"}), ((), {"CLAUDECODE": "1"})]
    for number, (words, env) in enumerate(ways):
        done = world.mem("add", f"Agent text {number}.", "--json", *words, env=env).json()
        shown = world.mem("show", done["id"], "--session", done["session"], "--json").json()
        assert shown["source"]["agent"] == ("claude-code" if "CLAUDECODE" in env else "robot")
        assert shown["evidence"] == "inference"


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    with lock.open("a") as stream:
        flock(stream, LOCK_EX)
        yield


def test_exit_codes(world: World, tmp_path: Path) -> None:
    """0 to 7 of the table, each by one natural call."""
    mem, repo = world.mem, world.repo
    (repo.path / ".git/broken").mkdir()
    repo.git("config", "extensions.refStorage", "reftable")
    seen = {1: mem("list").code}
    repo.git("config", "--unset", "extensions.refStorage")
    seen |= {0: mem("recall", "zzzz").code, 2: mem("list", "--frobnicate").code, 3: mem("list", cwd=tmp_path).code,
             4: mem("show", "ZZZZZZ").code, 5: mem("promote", "second", "--expect", "mem/main").code,
             6: mem("promote", "second", "--yes", env={"CLAUDECODE": "1"}).code}  # fmt: skip
    with _held(repo.path / ".git/mem/lock"):
        busy = mem("promote", "second", "--json", env={"MEM_LOCK_TIMEOUT": "0"})
    seen[7] = busy.code
    assert seen == {code: code for code in range(8)} and seen.keys() <= EXIT_CODES.keys()
    assert busy.error()["retryable"] is True and busy.error()["code"] == "busy"


def test_add_below_a_held_lock_is_queued(world: World) -> None:
    with _held(world.repo.path / ".git/mem/lock"):
        words = ("add", "Written while another works.", "--json", "--session", "second")
        done = world.mem(*words, env={"MEM_LOCK_TIMEOUT": "0"})
        assert (done.code, done.json()["state"]) == (0, "queued") and json.loads(done.out)["warnings"] == []
        assert "Written while another works" in world.mem("recall", "another works", "--session", "second").out
        assert world.mem("status", "--json").json()["queued"] == 1
    world.mem("add", "The next one.", "--session", "second")
    assert world.mem("status", "--json").json()["queued"] == 0
    assert len(world.mem("review", "second", "--json").json()["candidates"]) == 3


def test_ids_by_a_unique_beginning_or_end(world: World) -> None:
    one = world.promoted
    for text in (one, one.lower(), one[-6:], one[-6:].lower(), one[-10:], one[:25]):
        assert world.mem("show", text, "--json").json()["id"] == one
    ambiguous = world.mem("show", one[:4], "--json")
    assert ambiguous.code == 2 and "use more characters" in ambiguous.error()["hint"]
    assert world.mem("promote", "second", "--only", world.candidate[-6:], "--json").json()["promoted"] == [
        world.candidate
    ]


def test_a_batch_answers_in_order(world: World) -> None:
    lines = [{"body": f"Batch text {n}.", "title": f"Number {n}", "tags": ["a", "b"], "pin": n == 1} for n in range(3)]
    done = world.mem("add", "--batch", "-", "--json", input="".join(json.dumps(line) + "\n" for line in lines))
    memories = done.json()["memories"]
    assert misfit([WRITTEN], memories) == "" and len({one["id"] for one in memories}) == 3
    titles = [world.mem("show", one["id"], "--json").json()["title"] for one in memories]
    assert titles == ["Number 0", "Number 1", "Number 2"]


def test_once_makes_a_retry_harmless(world: World) -> None:
    again = [world.mem("add", "Only once.", "--once", "key-1", "--json").json() for _ in range(2)]
    assert again[0]["id"] == again[1]["id"]
    assert sum(one["title"] == "Only once" for one in world.mem("list", "--json").json()["memories"]) == 1


def test_dry_runs_move_nothing(world: World) -> None:
    before = world.repo.git("for-each-ref")
    for words in (("promote", "second", "--dry-run"), ("undo", "--dry-run"), ("bootstrap", "--dry-run")):
        assert world.mem(*words).code == 0
        assert world.repo.git("for-each-ref") == before, words


def test_quiet_prints_results_only_and_remarks_go_to_stderr(world: World) -> None:
    loud = world.mem("add", "One more.", "--agent", "codex")
    quiet = world.mem("add", "And one more.", "--agent", "opencode", "-q")
    assert "started session" in loud.err and len(loud.out.splitlines()) == 1
    assert quiet.err == "" and len(quiet.out.splitlines()) == 1
    assert "\x1b" not in world.mem("list").out and "\x1b[" in world.mem("recall", "ledger", "--color", "always").out


def test_the_instant_of_an_operation_can_be_set(world: World) -> None:
    env = {"GIT_COMMITTER_DATE": "2027-03-01T12:00:00Z"}
    world.mem("session", "start", "dated")
    done = world.mem("add", "At a given instant.", "--session", "dated", "--json", env=env).json()
    shown = world.mem("show", done["id"], "--session", "dated", "--json").json()
    assert shown["created"] == shown["modified"] == "2027-03-01T12:00:00Z"
    assert world.repo.git("log", "-1", "--format=%cI", "refs/mem/sessions/dated") == "2027-03-01T12:00:00+00:00"


def test_git_mem_is_the_same_program(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    """git finds `git-mem` on the PATH and sets GIT_DIR only for aliases; both ways lead to one store."""
    script = tmp_path / "bin/git-mem"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom memcli.cli.main import main\n\nmain()\n")
    script.chmod(0o755)
    env = {"PATH": f"{script.parent}:{os.environ['PATH']}"}
    assert "mem/main" in repo.git("mem", "init", env=env)
    repo.git("mem", "session", "start", "one", env=env)
    repo.git("mem", "add", "Written through git.", "--session", "one", env=env)
    repo.git("config", "alias.note", "!git mem add --session one")
    repo.git("note", "Written through an alias.", env=env)
    assert len(mem("review", "one", "--json").json()["candidates"]) == 2


def test_an_interrupt_ends_with_130_and_no_traceback(repo: Repo, mem: Mem) -> None:
    """Control-C while it waits for the lock. A shell's background jobs inherit SIGINT as ignored, this one does not."""
    mem("init")
    lock = repo.path / ".git/mem/lock"
    with _held(lock):
        running = subprocess.Popen(
            [sys.executable, "-m", "memcli", "undo"],
            cwd=repo.path,
            env={**os.environ, "MEM_LOCK_TIMEOUT": "600"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert eventually(lambda: has_open(running.pid, lock))
        running.send_signal(signal.SIGINT)
        _, words = running.communicate(timeout=LIMIT)
    assert running.returncode == 130 and "Traceback" not in words
