"""The first phase retires what is over: expired, about deleted code, redundant, or superseded long ago."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from memcli.core.dream.steps import PRUNE, RETIRED, Step
from memcli.core.memory.identity import short
from memcli.core.memory.instants import format_instant
from memcli.core.memory.retirement import retired
from memcli.core.pack.frame import is_self_citation
from memcli.core.review.checks.derivable import is_derivable
from memcli.core.text.instruction_files import PROSE_NAMES
from memcli.errors import Refused
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.working_tree import TreeFile

BY = "dream"
Retirements = Iterator[tuple[TreeFile, str]]
"""Memories to retire, with the reason."""


def prune_phase(context: DreamContext) -> None:
    """Retire what is over. Raises Refused where that is more than the policy allows."""
    pruned: set[str] = set()
    sources = (_expired, _about_deleted_code, _redundant, _superseded_long_ago)
    for file, reason in [retirement for find in sources for retirement in find(context)]:
        if file.id not in pruned:
            pruned.add(file.id)
            document = retired(file.document, reason, context.at, BY)
            context.tree.propose(Step(PRUNE, file.id, RETIRED, reason), (file, document))
    _refuse_too_many(context)


def _expired(context: DreamContext) -> Retirements:
    for file in context.tree.files_of(context.tree.view.expired(context.at)):
        if file.memory.expires:
            yield file, f"expired on {format_instant(file.memory.expires)[:10]}"


def _about_deleted_code(context: DreamContext) -> Retirements:
    if context.code is None:
        return
    files = context.tree.active(context.to_check_against_code)
    reasons = context.code.deletion_reasons(files)
    yield from ((file, reasons[file.id]) for file in files if file.id in reasons)


def _redundant(context: DreamContext) -> Retirements:
    """Memories that repeat a pack, or what the documents that agents read anyway say."""
    joined = functools.cache(context.code.code.joined) if context.code else lambda _names: ""
    for file in context.tree.active(context.news):
        memory = file.memory
        if is_self_citation(memory.body) or is_self_citation(memory.title):
            yield file, "repeats a context pack that mem printed"
        elif is_derivable(memory, joined):
            yield file, f"{PROSE_NAMES} already says it"


def _superseded_long_ago(context: DreamContext) -> Retirements:
    retention = context.policy.retention_superseded
    if retention is None:
        return
    before = format_instant(context.inputs.instant - retention)
    for file in context.tree.files_of(context.tree.view.superseded_before(before)):
        yield file, f"superseded for more than {retention.days} days"


def _refuse_too_many(context: DreamContext) -> None:
    """Refuse to retire more of the active memories than the policy's share; one memory may always be retired."""
    view, share = context.tree.view, context.policy.dream_max_retire_percent
    ids = {step.id for step in context.tree.steps if step.change == RETIRED}
    active = [summary for summary in map(view.get, ids) if summary and summary.status == "active"]
    total = view.count()
    if len(active) > 1 and len(active) * 100 > share * total and not context.inputs.force:
        shown = ", ".join(f"{short(summary.id)} {summary.title[:40]!r}" for summary in sorted(active)[:3])
        raise Refused(
            f"the dream would retire {len(active)} of {total} active memories, more than {share} %: {shown}, …",
            "list them with 'mem dream --dry-run --force'; a person can allow it with '--force'",
        )
