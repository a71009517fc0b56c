"""`mem hooks --git`: git calls us, and install, install, uninstall leaves every byte and mode as it was."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from memcli.errors import Busy
from memcli.operations.hooks.git_hooks import CONFIG_HOOKS, EVENTS, TRAILER
from memcli.operations.hooks.hooks_status import hooks_status
from memcli.operations.hooks.install import HookChanges, HookRequest, install, uninstall
from memcli.workspace import Workspace
from tests.conftest import Mem, Repo
from tests.needs import missing, program
from tests.operations.snapshots import snapshot
from tests.waiting import eventually

Open = Callable[..., Workspace]
GIT = HookRequest(git=True)
WRITE = HookRequest(git=True, write=True)
STUB = """#!/bin/sh
case "$*" in *probe*) echo '{}'; exit 0;; esac
line=$*
case $line in *post-rewrite*) line="$line <$(cat)";; esac
echo "$line" >> "$MEM_CALLS"
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for each test, and a program `mem` that only notes how it was called."""
    home, programs = tmp_path / "home", tmp_path / "bin with space"
    home.mkdir()
    programs.mkdir()
    (programs / "mem").write_text(STUB)
    (programs / "mem").chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("MEM_CALLS", str(home / "calls"))
    _as_before_config_hooks(programs / "git")
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}:{Path(sys.executable).parent}")
    yield home


def _as_before_config_hooks(program: Path) -> None:
    """Where git is 2.54 or newer, one that says it is older: what it does with scripts is the same."""
    words = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()
    if tuple(map(int, words[2].split(".")[:2])) >= CONFIG_HOOKS:
        real = shutil.which("git")
        program.write_text(
            f'#!/bin/sh\ncase "$*" in *--version) echo "git version 2.53.0";; *) exec {real} "$@";; esac\n'
        )
        program.chmod(0o755)


def calls(home: Path, number: int) -> list[str]:
    """What `mem` was called with, without ids of commits; hooks are detached, so wait for as many as are due."""
    file = home / "calls"
    assert eventually(lambda: file.exists() and len(file.read_text().splitlines()) >= number)
    return [re.sub("(post-commit) [0-9a-f]{40}$", r"\1", line) for line in file.read_text().splitlines()]


def actions(done: HookChanges) -> set[str]:
    return {one.action for one in done.changes}


def there_and_back(
    open_: Open, *roots: Path, cwd: Path | None = None, request: HookRequest = GIT
) -> Callable[[], None]:
    """Install twice; gives the way back, which asks for every byte."""
    before = snapshot(*roots)
    done = install(open_(cwd), request)
    assert actions(done) <= {"created", "changed"}, done
    after = snapshot(*roots)
    assert actions(install(open_(cwd), request)) == {"unchanged"}
    assert snapshot(*roots) == after != before

    def back() -> None:
        uninstall(open_(cwd), HookRequest(git=True))
        assert snapshot(*roots) == before

    return back


def test_git_calls_us_at_every_event(repo: Repo, workspace: Open, own_home: Path) -> None:
    there_and_back(workspace, repo.path, request=HookRequest(git=True, trailer=True))
    start = repo.git("rev-parse", "HEAD")
    first = repo.commit("one", {"a": "1"})
    assert sorted(calls(own_home, 2)) == [
        "hook git post-commit",
        "hook git prepare-commit-msg .git/COMMIT_EDITMSG message",
    ]
    repo.git("checkout", "-q", "-b", "other", start)
    assert calls(own_home, 3)[-1] == f"hook git post-checkout {first} {start} 1"
    repo.git("merge", "-q", "--ff-only", "main")
    assert calls(own_home, 4)[-1] == "hook git post-merge 0"
    repo.git("commit", "-q", "--amend", "-m", "two")
    assert f"hook git post-rewrite amend <{first} {repo.git('rev-parse', 'HEAD')}" in calls(own_home, 7)
    assert hooks_status(workspace(), ("git",)) and all(one.ok for one in hooks_status(workspace(), ("git",)))
    uninstall(workspace(), GIT)
    assert not [file for file in (repo.path / ".git/hooks").iterdir() if file.suffix != ".sample"]


def test_hooks_are_off_by_a_word_and_inside_our_own_git(
    repo: Repo, workspace: Open, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(workspace(), GIT)
    for name, value in (("MEM_HOOKS", "0"), ("MEM_HOOK", "1")):
        monkeypatch.setenv(name, value)
        repo.commit("silent")
        monkeypatch.delenv(name)
    repo.commit("told")
    assert calls(own_home, 1) == ["hook git post-commit"]


def test_without_mem_nobody_sees_an_error(repo: Repo, workspace: Open, tmp_path: Path) -> None:
    install(workspace(), HookRequest(git=True, trailer=True))
    shutil.rmtree(tmp_path / "bin with space")
    done = subprocess.run(["git", "commit", "--allow-empty", "-m", "x"], cwd=repo.path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    found = hooks_status(workspace(), ("git",))
    assert not any(one.reachable for one in found) and all(one.next for one in found)


SCRIPTS: dict[str, bytes] = {
    "exec at the end": b'#!/bin/sh\nset -eu\necho theirs >> "$MEM_CALLS"\nexec true "$@"\n',
    "exit in the middle": b'#!/usr/bin/env bash\n[ -n "x" ] && { echo theirs >> "$MEM_CALLS"; exit 0; }\necho never\n',
    "no shebang": b'echo theirs >> "$MEM_CALLS"\n',
    "no last line end": b'#!/bin/sh\necho theirs >> "$MEM_CALLS"',
    "not UTF-8": b'#!/bin/sh\n# \xe9\xff\necho theirs >> "$MEM_CALLS"\n',
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_is_there_goes_on_as_before(repo: Repo, workspace: Open, own_home: Path, name: str) -> None:
    file = repo.path / ".git/hooks/post-commit"
    file.write_bytes(SCRIPTS[name])
    file.chmod(0o750)
    back = there_and_back(workspace, repo.path)
    assert file.stat().st_mode & 0o777 == 0o750
    back()
    install(workspace(), GIT)
    repo.commit("x")
    assert sorted(calls(own_home, 2)) == ["hook git post-commit", "theirs"]


def test_lines_of_another_system_stay(repo: Repo, workspace: Open) -> None:
    file = repo.path / ".git/hooks/post-commit"
    file.write_bytes(b"#!/bin/sh\r\n:\r\n")
    file.chmod(0o755)
    back = there_and_back(workspace, repo.path)
    assert file.read_bytes().startswith(b"#!/bin/sh\r\n# mem:begin") and file.read_bytes().endswith(b"\n:\r\n")
    back()


def test_a_rewrite_is_told_to_both(repo: Repo, workspace: Open, own_home: Path) -> None:
    file = repo.path / ".git/hooks/post-rewrite"
    file.write_text('#!/bin/sh\necho "theirs <$(cat)" >> "$MEM_CALLS"\n')
    file.chmod(0o755)
    install(workspace(), GIT)
    old = repo.commit("x")
    repo.git("commit", "-q", "--amend", "-m", "y", "--allow-empty")
    told = f"<{old} {repo.git('rev-parse', 'HEAD')}"
    assert {f"theirs {told}", f"hook git post-rewrite amend {told}"} <= set(calls(own_home, 4))


@pytest.mark.parametrize("kind", ["python", "binary", "link", "not executable", "directory"])
def test_what_is_no_script_of_this_place_is_refused(repo: Repo, workspace: Open, kind: str, tmp_path: Path) -> None:
    file = repo.path / ".git/hooks/post-commit"
    if kind == "directory":
        file.mkdir()
    elif kind == "link":
        (tmp_path / "shared").write_text("#!/bin/sh\n")
        file.symlink_to(tmp_path / "shared")
    else:
        file.write_bytes({"python": b"#!/usr/bin/env python3\n", "binary": b"\x7fELF\0"}.get(kind, b"#!/bin/sh\n"))
        file.chmod(0o644 if kind == "not executable" else 0o755)
    before = snapshot(repo.path)
    done = install(workspace(), GIT)
    refused = [one for one in done.changes if one.action == "refused"]
    assert [Path(one.file).name for one in refused] == ["post-commit"]
    assert "hook git post-commit" in refused[0].snippet and refused[0].message
    uninstall(workspace(), GIT)
    assert snapshot(repo.path) == before


def test_other_roots_of_hooks(repo: Repo, workspace: Open, own_home: Path, tmp_path: Path) -> None:
    """A global core.hooksPath serves every repository: it is used, and that is said; a project's own calls `mem`."""
    shared = tmp_path / "githooks"
    repo.git("config", "--file", str(own_home / "gitconfig"), "core.hooksPath", str(shared))
    os.environ["GIT_CONFIG_GLOBAL"], kept = str(own_home / "gitconfig"), os.environ["GIT_CONFIG_GLOBAL"]
    try:
        there_and_back(workspace, repo.path, tmp_path)
        assert (shared / "post-commit").stat().st_mode & 0o111
        assert any(str(shared) in remark for remark in install(workspace(), GIT).remarks)
        uninstall(workspace(), GIT)
        assert not shared.exists()
    finally:
        os.environ["GIT_CONFIG_GLOBAL"] = kept
    repo.git("config", "core.hooksPath", "tools/hooks")
    install(workspace(), GIT)
    assert "command -v mem >" in (repo.path / "tools/hooks/post-commit").read_text()
    repo.commit("x")
    assert calls(own_home, 1) == ["hook git post-commit"]


