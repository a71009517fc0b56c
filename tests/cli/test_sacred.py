"""Nothing of the user's repository is ever touched: the whole road, in every kind of place git can be in.

After every single command the user's HEAD, index, configuration, refs, reflogs, hooks, states of merges and rebases
and the files of all worktrees have the bytes, modes and times they had before, and `git status` says what it said.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Repo, Result
from tests.forks import Forks

SENTINEL = "MEM_TEST_SENTINEL"
HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "post-merge", "pre-push",
         "reference-transaction", "post-index-change", "post-rewrite", "pre-auto-gc", "fsmonitor-watchman")  # fmt: skip
NO_FILTERS = ("filter.evil.clean=", "filter.evil.smudge=", "filter.evil.process=", "filter.evil.required=false",
              "core.fsmonitor=false")  # fmt: skip


@dataclass
class Place:
    """Where the tour runs: the directory, what must not change, and the environment of the commands."""

    cwd: Path
    git_dir: Path
    trees: Sequence[Path]
    env: dict[str, str] = field(default_factory=dict)


# what must not change


def snapshot(place: Place) -> dict[str, object]:
    """Everything of the user's, by path: mode, time and content hash; beside it what git itself reports."""
    seen: dict[str, object] = {}
    for root in (place.git_dir, *place.trees):
        for path in _users_files(root, place.git_dir):
            seen[str(path)] = _packed(path) if path.name == "packed-refs" else _fingerprint(path)
    for tree in place.trees:
        seen[f"status of {tree}"] = _ask_git(tree, "status", "--porcelain=v2", "--branch", "--untracked-files=all")
        seen[f"stash of {tree}"] = _ask_git(tree, "stash", "list")
    return seen


def _users_files(root: Path, git_dir: Path) -> Iterator[Path]:
    """Every file below `root` that is not ours and no object (objects are only ever added)."""
    ours = {git_dir / "mem", git_dir / "refs/mem", git_dir / "refs/heads/mem", git_dir / "logs/refs/mem",
            git_dir / "logs/refs/heads/mem", git_dir / "objects"}  # fmt: skip
    for directory, names, files in os.walk(root):
        here = Path(directory)
        names[:] = [name for name in names if here / name not in ours and not _is_ours(here / name, root == git_dir)]
        yield from (here / name for name in files)


def _is_ours(directory: Path, in_git: bool) -> bool:
    """The one place in a tree that is ours, the state beside a worktree's HEAD, and the worktrees of sessions."""
    if not in_git:
        return directory.name in (".mem", ".git")
    link = directory / "gitdir"
    of_session = link.is_file() and {".mem", "worktrees"} & set(Path(link.read_text().strip()).parts[-3:-1])
    return bool(of_session) or (directory.name == "mem" and directory.parent.parent.name == "worktrees")


def _fingerprint(path: Path) -> tuple[int, int, str]:
    found = path.lstat()
    data = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
    return found.st_mode, found.st_mtime_ns, hashlib.sha256(data).hexdigest()


def _packed(path: Path) -> list[str]:
    """The refs in packed-refs without ours: git rewrites the file, the order and the comments mean nothing."""
    lines = path.read_text().splitlines()
    return sorted(
        line for line in lines if line[0] not in "#^" and "refs/mem/" not in line and "heads/mem/" not in line
    )


