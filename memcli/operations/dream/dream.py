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
from memcli.operations.dream.curate import Guest, asked, guest_of, handed_out, taken_from
from memcli.operations.dream.gates import LOCK, gate
from memcli.operations.dream.history import Last, last, news, open_dreams
from memcli.operations.dream.inputs import Inputs, gathered, inputs_of
from memcli.operations.dream.phases import carry_out_phases, concluded, steps_now
from memcli.operations.dream.report import Report, read_report
from memcli.operations.review.gate import load_policy, run_gate
from memcli.operations.review.promote import promote
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.lock import hold
from memcli.workspace import Workspace

AGENT = "dream"
"""Whose session a dream is that nobody asked for: so that it is reviewed as an agent's."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a dream: `since` (a commit of the store) in place of the last watermark, and the rest as the
    options of the command line; `ask`: the configured curator is asked, too."""

    since: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    auto: bool = False
    ask: bool = True


@dataclass(frozen=True)
class Dreamt:
    """What came of it. `gate`: why it did not run; `session` is None where nothing was written; `state`: `open` (it
    waits for review), `closed` (nothing to change), `promoted`, `rejected`; `report` is None until it is complete."""

    ran: bool
    gate: str | None = None
    session: str | None = None
    state: str = ""
    since: str = ""
    until: str = ""
    steps: tuple[Step, ...] = ()
    report: Report | None = None
    resumed: bool = False
    commit: str | None = None
    guest: Guest | None = None


def dream(workspace: Workspace, wanted: Wanted) -> Dreamt:
    """Go on with the open dream, or begin one. Raises Refused, NotFound, Conflict, Busy."""
    if wanted.force and workspace.config.agent:
        raise Refused("'--force' is a person's word", "ask a person, or leave it out")
    drain_before_reading(workspace)
    with _alone(workspace, 0 if wanted.auto else workspace.config.lock_timeout) as held:
        if not held:
            return Dreamt(False, LOCK)
        names = open_dreams(workspace)
        if names:
            session = workspace.sessions.load(names[0])
            found = _dreamt(workspace, wanted, session, inputs_of(workspace, session))
            return _promoted(workspace, found, wanted)
        known = last(workspace)
        inputs = _inputs(workspace, known, wanted)
        shut = gate(workspace, known, inputs, load_policy(workspace, inputs.base)[0]) if wanted.auto else None
        if shut:
            return Dreamt(False, shut, since=inputs.since, until=inputs.since)
        if _is_idle(workspace, inputs) and not steps_now(workspace, inputs):
            return Dreamt(True, since=inputs.since, until=inputs.since)
        agent = workspace.config.agent or (AGENT if wanted.auto else None)
        return _promoted(workspace, _dreamt(workspace, wanted, None, inputs, agent), wanted)


def prepare(workspace: Workspace, wanted: Wanted, directory: Path) -> tuple[Dreamt, Job | None]:
    """Dream, and write what it could not decide into a new directory, for anybody to work on; None where there is
    nothing. Raises Conflict where the directory is in use."""
    done = dream(workspace, replace(wanted, ask=False))
    if done.session is None or done.state != "open":
        return done, None
    session = workspace.sessions.load(done.session)
    place = workspace.config.directory / directory
    job = handed_out(workspace, session, inputs_of(workspace, session), place)
    return done, job if job.memories else None


def apply(workspace: Workspace, directory: Path) -> Dreamt:
    """Take what somebody made of the open dream's job. Raises NotFound without such a dream or directory, Busy."""
    drain_before_reading(workspace)
    with _alone(workspace, workspace.config.lock_timeout) as held:
        names = open_dreams(workspace)
        if not held:
            raise Busy("another dream is running", "try again when it is done; nothing was changed")
        if not names:
            raise NotFound("no dream is open", "'mem dream --prepare DIR' begins one and writes its job")
        session = workspace.sessions.load(names[0])
        inputs = inputs_of(workspace, session)
        session = taken_from(workspace, session, inputs, workspace.config.directory / directory)
        return _told(workspace, concluded(workspace, session, inputs), inputs)


def preview(workspace: Workspace, wanted: Wanted) -> Dreamt:
    """What a dream that begins now would do; nothing is written. Raises Refused, NotFound."""
    drain_before_reading(workspace)
    inputs = _inputs(workspace, last(workspace), wanted)
    return Dreamt(True, since=inputs.since, until=inputs.base, steps=steps_now(workspace, inputs))


def show(workspace: Workspace, name: str) -> Dreamt:
    """An open or ended dream as its session tells it. Raises NotFound."""
    session = workspace.sessions.load(name, ended=True)
    return _told(workspace, session, inputs_of(workspace, session))


def _alone(workspace: Workspace, patience: float) -> AbstractContextManager[bool]:
    """The dream lock: one dream at a time; whether it was to be had within `patience` seconds."""
    return hold(Path(workspace.layout.mem_dir, "dream.lock"), patience)


def _inputs(workspace: Workspace, known: Last, wanted: Wanted) -> Inputs:
    if wanted.since:
        commit = workspace.odb.resolve(wanted.since)
        known = replace(known, watermark=commit, code="", at=None)
    return gathered(workspace, known, wanted.scope, wanted.limit, wanted.force)


def _is_idle(workspace: Workspace, inputs: Inputs) -> bool:
    """Whether there is nothing to read: then a dream without changes need not be recorded."""
    return inputs.code_since == inputs.code and not news(workspace, inputs.since, inputs.base)


def _dreamt(
    workspace: Workspace, wanted: Wanted, session: Session | None, inputs: Inputs, agent: str | None = None
) -> Dreamt:
    """Carry out what is missing of a dream: phases, then the report."""
    resumed = session is not None
    done = line.progress(workspace, session) if session else line.Progress((), False, False)
    if session is None or not done.complete:
        session = carry_out_phases(workspace, session, inputs, agent)
        session = asked(workspace, session, inputs) if wanted.ask else session
        session = concluded(workspace, session, inputs)
    return replace(_told(workspace, session, inputs), resumed=resumed)


def _told(workspace: Workspace, session: Session, inputs: Inputs) -> Dreamt:
    steps, report = tuple(line.steps_of(workspace, session)), read_report(workspace, session)
    found = Dreamt(True, None, session.name, session.state, inputs.since, session.watermark or "", steps, report)
    return replace(found, guest=guest_of(workspace, session))


def _promoted(workspace: Workspace, found: Dreamt, wanted: Wanted) -> Dreamt:
    """With `--auto`, the dream promoted where the policy leaves that to the checks and nothing would be lost."""
    if not wanted.auto or found.session is None or found.state != "open":
        return found
    session = workspace.sessions.load(found.session)
    review = run_gate(workspace, session)
    lost = found.report.measures.lost if found.report else ()
    if review.policy.promote != "auto" or review.verdict != PROMOTABLE or lost or found.report is None:
        return found
    try:
        done = promote(Workspace(replace(workspace.config, agent=AGENT, session=None)), found.session)
    except Refused:
        return found
    return replace(found, state="promoted", commit=done.commit)
