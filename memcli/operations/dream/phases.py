"""A dream carried out: the scene set from its inputs, the phases one after the other, each committed when done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from memcli.branch import is_memory_path
from memcli.core.dream.steps import MERGE, PRUNE, REFRESH, Step
from memcli.core.session.state import Session
from memcli.operations.dream import session as line
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.context import DreamContext, Phase
from memcli.operations.dream.history import decided_contents, ended_dreams, news
from memcli.operations.dream.inputs import DreamInputs, next_watermark
from memcli.operations.dream.memory_history import memory_histories
from memcli.operations.dream.merge_phase import merge_phase
from memcli.operations.dream.prune_phase import prune_phase
from memcli.operations.dream.recorded_reads import load_reads, use_counts
from memcli.operations.dream.refresh_phase import refresh_phase
from memcli.operations.dream.report import REPORT, compose_report
from memcli.operations.dream.working_tree import ChangeLimits, WorkingTree
from memcli.operations.review.gate import load_policy
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import Snapshot
from memcli.workspace import Workspace

WORK: Mapping[str, Phase] = {PRUNE: prune_phase, MERGE: merge_phase, REFRESH: refresh_phase}


def preview_steps(workspace: Workspace, inputs: DreamInputs) -> tuple[Step, ...]:
    """What all phases would do; nothing is written. Raises Refused."""
    with open_context(workspace, inputs) as scene:
        for work in WORK.values():
            work(scene)
        return tuple(scene.draft.steps)


def run_phases(workspace: Workspace, session: Session | None, inputs: DreamInputs, agent: str | None) -> Session:
    """Each phase that is missing, computed and committed; the first one may refuse before anything is written."""
    finished = line.progress(workspace, session).phases if session else ()
    with open_context(workspace, inputs, session) as scene:
        for phase, work in WORK.items():
            if phase in finished:
                continue
            before = scene.draft.mark()
            work(scene)
            session = session or line.begin(workspace, inputs, agent)
            texts, steps, full = scene.draft.since(before)
            session = line.commit_phase(workspace, session, inputs, line.Done(phase, texts, steps, full))
    assert session is not None
    if scene.ground is not None:
        scene.ground.remember()
    return session


def conclude(workspace: Workspace, session: Session, inputs: DreamInputs) -> Session:
    """The dream with its report; one that changes nothing has ended."""
    full = line.progress(workspace, session).full
    report, mark = {REPORT: compose_report(workspace, session, inputs, full)}, next_watermark(inputs, full)
    conclude = line.finish if workspace.sessions.candidates(session) else line.close
    return conclude(workspace, session, inputs, report, mark)


@contextmanager
def open_context(workspace: Workspace, inputs: DreamInputs, session: Session | None = None) -> Iterator[DreamContext]:
    """The store as the dream found it, with what the session has changed so far."""
    policy, _ = load_policy(workspace.store, inputs.base)
    found = memory_histories(workspace, news(workspace, inputs.since, inputs.base))
    rejected = {} if inputs.force else decided_contents(workspace, ended_dreams(workspace))
    bounds = ChangeLimits(inputs.scope, inputs.limit, rejected)
    texts = _texts(workspace, session) if session else {}
    counted = use_counts(load_reads(workspace, inputs.reads))
    base = Snapshot.of(workspace.odb.commit(inputs.base))
    with Reader(workspace).tree_view(base, meaning=True) as view:
        draft = WorkingTree(view, texts, bounds)
        draft.steps = line.steps_of(workspace, session) if session else []
        ground = CodeState(workspace, inputs.code) if inputs.code else None
        moved = _changed_code(workspace, inputs, ground) if ground else frozenset()
        yield DreamContext(workspace, inputs, policy, draft, found, counted, ground, moved)


def _changed_code(workspace: Workspace, inputs: DreamInputs, ground: CodeState) -> frozenset[str]:
    """The paths of the code that changed since the last dream; all of them where that one's code is not here."""
    known = workspace.odb.commit_named(inputs.code_since) if inputs.code_since else None
    return ground.code.changed(workspace.code_at(known) if known else None)


def _texts(workspace: Workspace, session: Session) -> dict[str, str]:
    """What the session has changed so far."""
    base, tip = workspace.store.tree_of(session.base), workspace.store.tree_of(session.tip)
    changed = workspace.store.deltas(base, tip)
    return {one.path: workspace.store.text(one.new) for one in changed if one.new and is_memory_path(one.path)}