def _ask_git(tree: Path, *arguments: str) -> str:
    """Git's answer, without writing anything and without the user's filters."""
    switches = [word for setting in NO_FILTERS for word in ("-c", setting)]
    command = ["git", "--no-optional-locks", *switches, *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout


# the tour


class Road:
    """Runs commands and proves after each that nothing of the user's has changed."""

    def __init__(self, fork: Forks, place: Place) -> None:
        self._fork, self.place = fork, place
        self.before = snapshot(place)

    def __call__(self, *words: str, code: int = 0, input: str | None = None, cwd: Path | None = None) -> Result:
        done = self._fork.run(*words, cwd=cwd or self.place.cwd, env=self.place.env, input=input)
        assert done.code == code, f"mem {' '.join(words)}: {done.out}{done.err}"
        assert "Traceback" not in done.err
        self.unchanged(" ".join(words))
        return done

    def unchanged(self, what: str) -> None:
        after = snapshot(self.place)
        different = {key for key in self.before.keys() | after.keys() if self.before.get(key) != after.get(key)}
        assert not different, f"mem {what} changed {sorted(different)}"
        sentinel = self.place.env.get(SENTINEL)
        assert not (sentinel and Path(sentinel).exists()), f"mem {what} ran {Path(sentinel or '').read_text()}"


def walk(mem: Road) -> None:
    """Every command, in the order of a working day."""
    mem("init"), mem("session", "start", "morning")
    first = mem("add", "RETRIES is 7 because the ledger locks.", "--path", "src/app.py", "--key", "app.retries",
                "--session", "morning", "--json").json()["id"]  # fmt: skip
    second = mem("add", "-", "--session", "morning", "--json", input="# Deploys\n\nDeploy on Tuesdays.\n").json()["id"]
    mem("review", "morning"), mem("check"), mem("promote", "morning")
    in_worktree(mem)
    mem("recall", "ledger locks"), mem("list", "--all"), mem("show", first), mem("path", first), mem("why", first)
    pack = mem("hydrate", "--task", "ledger", "--path", "src/app.py", "--for", "prompt", "--json").json()["pack"]
    mem("replay", pack), mem("hydrate", "--budget", "40")
    mem("log"), mem("log", second), mem("diff"), mem("diff", "mem/main~1", "mem/main")
    (
        mem("session", "start", "noon"),
        mem("edit", first, "--set", "tags=ledger", "--session", "noon"),
        mem("retire", second, "-m", "no more"),
    )
    mem("supersede", first, "RETRIES is 9 since the ledger moved.", "--session", "noon")
    mem("policy", "set", "dream.sessions", "7", "--session", "noon"), mem("policy")
    mem("session", "update", "noon"), mem("session", "show", "noon"), mem("session", "list", "--all")
    mem(), mem("promote", "noon", "--yes", "--dry-run"), mem("promote", "noon", "--yes")
    rejected_and_back(mem)
    mem("undo"), mem("op", "log"), mem("resolve"), mem("bootstrap")
    mem("index", "status"), mem("index", "sync"), mem("index", "rebuild"), mem("index", "verify")
    mem("status"), mem("doctor")


def in_worktree(mem: Road) -> None:
    """A session whose work is done in files."""
    place = Path(mem("session", "start", "files", "--worktree", "--task", "write", "--json").json()["worktree"])
    (place / "semantic/general").mkdir(parents=True)
    (place / "semantic/general/written.md").write_text("Written with a text editor, about écrans.\n")
    mem("session", "save", "files"), mem("list", cwd=place), mem("session", "path", "--all", "--session", "files")
    mem("session", "update", "files"), mem("promote", "files", "--yes")


def rejected_and_back(mem: Road) -> None:
    mem("session", "start", "evening")
    mem("add", "The office plant is called Bob."), mem("reject", "evening", "-m", "not ours")
    mem("undo"), mem("session", "resume", "evening"), mem("session", "close", "evening")


# the places


def plain(repo: Repo) -> Place:
    """With uncommitted work, a stash, tags, packed refs and a remote."""
    repo.write("README.md", "# A project, changed\n")
    repo.git("stash")
    repo.git("tag", "-a", "v1", "-m", "one")
    repo.git("branch", "feature")
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.git("config", "remote.origin.url", "/nowhere")
    repo.git("pack-refs", "--all")
    repo.write("src/app.py", "RETRIES = 8\n")
    repo.write("staged.txt", "staged\n")
    repo.git("add", "staged.txt")
    repo.write("untracked.txt", "untracked\n")
    return Place(repo.path, repo.path / ".git", [repo.path])


def subdirectory(repo: Repo) -> Place:
    return Place(repo.path / "src", repo.path / ".git", [repo.path])


def linked_worktree(repo: Repo) -> Place:
    linked = repo.path.parent / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(linked))
    return Place(linked, repo.path / ".git", [repo.path, linked])


def bare(repo: Repo) -> Place:
    repo.git("clone", "-q", "--bare", ".", "../bare.git")
    git_dir = repo.path.parent / "bare.git"
    return Place(git_dir, git_dir, [])


def without_commits(repo: Repo) -> Place:
    empty = Repo(repo.path.parent / "empty")
    empty.path.mkdir()
    empty.git("init", "-q")
    empty.write("src/app.py", "RETRIES = 7\n")
    return Place(empty.path, empty.path / ".git", [empty.path])


def detached(repo: Repo) -> Place:
    repo.git("checkout", "-q", "--detach")
    return plain(repo)


