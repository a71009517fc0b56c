"""The part of the third phase that holds memories against the code: anchors followed, rules checked, drift remarked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memcli.core.dream.steps import ATTENTION, REFRESH, Step
from memcli.core.memory.attention import with_question
from memcli.core.memory.document import Value
from memcli.core.memory.holds_if import FALSE_RULE, with_false_rules
from memcli.core.memory.memory import Verified
from memcli.core.memory.staleness import FRESH, STALE, SUSPECT, UNANCHORED, Staleness
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.context import DreamContext
from memcli.operations.dream.working_tree import MemoryFile
from memcli.operations.memories.verify import COMMIT_DIGITS
from memcli.operations.writing.anchors import followed

DRIFT = "drifted: "


def check_against_code(scene: DreamContext, ground: CodeState, sources: Sequence[MemoryFile]) -> None:
    """Bring what memories say of the code up to date, as far as that needs no judgement; remark on the rest."""
    fares = ground.fares(sources)
    for source in sources:
        found = fares[source.memory.id]
        if source.memory.holds_if:
            _check(scene, ground, source, found)
        _follow(scene, ground, _now(scene, source), found)
        _remark(scene, ground, source, found)


def _now(scene: DreamContext, source: MemoryFile) -> MemoryFile:
    return scene.draft.get(source.memory.id) or source


def _check(scene: DreamContext, ground: CodeState, source: MemoryFile, fares: Staleness) -> None:
    """What the rules confirm is verified, where there was any doubt; what they contradict goes to a person."""
    outcomes = ground.rules(source)
    known = source.memory.attention
    attention = with_false_rules(known, outcomes)
    if all(one.holds for one in outcomes):
        first = fares.state == UNANCHORED and source.memory.verified is None
        if attention == known and not (first or fares.state in (SUSPECT, STALE)):
            return
        verified: Value = Verified(scene.inputs.instant, ground.code.commit[:COMMIT_DIGITS]).front()
        paths = followed(source.document, fares, ground.code)
        values = {"verified": verified, "attention": attention, "paths": paths, "modified": scene.at}
        scene.draft.change(source, values, Step(REFRESH, source.memory.id, "verified", "its rules hold in the code"))
    elif attention != known:
        false = "; ".join(f"{one.rule}: {one.why}" for one in outcomes if one.holds is False)
        scene.remark(source, attention, Step(REFRESH, source.memory.id, ATTENTION, f"{FALSE_RULE}{false}"))


def _follow(scene: DreamContext, ground: CodeState, source: MemoryFile, fares: Staleness) -> None:
    paths = None if source.memory.verified_at(scene.inputs.instant) else ground.moved(source, fares)
    if paths is not None:
        told = ", ".join(f"{one.path} is now {one.moved_to}" for one in fares.anchors if one.moved_to)
        step = Step(REFRESH, source.memory.id, "moved", told)
        done = scene.draft.change(source, {"paths": paths, "modified": scene.at}, step)
        if not done and (source.memory.pin or source.memory.read_only):
            scene.draft.tell(replace(step, change=ATTENTION))


def _remark(scene: DreamContext, ground: CodeState, source: MemoryFile, fares: Staleness) -> None:
    judged, source = source, _now(scene, source)
    confirmed = source.memory.verified_at(scene.inputs.instant)
    found = "" if fares.state == FRESH or confirmed else ground.drift(judged, fares)
    known = source.memory.attention
    attention = with_question(known, DRIFT, found or None)
    if attention == known:
        return
    if found:
        scene.remark(source, attention, Step(REFRESH, source.memory.id, ATTENTION, found))
    else:
        step = Step(REFRESH, source.memory.id, "settled", "the code is again as the memory has it")
        scene.draft.change(source, {"attention": attention, "modified": scene.at}, step)
