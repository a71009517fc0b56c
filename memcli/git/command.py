"""Running git: the one place that starts it; what talks to remotes is in `remotes`.

Contract: no pager starts, and what may write (`run_git`) runs no hook of the user's and signs nothing. The caller's
GIT_DIR and friends do not reach git: the directory is always named, and `config.seal` has taken the rest out of the
environment. A process costs 3 ms, where loading libgit2 takes 60 ms and importing GitPython 45 ms.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

PATIENCE = 5.0
"""Seconds that a question may take, on a history that has to be fetched for instance: no answer is worth more."""
_HOOK_EVENTS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "post-merge",
                "pre-push", "reference-transaction", "post-index-change", "post-rewrite")  # fmt: skip
_QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false")
"""No gc after a fetch of missing objects: it prunes the user's worktrees and reflogs, which is theirs to decide."""
_SETTINGS = ("core.hooksPath=/dev/null", "commit.gpgSign=false", "core.fsmonitor=false",
             *(f"hook.{event}.enabled=false" for event in _HOOK_EVENTS))  # fmt: skip
SWITCHES = (*(word for setting in _SETTINGS for word in ("-c", setting)), *_QUIET)
"""What keeps the user's configuration from running anything: a hooks path that holds no hook, and for git 2.54's
configured hooks each event disabled."""
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
"""The variables that make git look elsewhere."""
SMALL_WINDOWS = ("-c", "core.packedGitWindowSize=1m", "-c", "core.packedGitLimit=16m")
"""For walks of whole histories: git maps less of a large pack, at no cost."""
GitProcess = subprocess.Popen[str]


def run_git(git_dir: str | None, *arguments: str, stdin: str = "", worktree: str | None = None) -> str:
    """Run git in the repository of a git directory, or without one: its standard output without the last line end.

    Raises Failure with git's own message."""
    from memcli.errors import Failure

    try:
        done = _run([*_place(git_dir, worktree), "--no-pager", *SWITCHES, *arguments], stdin)
    except FileNotFoundError as error:
        raise Failure("git is not installed, or not on the PATH", "install git, then try again") from error
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise Failure(f"git {arguments[0]}: {message}", "'mem doctor' checks the repository")
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def ask_git(git_dir: str, *arguments: str, stdin: str = "", patience: float = PATIENCE) -> str:
    """What a git command that only reads prints, in the user's configuration; empty where it fails or takes too long,
    and where git is not there."""
    try:
        done = _run([*_place(git_dir), "--no-pager", *_QUIET, *arguments], stdin, patience)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def git_refusal(directory: str, settings: Mapping[str, str]) -> str:
    """What git says where it refuses to work in a directory, found and not named; empty where it works.

    `settings`: variables with git's configuration that the process's environment no longer has. Raises Failure."""
    unset = [word for name in _PLACES for word in ("-u", name)]
    variables = (f"{name}={value}" for name, value in settings.items())
    command = ["env", *unset, "LC_ALL=C", *variables, "git", "-C", directory, "rev-parse", "--git-dir"]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stderr.decode("utf-8", "replace").strip() if done.returncode else ""


def start_git(git_dir: str | os.PathLike[str], variables: Sequence[str], *arguments: str) -> GitProcess:
    """A git command to talk with through its pipes, its messages in English; `variables`: `NAME=value` for its
    environment. A Ctrl-C at the terminal does not reach it. Raises OSError."""
    command = ("env", "LC_ALL=C", *variables, "git", *_place(str(git_dir)), *SWITCHES, *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, errors="surrogateescape", process_group=0
    )


def _place(git_dir: str | None, worktree: str | None = None) -> list[str]:
    """The options that name a repository, so that git does not look for one: what lies around a session's worktree may
    have moved, or git may refuse to find what it accepts by name. Where no worktree is named, no path is relative."""
    return [f"--git-dir={git_dir}", "-C", worktree or git_dir] if git_dir else []


def _run(arguments: list[str], stdin: str, patience: float | None = None) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode("utf-8", "surrogateescape")
    return subprocess.run(["git", *arguments], input=data, capture_output=True, check=False, timeout=patience)
