"""What dreams read of the repository, built once by the verb: the store, its history and the code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from memcli.branch import ROOT, is_memory_path
from memcli.core.memory.instants import format_instant
from memcli.core.review.policy import Policy
from memcli.core.review.recorded_text import refuse_secret
from memcli.core.session.state import Session
from memcli.errors import Failure
from memcli.git.branch_work import default_branch
from memcli.git.code_tree import Code
from memcli.git.layout import Layout
from memcli.git.odb import Odb
from memcli.git.revision import resolve_commit
from memcli.index.database.view import View
from memcli.operations.dream.dream_history import DreamHistory, LastDream
from memcli.operations.dream.inputs import INPUTS, DreamInputs, DreamRequest, parse_inputs
from memcli.operations.review.stored_policy import load_policy
from memcli.operations.views.reader import Reader
from memcli.operations.views.recorded_reads import RecordedReads
from memcli.operations.views.snapshot import Snapshot
from memcli.sessions import Sessions
from memcli.store import Store


@dataclass(frozen=True)
class DreamSources:
    """The store, its history, and the code that its memories are about.

    `tip`: the store's tip as the verb found it; `code_branch`: the configured default branch of the code, '' for the
    remote's; `code_at`: the code at a commit.
    """

    layout: Layout
    odb: Odb
    store: Store
    sessions: Sessions
    reader: Reader
    tip: str
    code_branch: str
    code_at: Callable[[str], Code]

    @cached_property
    def history(self) -> DreamHistory:
        return DreamHistory(self.layout, self.odb, self.sessions)

    @cached_property
    def reads(self) -> RecordedReads:
        return RecordedReads(self.layout, self.odb, self.store)

    def view_at(self, commit: str) -> AbstractContextManager[View]:
        """The store at a commit."""
        return self.reader.tree_view(Snapshot.of(self.odb.commit(commit)))

    def policy_at(self, commit: str) -> Policy:
        """The policy at a commit of the store."""
        return load_policy(self.store, commit)[0]

    def texts_of(self, session: Session) -> dict[str, str]:
        """{path: text} of the memories that a session has changed so far."""
        deltas = self.store.deltas(self.store.tree_of(session.base), self.store.tree_of(session.tip))
        return {delta.path: self.store.text(delta.new) for delta in deltas if delta.new and is_memory_path(delta.path)}

    def new_inputs(self, request: DreamRequest, last: LastDream, now: datetime) -> DreamInputs:
        """The inputs of a dream that begins now, after the last one. Raises NotFound for an unknown `since`,
        Refused for a secret."""
        if request.since:
            last = LastDream(resolve_commit(self.odb, self.layout, request.since))
        refuse_secret(request.scope, "pattern")
        code = default_branch(self.layout, self.code_branch, guesses=())
        since = last.watermark or ROOT
        return DreamInputs(
            at=format_instant(now),
            since=since,
            base=self.tip,
            code_since=last.code,
            code=code[1] if code else "",
            scope=request.scope,
            limit=request.limit,
            force=request.force,
            reads=self.reads.commits(last.at, since, self.tip),
            rejected=self.history.rejections(last.at),
        )

    def inputs_of(self, session: Session) -> DreamInputs:
        """The inputs of a dream that was begun. Raises Failure where they are missing or damaged."""
        try:
            inputs = parse_inputs(self.sessions.text(session, INPUTS))
            self.store.tree_of(inputs.base)
            return inputs
        except (ValueError, Failure) as error:
            problem = f"{session.name}: {INPUTS}: {error}"
            raise Failure(problem, f"run 'mem reject {session.name}', then 'mem dream'") from error
