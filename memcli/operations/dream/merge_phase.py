"""The second phase: twins. United, superseded or told to a person; what is new is compared, with its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from memcli.core.dream.flip_flops import flip_flops, simultaneous_claims
from memcli.core.dream.merged_memory import merged_document, same_unknown_keys
from memcli.core.dream.near_duplicates import MERGE_BOTH, SUPERSEDE_ONE, PairAction, nearest_duplicates, pair_action
from memcli.core.dream.steps import ATTENTION, MERGE, MERGED, SUPERSEDED, Step
from memcli.core.memory.attention import with_question
from memcli.core.memory.identity import short
from memcli.core.memory.memory import memory_text
from memcli.core.memory.retirement import superseded
from memcli.core.memory.timeline import timeline_order
from memcli.core.review.candidates import content_hash
from memcli.core.text.similarity import word_set
from memcli.operations.dream.context import DreamContext
from memcli.operations.dream.memory_history import CHURN
from memcli.operations.dream.successors import MOST_LINKS
from memcli.operations.dream.working_tree import MemoryFile

SIMILAR = 10
"""So many memories with like words are compared with a new one, and as many that are about the same code."""
TWIN, SWING, REJECTED = "twin: ", "swings: ", "rejected before: "


def merge_phase(scene: DreamContext) -> None:
    """Unite what stands in another memory, carry out supersessions, and ask about the rest."""
    asked: dict[str, dict[str, str]] = {}
    for first, second in _pairs(scene):
        _meet(scene, first, second, asked)
    for memory_id in sorted(asked):
        _ask(scene, memory_id, asked[memory_id])
    _swings(scene)
    _rejected(scene)
    scene.draft.steps[:] = _gathered(scene.draft.steps)


def _pairs(scene: DreamContext) -> list[tuple[str, str]]:
    """(elder, younger) of twins and of lineages with a new memory in them, oldest first."""
    found: set[tuple[str, str]] = set()
    words: dict[str, frozenset[str]] = {}
    for source in scene.active(scene.news):
        for other in (*_twins(scene, source, words), *scene.active(source.memory.supersedes)):
            elder, younger = sorted((source, other), key=_age)
            found.add((elder.memory.id, younger.memory.id))
    return sorted(found)


def _age(source: MemoryFile) -> tuple[object, str]:
    return source.memory.created, source.memory.id


def _twins(scene: DreamContext, source: MemoryFile, words: dict[str, frozenset[str]]) -> list[MemoryFile]:
    """The other active memories that say much the same."""
    text = memory_text(source.memory)
    beside = scene.draft.view.anchored_among([anchor.path for anchor in source.memory.paths])[:SIMILAR]
    records = (*scene.draft.view.similar(text, SIMILAR), *beside)
    near: dict[str, MemoryFile] = {one.memory.id: one for one in scene.draft.all(records)}
    others = [one for one in near.values() if one.memory.status == "active" and one.memory.id != source.memory.id]
    for one in (source, *others):
        words.setdefault(one.memory.id, word_set(memory_text(one.memory)))
    compared = [(str(one.memory.id), words[one.memory.id]) for one in others]
    return [
        near[memory_id] for memory_id in nearest_duplicates(words[source.memory.id], compared, _cosine(scene, text))
    ]


def _cosine(scene: DreamContext, text: str) -> Callable[[str], float | None]:
    """What the vectors say of a memory beside the text; None where there are none."""
    dense = scene.draft.view.dense
    return lambda memory_id: dense.cosines(text, [memory_id]).get(memory_id) if dense else None


def _meet(scene: DreamContext, first: str, second: str, asked: dict[str, dict[str, str]]) -> None:
    """Settle one pair, with whatever took a memory's place meanwhile standing for it."""
    elder, younger = _heir(scene, first), _heir(scene, second)
    if elder is None or younger is None or elder.memory.id == younger.memory.id:
        return
    beside = same_unknown_keys(elder.document.front(), younger.document.front())
    found = pair_action(elder.memory, younger.memory, beside)
    if found is None:
        return
    if found.kind == MERGE_BOTH and _unite(scene, elder, younger, found, {first, second}):
        return
    if found.kind == SUPERSEDE_ONE and _supersede(scene, elder, younger, found):
        return
    if found.kind == MERGE_BOTH:
        if not any(one.memory.pin or one.memory.read_only for one in (elder, younger)):
            return  # no room for it now, not in scope, or decided against
        found = PairAction(MERGE_BOTH, "says the same, and may not be changed by a machine")
    asked.setdefault(younger.memory.id, {})[elder.memory.id] = found.reason


