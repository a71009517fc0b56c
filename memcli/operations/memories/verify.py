"""`mem verify`: confirm memories against the code as it is now, by their `holds_if` rules or by the caller's word.

What is confirmed is recorded as a candidate like any edit: `verified`, with the anchors as they are now. What a rule
contradicts gets `attention`. What cannot be checked, or has nothing new to record, stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.holds_if import RuleOutcome, with_false_rules
from memcli.core.memory.memory import Verified
from memcli.core.memory.staleness import Staleness
from memcli.entries import entry_for
from memcli.errors import Refused
from memcli.git.code_tree import Code
from memcli.operations.memories.edit import OpenedMemory, PreparedChange, open_memory, prepare_change
from memcli.operations.views.holds_if import outcome
from memcli.operations.views.reader import Reader
from memcli.operations.writing.anchors import followed
from memcli.operations.writing.record import Recorded, record
from memcli.workspace import Workspace

COMMIT_DIGITS = 12
"""So many hex digits name a commit, as git abbreviates in the largest repositories."""


@dataclass(frozen=True)
class Verification:
    """What came of one memory: `verified`, or would be; `staleness` as found; `recorded` None where nothing was."""

    id: str
    title: str
    verified: bool
    staleness: Staleness
    rules: tuple[RuleOutcome, ...]
    recorded: Recorded | None = None


def verify_memories(workspace: Workspace, ids: Sequence[str], dry_run: bool = False) -> list[Verification]:
    """Judge memories at HEAD and record what comes of it, all as one operation.

    Raises NotFound, Usage, and Refused for what is not active and for an agent and a read-only memory: then nothing is
    recorded.
    """
    sources = list({source.record.id: source for source in (_open(workspace, one) for one in ids)}.values())
    code = workspace.code
    judge = Reader(workspace).judge(code.commit if code else None)
    fares = judge.of_fronts({one.record.id: one.document.front() for one in sources})
    judge.remember()
    found = [_verification(source, fares[source.record.id], code) for source in sources]
    return found if dry_run else _recorded(workspace, sources, found, code)


def _open(workspace: Workspace, memory_id: str) -> OpenedMemory:
    source = open_memory(workspace, memory_id)
    if source.record.status != "active":
        reason = f"{source.record.id[-6:]} is {source.record.status}: there is nothing to verify"
        raise Refused(reason, "'mem list' shows what is active")
    return source


def _verification(source: OpenedMemory, staleness: Staleness, code: Code | None) -> Verification:
    rules = tuple(outcome(rule, code) for rule in texts(source.document.get("holds_if")))
    verified = all(one.holds for one in rules)
    return Verification(source.record.id, source.record.title, verified, staleness, rules)


def _recorded(
    workspace: Workspace, sources: Sequence[OpenedMemory], found: Sequence[Verification], code: Code | None
) -> list[Verification]:
    """The verifications with their changes written."""
    changes: dict[str, PreparedChange] = {}
    for source, one in zip(sources, found, strict=True):
        document = source.document.with_values(_values(workspace, source.document, one, code))
        if document.text() != source.document.text():
            changes[one.id] = prepare_change(workspace, source, document)
    if not changes:
        return list(found)
    titles = [one.title for one in changes.values()]
    summary = {"summary": titles[0] if len(titles) == 1 else f"{len(titles)} memories"}
    with workspace.session_to_write() as (session, started):
        edits = tuple(one.edit for one in changes.values())
        written = record(workspace, entry_for(workspace, "verify", session, edits, summary))
    done = {name: one.recorded(written, started) for name, one in changes.items()}
    return [replace(one, recorded=done.get(one.id)) for one in found]


def _values(workspace: Workspace, document: Document, one: Verification, code: Code | None) -> Mapping[str, Value]:
    """The front matter that says what came of it."""
    attention = with_false_rules(document.get("attention"), one.rules)
    if not one.verified:
        return {"attention": attention} if any(rule.holds is False for rule in one.rules) else {}
    commit = code.commit[:COMMIT_DIGITS] if code else None
    values: dict[str, Value] = {"verified": Verified(workspace.now, commit).front(), "attention": attention}
    return {**values, "paths": followed(document, one.staleness, code)} if code else values
