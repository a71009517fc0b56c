"""Starting, resuming and describing dreams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.dream.steps import Step
from memcli.core.session.state import Session
from memcli.operations.curation.answers import CuratorCommand
from memcli.operations.dream.auto_gates import closed_gate
from memcli.operations.dream.curate_phase import CuratorOutcome, ask_curator, curator_outcome
from memcli.operations.dream.dream_history import LastDream
from memcli.operations.dream.dream_sources import DreamSources
from memcli.operations.dream.inputs import DreamInputs, DreamRequest
from memcli.operations.dream.measure import PackMeter
from memcli.operations.dream.phases import DreamPhases
from memcli.operations.dream.recorder import DreamRecorder, recorded_steps
from memcli.operations.dream.report import DreamReport, read_report


@dataclass(frozen=True)
class DreamResult:
    """A dream, or why there was none.

    `gate`: why it did not run; `session`: None where nothing was written; `state`: `open` (awaits review), `closed`
    (nothing to change), `promoted` or `rejected`; `report`: None until the dream is complete.
    """

    ran: bool
    gate: str | None = None
    session: str | None = None
    state: str = ""
    since: str = ""
    until: str = ""
    steps: tuple[Step, ...] = ()
    report: DreamReport | None = None
    resumed: bool = False
    commit: str | None = None
    curator: CuratorOutcome | None = None


@dataclass(frozen=True)
class Dreamer:
    """What dreams are made with. `curator`: the configured command, if any."""

    sources: DreamSources
    recorder: DreamRecorder
    meter: PackMeter
    curator: CuratorCommand | None

    def phases_of(self, inputs: DreamInputs) -> DreamPhases:
        """The dream with these inputs."""
        return DreamPhases(self.sources, self.recorder, self.meter, inputs)

    def open_dream(self) -> Session | None:
        """The oldest open dream."""
        names = self.sources.history.open_dreams()
        return self.sources.sessions.load(names[0]) if names else None

    def new_inputs(self, request: DreamRequest, now: datetime) -> DreamInputs:
        """The inputs of a dream that begins now. Raises NotFound for an unknown `since`."""
        return self.sources.new_inputs(request, self._last(now), now)

    def _last(self, now: datetime) -> LastDream:
        return self.sources.history.last_dream(self.sources.tip, now)

    def start(self, request: DreamRequest, now: datetime, agent: str | None) -> DreamResult:
        """Start a dream unless a gate is closed or there is nothing to do. Raises Refused, NotFound, Conflict, Busy."""
        sources, last = self.sources, self._last(now)
        inputs = sources.new_inputs(request, last, now)
        policy = sources.policy_at(inputs.base)
        if request.auto and (gate := closed_gate(sources.history, last, inputs, policy)):
            return DreamResult(False, gate, since=inputs.since, until=inputs.since)
        phases = self.phases_of(inputs)
        if self._has_no_news(inputs) and not phases.preview():
            return DreamResult(True, since=inputs.since, until=inputs.since)
        session = phases.run_phases(None, agent)
        return self._complete(phases, session, request.ask)

    def _has_no_news(self, inputs: DreamInputs) -> bool:
        """Whether there is nothing to read, so that a dream without changes need not be recorded."""
        return inputs.code_since == inputs.code and not self.sources.history.news(inputs.since, inputs.base)

    def resume(self, session: Session, ask: bool) -> DreamResult:
        """Carry out what is missing of an open dream. Raises Refused, Failure, Conflict, Busy."""
        phases = self.phases_of(self.sources.inputs_of(session))
        if phases.progress(session).complete:
            result = self.describe(session)
        else:
            result = self._complete(phases, phases.run_phases(session, None), ask)
        return replace(result, resumed=True)

    def _complete(self, phases: DreamPhases, session: Session, ask: bool) -> DreamResult:
        if ask and self.curator:
            session = ask_curator(phases, session, self.curator)
        return self.describe(phases.conclude(session))

    def describe(self, session: Session) -> DreamResult:
        """A dream as its session has it. Raises Failure."""
        sessions = self.sources.sessions
        return DreamResult(
            ran=True,
            session=session.name,
            state=session.state,
            since=self.sources.inputs_of(session).since,
            until=session.watermark or "",
            steps=tuple(recorded_steps(sessions, session)),
            report=read_report(sessions, session),
            curator=curator_outcome(sessions, session),
        )
