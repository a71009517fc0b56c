"""`mem verify`: confirm memories against the code as it is now, by their `holds_if` rules or by the caller's word.

What is confirmed is recorded as a candidate like any edit: `verified`, with the anchors as they are now. What a rule
contradicts gets `attention`. What cannot be checked, or has nothing new to record, stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.core.anchor import Anchor
from memcli.core.checks.form import unsafe_anchor
from memcli.core.document import Document, Value
from memcli.core.holds import FORMS, Found, Outcome, check, parse_rule, remarked
from memcli.core.memory import Verified
from memcli.core.plain import texts
from memcli.core.staleness import Staleness
from memcli.errors import Refused
from memcli.operations.edit import Changed, Opened, changed, open_source
from memcli.operations.staleness import Judge
from memcli.operations.write import Recorded, entry_for, record
from memcli.repo.code import Code
from memcli.workspace import Workspace

READ = 1 << 20
"""Bytes of a file that a rule may look into; stores are fetched from others, and real sources are smaller."""
COMMIT_DIGITS = 12
"""So many hex digits name a commit, as git abbreviates in the largest repositories."""


@dataclass(frozen=True)
class Verification:
    """What came of one memory: `verified`, or would be; `staleness` as found; `recorded` None where nothing was."""

    id: str
    title: str
    verified: bool
    staleness: Staleness
    rules: tuple[Outcome, ...]
    recorded: Recorded | None = None


def verify(workspace: Workspace, ids: Sequence[str], dry_run: bool = False) -> list[Verification]:
    """Judge memories at HEAD and record what comes of it, all as one operation.

    Raises NotFound, Usage, and Refused for what is not active and for an agent and a read-only memory: then nothing is
    recorded.
    """
    sources = list({source.record.id: source for source in (_open(workspace, one) for one in ids)}.values())
    code = workspace.code
    judge = Judge(workspace, code.commit if code else None)
    fares = judge.of_fronts({one.record.id: one.document.front() for one in sources})
    judge.remember()
    found = [_verification(source, fares[source.record.id], code) for source in sources]
    return found if dry_run else _recorded(workspace, sources, found, code)


def _open(workspace: Workspace, memory_id: str) -> Opened:
    source = open_source(workspace, memory_id)
    if source.record.status != "active":
        reason = f"{source.record.id[-6:]} is {source.record.status}: there is nothing to verify"
        raise Refused(reason, "'mem list' shows what is active")
    return source


def _verification(source: Opened, staleness: Staleness, code: Code | None) -> Verification:
    rules = tuple(_outcome(rule, code) for rule in texts(source.document.get("holds_if")))
    verified = all(one.holds for one in rules)
    return Verification(source.record.id, source.record.title, verified, staleness, rules)


def _outcome(text: str, code: Code | None) -> Outcome:
    rule = parse_rule(text)
    if rule is None:
        return Outcome(text, None, f"it is not {FORMS}")
    if reason := unsafe_anchor(rule.path):
        return Outcome(text, None, f"{rule.path} {reason}")
    if code is None:
        return Outcome(text, None, "no code is committed here")
    return check(text, rule, _found(code, rule.path))


def _found(code: Code, path: str) -> Found:
    """What is at a path of the code; links are not followed, and only small files are read."""
    kind, object_id = code.place(path) or ("nothing", "")
    if kind == "nothing":
        return Found("nothing")
    if kind != "file":
        return Found("other", why=f"is a {kind}")
    if code.odb.size(object_id) > READ:
        return Found("file", why=f"is larger than {READ >> 20} MiB")
    return Found("file", code.odb.blob(object_id))


def _recorded(
    workspace: Workspace, sources: Sequence[Opened], found: Sequence[Verification], code: Code | None
) -> list[Verification]:
    """The verifications with their changes written."""
    changes: dict[str, Changed] = {}
    for source, one in zip(sources, found, strict=True):
        document = source.document.with_values(_values(workspace, source.document, one, code))
        if document.text() != source.document.text():
            changes[one.id] = changed(workspace, source, document)
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
    attention = remarked(document.get("attention"), one.rules)
    if not one.verified:
        return {"attention": attention} if any(rule.holds is False for rule in one.rules) else {}
    commit = code.commit[:COMMIT_DIGITS] if code else None
    values: dict[str, Value] = {"verified": Verified(workspace.now, commit).front(), "attention": attention}
    return {**values, "paths": _followed(document, one.staleness, code)} if code else values


def _followed(document: Document, staleness: Staleness, code: Code) -> Value:
    """The anchors where they are now, with the blobs that are there; one that is gone stays what it was."""
    moved = {one.path: one.moved_to for one in staleness.anchors if one.moved_to}
    anchors = [Anchor.parse(text) for text in texts(document.get("paths"))]
    paths = [_present(Anchor(moved.get(anchor.path, anchor.path), anchor.blob), code) for anchor in anchors]
    return tuple(dict.fromkeys(map(str, paths))) or document.get("paths")


def _present(anchor: Anchor, code: Code) -> Anchor:
    blob = code.blob_at(anchor.path)
    return Anchor(anchor.path, blob[:8]) if blob else anchor