def test_linked_worktrees_share_the_hooks(repo: Repo, workspace: Open, own_home: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "-q", str(linked), "-b", "side")
    back = there_and_back(workspace, repo.path, linked, cwd=linked)
    back()
    install(workspace(linked), GIT)
    assert (repo.path / ".git/hooks/post-commit").exists()
    Repo(linked).commit("x")
    assert calls(own_home, 1) == ["hook git post-commit"]


def test_a_bare_repository_with_worktrees(repo: Repo, workspace: Open, own_home: Path, tmp_path: Path) -> None:
    bare, tree = tmp_path / "project.git", tmp_path / "tree"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    Repo(bare).git("worktree", "add", "-q", str(tree), "main")
    for cwd in (bare, tree):
        there_and_back(workspace, bare, tree, cwd=cwd)()
    install(workspace(bare), GIT)
    Repo(tree).commit("x")
    assert calls(own_home, 1) == ["hook git post-commit"]


def test_a_submodule_has_hooks_of_its_own(repo: Repo, workspace: Open, own_home: Path, tmp_path: Path) -> None:
    outer = Repo(tmp_path / "outer")
    outer.path.mkdir()
    outer.git("init", "-q")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo.path), "sub")
    inner = Repo(outer.path / "sub")
    there_and_back(workspace, outer.path, cwd=inner.path)()
    install(workspace(inner.path), GIT)
    assert (outer.path / ".git/modules/sub/hooks/post-commit").exists()
    inner.commit("x")
    assert calls(own_home, 1) == ["hook git post-commit"]


