"""The second phase compares new memories with similar ones: it merges, supersedes, or asks a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from memcli.core.dream.flip_flops import flip_flops, simultaneous_claims
from memcli.core.dream.merged_memory import merged_document, same_unknown_keys
from memcli.core.dream.near_duplicates import MERGE_BOTH, SUPERSEDE_ONE, PairAction, nearest_duplicates, pair_action
from memcli.core.dream.steps import ATTENTION, MERGE, MERGED, SUPERSEDED, Step, question_step
from memcli.core.memory.memory import memory_text
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE, doubt
from memcli.core.memory.retirement import superseded
from memcli.core.memory.timeline import timeline_order
from memcli.core.review.candidates import content_hash
from memcli.core.text.similarity import word_set
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.memory_history import MANY_REWRITES
from memcli.operations.dream.successors import MOST_LINKS
from memcli.operations.dream.working_tree import TreeFile

MOST_COMPARED = 10
"""Memories with similar words that a new one is compared with, and as many about the same code."""
FLIP_FLOP, REJECTED = "flip-flop", "rejected before"
"""The subjects of this phase's questions about one memory."""


def merge_phase(context: DreamContext) -> None:
    """Merge what another memory contains, carry out supersessions, and ask about the rest."""
    pairs = _Pairs(context)
    for first, second in pairs.find():
        pairs.resolve(first, second)
    pairs.ask()
    _ask_about_flip_flops(context)
    _ask_about_rejected(context)
    context.tree.steps[:] = _one_step_per_merge(context.tree.steps)


class _Pairs:
    """The pairs of near-duplicates and of lineages with a new memory in them."""

    def __init__(self, context: DreamContext) -> None:
        self._context, self._tree = context, context.tree
        self._words: dict[str, frozenset[str]] = {}
        self._questions: dict[str, dict[str, PairAction]] = {}

    def find(self) -> list[tuple[str, str]]:
        """(elder, younger) ids, oldest first."""
        pairs: set[tuple[str, str]] = set()
        for file in self._tree.active(self._context.news):
            for other in (*self._near_duplicates(file), *self._tree.active(file.memory.supersedes)):
                elder, younger = sorted((file, other), key=_age)
                pairs.add((elder.id, younger.id))
        return sorted(pairs)

    def _near_duplicates(self, file: TreeFile) -> list[TreeFile]:
        """The other active memories that say nearly the same."""
        text, view = memory_text(file.memory), self._tree.view
        same_code = view.anchored_among([anchor.path for anchor in file.memory.paths])[:MOST_COMPARED]
        files = {other.id: other for other in self._tree.files_of((*view.similar(text, MOST_COMPARED), *same_code))}
        others = [other for other in files.values() if other.memory.status == "active" and other.id != file.id]
        compared = [(str(other.id), self._words_of(other)) for other in others]
        nearest = nearest_duplicates(self._words_of(file), compared, self._cosine(text))
        return [files[memory_id] for memory_id in nearest]

    def _words_of(self, file: TreeFile) -> frozenset[str]:
        if file.id not in self._words:
            self._words[file.id] = word_set(memory_text(file.memory))
        return self._words[file.id]

    def _cosine(self, text: str) -> Callable[[str], float | None]:
        """The cosine between a memory and the text, by id; None without vectors."""
        dense = self._tree.view.dense
        return lambda memory_id: dense.cosines(text, [memory_id]).get(memory_id) if dense else None

    def resolve(self, first: str, second: str) -> None:
        """Merge, supersede or collect a question for one pair; a replaced memory is represented by its successor."""
        elder, younger = self._successor(first), self._successor(second)
        if elder is None or younger is None or elder.id == younger.id:
            return
        same_keys = same_unknown_keys(elder.document.front(), younger.document.front())
        action = pair_action(elder.memory, younger.memory, same_keys)
        if action is None:
            return
        if action.kind == MERGE_BOTH:
            if self._merge(elder, younger, action, {first, second}):
                return
            if not any(file.memory.pin or file.memory.read_only for file in (elder, younger)):
                return  # the limit is reached, one is out of scope, or a person decided against it
            action = PairAction(NEAR_DUPLICATE, "says the same, and a machine may not change it")
        if action.kind == SUPERSEDE_ONE:
            if self._supersede(elder, younger, action):
                return
            action = PairAction(CONTRADICTION, action.reason)
        self._questions.setdefault(younger.id, {})[elder.id] = action

    def _successor(self, memory_id: str) -> TreeFile | None:
        """The active memory that a memory has become; None where there is none."""
        for _ in range(MOST_LINKS):
            file = self._tree.get(memory_id)
            if file is None or file.memory.status == "active":
                return file
            memory_id = file.memory.superseded_by or ""
        return None

    def _merge(self, elder: TreeFile, younger: TreeFile, action: PairAction, ids: set[str]) -> bool:
        at = self._context.at
        merged = merged_document(elder.document, elder.memory, younger.document, younger.memory, at)
        replaced = superseded(younger.document, elder.id, at)
        others = tuple(sorted({younger.id, *ids} - {elder.id}))
        step = Step(MERGE, elder.id, MERGED, action.reason, others)
        return self._tree.propose(step, (elder, merged), (younger, replaced))

    def _supersede(self, file: TreeFile, other: TreeFile, action: PairAction) -> bool:
        old, new = (file, other) if file.id in other.memory.supersedes else (other, file)
        step = Step(MERGE, old.id, SUPERSEDED, action.reason, (new.id,))
        return self._tree.propose(step, (old, superseded(old.document, new.id, self._context.at)))

    def ask(self) -> None:
        """Write each question into the younger memory, or the elder where that may not be changed, or only report."""
        for memory_id, questions in sorted(self._questions.items()):
            for other, action in sorted(questions.items()):
                step = Step(MERGE, memory_id, ATTENTION, action.reason, (other,), action.kind)
                if not any(self._context.mark(asked) for asked in (step, replace(step, id=other, others=(memory_id,)))):
                    self._tree.ask(step)


