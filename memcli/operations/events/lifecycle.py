"""The end and the return of sessions, as journal entries: abandoned sessions end like any other.

Invariant: only an agent's session with a mark counts as abandoned; a living process keeps its session.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from memcli.actor import Actor
from memcli.core.session import trailers
from memcli.core.session.entry_verbs import END, SAVE
from memcli.core.session.state import BRANCH_MERGED, OPEN, Session
from memcli.errors import MemError
from memcli.git.layout import Layout
from memcli.operations.provenance.branch_fate import branch_state
from memcli.selection import Selection
from memcli.sessions import Sessions
from memcli.state.journal import Journal
from memcli.state.liveness import abandoned_sessions, is_abandoned, is_marked, mark_ended


@dataclass(frozen=True)
class SessionLifecycle:
    """Records that sessions end and return, for the next drain to carry out."""

    layout: Layout
    selection: Selection
    sessions: Sessions
    journal: Journal
    actor: Actor

    def end_abandoned(self) -> bool:
        """Record a save and the end of every session whose harness is gone; whether there is any to process."""
        mem_dir = self.layout.mem_dir
        abandoned = abandoned_sessions(mem_dir)
        for name, is_ended in abandoned:
            with suppress(MemError, OSError):  # another process may just have closed it
                if not (is_ended and self._has_end(name)) and is_abandoned(mem_dir, name):
                    self._end(name)
        return bool(abandoned)

    def _end(self, name: str) -> None:
        record_event(self.journal, self.actor, SAVE, name, {"event": "sweep"})
        record_event(self.journal, self.actor, END, name, {"summary": "gone"})
        with suppress(OSError):
            mark_ended(self.layout.mem_dir, name)

    def reopen(self, name: str) -> bool:
        """Record that a session returns which has ended, or whose end waits in the journal; False for any other."""
        is_open = self.selection.is_open(name)
        if not self._has_waiting_end(name):
            if not is_open:
                return False
            session = self.sessions.load(name)
            if session.state == OPEN and not session.ended:
                return False
        note = {"summary": name, trailers.STATE: OPEN}
        self.journal.append(self.actor.entry("reopen", name, note=note))
        return True

    def _has_end(self, name: str) -> bool:
        """Whether the end is recorded: a process may have been killed between marking it and recording it."""
        if self._has_waiting_end(name) or not self.selection.is_open(name):
            return True
        return self.sessions.load(name).ended is not None

    def _has_waiting_end(self, name: str) -> bool:
        return any(entry.verb == END for entry in self.journal.entries(name))


def record_event(journal: Journal, actor: Actor, verb: str, session: str, note: dict[str, str]) -> None:
    """Append an entry with just this note, as a hook would."""
    journal.append(replace(actor.entry(verb, session), note=note))


def merged_sessions(sessions: Sessions, layout: Layout) -> list[Session]:
    """Agents' sessions whose code branch was merged and that nobody works in."""
    abandoned = {name for name, _ in abandoned_sessions(layout.mem_dir)}
    agents = [session for session in sessions.all() if session.agent]
    idle = [session for session in agents if session.name in abandoned or not is_marked(layout.mem_dir, session.name)]
    return [session for session in idle if branch_state(layout, session) == BRANCH_MERGED]
