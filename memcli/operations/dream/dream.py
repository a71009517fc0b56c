"""`mem dream`: consolidation, proposed as an ordinary session with a commit for each phase."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.curator.job import Job
from memcli.core.review.policy_keys import AUTO
from memcli.core.review.verdict import PROMOTABLE
from memcli.core.session.names import is_dream
from memcli.errors import Busy, Failure, NotFound, Refused
from memcli.git.layout import Layout
from memcli.operations.curation.answers import CURATOR, configured_command
from memcli.operations.dream.auto_gates import LOCK
from memcli.operations.dream.curate_phase import apply_directory, write_dream_job
from memcli.operations.dream.dream_sources import DreamSources
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.dream.measure import PackMeter
from memcli.operations.dream.recorder import DreamRecorder
from memcli.operations.dream.start_resume import Dreamer, DreamResult
from memcli.operations.review.approval_rules import SessionMoved
from memcli.operations.review.gate import Review, open_gate
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.views.reader import Reader
from memcli.operations.views.recorded_reads import update_use_counts
from memcli.operations.writing.transaction import drain_before_reading, refuse_unwritable
from memcli.state.lock import hold
from memcli.workspace import Workspace

AGENT = "dream"
"""The author of a dream that nobody asked for, so that it is reviewed as an agent's session."""


def run_dream(workspace: Workspace, request: DreamRequest) -> DreamResult:
    """Resume the open dream, or start one. Raises Refused, NotFound, Conflict, Busy."""
    if request.force and workspace.config.agent:
        raise Refused("only a person may use '--force'", "leave it out, or ask a person")
    drain_before_reading(workspace)
    with _lock(workspace.layout, 0 if request.auto else workspace.config.lock_timeout) as held:
        if not held:
            return DreamResult(False, LOCK)
        dreamer = build_dreamer(workspace)
        update_use_counts(workspace.layout, workspace.odb, workspace.store, dreamer.sources.tip)
        session = dreamer.open_dream()
        agent = workspace.config.agent or (AGENT if request.auto else None)
        result = dreamer.resume(session, request.ask) if session else dreamer.start(request, workspace.now, agent)
        if not request.auto or result.session is None or result.state != "open":
            return result
        review = open_gate(workspace).review(workspace.sessions.load(result.session))
        if not _may_be_promoted(result, review):
            return result
        try:
            promoted = promote(workspace.in_session(None, AGENT), PromoteRequest(result.session, expect=review.result))
        except (Refused, SessionMoved):
            return result
        return replace(result, state="promoted", commit=promoted.commit)


def _may_be_promoted(result: DreamResult, review: Review) -> bool:
    """Whether the policy leaves promotion to the checks, and no recorded query would lose an answer."""
    loses = result.report is None or result.report.measures.lost
    return review.policy.promote == AUTO and review.verdict == PROMOTABLE and not loses


def prepare_dream(workspace: Workspace, request: DreamRequest, directory: Path) -> tuple[DreamResult, Job | None]:
    """Dream without asking the curator, and write its job into a new directory; None where it has no questions.

    Raises Conflict where the directory is in use, and what `run_dream` raises.
    """
    result = run_dream(workspace, replace(request, ask=False))
    if result.session is None or result.state != "open":
        return result, None
    dreamer = build_dreamer(workspace)
    session = workspace.sessions.load(result.session)
    phases = dreamer.phases_of(dreamer.sources.inputs_of(session))
    job = write_dream_job(phases, session, workspace.config.directory / directory)
    return result, job if job.memories else None


def apply_dream_answer(workspace: Workspace, directory: Path) -> DreamResult:
    """Apply the answer in a prepared directory to the open dream. Raises NotFound, Busy, Conflict."""
    drain_before_reading(workspace)
    with _lock(workspace.layout, workspace.config.lock_timeout) as held:
        if not held:
            raise Busy("another dream is running", "nothing was changed; retry when it has finished")
        dreamer = build_dreamer(workspace)
        session = dreamer.open_dream()
        if session is None:
            raise NotFound("no dream is open", "'mem dream --prepare DIR' starts one and writes its job")
        phases = dreamer.phases_of(dreamer.sources.inputs_of(session))
        session = apply_directory(phases, session, workspace.config.directory / directory)
        return dreamer.describe(phases.conclude(session))


def preview_dream(workspace: Workspace, request: DreamRequest) -> DreamResult:
    """What a dream that starts now would do; nothing is written. Raises Refused, NotFound."""
    drain_before_reading(workspace)
    dreamer = build_dreamer(workspace)
    inputs = dreamer.new_inputs(request, workspace.now)
    return DreamResult(True, since=inputs.since, until=inputs.base, steps=dreamer.phases_of(inputs).preview())


def describe_dream(workspace: Workspace, name: str) -> DreamResult:
    """An open or ended dream as its session has it. Raises NotFound."""
    return build_dreamer(workspace).describe(workspace.sessions.load(name, ended=True))


def describe_if_dream(workspace: Workspace, name: str) -> DreamResult | None:
    """As `describe_dream`; None for any other session, and for a dream whose own files are damaged."""
    if not is_dream(name):
        return None
    try:
        return describe_dream(workspace, name)
    except Failure:
        return None


def build_dreamer(workspace: Workspace) -> Dreamer:
    """What the verbs of dreams work with. Raises NoStore."""
    layout, tip = workspace.layout, store_to_write(workspace.layout)[1]
    sources = DreamSources(
        layout,
        workspace.odb,
        workspace.store,
        workspace.sessions,
        Reader(workspace),
        tip,
        workspace.settings.get("codebranch", ""),
        workspace.code_at,
    )
    meter = PackMeter(layout, tip, workspace.selection.work, workspace.now)
    curator = configured_command(workspace.settings, CURATOR, layout, workspace.config.external_environment)
    return Dreamer(sources, DreamRecorder(workspace), meter, curator)


def _lock(layout: Layout, patience: float) -> AbstractContextManager[bool]:
    """Hold the dream lock; False where it was not free within `patience` seconds. Raises Failure where `.git` cannot be
    written."""
    refuse_unwritable(layout)
    return hold(Path(layout.mem_dir, "dream.lock"), patience)