# git that runs hooks from its configuration


@pytest.fixture
def newer_git(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that says it is 2.55 and lists configured hooks; everything else is the git that is here."""
    programs = own_home / "newer"
    programs.mkdir()
    real = shutil.which("git")
    (programs / "git").write_text(
        f"""#!/bin/sh
place=$1
for word; do
  case $word in
    --version) echo "git version 2.55.1"; exit 0;;
    hook) '{real}' "$place" config --name-only --get-regexp '^hook\\..*\\.event$'; exit;;
  esac
done
exec '{real}' "$@"
"""
    )
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


CONFIGS = {
    "as git writes it": "",
    "comments, no last line end": "# mine\n[alias]\n\tx = log ; y",
    "somebody else's hooks": '[hook "lint"]\n\tcommand = npm test\n\tevent = post-commit\n',
}


@pytest.mark.usefixtures("newer_git")
@pytest.mark.parametrize("more", CONFIGS)
def test_newer_git_has_them_in_its_configuration(repo: Repo, workspace: Open, own_home: Path, more: str) -> None:
    config = repo.path / ".git/config"
    config.write_text(config.read_text() + CONFIGS[more])
    config.chmod(0o600)
    there_and_back(workspace, repo.path)
    assert repo.git("config", "--get", "hook.memcli-post-rewrite.event") == "post-rewrite"
    assert not (repo.path / ".git/hooks/post-commit").exists()
    for event in EVENTS:
        command = repo.git("config", "--get", f"hook.memcli-{event}.command")
        subprocess.run(f'{command} "$@"', shell=True, cwd=repo.path, input=b"a b\n", check=True)
    assert {one.split(" <")[0] for one in calls(own_home, 4)} == {f"hook git {event}" for event in EVENTS}
    assert all(one.ok for one in hooks_status(workspace(), ("git",)))
    repo.git("config", "user.nick", "ada")
    uninstall(workspace(), GIT)
    assert "memcli" not in config.read_text() and repo.git("config", "user.nick") == "ada"
    assert CONFIGS[more].strip() in config.read_text()


@pytest.mark.usefixtures("newer_git")
def test_the_configuration_is_the_very_bytes_again(repo: Repo, workspace: Open) -> None:
    config = repo.path / ".git/config"
    config.write_text(config.read_text() + "[alias]\n\tx = log")
    there_and_back(workspace, repo.path)()
    (repo.path / ".git/config.lock").write_text("")
    with pytest.raises(Busy):
        install(workspace(), GIT)


def test_a_newer_git_takes_over_from_the_scripts(repo: Repo, workspace: Open, request: pytest.FixtureRequest) -> None:
    before = snapshot(repo.path)
    install(workspace(), GIT)
    request.getfixturevalue("newer_git")
    install(workspace(), GIT)
    assert not (repo.path / ".git/hooks/post-commit").exists()
    uninstall(workspace(), GIT)
    assert snapshot(repo.path) == before


# where husky, lefthook or pre-commit rule


def ruled(open_: Open, repo: Repo) -> HookChanges:
    """Nothing is written unasked, what to put in is printed; asked, it goes in and comes out again."""
    before = snapshot(repo.path)
    done = install(open_(), GIT)
    assert actions(done) == {"refused"} and all("hook git post-" in one.snippet for one in done.changes)
    assert snapshot(repo.path) == before
    there_and_back(open_, repo.path, request=WRITE)()
    return install(open_(), WRITE)


def install_husky(place: Path) -> None:
    """Install husky 9 from npm's registry; without it the test is skipped."""
    command = [program("npm"), "install", "-s", "--no-audit", "--fetch-retries=0", "--fetch-timeout=20000", "husky@9"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    if done.returncode:
        missing(f"needs husky, which npm cannot install: {done.stderr[-200:]}")


def test_husky_before_npm_install_rules_too(repo: Repo, workspace: Open) -> None:
    repo.git("config", "core.hooksPath", ".husky/_")
    ruled(workspace, repo)
    assert not (repo.path / ".husky/_").exists()


def test_an_entry_beside_husky(repo: Repo, workspace: Open, own_home: Path) -> None:
    repo.write(".husky/pre-commit", "true\n")
    repo.write(".husky/post-commit", 'echo theirs >> "$MEM_CALLS"\n')
    repo.write("package.json", '{"private": true}')
    install_husky(repo.path)
    subprocess.run(["node_modules/.bin/husky"], cwd=repo.path, check=True)
    shutil.move(repo.path / "node_modules", own_home / "node_modules")
    done = ruled(workspace, repo)
    assert {Path(one.file).parent.name for one in done.changes} == {".husky"}
    repo.commit("x")
    assert sorted(calls(own_home, 2)) == ["hook git post-commit", "theirs"]


def test_an_entry_in_lefthook(repo: Repo, workspace: Open, own_home: Path) -> None:
    repo.write("lefthook.yml", "# ours\npre-commit:\n  commands:\n    a:\n      run: true\n")
    done = ruled(workspace, repo)
    assert len(done.changes) == 1 and any("lefthook install" in one for one in done.remarks)
    subprocess.run([program("lefthook"), "install"], cwd=repo.path, check=True, capture_output=True)
    first = repo.commit("x")
    assert calls(own_home, 1) == ["hook git post-commit"]
    repo.git("commit", "-q", "--amend", "-m", "y", "--allow-empty")
    assert f"hook git post-rewrite amend <{first} {repo.git('rev-parse', 'HEAD')}" in calls(own_home, 3)


def test_lefthook_with_entries_of_its_own_is_printed(repo: Repo, workspace: Open) -> None:
    repo.write("lefthook.yml", "post-commit:\n  jobs:\n    - run: true\n")
    done = install(workspace(), WRITE)
    assert actions(done) == {"refused"} and "post-commit" in done.changes[0].message


def test_an_entry_in_pre_commit(repo: Repo, workspace: Open, own_home: Path) -> None:
    repo.write(".pre-commit-config.yaml", "repos:\n  - repo: local\n    hooks: []\n")
    done = ruled(workspace, repo)
    assert any("-t post-commit" in one for one in done.remarks)
    stages = [word for event in ("post-commit", "post-checkout") for word in ("-t", event)]
    subprocess.run([program("pre-commit"), "install", *stages], cwd=repo.path, check=True, capture_output=True)
    head = repo.commit("x", {".pre-commit-config.yaml": (repo.path / ".pre-commit-config.yaml").read_text()})
    assert calls(own_home, 1) == ["hook git post-commit"]
    repo.git("checkout", "-q", "-b", "other")
    assert calls(own_home, 2)[-1] == f"hook git post-checkout {head} {head} 1"


def test_scripts_are_found_where_git_no_longer_looks(repo: Repo, workspace: Open) -> None:
    before = snapshot(repo.path / ".git/hooks")
    install(workspace(), GIT)
    repo.git("config", "core.hooksPath", "elsewhere")
    found = hooks_status(workspace(), ("git",))
    assert len(found) == len(EVENTS) and not any(one.ok for one in found) and "core.hooksPath" in found[0].message
    uninstall(workspace(), GIT)
    assert snapshot(repo.path / ".git/hooks") == before


def test_a_script_that_lost_its_bit_is_told_with_what_mends_it(repo: Repo, workspace: Open) -> None:
    install(workspace(), GIT)
    file = repo.path / ".git/hooks/post-commit"
    file.chmod(0o644)
    [bad] = [one for one in hooks_status(workspace(), ("git",)) if not one.ok]
    assert "not executable" in bad.message and bad.next == f"chmod +x {file}"
    assert "refused" in actions(install(workspace(), GIT))
    subprocess.run(bad.next, shell=True, check=True)
    assert actions(install(workspace(), GIT)) == {"unchanged"}


def test_hooks_of_all_repositories_are_probed_as_a_desktop_runs_them(workspace: Open, own_home: Path) -> None:
    install(workspace(), HookRequest(agents=("claude",), scope="user"))
    assert all(one.ok for one in hooks_status(workspace(), ("claude",)))
    program = own_home.parent / "bin with space/mem"
    program.write_text("#!/bin/sh\ncommand -v mem >/dev/null && echo '{}'\n")
    [bad] = [row for row in hooks_status(workspace(), ("claude",)) if row.agent != "shell"]
    assert bad.reachable is False and bad.next
    install(workspace(), HookRequest(agents=("claude",), scope="local"))
    assert {row.scope for row in hooks_status(workspace(), ("claude",)) if row.ok and row.scope} == {"local"}


def test_many_at_once_are_all_satisfied(repo: Repo, mem: Mem) -> None:
    before = snapshot(repo.path)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: mem("hooks", "install", "--git"), range(6)))
    assert [one.code for one in done] == [0] * 6, done
    assert mem("hooks", "uninstall", "--git").code == 0
    assert snapshot(repo.path) == before


def test_the_trailer_stays_until_it_is_switched_off(repo: Repo, workspace: Open) -> None:
    file = repo.path / f".git/hooks/{TRAILER}"
    for trailer, there in ((True, True), (None, True), (False, False), (None, False)):
        install(workspace(), HookRequest(git=True, trailer=trailer))
        assert file.exists() is there


def test_uninstall_without_the_original_keeps_lines_of_others(repo: Repo, mem: Mem, sealed_world: Path) -> None:
    """A script that its user had before, and edited after the install, loses our block and nothing else."""
    mem("init")
    script = repo.path / ".git/hooks/post-commit"
    script.write_text("#!/bin/sh\necho mine\n", encoding="utf-8")
    script.chmod(0o755)
    assert mem("hooks", "install", "--git").code == 0
    assert "mem:begin" in script.read_text(encoding="utf-8")
    script.write_text(script.read_text(encoding="utf-8") + "echo added later\n", encoding="utf-8")
    shutil.rmtree(sealed_world / "state" / "memcli", ignore_errors=True)
    assert mem("hooks", "uninstall", "--git").code == 0
    assert script.read_text(encoding="utf-8") == "#!/bin/sh\necho mine\necho added later\n"
