"""Which process a session lives with: the harness above a hook, or the agent that first wrote into it.

A daemon outlives the agents that it runs, so a session in one lives with the windows that are open in its worktree.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from memcli.agents.adapter import Adapter
from memcli.agents.registry import adapter_of
from memcli.git.layout import Layout
from memcli.state.liveness import is_marked, mark_processes
from memcli.system.processes import above_shells, command_line, processes_below, with_ancestors

MOST_WORDS = 4
"""Words of a command line among which the program is: `node --option /path/to/gemini.js`."""


def mark_harness(layout: Layout, session: str, adapter: Adapter) -> None:
    """Mark a session as that of the harness which has called this hook. Below a read-only `.git` nothing is marked."""
    harness = above_shells(os.getppid())
    windows = _windows(layout, adapter) if _is_daemon(command_line(harness), adapter) else ()
    with suppress(OSError):
        mark_processes(layout.mem_dir, session, windows or [harness], adapter.agent)


def mark_writer(layout: Layout, session: str, agent: str) -> None:
    """Mark a session that no hook has begun as that of the agent which writes into it, so that it ends with it."""
    if is_marked(layout.mem_dir, session):
        return
    process = os.getppid()
    own = harness_processes(layout, process, agent)
    # where the agent's program is not known, the leader of the terminal's session, in which others may run, too
    processes, name = ([above_shells(_leader(process))], "") if own is None else (own, agent)
    if processes:
        with suppress(OSError):
            mark_processes(layout.mem_dir, session, processes, name)


def harness_processes(layout: Layout, process: int, agent: str) -> Sequence[int] | None:
    """The nearest process from this one upwards that is the agent's program, or the windows of one that is a daemon;
    None where there is none."""
    adapter = adapter_of(agent)
    for ancestor in with_ancestors(process) if adapter else ():
        words = command_line(ancestor)
        if adapter and _runs(words, adapter):
            return _windows(layout, adapter) if _is_daemon(words, adapter) else [ancestor]
    return None


def _windows(layout: Layout, adapter: Adapter) -> Sequence[int]:
    """The processes of a harness in this worktree that a person has opened."""
    running = processes_below(layout.worktree or layout.common_dir)
    return [process for process, words in running if _runs(words, adapter) and not _is_daemon(words, adapter)]


def _runs(words: Sequence[str], adapter: Adapter) -> bool:
    return any(PurePath(word).stem == adapter.program for word in words[:MOST_WORDS] if not word.startswith("-"))


def _is_daemon(words: Sequence[str], adapter: Adapter) -> bool:
    return any(word in adapter.daemon_words for word in words)


def _leader(process: int) -> int:
    """The leader of a process's session; the process itself where that is not known."""
    try:
        return os.getsid(process) or process
    except OSError:
        return process
