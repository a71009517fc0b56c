"""Below a read-only `.git`, the default in some agents' sandboxes: writing spools, reading works, nothing is lost."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import sandbox
from tests.conftest import Mem, Repo, Result
from tests.needs import program

NOBODY = 65534


def confined(repo: Repo, *words: str, env: Mapping[str, str] | None = None) -> Result:
    """`mem` below a read-only `.git`."""
    command = sandbox.confined(*sandbox.MEM, *words)
    done = subprocess.run(command, cwd=repo.path, env={**os.environ, **(env or {})}, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def sealed(repo: Repo, mem: Mem) -> Iterator[Repo]:
    """A repository with a store that holds one memory, on a machine that can mount `.git` read-only."""
    sandbox.skip_unless_confined(repo)
    mem("init")
    mem("add", "Deploys happen on Tuesdays, never before noon.", "--promote")
    yield repo


def state(repo: Repo) -> list[tuple[str, int, bytes]]:
    """Every file of `.git`."""
    files = sorted(path for path in (repo.path / ".git").rglob("*") if path.is_file())
    return [(str(path), path.stat().st_mtime_ns, path.read_bytes()) for path in files]


def test_add_is_spooled_then_found_then_committed(sealed: Repo, mem: Mem) -> None:
    before = state(sealed)
    added = confined(sealed, "add", "Webhooks are retried by the queue.", "--json").json()
    assert added["state"] == "spooled"
    found = confined(sealed, "recall", "webhooks", "--json")
    assert [(hit["id"], hit["session"], hit["trust"]) for hit in found.json()["hits"]] == [
        (added["id"], added["session"], "candidate")
    ]
    listed = {one["id"]: one["session"] for one in confined(sealed, "list", "--json").json()["memories"]}
    assert listed[added["id"]] == added["session"] and len(listed) == 2
    assert confined(sealed, "show", added["id"][-6:]).code == 0
    assert confined(sealed, "status", "--json").json()["queued"] == 1
    assert state(sealed) == before and sealed.git("status", "--porcelain") == ""
    assert mem("add", "Written when it can be written again.", "--json").json()["state"] == "committed"
    assert {one["session"] for one in mem("list", "--json").json()["memories"]} == {None, added["session"]}
    candidates = mem("review", added["session"], "--json").json()["candidates"]
    assert added["id"] in [one["id"] for one in candidates]
    assert not [file for file in (sealed.path / ".mem/spool").iterdir() if file.name != "session"]


def test_everything_written_below_it_arrives_in_order(sealed: Repo, mem: Mem) -> None:
    assert confined(sealed, "session", "start", "sandboxed", "--task", "try").code == 0
    first = confined(sealed, "add", "First version of the claim.", "--json").json()
    assert first["session"] == "sandboxed"
    assert confined(sealed, "edit", first["id"], "--body", "Second version of the claim.").code == 0
    assert confined(sealed, "retire", first["id"], "-m", "was wrong").code == 0
    assert mem("session", "path").code == 0
    shown = mem("show", first["id"], "--session", "sandboxed", "--json").json()
    assert (shown["status"], shown["body"].strip()) == ("retired", "Second version of the claim.")
    verbs = [one["verb"] for one in mem("op", "log", "--json").json()["operations"]]
    assert verbs[:4] == ["retire", "edit", "add", "start"]


def test_a_session_that_waits_in_the_spool_can_be_named(sealed: Repo) -> None:
    assert confined(sealed, "session", "start", "sandboxed").code == 0
    done = confined(sealed, "add", "Written below it.", "--session", "sandboxed", "--json")
    assert (done.code, done.json()["session"]) == (0, "sandboxed")
    assert confined(sealed, "add", "Written below it.", "--session", "sandboxd").code == 4


@pytest.mark.parametrize(
    "words", [("promote",), ("undo",), ("reject",), ("session", "start", "x", "--worktree"), ("init",)], ids=" ".join
)
def test_what_cannot_wait_says_so_and_changes_nothing(sealed: Repo, mem: Mem, words: tuple[str, ...]) -> None:
    mem("session", "start", "waiting"), mem("add", "A candidate that waits.")
    before = state(sealed)
    done = confined(sealed, *words, "--json")
    if done.code == 0:
        assert words[0] in ("session", "init") and json.loads(done.out)["data"]
    else:
        assert done.code in (1, 7) and done.error()["hint"]
    assert state(sealed) == before


@pytest.mark.parametrize("words", [("promote",), ("undo",), ("reject",), ("dream",)], ids=" ".join)
def test_what_needs_a_writable_repository_names_it(sealed: Repo, mem: Mem, words: tuple[str, ...]) -> None:
    mem("session", "start", "waiting"), mem("add", "A candidate that waits.")
    error = confined(sealed, *words, "--json")
    assert error.code == 1 and ".git cannot be written here" in error.error()["message"], error
    assert "where it can be written" in error.error()["hint"]


def test_status_counts_what_waits_below_it(sealed: Repo) -> None:
    assert confined(sealed, "session", "start", "sandboxed").code == 0
    assert confined(sealed, "add", "Webhooks are retried by the queue.").code == 0
    status = confined(sealed, "status", "--json").json()
    (listed,) = confined(sealed, "session", "list", "--json").json()["sessions"]
    assert status["candidates"] == listed["candidates"] == 1


def test_the_past_is_read_below_it_too(sealed: Repo, mem: Mem) -> None:
    first = sealed.git("rev-parse", "mem/main")
    mem("add", "Deploys moved to Thursdays.", "--promote")
    before = state(sealed)
    done = confined(sealed, "recall", "deploys", "--as-of", first, "--json")
    assert [hit["title"] for hit in done.json()["hits"]] == ["Deploys happen on Tuesdays, never before noon"]
    assert confined(sealed, "list", "--as-of", "1960-01-01", "--json").json()["memories"] == []
    assert state(sealed) == before


def test_reading_without_any_index_works(sealed: Repo) -> None:
    shutil.rmtree(sealed.path / ".git/mem/index")
    done = confined(sealed, "recall", "when do deploys happen", "--json")
    assert [hit["title"] for hit in done.json()["hits"]] == ["Deploys happen on Tuesdays, never before noon"]
    assert not (sealed.path / ".git/mem/index").exists()
    assert confined(sealed, "index", "verify").code == 0
    assert "read-only" in confined(sealed, "doctor").out.lower()


def test_a_pack_is_printed_recorded_and_rendered_again(sealed: Repo, mem: Mem) -> None:
    before = state(sealed)
    assert confined(sealed, "session", "start", "sandboxed", "--task", "when do deploys happen").code == 0
    done = confined(sealed, "hydrate", "--json")
    made, (warning,) = done.json(), json.loads(done.out)["warnings"]
    assert "Deploys happen on Tuesdays" in made["text"] and "could not be stored" in warning
    again = confined(sealed, "replay", made["pack"])
    assert (again.code, again.out) == (0, made["text"]) and state(sealed) == before
    assert mem("session", "list").code == 0
    assert mem("replay", made["pack"][:8]).out == made["text"]


def test_a_repository_of_somebody_else_is_readable(repo: Repo, mem: Mem) -> None:
    """No permission to write anything, not even the tree: reading works, writing says what is wrong."""
    program("setpriv")
    if os.getuid() != 0:
        pytest.skip("needs root to become another user")
    mem("init"), mem("add", "Deploys happen on Tuesdays.", "--promote")
    world = repo.path
    if not _reachable(world):
        pytest.skip("needs a Python and a directory for temporary files that another user may enter")
    subprocess.run(["chmod", "-R", "a+rX", str(world)], check=True)
    before = state(repo)
    assert "Deploys happen" in _as_nobody(repo, "list").out
    assert "Deploys happen" in _as_nobody(repo, "recall", "deploys").out
    refused = _as_nobody(repo, "add", "This has no place.", "--json")
    assert refused.code == 1 and "nothing was recorded" in refused.error()["message"] and refused.error()["hint"]
    assert state(repo) == before and not (world / ".mem").exists()


def _reachable(place: Path) -> bool:
    for parent in place.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and parent.stat().st_mode & 0o777 == 0o700:
            parent.chmod(0o755)
    program = "import memcli, pygit2, os, sys; os.listdir(sys.argv[1])"
    done = subprocess.run([*_user(), sys.executable, "-c", program, str(place)], cwd=place, capture_output=True)
    return done.returncode == 0


def _as_nobody(repo: Repo, *words: str) -> Result:
    trust = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(repo.path)}
    env = {**os.environ, **trust, "HOME": "/nonexistent", "USER": "nobody"}
    done = subprocess.run([*_user(), sys.executable, "-m", "memcli", *words], cwd=repo.path, env=env,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


def _user() -> list[str]:
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def test_a_review_needs_no_writable_repository(sealed: Repo, mem: Mem) -> None:
    mem("session", "start", "work")
    mem("add", "The queue is durable.", "--session", "work")
    mem("recall", "queue")
    before = state(sealed)
    shown = confined(sealed, "review", "work", "--json").json()
    assert confined(sealed, "check", "work", "--json").json()["sessions"][0]["result"] == shown["result"]
    assert confined(sealed, "promote", "work", "--dry-run", "--json").json()["result"] == shown["result"]
    assert state(sealed) == before
    assert mem("promote", "work", "--yes", "--expect", shown["result"]).code == 0
    assert sealed.git("rev-parse", "mem/main^{tree}") == shown["result"]


def test_saves_of_one_file_make_one_memory(sealed: Repo, mem: Mem) -> None:
    """What was read of it is noted beside the session's directory."""
    place = Path(mem("session", "start", "files", "--worktree", "--json").json()["worktree"])
    file = place / "semantic" / "general" / "note.md"
    file.parent.mkdir(parents=True)
    for line in ("Written in a sandbox.\n", "Written later.\n"):
        with file.open("a") as stream:
            stream.write(line)
        for state in ("spooled", "committed"):  # the second save finds nothing new
            assert confined(sealed, "session", "save", "files", "--json").json()["state"] == state
    [candidate] = mem("review", "files", "--json").json()["candidates"]
    assert file.read_text().endswith("Written in a sandbox.\nWritten later.\n")
    assert candidate["path"] == "semantic/general/note.md" and "Written later." in candidate["diff"]
    assert "conflict" not in mem("show", candidate["id"], "--session", "files").out


