"""The start of a harness's session: it is started or resumed, marked as alive, and the agent receives its pack."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.events import HOOK_EVENTS, PRE_COMPACT, SESSION_START
from memcli.core.pack.frame import clean, framed, shortened
from memcli.core.pack.plan import CHANGED
from memcli.core.session.names import harness_session
from memcli.errors import MemError
from memcli.operations.events.earlier_packs import tree_of_last_pack
from memcli.operations.events.found_commits import note_head
from memcli.operations.events.lifecycle import SessionLifecycle
from memcli.operations.events.told_paths import told_paths
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.sessions.path import prepare_worktree
from memcli.operations.writing.session_process import mark_harness
from memcli.operations.writing.transaction import try_drain
from memcli.state.liveness import is_marked_ended, mark_of, marks_dir, remove_marks
from memcli.system.detached import detached
from memcli.system.file_modes import make_directory
from memcli.workspace import Workspace

PATIENCE = 1.0
"""Seconds to wait for a lock."""
DUPLICATE_WITHIN = 30.0
"""Seconds within which the same start of the same process is a duplicate: some harnesses call their hooks twice. After
a kill and an immediate return it is another process."""
MOST_PATH = 400
"""Characters of the session's directory that the agent is shown."""
NOT_INITIALISED = (
    "mem is not initialised in this clone: memories are read from the remote branch, and none can be written. "
    "Run 'mem init' to start a session and write memories.\n"
)
UNCHANGED = "Nothing has changed in the memory of this repository since the last pack of this session.\n"


@dataclass(frozen=True)
class SessionStart:
    """One session-start event."""

    workspace: Workspace
    adapter: Adapter
    payload: Mapping[str, object]
    variables: Mapping[str, str]

    @property
    def _source(self) -> str:
        return self.adapter.start_source(self.payload)

    @property
    def _mem_dir(self) -> str:
        return self.workspace.layout.mem_dir

    @property
    def _lifecycle(self) -> SessionLifecycle:
        workspace = self.workspace
        return SessionLifecycle(
            workspace.layout, workspace.selection, workspace.sessions, workspace.journal, workspace.actor
        )

    def is_duplicate(self) -> bool:
        """Whether the same start came a moment ago; notes this one. Below a read-only `.git` nothing is a duplicate."""
        if not self.adapter.session_id(self.payload):
            return False
        session, process = self.workspace.selection.name or "", mark_of(os.getppid())
        mark = Path(marks_dir(self._mem_dir), f"{session}.{self.adapter.name}.{self._source}")
        try:
            is_same = mark.read_text(encoding="ascii") == process and not is_marked_ended(self._mem_dir, session)
            if is_same and time.time() - mark.stat().st_mtime < DUPLICATE_WITHIN:
                return True
        except (OSError, ValueError):
            pass  # there is no such mark
        with suppress(OSError):
            make_directory(mark.parent)
            mark.write_text(process, encoding="ascii")
        return False

    def text(self) -> str:
        """Start or resume the session; its name, where its files are, what waits for a person, and the pack.

        In a clone without a store of its own there is no session: the pack is read from the remote branch.
        """
        if not self.workspace.is_initialised:
            return self._with_pack(framed(NOT_INITIALISED))
        has_abandoned = self._lifecycle.end_abandoned()
        name = self.workspace.selection.writable() or self.workspace.actor.new_session()
        self._record_start(name)
        self._mark(name)  # before anything else: another process must not take it for abandoned
        directory = self._prepare(name)
        successor = self.workspace.selection.successor(name)
        self._mark(successor)  # again: whoever has just closed it has removed the mark
        if successor != name:
            remove_marks(self._mem_dir, name)
        note_head(self.workspace.layout, self.workspace.config.session or successor)
        self._export(successor)
        if has_abandoned:
            detached(["worker"], place=str(self.workspace.config.directory), environ=self.variables)
        return self._with_pack(_location(successor, directory, self._waiting()))

    def _with_pack(self, text: str) -> str:
        """That text, and the pack. A session that returns is told what changed since its last pack, if anything has;
        after a compaction it is told all again, also of single files."""
        session = self.workspace.selection.name
        is_compact = self._source == "compact"
        event = HOOK_EVENTS[PRE_COMPACT if is_compact else SESSION_START]
        if session and self._source in ("compact", "clear"):
            told_paths(self._mem_dir, session).clear()
        elif session and self._source != "startup" and (since := self._last_tree(session)):
            with suppress(MemError):  # that tree is not here any more
                request = HydrateRequest(hook=event.pack, only=(CHANGED,), beside=text, since=since)
                changed = hydrate(self.workspace, request).text
                return text + (changed or framed(UNCHANGED))
        return text + hydrate(self.workspace, HydrateRequest(hook=event.pack, beside=text)).text

    def _last_tree(self, session: str) -> str:
        workspace, session_id = self.workspace, self.adapter.session_id(self.payload)
        name = harness_session(self.adapter.agent, session_id) if session_id else session
        return tree_of_last_pack(workspace.layout, workspace.store, workspace.journal, name)

    def _waiting(self) -> str:
        """What waits for a person, as a sentence; `` if nothing does."""
        from memcli.operations.inbox.inbox import read_inbox

        with suppress(MemError, OSError):
            inbox = read_inbox(self.workspace)
            numbers = ((inbox.candidates, "candidate"), (len(inbox.questions), "open question"))
            parts = [f"{number} {word}{'s' * (number > 1)}" for number, word in numbers if number]
            return f" Waiting for a person: {' and '.join(parts)}." if parts else ""
        return ""

    def _record_start(self, name: str) -> None:
        journal = self.workspace.journal
        if not self.workspace.selection.is_open(name) and not journal.entries(name):
            note = {"summary": f"{self.adapter.name} {self._source}"}
            journal.append(self.workspace.actor.entry("start", name, note=note))

    def _mark(self, name: str) -> None:
        mark_harness(self.workspace.layout, name, self.adapter)

    def _prepare(self, name: str) -> Path | None:
        """The directory of the session's files; None if the lock is busy or nothing can be written there."""
        workspace = self.workspace
        try:
            has_lock = try_drain(workspace, name, PATIENCE)
            name = workspace.selection.successor(name)  # an ended session continues under another name
            if self._lifecycle.reopen(name) and has_lock:
                try_drain(workspace, name, PATIENCE)
            is_open = workspace.selection.is_open(name)
            return prepare_worktree(workspace, name, patience=PATIENCE) if is_open else None
        except (MemError, OSError):
            return None  # in a sandbox that forbids writing below `.git`, writes go to the spool

    def _export(self, name: str) -> None:
        """Name the session to everything that the harness runs, if it takes variables."""
        file = self.variables.get(self.adapter.export_variable)
        if file:
            with suppress(OSError), Path(file).open("a", encoding="utf-8") as stream:
                stream.write(f"export MEM_SESSION={name}\n")


def _location(name: str, directory: Path | None, waiting: str) -> str:
    """The session, its files and what waits, worded as facts, and marked so that nobody captures them."""
    files = f"; its files are in {shortened(clean(str(directory)), MOST_PATH)}" if directory else ""
    text = (
        f"This memory session is {name}{files}. Candidates are reviewed by a person before they are shared.{waiting}\n"
    )
    return framed(text)
