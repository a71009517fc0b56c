"""Work that nobody waits for: `mem hook …` as a process of its own, in its own session, holding none of our streams."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

_DROPPED = ("MEM_HOOK", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
_CODE = "import os, sys; os.chdir(sys.argv.pop(1)); from memcli.cli.main import main; main()"


def detached(words: list[str], place: str, environ: Mapping[str, str]) -> None:
    """Start `mem hook WORDS` in a directory. Raises OSError."""
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    kept = {name: text for name, text in environ.items() if name not in _DROPPED}
    command = [sys.executable, "-c", _CODE, place, "hook", *words]
    os.posix_spawn(sys.executable, command, kept, file_actions=null, setsid=True)
