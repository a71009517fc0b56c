"""The phases of one dream, each a commit of its own, with the context before them and the report after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from memcli.core.dream.steps import MERGE, PRUNE, REFRESH, Step
from memcli.core.session.state import Session
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.dream_context import DreamContext, Phase
from memcli.operations.dream.dream_sources import DreamSources
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.measure import PackMeter
from memcli.operations.dream.memory_history import memory_histories
from memcli.operations.dream.merge_phase import merge_phase
from memcli.operations.dream.prune_phase import prune_phase
from memcli.operations.dream.recorder import DreamProgress, DreamRecorder, PhaseResult, progress_of, recorded_steps
from memcli.operations.dream.refresh_phase import refresh_phase
from memcli.operations.dream.report import REPORT, compose_report
from memcli.operations.dream.working_tree import ChangeLimits, WorkingTree

PHASE_FUNCTIONS: Mapping[str, Phase] = {PRUNE: prune_phase, MERGE: merge_phase, REFRESH: refresh_phase}


class DreamPhases:
    """One dream: the inputs that it is a function of, and what it reads from and writes to."""

    def __init__(self, sources: DreamSources, recorder: DreamRecorder, meter: PackMeter, inputs: DreamInputs) -> None:
        self.sources, self.recorder, self.inputs, self._meter = sources, recorder, inputs, meter

    def preview(self) -> tuple[Step, ...]:
        """What all phases would do; nothing is written. Raises Refused."""
        with self.open_context() as context:
            for run_phase in PHASE_FUNCTIONS.values():
                run_phase(context)
            return tuple(context.tree.steps)

    def run_phases(self, session: Session | None, agent: str | None) -> Session:
        """Compute and commit each phase that is missing. The first one may refuse before anything is written.

        Raises Refused, Conflict, Busy.
        """
        finished = self.progress(session).phases if session else ()
        with self.open_context(session) as context:
            for phase, run_phase in PHASE_FUNCTIONS.items():
                if phase not in finished:
                    checkpoint = context.tree.checkpoint()
                    run_phase(context)
                    session = session or self.recorder.begin(self.inputs, agent)
                    result = PhaseResult(phase, *context.tree.changes_since(checkpoint))
                    session = self.recorder.commit_phase(session, self.inputs, result)
        assert session is not None
        if context.code is not None:
            context.code.remember()
        return session

    def conclude(self, session: Session) -> Session:
        """Add the report; a dream that changes nothing is closed."""
        full = self.progress(session).full
        text = compose_report(self.sources, self._meter, session, self.inputs, full)
        has_changes = bool(self.sources.sessions.candidates(session))
        write = self.recorder.finish if has_changes else self.recorder.close
        return write(session, self.inputs, {REPORT: text}, self.inputs.watermark(full))

    def progress(self, session: Session) -> DreamProgress:
        """How far the dream has come."""
        return progress_of(self.sources.odb, session)

    @contextmanager
    def open_context(self, session: Session | None = None) -> Iterator[DreamContext]:
        """The store as the dream found it, with what its session has changed so far."""
        sources, inputs = self.sources, self.inputs
        news = sources.history.news(inputs.since, inputs.base)
        histories = memory_histories(sources.odb, sources.store, news)
        with sources.view_at(inputs.base) as view:
            tree = WorkingTree(view, sources.texts_of(session) if session else {}, self._limits())
            tree.steps = recorded_steps(sources.sessions, session) if session else []
            code = self._code_state()
            paths = self._changed_paths(code) if code else frozenset()
            policy = sources.policy_at(inputs.base)
            yield DreamContext(inputs, policy, tree, histories, code, paths)

    def _limits(self) -> ChangeLimits:
        inputs = self.inputs
        rejected = {} if inputs.force else self.sources.history.rejected_contents(self.sources.tip)
        return ChangeLimits(inputs.scope, inputs.limit, rejected)

    def _code_state(self) -> CodeState | None:
        if not self.inputs.code:
            return None
        sources, commit = self.sources, self.inputs.code
        return CodeState(sources.layout, sources.code_at(commit), sources.reader.judge(commit))

    def _changed_paths(self, code: CodeState) -> frozenset[str]:
        """The code paths that changed since the last dream; all of them where its commit is not in this clone."""
        since = self.inputs.code_since
        known = self.sources.odb.commit_named(since) if since else None
        return code.code.changed(self.sources.code_at(known) if known else None)