def test_spooled_candidates_are_reviewed_listed_and_closed(sealed: Repo, mem: Mem) -> None:
    assert confined(sealed, "session", "start", "sandboxed", "--task", "try").code == 0
    first = confined(sealed, "add", "Webhooks are retried by the queue.", "--json").json()
    second = confined(sealed, "add", "Refunds are paid by hand.", "--json").json()
    assert confined(sealed, "edit", second["id"], "--body", "Refunds are paid by the ledger.").code == 0
    before = state(sealed)
    review = confined(sealed, "review", "--json").json()
    assert {one["id"] for one in review["candidates"]} == {first["id"], second["id"]}
    assert any("paid by the ledger" in one["diff"] for one in review["candidates"])
    assert review["verdict"] == "promotable" and "Webhooks are retried" in confined(sealed, "review").out
    (checked,) = confined(sealed, "check", "--json").json()["sessions"]
    assert len(checked["candidates"]) == 2
    assert len(confined(sealed, "session", "show", "--json").json()["changes"]) == 2
    (listed,) = confined(sealed, "session", "list", "--json").json()["sessions"]
    assert (listed["session"], listed["candidates"]) == ("sandboxed", 2)
    closed = confined(sealed, "session", "close", "--json").json()
    assert (closed["state"], closed["waiting"]) == ("spooled", 2)
    assert confined(sealed, "session", "show", "sandboxed", "--json").json()["state"] == "closed"
    assert state(sealed) == before
    assert mem("session", "show", "sandboxed", "--json").json()["state"] == "closed"
    assert {one["id"] for one in mem("review", "sandboxed", "--json").json()["candidates"]} == {
        first["id"],
        second["id"],
    }


