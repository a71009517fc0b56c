"""The mark of a session that no hook has begun: it lives with the process of the agent that first wrote into it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import PurePath

from memcli.agents.registry import adapter_of
from memcli.state.liveness import is_marked, mark_process
from memcli.system.processes import above_shells, command_line, with_ancestors

MOST_WORDS = 4
"""Words of a command line among which the program is: `node --option /path/to/gemini.js`."""


def mark_writer(mem_dir: str, session: str, agent: str) -> None:
    """Mark a session that has no mark with the process of its agent, so that it ends when that has gone. Nothing is
    marked where no process is known to be the agent's own."""
    if is_marked(mem_dir, session):
        return
    process = agent_process(os.getppid(), agent)
    if process:
        with suppress(OSError):
            mark_process(mem_dir, session, process, agent)


def agent_process(process: int, agent: str) -> int | None:
    """The nearest process from this one upwards that is the agent's program; for an unknown program, the leader of the
    terminal's session, or who runs its shell. None for a daemon, which outlives its agents."""
    adapter = adapter_of(agent)
    for ancestor in with_ancestors(process) if adapter else ():
        words = command_line(ancestor)
        if adapter and _runs(words, adapter.program):
            return None if {*words} & {*adapter.daemon_words} else ancestor
    return above_shells(_leader(process))


def _runs(words: list[str], program: str) -> bool:
    return any(PurePath(word).stem == program for word in words[:MOST_WORDS] if not word.startswith("-"))


def _leader(process: int) -> int:
    """The leader of a process's session; the process itself where that is not known."""
    try:
        return os.getsid(process) or process
    except OSError:
        return process
