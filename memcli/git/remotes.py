"""What has to be fetched from remotes, through GitPython; today that is what a partial clone has only promised."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

from memcli.errors import Failure
from memcli.git.command import SWITCHES


def fetch_promised(common_dir: str, objects: Sequence[str]) -> None:
    """Have git fetch objects of a partial clone that are not here yet. Raises Failure with git's own message."""
    from git.cmd import Git
    from git.exc import GitCommandError, GitCommandNotFound

    runner = Git()  # it would expand `$` and `~` in a directory, and run git in ours where that one does not exist
    runner.update_environment(GIT_TERMINAL_PROMPT="0", MEM_HOOK="1", LC_ALL="C")
    command = ["git", *SWITCHES, f"--git-dir={common_dir}", "--no-pager", "cat-file", "--batch-check"]
    with tempfile.TemporaryFile() as stream:  # it hands git a real file, not a pipe of ours
        stream.write("".join(f"{name}\n" for name in objects).encode())
        stream.seek(0)
        try:
            runner.execute(command, istream=stream)
        except GitCommandNotFound as error:
            raise Failure("git is not installed, or not on the PATH", "install git, then retry") from error
        except GitCommandError as error:
            message = str(error.stderr).strip().removeprefix("stderr:").strip(" '\n") or f"exit code {error.status}"
            raise Failure(
                f"git cannot fetch: {message}", "check the connection to the remote, then try again"
            ) from error
