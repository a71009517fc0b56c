"""`mem dream`: consolidation, proposed as an ordinary session with one commit for each phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from memcli.branch import is_memory_path
from memcli.core.consolidation.step import MERGE, PRUNE, REFRESH, Step
from memcli.core.review import PROMOTABLE
from memcli.core.session import Session
from memcli.errors import Refused
from memcli.operations.dreaming import line
from memcli.operations.dreaming.chronicle import Last, decided, ended_dreams, last, news, open_dreams
from memcli.operations.dreaming.deltas import deltas
from memcli.operations.dreaming.draft import Bounds, Draft
from memcli.operations.dreaming.gates import LOCK, gate
from memcli.operations.dreaming.ground import Ground
from memcli.operations.dreaming.inputs import Inputs, gathered, inputs_of, watermark
from memcli.operations.dreaming.merge import merge
from memcli.operations.dreaming.prune import prune
from memcli.operations.dreaming.reads import reads, uses
from memcli.operations.dreaming.refresh import refresh
from memcli.operations.dreaming.report import REPORT, Report, read_report, reported
from memcli.operations.dreaming.scene import Phase, Scene
from memcli.operations.gate import judge, load_policy
from memcli.operations.moment import Moment, open_tree
from memcli.operations.promote import promote
from memcli.operations.write import TERMINAL_WAIT, carry_out
from memcli.repo.lock import hold
from memcli.workspace import Workspace

WORK: Mapping[str, Phase] = {PRUNE: prune, MERGE: merge, REFRESH: refresh}
AGENT = "dream"
"""Whose session a dream is that nobody asked for: so that it is reviewed as an agent's."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of a dream: `since` (a commit of the store) in place of the last watermark, and the rest as the
    options of the command line."""

    since: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    auto: bool = False


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


def dream(workspace: Workspace, wanted: Wanted) -> Dreamt:
    """Go on with the open dream, or begin one. Raises Refused, NotFound, Conflict, Busy."""
    carry_out(workspace)
    with hold(workspace.layout.mem_dir / "dream.lock", 0 if wanted.auto else TERMINAL_WAIT) as held:
        if not held:
            return Dreamt(False, LOCK)
        names = open_dreams(workspace)
        if names:
            session = workspace.sessions.load(names[0])
            found = _dreamt(workspace, session, inputs_of(workspace, session))
            return _promoted(workspace, found, wanted)
        known = last(workspace)
        inputs = _inputs(workspace, known, wanted)
        shut = gate(workspace, known, inputs, load_policy(workspace, inputs.base)[0]) if wanted.auto else None
        if shut:
            return Dreamt(False, shut, since=inputs.since, until=inputs.since)
        if _is_idle(workspace, inputs) and not _steps(workspace, inputs):
            return Dreamt(True, since=inputs.since, until=inputs.since)
        agent = workspace.config.agent or (AGENT if wanted.auto else None)
        return _promoted(workspace, _dreamt(workspace, None, inputs, agent), wanted)


def preview(workspace: Workspace, wanted: Wanted) -> Dreamt:
    """What a dream that begins now would do; nothing is written. Raises Refused, NotFound."""
    carry_out(workspace)
    inputs = _inputs(workspace, last(workspace), wanted)
    return Dreamt(True, since=inputs.since, until=inputs.base, steps=_steps(workspace, inputs))


def show(workspace: Workspace, name: str) -> Dreamt:
    """An open or ended dream as its session tells it. Raises NotFound."""
    session = workspace.sessions.load(name, ended=True)
    return _told(workspace, session, inputs_of(workspace, session))


def _inputs(workspace: Workspace, known: Last, wanted: Wanted) -> Inputs:
    if wanted.since:
        commit = workspace.odb.resolve(wanted.since)
        known = replace(known, watermark=commit, code="", at=None)
    return gathered(workspace, known, wanted.scope, wanted.limit, wanted.force)


def _is_idle(workspace: Workspace, inputs: Inputs) -> bool:
    """Whether there is nothing to read: then a dream without changes need not be recorded."""
    return inputs.code_since == inputs.code and not news(workspace, inputs.since, inputs.base)


def _steps(workspace: Workspace, inputs: Inputs) -> tuple[Step, ...]:
    with _scene(workspace, inputs) as scene:
        for work in WORK.values():
            work(scene)
        return tuple(scene.draft.steps)


def _dreamt(workspace: Workspace, session: Session | None, inputs: Inputs, agent: str | None = None) -> Dreamt:
    """Carry out what is missing of a dream: phases, then the report."""
    resumed = session is not None
    done = line.progress(workspace, session) if session else line.Progress((), False, False)
    if session is None or not done.complete:
        session = _phases(workspace, session, inputs, agent)
        full = line.progress(workspace, session).full
        session = _concluded(workspace, session, inputs, full)
    return replace(_told(workspace, session, inputs), resumed=resumed)


def _told(workspace: Workspace, session: Session, inputs: Inputs) -> Dreamt:
    steps, report = tuple(line.steps_of(workspace, session)), read_report(workspace, session)
    return Dreamt(True, None, session.name, session.state, inputs.since, session.watermark or "", steps, report)


def _phases(workspace: Workspace, session: Session | None, inputs: Inputs, agent: str | None) -> Session:
    """Each phase that is missing, computed and committed; the first one may refuse before anything is written."""
    finished = line.progress(workspace, session).phases if session else ()
    with _scene(workspace, inputs, session) as scene:
        for phase, work in WORK.items():
            if phase in finished:
                continue
            texts, told, scene.draft.full = dict(scene.draft.texts), len(scene.draft.steps), False
            work(scene)
            session = session or line.begin(workspace, inputs, agent)
            new = {path: text for path, text in scene.draft.texts.items() if texts.get(path) != text}
            done = line.Done(phase, new, scene.draft.steps[told:], scene.draft.full)
            session = line.commit_phase(workspace, session, inputs, done)
    assert session is not None
    if scene.ground is not None:
        scene.ground.remember()
    return session


def _concluded(workspace: Workspace, session: Session, inputs: Inputs, full: bool) -> Session:
    """The dream with its report; one that changes nothing has ended."""
    report, mark = {REPORT: reported(workspace, session, inputs, full)}, watermark(inputs, full)
    conclude = line.finish if workspace.sessions.candidates(session) else line.close
    return conclude(workspace, session, inputs, report, mark)


@contextmanager
def _scene(workspace: Workspace, inputs: Inputs, session: Session | None = None) -> Iterator[Scene]:
    """The store as the dream found it, with what the session has changed so far."""
    policy, _ = load_policy(workspace, inputs.base)
    found = deltas(workspace, news(workspace, inputs.since, inputs.base))
    rejected = {} if inputs.force else decided(workspace, ended_dreams(workspace))
    bounds = Bounds(inputs.scope, inputs.limit, rejected)
    texts = _texts(workspace, session) if session else {}
    counted = uses(reads(workspace, inputs.reads))
    commit = workspace.odb.commit(inputs.base)
    with open_tree(workspace, Moment(commit.id, commit.tree, commit.at), meaning=True) as view:
        draft = Draft(view, texts, bounds)
        draft.steps = line.steps_of(workspace, session) if session else []
        ground = Ground(workspace, inputs.code) if inputs.code else None
        moved = _changed_code(workspace, inputs, ground) if ground else frozenset()
        yield Scene(workspace, inputs, policy, draft, found, counted, ground, moved)


def _changed_code(workspace: Workspace, inputs: Inputs, ground: Ground) -> frozenset[str]:
    """The paths of the code that changed since the last dream; all of them where that one's code is not here."""
    known = workspace.odb.commit_named(inputs.code_since) if inputs.code_since else None
    return ground.code.changed(workspace.code_at(known) if known else None)


def _texts(workspace: Workspace, session: Session) -> dict[str, str]:
    """What the session has changed so far."""
    base, tip = workspace.store.tree_of(session.base), workspace.store.tree_of(session.tip)
    deltas = workspace.store.deltas(base, tip)
    return {one.path: workspace.store.text(one.new) for one in deltas if one.new and is_memory_path(one.path)}


def _promoted(workspace: Workspace, found: Dreamt, wanted: Wanted) -> Dreamt:
    """With `--auto`, the dream promoted where the policy leaves that to the checks and nothing would be lost."""
    if not wanted.auto or found.session is None or found.state != "open":
        return found
    session = workspace.sessions.load(found.session)
    review = judge(workspace, session)
    lost = found.report.measures.lost if found.report else ()
    if review.policy.promote != "auto" or review.verdict != PROMOTABLE or lost or found.report is None:
        return found
    try:
        done = promote(Workspace(replace(workspace.config, agent=AGENT, session=None)), found.session)
    except Refused:
        return found
    return replace(found, state="promoted", commit=done.commit)