def in_conflict(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "theirs")
    repo.commit("theirs", {"src/app.py": "RETRIES = 1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", {"src/app.py": "RETRIES = 2\n"})


def mid_merge(repo: Repo) -> Place:
    in_conflict(repo)
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("merge", "theirs")
    assert (repo.path / ".git/MERGE_HEAD").exists()
    return Place(repo.path, repo.path / ".git", [repo.path])


def mid_rebase(repo: Repo) -> Place:
    in_conflict(repo)
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("rebase", "theirs")
    assert (repo.path / ".git/rebase-merge").exists()
    return Place(repo.path, repo.path / ".git", [repo.path])


def as_in_a_hook(repo: Repo) -> Place:
    """What git sets for a hook of `git commit -a`."""
    shutil.copy(repo.path / ".git/index", repo.path / ".git/next-index-7.lock")
    env = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/next-index-7.lock", "GIT_PREFIX": "", "GIT_EDITOR": ":"}
    return Place(repo.path, repo.path / ".git", [repo.path], env)


def as_in_a_hook_of_a_linked_worktree(repo: Repo) -> Place:
    place = linked_worktree(repo)
    git_dir = repo.path / ".git/worktrees/linked"
    env = {"GIT_DIR": str(git_dir), "GIT_INDEX_FILE": str(git_dir / "index"), "GIT_WORK_TREE": str(place.cwd)}
    return Place(place.cwd, place.git_dir, place.trees, env)


def with_git_work_tree(repo: Repo) -> Place:
    env = {"GIT_DIR": str(repo.path / ".git"), "GIT_WORK_TREE": str(repo.path),
           "GIT_OBJECT_DIRECTORY": str(repo.path / ".git/objects"), "GIT_NAMESPACE": "foo"}  # fmt: skip
    return Place(repo.path / "src", repo.path / ".git", [repo.path], env)


def signing(repo: Repo) -> Place:
    script = failing_script(repo, "gpg")
    for key in ("commit.gpgSign", "tag.gpgSign", "merge.verifySignatures"):
        repo.git("config", key, "true")
    repo.git("config", "gpg.program", str(script))
    return guarded(repo)


SETTINGS = (
    "core.autocrlf=true", "core.eol=crlf", "core.safecrlf=true", "core.quotePath=true", "core.ignoreCase=true",
    "core.precomposeUnicode=true", "core.fileMode=false", "core.logAllRefUpdates=always", "core.abbrev=40",
    "core.commentChar=;", "status.showUntrackedFiles=all", "i18n.commitEncoding=ISO-8859-1",
)  # fmt: skip


def autocrlf(repo: Repo) -> Place:
    for setting in SETTINGS:
        repo.git("config", *setting.split("="))
    return Place(repo.path, repo.path / ".git", [repo.path])


def sparse(repo: Repo) -> Place:
    repo.commit("more", {"docs/a.md": "# A\n", "semantic/general/theirs.md": "theirs\n", "lib/b.py": "B = 1\n"})
    repo.git("sparse-checkout", "set", "--cone", "docs")
    return Place(repo.path, repo.path / ".git", [repo.path])


def filters(repo: Repo) -> Place:
    """Filters and attributes that match our files too, in the tree and in the repository's own."""
    attributes = (
        "* filter=evil\n*.md filter=evil eol=crlf ident working-tree-encoding=UTF-16 merge=evil export-ignore\n"
    )
    repo.commit("docs", {"docs/a.md": "# A\n"})
    repo.commit("attributes", {".gitattributes": attributes})
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/attributes").write_text(attributes)
    (repo.path / ".git/info/exclude").write_text("*.md\n!.mem\n")
    script = failing_script(repo, "filter")
    for key in ("clean", "smudge", "process"):
        repo.git("config", f"filter.evil.{key}", str(script))
    repo.git("config", "filter.evil.required", "true")
    repo.git("config", "merge.evil.driver", str(script))
    return guarded(repo)


def failing_hooks(repo: Repo) -> Place:
    place = plain(repo)
    install(repo.path / ".git/hooks", "exit 1")
    return guarded(repo, place)


def hanging_hooks(repo: Repo) -> Place:
    place = plain(repo)
    install(repo.path / ".git/hooks", "sleep 600")
    return guarded(repo, place)


def hooks_path(repo: Repo) -> Place:
    """Also as configuration that comes through the environment, which nobody can override in a file."""
    place = plain(repo)
    elsewhere = repo.path.parent / "hooks"
    install(elsewhere, "exit 1")
    repo.git("config", "core.hooksPath", str(elsewhere))
    repo.git("config", "core.fsmonitor", str(elsewhere / "fsmonitor-watchman"))
    extra = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": str(elsewhere)}
    guarded_place = guarded(repo, place)
    guarded_place.env |= extra
    return guarded_place


def submodule(repo: Repo) -> Place:
    inner = Repo(repo.path.parent / "inner")
    repo.git("clone", "-q", ".", str(inner.path))
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "sub")
    repo.commit("submodule")
    return Place(repo.path, repo.path / ".git", [repo.path, repo.path / "sub"])


def inside_submodule(repo: Repo) -> Place:
    outer = submodule(repo)
    # the outer repository's own files are watched through its `git status` and the files of its tree
    return Place(outer.cwd / "sub", outer.git_dir / "modules/sub", outer.trees)


