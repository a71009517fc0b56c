"""The git command line, through GitPython, for the few things libgit2 does not do.

Contract: no hook of the user's runs (both switches: a hooks path that holds none, and git 2.54's configured hooks
disabled by event), nothing prompts, nothing is signed, and the caller's GIT_DIR and friends do not reach git
(`config.seal` has taken them out of the environment).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from memcli.errors import Failure

HOOK_EVENTS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "post-merge",
               "pre-push", "reference-transaction", "post-index-change", "post-rewrite")  # fmt: skip
_SWITCHES = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "core.fsmonitor=false"]


def git(directory: str | Path, *arguments: str, stdin: str = "") -> str:
    """Run git in a directory and return its standard output. Raises Failure with git's own words."""
    from git.cmd import Git
    from git.exc import GitCommandError, GitCommandNotFound

    events = [f"hook.{event}.enabled=false" for event in HOOK_EVENTS]
    switches = [*_SWITCHES, *(word for event in events for word in ("-c", event))]
    runner = Git()  # it would expand `$` and `~` in a directory, and run git in ours where that one does not exist
    runner.update_environment(GIT_TERMINAL_PROMPT="0", MEM_HOOK="1", LC_ALL="C")
    try:
        with tempfile.TemporaryFile() as stream:  # GitPython hands the child a real file, not a pipe of ours
            stream.write(stdin.encode())
            stream.seek(0)
            return str(runner.execute(["git", "-C", str(directory), *switches, *arguments], istream=stream))
    except GitCommandNotFound as error:
        raise Failure("git is not installed, or not on the PATH", "install git, then try again") from error
    except GitCommandError as error:
        words = str(error.stderr).strip().removeprefix("stderr:").strip(" '\n") or f"exit code {error.status}"
        raise Failure(f"git {arguments[0]}: {words}", "'mem doctor' checks the repository") from error
