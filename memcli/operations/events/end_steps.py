"""The steps at the end of a session: episode, distil, review, then promotion or close.

Invariant: progress is the session's own commits, so that after a kill the next process continues with the next step. A
session that somebody resumes meanwhile is left to them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session import trailers
from memcli.core.session.entry_verbs import STEP
from memcli.core.session.state import OPEN, Session
from memcli.errors import MemError, Refused
from memcli.git.worktrees import Worktree
from memcli.operations.curation.answers import CURATOR, REVIEWER, is_configured
from memcli.operations.curation.curate import curate, session_job
from memcli.operations.curation.jobs import SessionJobs
from memcli.operations.curation.reviewer import BY, approved_result, may_decide, opinion
from memcli.operations.events.episodes import EpisodeSource
from memcli.operations.memories.add import add_memories
from memcli.operations.memories.changes import open_memory
from memcli.operations.memories.edit import edit_memory
from memcli.operations.review.gate import GateScope, open_gate
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.sessions.close import close_entry
from memcli.operations.sessions.save import save_if_present
from memcli.operations.views.reader import Reader
from memcli.operations.writing.transaction import drain_before_reading, write_transaction
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.worktree_sync import remove_if_saved
from memcli.selection import Selection
from memcli.sessions import Sessions
from memcli.workspace import Workspace

STEPS = ("episode", "distil", "review")


def ending_session(selection: Selection, sessions: Sessions, name: str) -> Session | None:
    """The session, if its end has steps left; None if it is closed, gone or resumed."""
    if not selection.is_open(name):
        return None
    session = sessions.load(name)
    return session if session.is_ending else None


def is_unfinished(selection: Selection, sessions: Sessions, name: str) -> bool:
    """Whether a session is neither closed nor gone: somebody has resumed it, or steps are left."""
    return selection.is_open(name) and sessions.load(name).state == OPEN


@dataclass(frozen=True)
class EndSteps:
    """The steps of one session. `workspace` is that of the session's agent, where its files are."""

    workspace: Workspace
    name: str

    def run(self) -> None:
        """Run every step that is not done yet, then promote or close the session. Raises MemError."""
        save_if_present(self.workspace, self.name)
        for step in STEPS:
            self._run_step(step)
        save_if_present(self.workspace, self.name)  # the files follow the steps, else they would count as unsaved
        if session := self._session():
            with suppress(MemError):  # a person decides about what came in between
                self.promote_if_allowed(session)
            self._close()

    def promote_if_allowed(self, session: Session) -> None:
        """Promote the session if the policy leaves that to the checks, or to a reviewer who has approved it."""
        approved = approved_result(session.opinion)
        review = open_gate(self.workspace).review(session, GateScope(reviewed=bool(approved)))
        if review.verdict == PROMOTABLE:
            expect = approved or review.result
            promote(self.workspace, PromoteRequest(self.name, expect=expect, reviewed_by=BY if approved else ""))

    def _session(self) -> Session | None:
        return ending_session(self.workspace.selection, self.workspace.sessions, self.name)

    def _run_step(self, step: str) -> None:
        """Run a step unless a commit of the session says that it is done; then commit that it is."""
        session = self._session()
        if session is None or any(done.partition(" ")[0] == step for done in session.steps):
            return
        result = {"episode": self._episode, "distil": self._distil, "review": self._review}[step](session)
        note = {"summary": step, trailers.STEP: f"{step} {result}"}
        self.workspace.journal.append(self.workspace.actor.entry(STEP, self.name, note=note))
        drain_before_reading(self.workspace)

    def _episode(self, session: Session) -> str:
        """Propose the session's episode, or rewrite that of an earlier end."""
        workspace = self.workspace
        layout = workspace.layout
        source = EpisodeSource(workspace.sessions, layout.git_dir, layout.mem_dir, workspace.excludes)
        draft = source.draft(session)
        if draft is None:
            return "nothing to tell"
        if earlier := source.earlier(session):
            values = {key: draft[key] for key in ("title", "paths")}
            return edit_memory(workspace, open_memory(workspace, earlier), values, str(draft["body"])).id
        added = add_memories(workspace, [draft], once=f"episode {session.name} {session.ended}")
        return added[0].id if added else "told already"

    def _distil(self, session: Session) -> str:
        if not is_configured(self.workspace.settings, CURATOR):
            return "no curator"
        job = session_job(self.workspace, "distil", session.name)
        result = curate(self.workspace, job, once=f"distil {session.name} {session.ended}")
        return result.failure or f"{len(result.recorded)} added, {len(result.refused)} refused"

    def _review(self, session: Session) -> str:
        if not is_configured(self.workspace.settings, REVIEWER):
            return "no reviewer"
        review = open_gate(self.workspace).review(session, GateScope(reviewed=True))
        if not may_decide(review):
            return "not asked"
        job = SessionJobs(self.workspace.sessions, Reader(self.workspace)).review(review)
        return opinion(job, review.result, lambda job: curate(self.workspace, job, command=REVIEWER))

    def _close(self) -> None:
        """Close the session unless somebody has resumed it, and delete its files while nobody else can write.

        Raises Refused where files cannot be saved: the session stays open with them, and is tried again.
        """
        workspace = self.workspace
        with write_transaction(workspace, self.name) as tx:
            if self._session():
                self._refuse_unsaved()
                tx.record(close_entry(workspace.actor, workspace.journal, self.name))
            if not is_unfinished(workspace.selection, workspace.sessions, self.name):
                worktree = Worktree(workspace.layout, workspace.odb, self.name)
                remove_if_saved(workspace.store, worktree, workspace.sessions.load(self.name, ended=True).tip)

    def _refuse_unsaved(self) -> None:
        findings = unsaved_files(self.workspace, self.name).refused
        if findings:
            messages = "; ".join(finding.message for finding in findings[:5])
            raise Refused(f"the session stays open: {messages}", findings[0].next)
