"""The curator's job of a dream, and its answer as changes of the working tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.curator_edit import CuratorEdit
from memcli.core.curator.effects import question_asked
from memcli.core.curator.job import ASK, DREAM, EDIT, MERGE, RETIRE, SUPERSEDE, Job, JobMemory, Limits, Pair
from memcli.core.curator.validation import Judgement, judge_answer
from memcli.core.dream.steps import CURATE, MERGED, RETIRED, REWORDED, SUPERSEDED, Step, question_step
from memcli.core.memory.document import Document
from memcli.core.memory.memory import Memory
from memcli.operations.curation.jobs import MOST_BYTES, MOST_MEMORIES
from memcli.operations.dream.working_tree import TreeFile, WorkingTree

CHANGES = {EDIT: REWORDED, MERGE: MERGED, SUPERSEDE: SUPERSEDED, RETIRE: RETIRED}
"""Form of edit → the change of its step."""


def undecided_pairs(steps: Iterable[Step]) -> tuple[Pair, ...]:
    """The questions about several memories that a dream has found."""
    return tuple(Pair((step.id, *step.others), step.reason) for step in steps if step.asks and step.others)


def build_dream_job(
    tree: WorkingTree, pairs: Sequence[Pair], limits: Limits, is_hidden: Callable[[Memory], bool] = lambda _: False
) -> Job:
    """The job about the active memories of the pairs, as far as there is room, without hidden ones."""
    chosen: dict[str, JobMemory] = {}
    kept: list[Pair] = []
    room = MOST_BYTES
    for pair in pairs:
        files = [file for file in tree.active(dict.fromkeys(pair.ids)) if not is_hidden(file.memory)]
        new = {str(file.id): _job_memory(tree, file) for file in files if file.id not in chosen}
        size = sum(len(memory.text.encode()) for memory in new.values())
        if files and size <= room and len(chosen) + len(new) <= MOST_MEMORIES:
            room -= size
            chosen.update(new)
            kept.append(Pair(tuple(str(file.id) for file in files), pair.reason))
    memories = tuple(chosen[memory_id] for memory_id in sorted(chosen))
    return Job(DREAM, memories, tuple(kept), limits, left_out=len(pairs) - len(kept))


def _job_memory(tree: WorkingTree, file: TreeFile) -> JobMemory:
    why = _why_not_editable(tree, file)
    return JobMemory(file.id, file.path, file.memory.title, file.document.text(), not why, why)


def _why_not_editable(tree: WorkingTree, file: TreeFile) -> str:
    """Why the curator may not change a memory; '' where it may."""
    if file.memory.pin:
        return "pinned"
    if file.memory.read_only:
        return "read-only"
    if file.memory.conflict:
        return "a person has to resolve its conflict"
    return "" if tree.allows(file) else "not in the scope of this dream"


def propose_answer(
    tree: WorkingTree, job: Job, answer: CuratorAnswer, at: str, force: bool = False, moved: Collection[str] = ()
) -> Judgement:
    """Propose the accepted edits of an answer as steps of the phase `curate`; the others are refused."""

    def take(edit: CuratorEdit, documents: Mapping[str, Document]) -> str:
        return _propose_edit(tree, edit, documents, at)

    return judge_answer(job, answer, at, force, moved, take)


def _propose_edit(tree: WorkingTree, edit: CuratorEdit, documents: Mapping[str, Document], at: str) -> str:
    """Change the working tree; why that was not possible, else ''."""
    step = _step(edit, documents, at)
    changes = [(file, document) for memory_id, document in documents.items() if (file := tree.get(memory_id))]
    was_full, tree.full = tree.full, False
    done, full, tree.full = tree.propose(step, *changes), tree.full, was_full or tree.full
    if done:
        return ""
    if edit.form == ASK:
        tree.ask(step)
        return ""
    return "the dream has reached its limit of changes" if full else "a person rejected it before"


def _step(edit: CuratorEdit, documents: Mapping[str, Document], at: str) -> Step:
    """The step of an edit; that of a merge is about the memory that stays."""
    if edit.form == ASK:
        return question_step(CURATE, edit.id, question_asked(edit, at))
    if edit.form != MERGE:
        return Step(CURATE, edit.id, CHANGES[edit.form], edit.reason, edit.others)
    elder = next(memory_id for memory_id, document in documents.items() if document.get("status") != "superseded")
    return Step(CURATE, elder, MERGED, edit.reason, tuple(sorted({edit.id, *edit.others} - {elder})))
