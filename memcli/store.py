"""The store: the tree of one branch, as files that hold memories.

Contract: a path is allow-listed or it is not the store's; nothing is ever removed from the tree by absence;
writing builds commits and moves no ref (`state.publication` does). `MEMORY.md` and `.session/` are never candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.finding import Finding
from memcli.core.memory.document import Document, DocumentError, decode, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory, schema_finding
from memcli.core.merge.part_conflict import FILE, PartConflict
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


@dataclass(frozen=True)
class MergedText:
    """A file merged from two versions, and the parts that both changed differently."""

    text: str
    conflicts: tuple[PartConflict, ...] = ()


@dataclass(frozen=True)
class MergedFile:
    """A candidate's file in another tree: its path and its text there (empty: none), and what the merge makes of it."""

    path: str
    ours: str
    merge: MergedText


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
        return file_candidate(delta.path, self.text(delta.old), self.odb.blob(delta.new) if delta.new else None)

    def merged(self, candidate: Candidate, tree: str, locate: Locate) -> MergedFile:
        """A candidate's file merged by memory into another tree of the store.

        A memory keeps the path it has there; `locate` finds it by id where it was filed under another path.
        """
        path = self._path_in(tree, candidate, locate)
        blob, base, theirs = self.odb.file(tree, path), candidate.old_text, candidate.new_text
        if blob is None:
            return MergedFile(path, "", MergedText(theirs))
        ours = self.text(blob)
        try:
            return MergedFile(path, ours, merge_texts(base, ours, theirs, path))
        except Conflict:
            return MergedFile(path, ours, MergedText(theirs, (PartConflict(FILE, base, ours, theirs),)))

    def merge_onto(self, candidates: Iterable[Candidate], tree: str, locate: Locate) -> dict[str, str]:
        """{path: text} of candidates merged into another tree of the store."""
        files = (self.merged(candidate, tree, locate) for candidate in candidates)
        return {file.path: file.merge.text for file in files}

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


def file_candidate(path: str, old: str, new: str | bytes | None) -> Candidate:
    """The change of one file from a text (empty: no file) to another one (None: the file is gone)."""
    text = new.decode("utf-8", errors="replace") if isinstance(new, bytes) else new or ""
    if path == POLICY_FILE:
        return Candidate(POLICY, POLICY, path, None, None, old, text)
    before = parse_memory(old, path).memory if old else None
    parsed = Parsed(None, None, ()) if new is None else parse_memory(new, path)
    memory = parsed.memory or before
    memory_id, change = memory.id if memory else _stated_id(parsed) or path, change_of(before, parsed.memory)
    return Candidate(memory_id, change, path, before, parsed.memory, old, text, parsed.findings)


def _is_ours(path: str) -> bool:
    return is_memory_path(path) or path == POLICY_FILE


def _stated_id(parsed: Parsed) -> str | None:
    stated = parsed.document.get("id") if parsed.document else None
    return stated if isinstance(stated, str) and stated else None


def merge_texts(base: str, ours: str, theirs: str, path: str) -> MergedText:
    """Three texts of one file merged by memory; `base` is empty where both sides are new. Raises Conflict."""
    if ours == theirs or theirs == base:
        return MergedText(ours)
    if ours == base:
        return MergedText(theirs)
    if path == POLICY_FILE:
        raise Conflict("the policy was changed on both sides", "run 'mem policy edit' again on the newer one")
    from memcli.core.merge.conflict import with_sides
    from memcli.core.merge.three_way import merge_versions

    try:
        sides = parse_document(ours), parse_document(theirs)
        merged = merge_versions(parse_document(base) if base else None, *sides)
        document = with_sides(merged.document, *sides) if merged.conflicts else merged.document
    except DocumentError as error:
        raise Conflict(f"{path} cannot be merged: {error}", f"correct {path} in the session, then try again") from error
    return MergedText(document.text(), merged.conflicts)


def path_for(memory: Memory, taken: Collection[str]) -> str:
    """A new memory's path, with more of its id where the usual one is taken."""
    from memcli.core.memory.identity import new_memory_path

    path = new_memory_path(memory.kind, memory.topic, memory.title, memory.id)
    for length in range(7, 27):
        if path not in taken:
            return path
        stem = path.removesuffix(f"-{memory.id[-(length - 1) :]}.md")
        path = f"{stem}-{memory.id[-length:]}.md"
    return path
