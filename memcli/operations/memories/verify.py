"""`mem verify`: confirm memories against the committed code, by their `holds_if` rules or by the caller's word.

A confirmation is recorded as a candidate like any edit: `verified`, with the anchors as they are now. A rule that does
not hold sets `attention`. What cannot be checked, or has nothing new to record, stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.holds_if import RuleOutcome, with_false_rules
from memcli.core.memory.instants import format_instant
from memcli.core.memory.memory import Verified
from memcli.core.memory.staleness import STALE, Staleness
from memcli.core.review.checks.runner import check_write
from memcli.errors import Refused
from memcli.git.code_tree import Code
from memcli.operations.memories.changes import OpenedMemory, PreparedChange, open_memory, prepare_change, record_changes
from memcli.operations.views.code_rules import rule_outcome
from memcli.operations.views.reader import Reader
from memcli.operations.writing.anchor_blobs import moved_anchors
from memcli.operations.writing.author import Author
from memcli.operations.writing.record import Recorded
from memcli.workspace import Workspace

COMMIT_DIGITS = 12
"""Hex digits of a commit in `verified`, as git abbreviates in the largest repositories."""


@dataclass(frozen=True)
class Verification:
    """The result for one memory: `verified`, or would be; `recorded` is None where nothing was written."""

    id: str
    title: str
    verified: bool
    staleness: Staleness
    rules: tuple[RuleOutcome, ...]
    recorded: Recorded | None = None


def verify_memories(workspace: Workspace, ids: Sequence[str], dry_run: bool = False) -> list[Verification]:
    """Judge memories at HEAD and record the results as one operation.

    Raises NotFound, Usage, and Refused for a memory that is not active, or read-only where an agent asks; then nothing
    is recorded.
    """
    opened = {memory.record.id: memory for memory in (open_memory(workspace, text) for text in ids)}
    _refuse_inactive(opened.values())
    code = workspace.code
    judge = Reader(workspace).judge(code.commit if code else None)
    staleness = judge.of_fronts({id: memory.document.front() for id, memory in opened.items()})
    judge.remember()
    verifications = [_verification(memory, staleness[id], code) for id, memory in opened.items()]
    if dry_run:
        return verifications
    check = partial(check_write, excludes=workspace.excludes)
    changes = list(_changes(opened, verifications, code, workspace.now))

    def prepare(author: Author) -> list[PreparedChange]:
        return [prepare_change(memory, document, author, check) for memory, document in changes]

    recorded = {one.id: one for one in record_changes(workspace, "verify", prepare)} if changes else {}
    return [replace(one, recorded=recorded.get(one.id)) for one in verifications]


def _refuse_inactive(opened: Iterable[OpenedMemory]) -> None:
    for memory in opened:
        record = memory.record
        if record.status != "active":
            raise Refused(f"{record.id[-6:]} is {record.status}", "only active memories are verified; see 'mem list'")


def _verification(opened: OpenedMemory, staleness: Staleness, code: Code | None) -> Verification:
    rules = tuple(rule_outcome(rule, code) for rule in texts(opened.document.get("holds_if")))
    verified = all(rule.holds for rule in rules) and staleness.state != STALE  # stale: all its code is gone
    return Verification(opened.record.id, opened.record.title, verified, staleness, rules)


def _changes(
    opened: Mapping[str, OpenedMemory], verifications: Sequence[Verification], code: Code | None, now: datetime
) -> Iterator[tuple[OpenedMemory, Document]]:
    """The memories whose front matter a result changes, each with its new document."""
    for result in verifications:
        memory = opened[result.id]
        document = memory.document.with_values(_values(memory.document, result, code, now))
        if document.text() != memory.document.text():
            yield memory, document


def _values(document: Document, result: Verification, code: Code | None, now: datetime) -> Mapping[str, Value]:
    """The front matter that records a result."""
    attention = with_false_rules(document.get("attention"), result.rules, format_instant(now))
    if not result.verified:
        return {"attention": attention} if any(rule.holds is False for rule in result.rules) else {}
    commit = code.commit[:COMMIT_DIGITS] if code else None
    values: dict[str, Value] = {"verified": Verified(now, commit).front(), "attention": attention}
    return {**values, "paths": moved_anchors(document, result.staleness, code)} if code else values