def test_candidates_that_wait_for_the_lock_are_reviewed(sealed: Repo, mem: Mem) -> None:
    added = mem("add", "Webhooks are retried by the queue.", "--json").json()
    with (sealed.path / ".git/mem/lock").open("r+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        env = {"MEM_LOCK_TIMEOUT": "0.1"}
        queued = mem("add", "Refunds are paid by hand.", "--json", env=env).json()
        assert queued["state"] == "queued"
        candidates = mem("review", added["session"], "--json", env=env).json()["candidates"]
        assert {one["id"] for one in candidates} == {added["id"], queued["id"]}
    assert len(mem("review", added["session"], "--json").json()["candidates"]) == 2


def test_the_files_of_a_session_are_told_below_it(sealed: Repo, mem: Mem) -> None:
    place = Path(mem("session", "start", "work", "--worktree", "--json").json()["worktree"])
    (place / "semantic/x").mkdir(parents=True)
    (place / "semantic/x/bad.md").write_text("---\ntitle: &a x\n---\nText.\n")
    (place / "semantic/x/good.md").write_text("A good body about owls.\n")
    before = state(sealed)
    review = confined(sealed, "review", "work", "--json")
    assert any("bad.md" in finding["message"] for finding in review.json()["findings"]), review
    assert "bad.md" in confined(sealed, "session", "close", "work").out
    assert state(sealed) == before
    assert [one["title"] for one in mem("review", "work", "--json").json()["candidates"]] == ["A good body about owls"]
