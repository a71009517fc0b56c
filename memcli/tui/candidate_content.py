"""A waiting candidate as a reviewer reads it: the text first, then what was found and why it was proposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from memcli.cli.views.quantities import time_ago
from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.memory.identity import short
from memcli.core.memory.memory import Memory
from memcli.core.memory.staleness import FRESH, AnchorStaleness, Staleness
from memcli.core.review.candidates import RETIRED, Candidate
from memcli.core.review.secrets import without_secrets
from memcli.operations.review.candidate_context import CandidateContext, ComparedMemory
from memcli.operations.review.pending_decisions import ACCEPT, PendingDecision
from memcli.tui.inbox_row import BADGES, InboxRow
from memcli.tui.safe_content import (
    ACCEPTED,
    BOLD,
    DIM,
    NOTED,
    NOTHING,
    REFUSED,
    diff_content,
    indented,
    joined,
    safe,
    with_differences,
)

_STYLES = {BLOCK: REFUSED, WARN: NOTED}
_KNOWN = ("id", "title", "status", "created", "modified", "source", "topic", "kind", "conflict_sides")
"""Keys that the page shows elsewhere, or that mem fills in."""


@dataclass(frozen=True)
class PageForm:
    """How a page is written: at which instant, how many cells wide, with its keys unfolded or not."""

    now: datetime
    width: int
    is_unfolded: bool = False


def candidate_content(
    row: InboxRow, mark: PendingDecision | None, context: CandidateContext | None, form: PageForm
) -> Content:
    """The page of a row; without `context` the other memories and the state of the code are still to come."""
    parts = [safe(row.title, BOLD), _origin(row, form.now), *_mark_line(mark)]
    if row.waiting is None:
        return joined([*parts, NOTHING, *_finding(row.findings[0], (), "", form.width)])
    candidate, others = row.waiting.candidate, dict(context.others) if context else {}
    parts += [NOTHING, _body(candidate), NOTHING]
    for finding in row.findings:
        compared = [others.pop(memory_id) for memory_id in finding.with_ids if memory_id in others]
        parts += [*_finding(finding, compared, candidate.after.body if candidate.after else "", form.width), NOTHING]
    parts += _way_out(row)
    parts += _conflicts(candidate, form.width)
    parts += _reasons(row, context.staleness if context else None)
    parts += _keys(candidate, form.is_unfolded)
    return joined([*parts, safe(candidate.path, DIM)])


def change_content(candidate: Candidate) -> Content:
    """What a change says, and the front matter that it changes."""
    return joined([_body(candidate), NOTHING, *_keys(candidate, is_unfolded=True)])


def _origin(row: InboxRow, now: datetime) -> Content:
    """What is proposed, by whom and when."""
    if row.waiting is None:
        return safe(f"session {row.session}", DIM)
    memory, updated = row.memory, row.waiting.updated
    facts = [row.waiting.candidate.change, *([memory.type, memory.topic] if memory else []), f"by {row.author}"]
    facts += [time_ago(updated, now)] if updated else []
    return safe(" · ".join(filter(None, facts)), DIM)


def _mark_line(mark: PendingDecision | None) -> Iterator[Content]:
    if mark is not None and mark.verdict == ACCEPT:
        both = ", both kept" if mark.keep_both or mark.beside else ""
        over = f", {', '.join(map(short, mark.over))} goes out of use" if mark.over else ""
        yield safe(f"✓ accepted{both}{over}", ACCEPTED)
    elif mark is not None:
        yield safe(f"✗ rejected: {mark.reason}", REFUSED)


def _body(candidate: Candidate) -> Content:
    """The text of a new memory; of a changed one the lines that change; a file that is no memory as it is."""
    if candidate.after is None:
        return diff_content(without_secrets(candidate.old_text), without_secrets(candidate.new_text))
    body = without_secrets(candidate.after.body.rstrip("\n"))
    if candidate.before is None or candidate.before.body == candidate.after.body:
        return safe(body, DIM if candidate.change == RETIRED else "")
    return diff_content(without_secrets(candidate.before.body), body)


def _finding(finding: Finding, others: Sequence[ComparedMemory], body: str, width: int) -> Iterator[Content]:
    style = _STYLES.get(finding.severity, DIM)
    yield safe(f"{BADGES[finding.severity]} · {finding.check}: ", style) + safe(finding.message)
    yield from (indented(_compared(other, body), "  │ ", width) for other in others)
    if finding.next:
        yield indented(safe(finding.next, DIM), "  ", width)


def _compared(other: ComparedMemory, body: str) -> Content:
    """The memory that a finding names, with what it says otherwise."""
    memory = other.memory
    facts = [f"proposed in {other.session}" if other.session else f"in the store, {memory.status}"]
    facts += [f"by {memory.source.agent or 'a person'}", f"evidence {memory.evidence or 'not stated'}"]
    facts += [f"{memory.modified:%Y-%m-%d}"]
    text = with_differences(without_secrets(memory.body.rstrip("\n")), without_secrets(body.rstrip("\n")))
    code = list(_code_lines(memory, other.staleness))
    return joined([safe(memory.title, BOLD), safe(" · ".join(facts), DIM), *code, text])


def _way_out(row: InboxRow) -> Iterator[Content]:
    """What to press where a plain yes is not enough."""
    if row.is_conflict:
        yield safe("b keep both sides, e edit, r reject; o opens the question", NOTED)
    elif row.is_blocked:
        yield safe("it cannot be accepted as it is: e edit it, or r reject it", REFUSED)
    elif any(finding.with_ids for finding in row.findings):
        yield safe("1 keep this one, 2 keep the other one, b keep both", NOTED)
    else:
        return
    yield NOTHING


def _conflicts(candidate: Candidate, width: int) -> Iterator[Content]:
    """For each part in conflict what it was, what the store says now and what the session says."""
    for part in candidate.conflicts:
        yield safe(f"conflict in {part.part}", NOTED)
        for name, text in (("was", part.base), ("store", part.ours), ("session", part.theirs)):
            yield indented(safe(f"{name}: {text.rstrip() or '(nothing)'}"), "  │ ", width)
        yield NOTHING


def _reasons(row: InboxRow, staleness: Staleness | None) -> Iterator[Content]:
    """Why it may be believed: evidence, source, task, and the code that it is about."""
    memory = row.memory
    if memory is None:
        return
    yield safe(f"evidence  {_evidence(memory)}")
    if row.task:
        yield safe(f"task      {row.task.splitlines()[0]}")
    if memory.key:
        yield safe(f"key       {memory.key}")
    yield from _code_lines(memory, staleness)
    yield NOTHING


def _code_lines(memory: Memory, staleness: Staleness | None) -> Iterator[Content]:
    """The code that a memory is about, and whether it is as it was."""
    anchors = {anchor.path: anchor for anchor in staleness.anchors} if staleness else {}
    for anchor in memory.paths:
        yield safe(f"code      {anchor.path}  ") + _anchor_state(anchors.get(anchor.path))


def _anchor_state(anchor: AnchorStaleness | None) -> Content:
    if anchor is None:
        return safe("…", DIM)
    return safe(FRESH, DIM) if anchor.state == FRESH else safe(f"{anchor.state}: {anchor.reason}", NOTED)


def _evidence(memory: Memory) -> str:
    stated = memory.evidence or "not stated"
    return stated + (f", {memory.source.ref}" if memory.source.ref else "")


def _keys(candidate: Candidate, is_unfolded: bool) -> Iterator[Content]:
    """The front matter that changes, folded to the names of its keys."""
    changes = _changed_keys(candidate)
    if not changes:
        return
    if is_unfolded:
        yield from (line for old, new in changes.values() for line in (_old_key(old), _new_key(new)) if line)
    else:
        yield safe(f"▸ keys: {', '.join(changes)}   (v shows them)", DIM)
    yield NOTHING


def _old_key(text: str) -> Content:
    return safe("\n".join(f"- {line}" for line in text.splitlines()), "$text-error")


def _new_key(text: str) -> Content:
    return safe("\n".join(f"+ {line}" for line in text.splitlines()), "$text-success")


def _changed_keys(candidate: Candidate) -> dict[str, tuple[str, str]]:
    """{key: (its lines before, its lines after)}."""
    try:
        documents = parse_document(candidate.old_text), parse_document(candidate.new_text)
    except DocumentError:
        return {}
    before, after = ({entry.key: entry.raw for entry in document.entries} for document in documents)
    hidden = _KNOWN if candidate.before is None else ("modified", "conflict_sides")
    keys = [key for key in dict.fromkeys([*before, *after]) if key not in hidden]
    pairs = {key: (before.get(key, ""), after.get(key, "")) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
