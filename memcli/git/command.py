"""Running git: the one place that starts it; what talks to remotes is in `remotes`.

Contract: no pager starts, and what may write (`run_git`) runs no hook of the user's and signs nothing. The caller's
GIT_DIR and friends do not reach git: the directory is always named, and `config.seal` has taken the rest out of the
environment. A process costs 3 ms, where loading libgit2 takes 60 ms and importing GitPython 45 ms.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

PATIENCE = 5.0
"""Seconds that a question may take, on a history that has to be fetched for instance: no answer is worth more."""
_HOOK_EVENTS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "post-merge",
                "pre-push", "reference-transaction", "post-index-change", "post-rewrite")  # fmt: skip
_SETTINGS = ("core.hooksPath=/dev/null", "commit.gpgSign=false", "core.fsmonitor=false",
             *(f"hook.{event}.enabled=false" for event in _HOOK_EVENTS))  # fmt: skip
SWITCHES = tuple(word for setting in _SETTINGS for word in ("-c", setting))
"""What keeps the user's configuration from running anything: a hooks path that holds no hook, and for git 2.54's
configured hooks each event disabled."""
GitProcess = subprocess.Popen[str]


def run_git(directory: str | os.PathLike[str], *arguments: str, stdin: str = "") -> str:
    """Run git in a directory: its standard output without the last line end. Raises Failure with git's own message."""
    from memcli.errors import Failure

    try:
        done = _run(["-C", os.fspath(directory), "--no-pager", *SWITCHES, *arguments], stdin)
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
        done = _run([f"--git-dir={git_dir}", "--no-pager", *arguments], stdin, patience)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def start_git(git_dir: str | os.PathLike[str], variables: Sequence[str], *arguments: str) -> GitProcess:
    """A git command to talk with through its pipes, its messages in English; `variables`: `NAME=value` for its
    environment. Raises OSError."""
    command = ("env", "LC_ALL=C", *variables, "git", f"--git-dir={os.fspath(git_dir)}", *SWITCHES, *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, errors="surrogateescape")


def _run(arguments: list[str], stdin: str, patience: float | None = None) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode("utf-8", "surrogateescape")
    return subprocess.run(["git", *arguments], input=data, capture_output=True, check=False, timeout=patience)