def _age(file: TreeFile) -> tuple[object, str]:
    return file.memory.created, file.id


def _ask_about_flip_flops(context: DreamContext) -> None:
    """Ask about memories and keys that went back and forth, and about two claims of one key from one time on."""
    for history in context.histories:
        if history.flip_flopped and history.after == "active":
            reason = "was changed to something else and back again since the last dream"
            _ask(context, Step(MERGE, history.id, ATTENTION, f"{FLIP_FLOP}: {reason}", question=CONTRADICTION))
        elif history.rewrites >= MANY_REWRITES and history.after == "active":
            reason = f"was rewritten {history.rewrites} times since the last dream"
            _ask(context, Step(MERGE, history.id, ATTENTION, f"{FLIP_FLOP}: {reason}", question=CONTRADICTION))
    keys = {file.memory.key for file in context.tree.active(context.news) if file.memory.key}
    for key in sorted(keys):
        timeline = timeline_order(file.memory for file in context.tree.files_of(context.tree.view.by_key(key)))
        for step in (*flip_flops(timeline), *simultaneous_claims(timeline)):
            _ask(context, step)


def _ask_about_rejected(context: DreamContext) -> None:
    """Ask about memories that came in although a person rejected the same content."""
    reasons = dict(context.inputs.rejected)
    for file in context.tree.active(context.news):
        reason = reasons.get(content_hash(file.memory))
        if reason is not None:
            question = doubt(REJECTED, f"{reason}; keep it?", context.at)
            _ask(context, question_step(MERGE, file.id, question))


def _ask(context: DreamContext, step: Step) -> None:
    """Write a question into a memory, or at least into the report."""
    if not context.mark(step):
        context.tree.ask(step)


def _one_step_per_merge(steps: list[Step]) -> Iterator[Step]:
    """The steps, with one for each memory that several others were merged into."""
    merges: dict[str, list[Step]] = {}
    for step in steps:
        if step.change == MERGED:
            merges.setdefault(step.id, []).append(step)
    for step in steps:
        if step.change != MERGED:
            yield step
        elif merges[step.id][0] is step:
            others = dict.fromkeys(other for merge in merges[step.id] for other in merge.others)
            yield replace(step, others=tuple(others))
