"""The second phase compares new memories with similar ones: it merges copies, supersedes, or asks a person."""

from __future__ import annotations

from dataclasses import replace

from memcli.core.dream.copies import copy_groups
from memcli.core.dream.flip_flops import flip_flops, simultaneous_claims
from memcli.core.dream.merged_memory import same_unknown_keys
from memcli.core.dream.near_duplicates import (
    SUPERSEDE_ONE,
    PairAction,
    different_claims,
    nearest_duplicates,
    pair_action,
)
from memcli.core.dream.pair_questions import pair_questions
from memcli.core.dream.resemblance import TextProfile
from memcli.core.dream.same_words import loose_words
from memcli.core.dream.steps import ATTENTION, MERGE, SUPERSEDED, Step, question_step
from memcli.core.memory.memory import Memory, memory_text
from memcli.core.memory.questions import CONTRADICTION, doubt
from memcli.core.memory.recorded_answers import is_answered_pair
from memcli.core.memory.retirement import superseded
from memcli.core.memory.timeline import timeline_order
from memcli.core.review.claim import claim_hash
from memcli.index.database.view import ACTIVE
from memcli.operations.dream.copy_merges import merge_files
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.memory_history import MANY_REWRITES
from memcli.operations.dream.successors import MOST_LINKS
from memcli.operations.dream.working_tree import TreeFile

MOST_COMPARED = 10
"""Memories with similar words that a new one is compared with, and as many about the same code."""
FLIP_FLOP, REJECTED = "flip-flop", "rejected before"
"""The subjects of this phase's questions about one memory."""


def merge_phase(context: DreamContext) -> None:
    """Merge copies, carry out supersessions, and ask about the rest."""
    pairs = _Pairs(context)
    pairs.find()
    pairs.merge_copies()
    for first, second in pairs.found:
        pairs.resolve(first, second)
    pairs.ask()
    _ask_about_flip_flops(context)
    _ask_about_rejected(context)


class _Pairs:
    """The pairs of near-duplicates and of lineages with a new memory in them; `found`: (elder, younger) ids."""

    def __init__(self, context: DreamContext) -> None:
        self._context, self._tree = context, context.tree
        self._profiles: dict[str, TextProfile] = {}
        self._compared: set[str] = set()
        self._actions: dict[tuple[str, str], PairAction] = {}
        self._copies: list[set[str]] = []
        self.found: list[tuple[str, str]] = []

    def find(self) -> None:
        """Compare each new memory with the most similar ones, and with those that it supersedes; of those with the same
        words the first stands for all."""
        first_of: dict[tuple[str, ...], TreeFile] = {}
        for file in self._tree.active(self._context.news):
            first = first_of.setdefault(loose_words(file.memory.body), file)
            near = self._near_duplicates(file) if first is file else [first]
            for other in (*near, *self._tree.active(file.memory.supersedes)):
                elder, younger = sorted((file, other), key=_age)
                self.found.append((elder.id, younger.id))
        self.found = list(dict.fromkeys(self.found))
        self._compared.update(memory_id for pair in self.found for memory_id in pair)

    def _near_duplicates(self, file: TreeFile) -> list[TreeFile]:
        """The other active memories that say nearly the same, the most similar first."""
        view = self._tree.view
        same_code = view.anchored_among([anchor.path for anchor in file.memory.paths])[:MOST_COMPARED]
        similar = view.similar(memory_text(file.memory), MOST_COMPARED + 1, ACTIVE, stored=True)
        files = {str(other.id): other for other in self._tree.files_of((*similar, *same_code))}
        others = [other for other in files.values() if other.memory.status == "active" and other.id != file.id]
        self._compared.update(other.id for other in others)
        profiles = {str(other.id): self._profile(other) for other in others}
        return [files[memory_id] for memory_id in nearest_duplicates(self._profile(file), profiles)]

    def _profile(self, file: TreeFile) -> TextProfile:
        if file.id not in self._profiles:
            self._profiles[file.id] = TextProfile.of(file.memory)
        return self._profiles[file.id]

    def merge_copies(self) -> None:
        """Merge every group of copies among the memories that were compared."""
        compared = self._tree.active(sorted(self._compared))
        for group in copy_groups([file.memory for file in compared], self._same_unknown_keys):
            files = [file for file in self._tree.active(memory.id for memory in group) if not is_protected(file)]
            self._copies.append({file.id for file in files})
            merge_files(self._context, files)

    def _same_unknown_keys(self, memory: Memory, other: Memory) -> bool:
        if is_answered_pair(memory, other):
            return False
        files = self._tree.active((memory.id, other.id))
        return len(files) == 2 and same_unknown_keys(files[0].document.front(), files[1].document.front())

    def resolve(self, first: str, second: str) -> None:
        """Supersede, or collect a question for one pair; a replaced memory is represented by its successor."""
        elder, younger = self._successor(first), self._successor(second)
        if elder is None or younger is None or elder.id == younger.id:
            return
        if any(group.issuperset((elder.id, younger.id)) for group in self._copies):
            return  # they were not to be merged: the limit is reached, or a person decided against it
        if is_answered_pair(elder.memory, younger.memory):
            return
        elder, younger = sorted((elder, younger), key=_age)
        action = pair_action(elder.memory, younger.memory)
        if action is None:
            return
        if action.kind == SUPERSEDE_ONE:
            if self._supersede(elder, younger, action):
                return
            action = PairAction(CONTRADICTION, action.reason)
        self._actions.setdefault((elder.id, younger.id), action)

    def _successor(self, memory_id: str) -> TreeFile | None:
        """The active memory that a memory has become; None where there is none."""
        for _ in range(MOST_LINKS):
            file = self._tree.get(memory_id)
            if file is None or file.memory.status == "active":
                return file
            memory_id = file.memory.superseded_by or ""
        return None

    def _supersede(self, file: TreeFile, other: TreeFile, action: PairAction) -> bool:
        old, new = (file, other) if file.id in other.memory.supersedes else (other, file)
        step = Step(MERGE, old.id, SUPERSEDED, action.reason, (new.id,))
        return self._tree.propose(step, (old, superseded(old.document, new.id, self._context.at)))

    def _difference(self, memory_id: str, other_id: str) -> str:
        """What two memories of a group claim differently."""
        files = self._tree.active((memory_id, other_id))
        return different_claims(*(file.memory for file in files)) if len(files) == 2 else ""

    def ask(self) -> None:
        """Write each question into its memory, or the only other one where that may not be changed, or only report."""
        for step in pair_questions(self._actions, self._difference):
            turned = [replace(step, id=step.others[0], others=(step.id,))] if len(step.others) == 1 else []
            if not any(self._context.mark(asked) for asked in (step, *turned)):
                self._tree.ask(step)


def is_protected(file: TreeFile) -> bool:
    """Whether no dream may change a memory."""
    return file.memory.pin or file.memory.read_only


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
    """Ask about memories that came in although a person rejected the same claim."""
    reasons = dict(context.inputs.rejected)
    for file in context.tree.active(context.news):
        reason = reasons.get(claim_hash(file.memory))
        if reason is not None:
            question = doubt(REJECTED, f"{reason}; keep it?", context.at)
            _ask(context, question_step(MERGE, file.id, question))


def _ask(context: DreamContext, step: Step) -> None:
    """Write a question into a memory, or at least into the report."""
    if not context.mark(step):
        context.tree.ask(step)
