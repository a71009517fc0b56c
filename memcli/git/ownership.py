"""Whether git would work in a repository that is not all the caller's own (safe.directory, safe.bareRepository).

Contract: git itself decides, with the caller's configuration (files, includes, environment, SUDO_UID) and by the rules
of its version; what it refuses is refused here in its words, for reading too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from memcli.errors import Failure
from memcli.git.command import git_refusal


class NotAccepted(Failure):
    """Git does not work in this repository because of its owner or kind, which is no damage."""

    code = "not-accepted"


def refuse_as_git_does(directory: str, settings: Mapping[str, str]) -> None:
    """Raise NotAccepted with git's reason and advice where git refuses to work in a directory.

    `settings`: variables with git's configuration that the process's environment no longer has."""
    message = git_refusal(directory, settings)
    if not message:
        return
    lines = message.partition("To add an exception")[0].strip().splitlines()
    reason = "; ".join(line.removeprefix("fatal: ").removeprefix("warning: ") for line in lines)
    advice = re.search(r"^\s*(git config .*)$", message, re.MULTILINE)
    hint = f"if you trust its owner, run '{advice[1].strip()}'" if advice else "'git status' has to work here first"
    raise NotAccepted(reason, hint)
