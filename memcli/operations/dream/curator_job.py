"""The curator's part of a dream: the job that it gives, and the answer as changes of its draft."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.edit import CuratorEdit
from memcli.core.curator.job import ASK, DREAM, EDIT, MERGE, RETIRE, SUPERSEDE, Job, JobMemory, Limits, Pair
from memcli.core.curator.validation import Judgement, judge_answer
from memcli.core.dream.steps import ATTENTION, CURATE, MERGED, RETIRED, REWORDED, SUPERSEDED, Step
from memcli.core.memory.document import Document
from memcli.core.memory.memory import Memory
from memcli.operations.curation.jobs import MOST_BYTES, MOST_MEMORIES
from memcli.operations.dream.working_tree import MemoryFile, WorkingTree

CHANGES = {EDIT: REWORDED, MERGE: MERGED, SUPERSEDE: SUPERSEDED, RETIRE: RETIRED, ASK: ATTENTION}


def undecided_pairs(steps: Iterable[Step]) -> tuple[Pair, ...]:
    """What a dream has found and could not decide itself."""
    return tuple(Pair((step.id, *step.others), step.reason) for step in steps if step.asks and step.others)


def build_dream_job(
    draft: WorkingTree, pairs: Sequence[Pair], limits: Limits, hidden: Callable[[Memory], bool] = lambda _: False
) -> Job:
    """The job of a dream as its draft is now: the active memories of the pairs, as far as there is room; none that is
    `hidden`."""
    chosen: dict[str, JobMemory] = {}
    kept: list[Pair] = []
    room = MOST_BYTES
    for pair in pairs:
        sources = {str(one.memory.id): one for one in draft.active(dict.fromkeys(pair.ids))
                   if not hidden(one.memory)}  # fmt: skip
        new = {memory_id: _shown(draft, one) for memory_id, one in sources.items() if memory_id not in chosen}
        size = sum(len(one.text.encode()) for one in new.values())
        if size <= room and len(chosen) + len(new) <= MOST_MEMORIES and sources:
            room -= size
            chosen.update(new)
            kept.append(Pair(tuple(sources), pair.reason))
    memories = tuple(chosen[memory_id] for memory_id in sorted(chosen))
    return Job(DREAM, memories, tuple(kept), limits, left_out=len(pairs) - len(kept))


def _shown(draft: WorkingTree, source: MemoryFile) -> JobMemory:
    memory, why = source.memory, _untouchable(draft, source)
    return JobMemory(memory.id, source.path, memory.title, source.document.text(), not why, why)


def _untouchable(draft: WorkingTree, source: MemoryFile) -> str:
    """Why the curator may not change a memory; `` where it may."""
    if source.memory.pin:
        return "pinned"
    if source.memory.read_only:
        return "read-only"
    if source.memory.conflict:
        return "two versions of it wait for a person"
    return "" if draft.allows(source) else "not in the scope of this dream"


def propose_answer(
    draft: WorkingTree, job: Job, answer: CuratorAnswer, at: str, force: bool = False, moved: Collection[str] = ()
) -> Judgement:
    """Propose what is accepted of an answer, edit by edit, as steps of the phase `curate`; the rest is refused."""

    def take(edit: CuratorEdit, documents: Mapping[str, Document]) -> str:
        return _proposed(draft, edit, documents)

    return judge_answer(job, answer, at, force, moved, take)


def _proposed(draft: WorkingTree, edit: CuratorEdit, documents: Mapping[str, Document]) -> str:
    """Change the draft; why that was not possible, else ``."""
    step = _step(edit, documents)
    files = [(source, one) for memory_id, one in documents.items() if (source := draft.get(memory_id))]
    was_full, draft.full = draft.full, False
    done, full, draft.full = draft.propose(step, *files), draft.full, was_full or draft.full
    if done:
        return ""
    if edit.form == ASK:
        draft.tell(step)
        return ""
    return "the dream may change no further memory" if full else "a person has decided against it before"


def _step(edit: CuratorEdit, documents: Mapping[str, Document]) -> Step:
    """A union is told of the memory that stays."""
    if edit.form != MERGE:
        return Step(CURATE, edit.id, CHANGES[edit.form], edit.reason, edit.others)
    elder = next(memory_id for memory_id, one in documents.items() if one.get("status") != "superseded")
    return Step(CURATE, elder, MERGED, edit.reason, tuple(sorted({edit.id, *edit.others} - {elder})))
