"""`mem uninstall`: every byte that is not ours is as it was before `mem init`, whatever was done in between."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memcli.agents.registry import adapters
from memcli.state.lock import hold
from tests.conftest import Mem, Repo
from tests.operations.hooks.test_agent_targets import FIXTURES, TABLES
from tests.operations.snapshots import snapshot

Back = Callable[[], None]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for each test, of which nothing may be left either."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    for name in ("STATE", "CONFIG"):
        (home / name.lower()).mkdir(parents=True)
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    yield home


def use(mem: Mem) -> None:
    """A repository in use: hooks, a promotion, a rejection, an undo, agents and people with candidates and files."""
    assert mem("init").code == 0
    mem("hooks", "install", "--git", "--skill", "--instructions", "--trailer")
    mem("add", "Retries are limited to 7", "--promote")
    mem("add", "Retries are limited to 9")
    mem("reject", "--reason", "no")
    mem("add", "By an agent", "--agent", "codex")
    mem("session", "start", "task", "--worktree")
    mem("add", "A draft")
    mem("undo")
    mem("add", "A draft again")
    mem("session", "save")


def uninstall(mem: Mem, *options: str, code: int = 0) -> dict[str, object]:
    """The result of `mem uninstall --yes`."""
    done = mem("uninstall", "--yes", "--json", *options)
    assert done.code == code, done
    data: dict[str, object] = done.json() if code == 0 else done.error()
    return data


def test_everything_else_is_as_it_was(repo: Repo, mem: Mem, own_home: Path) -> None:
    before = snapshot(repo.path, own_home)
    use(mem)
    removed = uninstall(mem)
    assert removed["branch"] == "mem/main" and removed["candidates"] == {"task": 1, "codex" + _rest(removed): 1}
    assert snapshot(repo.path, own_home) == before
    assert mem("status").code == 3


def _rest(removed: dict[str, object]) -> str:
    candidates = removed["candidates"]
    assert isinstance(candidates, dict)
    return next(str(name)[5:] for name in candidates if str(name).startswith("codex"))


@pytest.mark.parametrize("fixture", FIXTURES)
def test_the_files_of_agents_are_as_they_were(repo: Repo, mem: Mem, own_home: Path, fixture: str) -> None:
    for agent in TABLES:
        file, data = Path(next(iter(adapters()[agent].hook_files.values())).format(tree=repo.path)), FIXTURES[fixture]
        if data is not None:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
    before = snapshot(repo.path, own_home)
    mem("init")
    mem("hooks", "install", "--git", *(word for agent in TABLES for word in ("--agent", agent)))
    uninstall(mem)
    assert snapshot(repo.path, own_home) == before


def test_own_hooks_packed_refs_and_settings_are_as_they_were(repo: Repo, mem: Mem) -> None:
    repo.write(".git/hooks/post-commit", "#!/bin/sh\necho theirs\n").chmod(0o755)
    repo.git("tag", "v1")
    repo.git("pack-refs", "--all")
    config = repo.path / ".git/config"
    config.write_bytes(config.read_bytes() + b'[user]\n\tname = "x" # mine\n[memo]\n\ta = 1\n')
    before = snapshot(repo.path)
    use(mem)
    repo.git("config", "mem.curator", "some command")
    repo.git("config", "branch.mem/main.remote", "origin")
    repo.git("pack-refs", "--all")
    removed = uninstall(mem)
    assert removed["settings"] == ["branch.mem/main.remote", "mem.curator"]
    after = snapshot(repo.path)
    packed = str(repo.path / ".git/packed-refs")
    assert "mem" not in Path(packed).read_text(encoding="utf-8")
    assert repo.git("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main", "refs/tags/v1"]
    assert {**after, packed: None} == {**before, packed: None}


def test_linked_worktrees_are_as_they_were(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    other = tmp_path / "other"
    repo.git("worktree", "add", "-q", str(other))
    before = snapshot(repo.path, other)
    mem("init")
    mem("session", "start", "there", "--worktree", cwd=other)
    mem("add", "There", cwd=other)
    mem("hooks", "install", "--git", "--agent", "codex", cwd=other)
    mem("session", "start", "here", "--worktree")
    uninstall(mem)
    assert snapshot(repo.path, other) == before


def test_it_may_be_called_in_a_directory_that_goes(repo: Repo, mem: Mem) -> None:
    before = snapshot(repo.path)
    mem("init")
    mem("add", "A draft")
    files = Path(mem("session", "path", "--json").json()["path"])
    assert mem("uninstall", "--yes", cwd=files).code == 0
    assert snapshot(repo.path) == before


def test_a_branch_of_another_name_goes_with_its_setting(repo: Repo, mem: Mem) -> None:
    repo.git("branch", "mem")
    before = snapshot(repo.path)
    assert mem("init", "--branch", "memory").code == 0
    assert uninstall(mem)["branch"] == "memory"
    assert snapshot(repo.path) == before


def test_a_bare_repository_is_as_it_was(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    before = snapshot(bare)
    mem("init", cwd=bare)
    mem("session", "start", "here", "--worktree", cwd=bare)
    mem("add", "Here", cwd=bare)
    assert mem("uninstall", "--yes", cwd=bare).code == 0
    assert snapshot(bare) == before


def test_the_memories_may_stay(repo: Repo, mem: Mem) -> None:
    use(mem)
    tip = repo.git("rev-parse", "mem/main")
    done = mem("uninstall", "--yes", "--keep-memories")
    assert "git show mem/main:MEMORY.md" in done.err
    assert repo.git("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main", "refs/heads/mem/main"]
    assert repo.git("rev-parse", "mem/main") == tip and not (repo.path / ".git/mem").exists()
    assert mem("init").code == 0
    assert "Retries" in mem("recall", "retries").out


def test_a_dry_run_changes_nothing_and_shows_what_only_this_clone_has(repo: Repo, mem: Mem) -> None:
    use(mem)
    before = snapshot(repo.path)
    shown = mem("uninstall", "--dry-run").out
    assert "mem/main (1 memory; " in shown and "1 candidate of task, not promoted" in shown
    assert snapshot(repo.path) == before


def test_the_bundle_that_it_names_brings_everything_back(repo: Repo, mem: Mem) -> None:
    use(mem)
    refs = repo.git("for-each-ref", "refs/mem", "refs/heads/mem")
    shown = mem("uninstall", "--dry-run").out
    command = next(line for line in shown.splitlines() if "git bundle" in line).partition("git ")[2]
    repo.git(*shlex.split(command))
    uninstall(mem)
    repo.git("fetch", "-q", "mem.bundle", "refs/mem/*:refs/mem/*", "refs/heads/mem/*:refs/heads/mem/*")
    assert repo.git("for-each-ref", "refs/mem", "refs/heads/mem") == refs
    assert "Retries" in mem("recall", "retries").out


def test_agents_are_refused_and_nobody_is_asked_without_a_terminal(repo: Repo, mem: Mem) -> None:
    use(mem)
    before = snapshot(repo.path)
    assert mem("uninstall", "--yes", "--agent", "codex").code == 6
    assert mem("uninstall").code == 2
    assert snapshot(repo.path) == before


def test_files_that_are_in_no_commit_are_named_and_stay(repo: Repo, mem: Mem) -> None:
    use(mem)
    repo.write(".mem/task/notes.txt", "mine")
    error = uninstall(mem, code=6)
    assert ".mem/task/notes.txt" in str(error["message"])
    assert (repo.path / ".mem/task/notes.txt").exists() and repo.git("rev-parse", "mem/main")
    assert uninstall(mem, "--force")["unsaved"] == [".mem/task/notes.txt"]
    assert not (repo.path / ".mem").exists()


def test_what_somebody_else_keeps_beside_our_files_stays(repo: Repo, mem: Mem) -> None:
    use(mem)
    repo.write(".mem/mine/notes.txt", "mine")
    removed = uninstall(mem)
    assert removed["foreign"] == [str(repo.path / ".mem/mine")]
    assert (repo.path / ".mem/mine/notes.txt").read_text() == "mine"
    assert not (repo.path / ".mem/task").exists()


def test_a_hook_that_cannot_be_taken_out_is_named_before_anything_goes(repo: Repo, mem: Mem) -> None:
    use(mem)
    hook = repo.path / ".git/hooks/post-commit"
    hook.write_text(hook.read_text().replace("# mem:end\n", "") + "echo mine\n")
    error = uninstall(mem, code=6)
    assert str(hook) in str(error["message"]) and "mem:end" in str(error["message"])
    assert "mem:end" in mem("hooks", "status").out
    assert repo.git("rev-parse", "mem/main") and (repo.path / ".git/hooks/post-merge").exists()


def test_it_does_not_start_beside_another_process(repo: Repo, mem: Mem) -> None:
    use(mem)
    for name in ("lock", "dream.lock"):
        with hold(repo.path / ".git/mem" / name, 0):
            assert mem("uninstall", "--yes", env={"MEM_LOCK_TIMEOUT": "0"}).code == 7
    assert repo.git("rev-parse", "mem/main")


def test_a_store_that_is_checked_out_stays_and_the_place_is_named(repo: Repo, mem: Mem, tmp_path: Path) -> None:
    use(mem)
    repo.git("worktree", "add", "-q", str(tmp_path / "store"), "mem/main")
    error = uninstall(mem, code=5)
    assert str(tmp_path / "store") in str(error["message"])


def test_a_lost_store_does_not_keep_the_rest(repo: Repo, mem: Mem, own_home: Path) -> None:
    before = snapshot(repo.path, own_home)
    use(mem)
    repo.git("update-ref", "-d", "refs/heads/mem/main")
    uninstall(mem)
    assert snapshot(repo.path, own_home) == before


def test_a_second_call_finds_nothing_to_remove(repo: Repo, mem: Mem) -> None:
    assert "nothing to remove" in mem("uninstall").out
    use(mem)
    uninstall(mem)
    assert "nothing to remove" in mem("uninstall").out
    assert not (repo.path / ".git/mem").exists()


@pytest.mark.parametrize("share", [0.5, 0.7, 0.8, 0.9])
def test_a_call_that_was_killed_is_finished_by_the_next(repo: Repo, mem: Mem, own_home: Path, share: float) -> None:
    before = snapshot(repo.path, own_home)
    use(mem)
    started = time.monotonic()
    assert mem("uninstall", "--dry-run").code == 0
    command = [sys.executable, "-m", "memcli", "uninstall", "--yes"]
    process = subprocess.Popen(command, cwd=repo.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait((time.monotonic() - started) * 2 * share)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    uninstall(mem)
    assert snapshot(repo.path, own_home) == before
