"""Work that nobody waits for: `mem …` as a process of its own, in its own session, holding none of our streams."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

_DROPPED = ("MEM_HOOK", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
_CODE = "import os, sys; os.chdir(sys.argv.pop(1)); from memcli.cli.main import main; main()"


def detached(words: list[str], place: str, environ: Mapping[str, str]) -> None:
    """Start `mem hook WORDS` in a directory. Raises OSError."""
    start_command(["hook", *words], place, environ)


def start_command(words: list[str], place: str, environ: Mapping[str, str]) -> int:
    """Start `mem WORDS` in a directory; the process's number. Raises OSError."""
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    kept = {name: text for name, text in environ.items() if name not in _DROPPED}
    command = [sys.executable, "-c", _CODE, place, *words]
    return os.posix_spawn(sys.executable, command, kept, file_actions=null, setsid=True)


def is_over(process: int) -> bool:
    """Whether a process that this one has started is over, for one that lives long enough to see it."""
    try:
        return os.waitpid(process, os.WNOHANG)[0] == process
    except ChildProcessError:
        return True
