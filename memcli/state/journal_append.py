"""One entry appended to the journal with plain files: what `repo.journal` reads, for those who only record.

Contract: when `jot` returns, the entry survives a kill and a power cut; below a read-only `.git` it goes to the
worktree's spool where there is one. Imports next to nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping

from memcli.git.whereabouts import Where
from memcli.system.durable_files import put


def jot(where: Where, op: str, verb: str, session: str, actor: str, agent: str | None, note: Mapping[str, str]) -> None:
    """An entry of now, without files. Raises OSError, and nothing is recorded."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    entry = {"v": 1, "op": op, "verb": verb, "session": session, "actor": actor, "agent": agent, "at": at,
             "edits": [], "note": dict(note)}  # fmt: skip
    data, (_, common, worktree) = json.dumps(entry).encode(), where
    try:
        put(os.path.join(common, "mem", "journal"), op, data)
    except OSError:
        if not worktree or not os.path.isdir(os.path.join(worktree, ".mem")):
            raise
        put(os.path.join(worktree, ".mem", "spool"), op, data)
