"""The store: the tree of one branch, as files that hold memories.

Contract: a path is allow-listed or it is not the store's; nothing is ever removed from the tree by absence;
writing builds commits and moves no ref (`state.publication` does). `MEMORY.md` and `.session/` are never candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.finding import Finding
from memcli.core.memory.document import Document, DocumentError, decode, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory, schema_finding
from memcli.core.review.candidates import POLICY, Candidate, change_of
from memcli.errors import Conflict

if TYPE_CHECKING:
    from memcli.git.objects import Delta
    from memcli.git.odb import Odb

Locate = Callable[[str], str | None]
"""Memory id → the path it has in the store, None where it is not there."""


@dataclass(frozen=True)
class Parsed:
    """A file read as a memory: `memory` is None where `findings` block."""

    document: Document | None
    memory: Memory | None
    findings: tuple[Finding, ...]


def parse_memory(data: bytes | str, path: str) -> Parsed:
    """Read a file of the store; total: whatever it holds, findings, never an exception."""
    try:
        document = parse_document(decode(data) if isinstance(data, bytes) else data)
    except DocumentError as error:
        return Parsed(None, None, (schema_finding(error, path),))
    memory, findings = read_memory(document)
    return Parsed(document, memory, tuple(findings))


class Store:
    """Memories in the trees of one repository."""

    def __init__(self, odb: Odb) -> None:
        self.odb = odb

    def text(self, blob: str | None) -> str:
        """The text of a file, as it is compared and shown; empty for no blob."""
        if blob is None:
            return ""
        return self.odb.blob(blob).decode("utf-8", errors="replace")

    def parsed(self, tree: str, path: str) -> Parsed | None:
        """The memory at a path of a tree, None where there is no file."""
        blob = self.odb.file(tree, path)
        return parse_memory(self.odb.blob(blob), path) if blob else None

    def tree_of(self, commit: str) -> str:
        return self.odb.commit(commit).tree

    def deltas(self, old_tree: str, new_tree: str) -> list[Delta]:
        """What differs between two trees in memory files and the policy."""
        return [delta for delta in self.odb.diff(old_tree, new_tree) if _is_ours(delta.path)]

    def candidates(self, old_tree: str, new_tree: str) -> list[Candidate]:
        """The differences of two trees as candidates, by path; absence in the new tree is no change."""
        return [self._candidate(delta) for delta in self.deltas(old_tree, new_tree) if delta.new is not None]

    def differences(self, old_tree: str, new_tree: str) -> list[Candidate]:
        """Like `candidates`, files that are gone included (their new text is empty): for history, not for review."""
        return [self._candidate(delta) for delta in self.deltas(old_tree, new_tree)]

    def _candidate(self, delta: Delta) -> Candidate:
        old, new = self.text(delta.old), self.text(delta.new)
        if delta.path == POLICY_FILE:
            return Candidate(POLICY, POLICY, delta.path, None, None, old, new)
        before = parse_memory(old, delta.path).memory if delta.old else None
        parsed = parse_memory(self.odb.blob(delta.new), delta.path) if delta.new else Parsed(None, None, ())
        memory = parsed.memory or before
        memory_id = memory.id if memory else _stated_id(parsed) or delta.path
        return Candidate(
            memory_id, change_of(before, parsed.memory), delta.path, before, parsed.memory, old, new, parsed.findings
        )

    def merge_onto(self, candidates: Iterable[Candidate], tree: str, locate: Locate) -> dict[str, str]:
        """{path: text} of the candidates merged by memory into another tree of the store.

        A memory keeps the path it has there; `locate` finds it by id where it was filed under another path.
        """
        merged: dict[str, str] = {}
        for candidate in candidates:
            path = self._path_in(tree, candidate, locate)
            blob, text = self.odb.file(tree, path), candidate.new_text
            merged[path] = merge_texts(candidate.old_text, self.text(blob), text, path) if blob else text
        return merged

    def _path_in(self, tree: str, candidate: Candidate, locate: Locate) -> str:
        current = self.parsed(tree, candidate.path)
        if candidate.after is None or (current and current.memory and current.memory.id == candidate.id):
            return candidate.path
        path = locate(candidate.id)
        if path and self.odb.file(tree, path):
            return path
        return path_for(candidate.after, [candidate.path]) if current else candidate.path

    def write(self, tree: str, texts: Mapping[str, str]) -> str:
        """The tree with files put at their paths."""
        return self.odb.update(tree, {path: self.odb.write_blob(text.encode()) for path, text in texts.items()})


def _is_ours(path: str) -> bool:
    return is_memory_path(path) or path == POLICY_FILE


def _stated_id(parsed: Parsed) -> str | None:
    stated = parsed.document.get("id") if parsed.document else None
    return stated if isinstance(stated, str) and stated else None


def merge_texts(base: str, ours: str, theirs: str, path: str) -> str:
    """Three texts of one file merged by memory; `base` is empty where both sides are new. Raises Conflict."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if path == POLICY_FILE:
        raise Conflict("the policy was changed on both sides", "run 'mem policy edit' again on the newer one")
    from memcli.core.merge.conflict import with_sides
    from memcli.core.merge.three_way import merge_versions

    try:
        sides = parse_document(ours), parse_document(theirs)
        merged = merge_versions(parse_document(base) if base else None, *sides)
        return (with_sides(merged.document, *sides) if merged.conflicts else merged.document).text()
    except DocumentError as error:
        raise Conflict(f"{path} cannot be merged: {error}", f"correct {path} in the session, then try again") from error


def path_for(memory: Memory, taken: Sequence[str]) -> str:
    """A new memory's path, with more of its id where the usual one is taken."""
    from memcli.core.memory.identity import new_memory_path

    path = new_memory_path(memory.kind, memory.topic, memory.title, memory.id)
    for length in range(7, 27):
        if path not in taken:
            return path
        stem = path.removesuffix(f"-{memory.id[-(length - 1) :]}.md")
        path = f"{stem}-{memory.id[-length:]}.md"
    return path
