"""Journal entries as hooks write them: with plain files, for others to drain.

Imports next to nothing, so that an event that only records costs a harness no more than two or three bare starts of
Python.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from memcli.core.memory.base32 import ulid_after
from memcli.git.layout import Layout
from memcli.state.journal_files import FIELDS, append, waiting_near


def append_event(
    layout: Layout, verb: str, session: str, note: Mapping[str, str], actor: str, agent: str | None
) -> None:
    """Append an entry without files to the journal, with the current time. Raises OSError; then nothing is recorded."""
    op = ulid_after(waiting_near(layout), time.time_ns() // 1_000_000, os.urandom(16))
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    values = (op, verb, session, actor, agent, at, (), dict(note))
    append(layout, dict(zip(FIELDS, values, strict=True)))
