"""`mem dream`: consolidation, proposed as an ordinary session with one commit for each phase."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.curator.job import Job
from memcli.core.dream.steps import Step
from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session.state import Session
from memcli.errors import Busy, NotFound, Refused
from memcli.operations.dream import session as line
from memcli.operations.dream.curate_phase import (
    CuratorOutcome,
    apply_directory,
    ask_curator,
    curator_outcome,
    write_dream_job,
)
from memcli.operations.dream.gates import LOCK, closed_gate
from memcli.operations.dream.history import LastDream, last_dream, news, open_dreams
from memcli.operations.dream.inputs import DreamInputs, collect_inputs, load_inputs
from memcli.operations.dream.phases import conclude, preview_steps, run_phases
from memcli.operations.dream.report import DreamReport, read_report
from memcli.operations.review.gate import load_policy, run_gate
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.lock import hold
from memcli.workspace import Workspace

AGENT = "dream"
"""Whose session a dream is that nobody asked for: so that it is reviewed as an agent's."""


@dataclass(frozen=True)
class DreamRequest:
    """What is asked of a dream: `since` (a commit of the store) in place of the last watermark, and the rest as the
    options of the command line; `ask`: the configured curator is asked, too."""

    since: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    auto: bool = False
    ask: bool = True


@dataclass(frozen=True)
class DreamResult:
    """What came of it. `gate`: why it did not run; `session` is None where nothing was written; `state`: `open` (it
    waits for review), `closed` (nothing to change), `promoted`, `rejected`; `report` is None until it is complete."""

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
    guest: CuratorOutcome | None = None


def run_dream(workspace: Workspace, wanted: DreamRequest) -> DreamResult:
    """Go on with the open dream, or begin one. Raises Refused, NotFound, Conflict, Busy."""
    if wanted.force and workspace.config.agent:
        raise Refused("'--force' is a person's word", "ask a person, or leave it out")
    drain_before_reading(workspace)
    with _alone(workspace, 0 if wanted.auto else workspace.config.lock_timeout) as held:
        if not held:
            return DreamResult(False, LOCK)
        names = open_dreams(workspace)
        if names:
            session = workspace.sessions.load(names[0])
            found = _dreamt(workspace, wanted, session, load_inputs(workspace, session))
            return _promoted(workspace, found, wanted)
        known = last_dream(workspace)
        inputs = _inputs(workspace, known, wanted)
        shut = (
            closed_gate(workspace, known, inputs, load_policy(workspace.store, inputs.base)[0]) if wanted.auto else None
        )
        if shut:
            return DreamResult(False, shut, since=inputs.since, until=inputs.since)
        if _is_idle(workspace, inputs) and not preview_steps(workspace, inputs):
            return DreamResult(True, since=inputs.since, until=inputs.since)
        agent = workspace.config.agent or (AGENT if wanted.auto else None)
        return _promoted(workspace, _dreamt(workspace, wanted, None, inputs, agent), wanted)


def prepare_dream(workspace: Workspace, wanted: DreamRequest, directory: Path) -> tuple[DreamResult, Job | None]:
    """Dream, and write what it could not decide into a new directory, for anybody to work on; None where there is
    nothing. Raises Conflict where the directory is in use."""
    done = run_dream(workspace, replace(wanted, ask=False))
    if done.session is None or done.state != "open":
        return done, None
    session = workspace.sessions.load(done.session)
    place = workspace.config.directory / directory
    job = write_dream_job(workspace, session, load_inputs(workspace, session), place)
    return done, job if job.memories else None


def apply_dream_answer(workspace: Workspace, directory: Path) -> DreamResult:
    """Take what somebody made of the open dream's job. Raises NotFound without such a dream or directory, Busy."""
    drain_before_reading(workspace)
    with _alone(workspace, workspace.config.lock_timeout) as held:
        names = open_dreams(workspace)
        if not held:
            raise Busy("another dream is running", "try again when it is done; nothing was changed")
        if not names:
            raise NotFound("no dream is open", "'mem dream --prepare DIR' begins one and writes its job")
        session = workspace.sessions.load(names[0])
        inputs = load_inputs(workspace, session)
        session = apply_directory(workspace, session, inputs, workspace.config.directory / directory)
        return _told(workspace, conclude(workspace, session, inputs), inputs)


def preview_dream(workspace: Workspace, wanted: DreamRequest) -> DreamResult:
    """What a dream that begins now would do; nothing is written. Raises Refused, NotFound."""
    drain_before_reading(workspace)
    inputs = _inputs(workspace, last_dream(workspace), wanted)
    return DreamResult(True, since=inputs.since, until=inputs.base, steps=preview_steps(workspace, inputs))


def describe_dream(workspace: Workspace, name: str) -> DreamResult:
    """An open or ended dream as its session tells it. Raises NotFound."""
    session = workspace.sessions.load(name, ended=True)
    return _told(workspace, session, load_inputs(workspace, session))


def _alone(workspace: Workspace, patience: float) -> AbstractContextManager[bool]:
    """The dream lock: one dream at a time; whether it was to be had within `patience` seconds."""
    return hold(Path(workspace.layout.mem_dir, "dream.lock"), patience)


def _inputs(workspace: Workspace, known: LastDream, wanted: DreamRequest) -> DreamInputs:
    if wanted.since:
        commit = workspace.odb.resolve(wanted.since)
        known = replace(known, watermark=commit, code="", at=None)
    return collect_inputs(workspace, known, wanted.scope, wanted.limit, wanted.force)


def _is_idle(workspace: Workspace, inputs: DreamInputs) -> bool:
    """Whether there is nothing to read: then a dream without changes need not be recorded."""
    return inputs.code_since == inputs.code and not news(workspace, inputs.since, inputs.base)


def _dreamt(
    workspace: Workspace, wanted: DreamRequest, session: Session | None, inputs: DreamInputs, agent: str | None = None
) -> DreamResult:
    """Carry out what is missing of a dream: phases, then the report."""
    resumed = session is not None
    done = line.progress(workspace, session) if session else line.Progress((), False, False)
    if session is None or not done.complete:
        session = run_phases(workspace, session, inputs, agent)
        session = ask_curator(workspace, session, inputs) if wanted.ask else session
        session = conclude(workspace, session, inputs)
    return replace(_told(workspace, session, inputs), resumed=resumed)


def _told(workspace: Workspace, session: Session, inputs: DreamInputs) -> DreamResult:
    steps, report = tuple(line.steps_of(workspace, session)), read_report(workspace, session)
    found = DreamResult(True, None, session.name, session.state, inputs.since, session.watermark or "", steps, report)
    return replace(found, guest=curator_outcome(workspace, session))


def _promoted(workspace: Workspace, found: DreamResult, wanted: DreamRequest) -> DreamResult:
    """With `--auto`, the dream promoted where the policy leaves that to the checks and nothing would be lost."""
    if not wanted.auto or found.session is None or found.state != "open":
        return found
    session = workspace.sessions.load(found.session)
    review = run_gate(workspace, session)
    lost = found.report.measures.lost if found.report else ()
    if review.policy.promote != "auto" or review.verdict != PROMOTABLE or lost or found.report is None:
        return found
    try:
        as_dream = Workspace(replace(workspace.config, agent=AGENT, session=None))
        done = promote(as_dream, PromoteRequest(found.session))
    except Refused:
        return found
    return replace(found, state="promoted", commit=done.commit)
