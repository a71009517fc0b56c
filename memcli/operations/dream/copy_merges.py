"""Merging the copies of one memory, in groups that a file can list."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.dream.merged_memory import MergeInput, merged_document
from memcli.core.dream.steps import MERGE, MERGED, Step
from memcli.core.memory.document import DocumentError
from memcli.core.memory.retirement import superseded
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.working_tree import TreeFile

MOST_MERGED_AT_ONCE = 200
"""Copies that are merged into one directly; of more, each group is merged first, then what the groups became."""


def merge_files(context: DreamContext, files: Sequence[TreeFile]) -> None:
    """Merge copies into the first of them, as far as the limit of changes and what a person decided allow."""
    while len(files) > 1:
        size = MOST_MERGED_AT_ONCE
        groups = [files[start : start + size] for start in range(0, len(files), size)]
        for group in groups:
            if not _merge(context, group):
                for file in group[1:]:
                    _merge(context, context.tree.active((group[0].id, file.id)))
        files = context.tree.active(group[0].id for group in groups)


def _merge(context: DreamContext, files: Sequence[TreeFile]) -> bool:
    """Merge files into the first; whether that was possible."""
    if len(files) < 2:
        return False
    kept, *others = [MergeInput(file.document, file.memory) for file in files]
    try:
        merged = merged_document(kept, others, context.at)
    except DocumentError:
        return False
    replaced = [(file, superseded(file.document, files[0].id, context.at)) for file in files[1:]]
    step = Step(MERGE, files[0].id, MERGED, "say the same, word for word", tuple(file.id for file in files[1:]))
    return context.tree.propose(step, (files[0], merged), *replaced)