def _heir(scene: DreamContext, memory_id: str) -> MemoryFile | None:
    """The active memory that a memory has become; None where none has."""
    for _ in range(MOST_LINKS):
        source = scene.draft.get(memory_id)
        if source is None or source.memory.status == "active":
            return source
        memory_id = source.memory.superseded_by or ""
    return None


def _unite(scene: DreamContext, elder: MemoryFile, younger: MemoryFile, found: PairAction, named: set[str]) -> bool:
    whole = merged_document(elder.document, elder.memory, younger.document, younger.memory, scene.at)
    gone = superseded(younger.document, elder.memory.id, scene.at)
    others = tuple(sorted({younger.memory.id, *named} - {elder.memory.id}))
    step = Step(MERGE, elder.memory.id, MERGED, found.reason, others)
    return scene.draft.propose(step, (elder, whole), (younger, gone))


def _supersede(scene: DreamContext, one: MemoryFile, other: MemoryFile, found: PairAction) -> bool:
    old, new = (one, other) if one.memory.id in other.memory.supersedes else (other, one)
    step = Step(MERGE, old.memory.id, SUPERSEDED, found.reason, (new.memory.id,))
    return scene.draft.propose(step, (old, superseded(old.document, new.memory.id, scene.at)))


def _ask(scene: DreamContext, memory_id: str, others: dict[str, str]) -> None:
    """Mark the younger of two twins, or the elder where that one may not be touched; at least tell."""
    for other, reason in sorted(others.items()):
        step = Step(MERGE, memory_id, ATTENTION, reason, (other,))
        marked = any(
            _mark(scene, own, f"{TWIN}{short(its)} ", reason, step)
            for own, its in ((memory_id, other), (other, memory_id))
        )
        if not marked:
            scene.draft.tell(step)


def _mark(scene: DreamContext, memory_id: str, prefix: str, remark: str, step: Step) -> bool:
    """Put a remark on a memory; whether it stands there, now or since an earlier dream."""
    source = scene.draft.get(memory_id)
    if source is None:
        return False
    known = source.document.get("attention")
    attention = with_question(known, prefix, remark)
    return attention == known or scene.draft.change(source, {"attention": attention, "modified": scene.at}, step)


def _swings(scene: DreamContext) -> None:
    """What went back and forth, within one memory or along a key, and two claims of one key from one time on."""
    for delta in scene.deltas:
        if delta.swung and delta.after == "active":
            _tell(scene, SWING, Step(MERGE, delta.id, ATTENTION, "was changed to something else and back again since"))
        elif delta.rewritten >= CHURN and delta.after == "active":
            _tell(scene, SWING, Step(MERGE, delta.id, ATTENTION, f"was rewritten {delta.rewritten} times since"))
    keys = {one.memory.key for one in scene.active(scene.news) if one.memory.key}
    for key in sorted(keys):
        line = timeline_order(one.memory for one in scene.draft.all(scene.draft.view.by_key(key)))
        for step in (*flip_flops(line), *simultaneous_claims(line)):
            _tell(scene, SWING, step)


def _rejected(scene: DreamContext) -> None:
    """What came in although a person has decided against the same words."""
    reasons = dict(scene.inputs.rejected)
    for source in scene.active(scene.news):
        reason = reasons.get(content_hash(source.memory))
        if reason is not None:
            _tell(scene, REJECTED, Step(MERGE, source.memory.id, ATTENTION, f"the same was rejected before: {reason}"))


def _tell(scene: DreamContext, prefix: str, step: Step) -> None:
    """Remark on a memory, at least in the report."""
    if not _mark(scene, step.id, prefix, step.reason, step):
        scene.draft.tell(step)


def _gathered(steps: list[Step]) -> Iterator[Step]:
    """One step for each memory that others were united into."""
    united_in: dict[str, list[Step]] = {}
    for step in steps:
        if step.change == MERGED:
            united_in.setdefault(step.id, []).append(step)
    for step in steps:
        if step.change != MERGED:
            yield step
        elif united_in[step.id][0] is step:
            others = dict.fromkeys(other for one in united_in[step.id] for other in one.others)
            yield replace(step, others=tuple(others))