def worktree_config(repo: Repo) -> Place:
    place = linked_worktree(repo)
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("config", "--worktree", "user.nickname", "main tree")
    Repo(place.cwd).git("config", "--worktree", "core.sparseCheckout", "true")
    return place


def strange_path(repo: Repo) -> Place:
    """Directories that need quoting, with a git directory elsewhere."""
    strange = Repo(repo.path.parent / "a b'c\"d $HOME é")
    repo.git("clone", "-q", "--separate-git-dir", str(repo.path.parent / "git dir é"), ".", str(strange.path))
    return Place(strange.path, repo.path.parent / "git dir é", [strange.path])


def failing_script(repo: Repo, name: str) -> Path:
    """A program that notes that it ran, and fails."""
    script = repo.path.parent / name
    script.write_text(f'#!/bin/sh\necho "{name} $*" >>"${SENTINEL}"\nexit 1\n')
    script.chmod(0o755)
    return script


def install(directory: Path, ending: str) -> None:
    """Every hook, each noting that it ran before it fails or hangs."""
    directory.mkdir(exist_ok=True)
    for name in HOOKS:
        hook = directory / name
        hook.write_text(f'#!/bin/sh\necho "{name} $*" >>"${SENTINEL}"\n{ending}\n')
        hook.chmod(0o755)


def guarded(repo: Repo, place: Place | None = None) -> Place:
    """The place with a sentinel: the file that the user's programs write when somebody runs them."""
    found = place or Place(repo.path, repo.path / ".git", [repo.path])
    found.env[SENTINEL] = str(repo.path.parent / "sentinel")
    return found


PLACES: tuple[Callable[[Repo], Place], ...] = (
    plain, subdirectory, linked_worktree, bare, without_commits, detached, mid_merge, mid_rebase, as_in_a_hook,
    as_in_a_hook_of_a_linked_worktree, with_git_work_tree, signing, autocrlf, sparse, filters, failing_hooks,
    hanging_hooks, hooks_path, submodule, inside_submodule, worktree_config, strange_path,
)  # fmt: skip


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_the_whole_road_leaves_the_users_repository_as_it_was(
    make: Callable[[Repo], Place], repo: Repo, fork: Forks
) -> None:
    place = make(repo)
    walk(Road(fork, place))
    assert subprocess.run(["git", "fsck", "--no-dangling"], cwd=place.cwd, capture_output=True).returncode == 0


def test_refs_packed_by_a_gc_in_between(repo: Repo, fork: Forks) -> None:
    road = Road(fork, plain(repo))
    road("init"), road("session", "start", "one"), road("add", "Kept through a gc.")
    repo.git("pack-refs", "--all")
    repo.git("gc", "-q", "--prune=now")
    road.before = snapshot(road.place)
    road("promote", "one"), road("add", "Kept too."), road("undo"), road("undo")
    assert "Kept through a gc" in road("list", "--session", "one").out


def test_mem_inside_a_real_hook_of_git_commit(repo: Repo, fork: Forks) -> None:
    """git holds its index lock and has set GIT_INDEX_FILE; what is committed is what the user has staged."""
    fork.run("init", cwd=repo.path)
    hook = repo.path / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nset -e\n{sys.executable} -m memcli add 'Written from a hook.'\n"
                    f"{sys.executable} -m memcli session start hooked --worktree\n")  # fmt: skip
    hook.chmod(0o755)
    repo.write("src/app.py", "RETRIES = 8\n")
    repo.git("commit", "-q", "-a", "-m", "raise it", env={"PYTHONPATH": str(Path(__file__).parents[2])})
    assert repo.git("show", "--name-only", "--format=", "HEAD") == "src/app.py"
    assert repo.git("status", "--porcelain") == ""
    assert "1 candidate" in fork.run(cwd=repo.path).out


def test_no_store_is_needed_to_read_and_nothing_is_made_by_reading(repo: Repo, fork: Forks) -> None:
    road = Road(fork, plain(repo))
    commands = [
        "list",
        "recall x",
        "hydrate",
        "show abcd",
        "status",
        "review",
        "check",
        "log",
        "stats",
        "report",
        "resolve",
    ]
    for words in map(str.split, commands):
        road(*words, code=3)
    road("doctor", code=1)
    assert not (repo.path / ".git/mem").exists() and not (repo.path / ".mem").exists()


def test_another_branch_adds_one_setting_of_ours_and_nothing_else(repo: Repo, fork: Forks) -> None:
    config = repo.path / ".git/config"
    config.write_text(config.read_text() + "# kept\n[user]\n\tnick = a  ; kept too\n")
    before = config.read_text()
    assert fork.run("init", "--branch", "memory/store", cwd=repo.path).code == 0
    assert config.read_text() == before + "[mem]\n\tbranch = memory/store\n"
