"""The first phase: retire what is over. Expired; its code all gone; said elsewhere anyway; superseded long ago."""

from __future__ import annotations

from collections.abc import Iterator

from memcli.core.dream.steps import PRUNE, RETIRED, Step
from memcli.core.memory.identity import short
from memcli.core.memory.instants import format_instant
from memcli.core.memory.retirement import retired
from memcli.core.pack.frame import is_self_citation
from memcli.core.review.checks.derivable import contained
from memcli.errors import Refused
from memcli.git.code_tree import PROSE
from memcli.operations.dream.context import DreamContext
from memcli.operations.dream.working_tree import MemoryFile

BY = "dream"


def prune_phase(scene: DreamContext) -> None:
    """Propose what is to be retired, with its reason. Raises Refused where that is more than the policy allows."""
    for source, reason in _over(scene):
        step = Step(PRUNE, source.memory.id, RETIRED, reason)
        scene.draft.propose(step, (source, retired(source.document, reason, scene.at, BY)))
    _bound(scene)


def _over(scene: DreamContext) -> Iterator[tuple[MemoryFile, str]]:
    """Each memory whose time is over, once, with the reason."""
    seen: set[str] = set()
    for source, reason in (*_expired(scene), *_gone(scene), *_junk(scene), *_leftovers(scene)):
        if source.memory.id not in seen:
            seen.add(source.memory.id)
            yield source, reason


def _expired(scene: DreamContext) -> Iterator[tuple[MemoryFile, str]]:
    for source in scene.draft.all(scene.draft.view.expired(scene.at)):
        if source.memory.expires:
            yield source, f"expired on {format_instant(source.memory.expires)[:10]}"


def _gone(scene: DreamContext) -> Iterator[tuple[MemoryFile, str]]:
    if scene.ground is None:
        return
    sources = scene.active(scene.anchored)
    reasons = scene.ground.gone(sources)
    for source in sources:
        if reason := reasons.get(source.memory.id):
            yield source, reason


def _junk(scene: DreamContext) -> Iterator[tuple[MemoryFile, str]]:
    """What an agent reads anyway, and what mem itself has said; not what was taken from a document on purpose."""
    prose = scene.ground.code.prose() if scene.ground else ""
    for source in scene.active(scene.news):
        memory = source.memory
        origin = (memory.source.ref or "").partition("#")[0]
        if is_self_citation(memory.body) or is_self_citation(memory.title):
            yield source, "repeats a pack that mem handed out"
        elif prose and origin not in PROSE and contained(memory.body, prose):
            yield source, "README, AGENTS.md or CLAUDE.md say it already"


def _leftovers(scene: DreamContext) -> Iterator[tuple[MemoryFile, str]]:
    if scene.policy.retention_superseded is None:
        return
    before = format_instant(scene.inputs.instant - scene.policy.retention_superseded)
    for source in scene.draft.all(scene.draft.view.superseded_before(before)):
        yield source, f"superseded for more than {scene.policy.retention_superseded.days} days"


def _bound(scene: DreamContext) -> None:
    """One memory may always go; of the active ones no more than the policy's share without a person's word."""
    ids = {step.id for step in scene.draft.steps if step.change == RETIRED}
    standing = [one for one in map(scene.draft.view.get, ids) if one and one.status == "active"]
    everything = scene.draft.view.count()
    share = scene.policy.dream_max_retire_percent
    if len(standing) > 1 and len(standing) * 100 > share * everything and not scene.inputs.force:
        shown = ", ".join(f"{short(one.id)} {one.title[:40]!r}" for one in sorted(standing)[:3])
        raise Refused(
            f"the dream would retire {len(standing)} of {everything} active memories, more than {share} %: {shown}, …",
            "read them with 'mem dream --dry-run --force'; if they are to go, a person says '--force'",
        )
