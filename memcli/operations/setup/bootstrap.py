"""`mem bootstrap`: what a repository already knows, as candidates of a session.

A function of the code's HEAD (or of the files named): twice proposes nothing new, and two clones make the same ids.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.bootstrap.extraction import extract_memories
from memcli.core.bootstrap.passages import CommitMessage, SourceFile
from memcli.core.bootstrap.source_paths import is_source
from memcli.core.finding import Finding, blocking
from memcli.core.memory.document import new_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.pack.frame import strip_packs
from memcli.core.review.candidates import content_hash
from memcli.core.review.checks.runner import check_write
from memcli.core.review.private import without_private
from memcli.errors import NotFound
from memcli.git.code_history import first_dates, messages
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader
from memcli.operations.writing.record import record_entry
from memcli.state.journal import FileEdit
from memcli.store import path_for
from memcli.workspace import Workspace

PATTERNS = ("*.md", "*.mdc", "*.markdown", "*.rst", "*.txt", "*.adoc")
_MAX_FILE = 1 << 20


@dataclass(frozen=True)
class Bootstrapped:
    """`session` is None where nothing new was found; `kinds` counts by type; `refused`: what the gate kept out."""

    session: str | None
    state: str
    found: int
    known: int
    proposed: tuple[Memory, ...]
    kinds: dict[str, int]
    refused: tuple[Finding, ...]


def bootstrap(workspace: Workspace, paths: Sequence[str] = (), dry_run: bool = False) -> Bootstrapped:
    """Propose memories from the repository's documents and history, or from the files and directories named."""
    store_to_write(workspace.layout)
    found = _read(workspace, paths)
    name = workspace.config.session and workspace.selection.writable()
    session = name or _free_name(workspace)
    with Reader(workspace).view() as view:
        known_content = _proposed_elsewhere(workspace)
        new = [one for one in found if not _is_known(view, one) and content_hash(one) not in known_content]
    edits, refused = _edits(workspace, new)
    proposed = tuple(one for one in new if one.id in {edit.id for edit in edits})
    kinds = dict(Counter(one.type for one in proposed))
    if not edits or dry_run:
        return Bootstrapped(None, "unchanged", len(found), len(found) - len(new), proposed, kinds, refused)
    entry = workspace.actor.entry("bootstrap", session, edits, {"summary": f"{len(edits)} memories"})
    written = record_entry(workspace, entry)
    if name is None:
        workspace.selection.remember(written.session)
    known = len(found) - len(new)
    return Bootstrapped(written.session, written.state, len(found), known, proposed, kinds, refused)


def _free_name(workspace: Workspace) -> str:
    names = ("bootstrap", *(f"bootstrap-{number}" for number in range(2, 10_000)))
    taken = workspace.selection
    return next(name for name in names if not taken.is_open(name) and not taken.has_ended(name))


def _is_known(view: View, memory: Memory) -> bool:
    return view.get(memory.id) is not None or bool(view.by_content(content_hash(memory)))


def _proposed_elsewhere(workspace: Workspace) -> set[str]:
    """The contents that wait in open sessions, or were rejected in any."""
    known: set[str] = set()
    for session in workspace.sessions.all(ended=True):
        known.update(one.content for one in session.rejections)
        if workspace.selection.is_open(session.name):
            known.update(content_hash(one.after) for one in workspace.sessions.changes(session) if one.after)
    return known


def _edits(workspace: Workspace, found: Iterable[Memory]) -> tuple[list[FileEdit], tuple[Finding, ...]]:
    edits, refused, taken = list[FileEdit](), list[Finding](), list[str]()
    for memory in found:
        path = path_for(memory, taken)
        text = new_document(front_matter(memory), memory.body).text()
        stopping = blocking(check_write(text, path, workspace.excludes))
        refused += [
            Finding(one.check, one.severity, one.id, f"{memory.source.ref}: {one.message}", one.next)
            for one in stopping
        ]
        if not stopping:
            taken.append(path)
            edits.append(FileEdit(path, memory.id, None, text))
    return edits, tuple(refused)


def _read(workspace: Workspace, paths: Sequence[str]) -> list[Memory]:
    if paths or workspace.code is None:
        root = Path(workspace.layout.worktree or workspace.config.directory)
        places = [workspace.config.directory / path for path in paths] or [root]
        files = [file for place in places for file in _from_disk(place, root)]
        return extract_memories([_public(file) for file in files if not _excluded(workspace, file.path)])
    code = workspace.code
    wanted = {path: blob for path, blob in code.files.items() if is_source(path) and not _excluded(workspace, path)}
    dates = first_dates(workspace.layout.common_dir, code.commit, PATTERNS)
    files = [
        _public(SourceFile(path, _text(workspace.odb.blob(blob)), dates.get(path))) for path, blob in wanted.items()
    ]
    return extract_memories(
        files, list(_commits(workspace, code.commit)), frozenset(_known_paths(workspace, code.files))
    )


def _excluded(workspace: Workspace, path: str) -> bool:
    return workspace.excludes is not None and workspace.excludes.excludes(path)


def _known_paths(workspace: Workspace, paths: Iterable[str]) -> Iterable[str]:
    return workspace.excludes.left(paths) if workspace.excludes else paths


def _public(file: SourceFile) -> SourceFile:
    return replace(file, text=strip_packs(without_private(file.text)[0]))


def _commits(workspace: Workspace, commit: str) -> Iterator[CommitMessage]:
    """The messages worth reading; of a commit that touched excluded files alone nothing is read."""
    for one in messages(workspace.layout.common_dir, commit):
        files = tuple(_known_paths(workspace, one.files))
        if files or not one.files:
            subject, _, body = strip_packs(without_private(f"{one.subject}\n{one.body}")[0]).partition("\n")
            yield CommitMessage(one.id, one.at, subject, body, files)


def _text(data: bytes) -> str:
    return data[:_MAX_FILE].decode("utf-8", errors="replace")


def _from_disk(place: Path, root: Path) -> Iterator[SourceFile]:
    """The files at a path of the user's; those outside the repository are named from the directory given."""
    if not place.exists():
        raise NotFound(f"no such file or directory: {place}", "name files or directories that exist")
    files = [place] if place.is_file() else [Path(top) / name for top, _, names in _walk(place) for name in names]
    base = root if place.resolve().is_relative_to(root.resolve()) else place.parent
    for file in sorted(files):
        if file.is_file() and not file.is_symlink() and file.suffix.lower() in {pattern[1:] for pattern in PATTERNS}:
            relative = file.resolve().relative_to(base.resolve()).as_posix()
            yield SourceFile(relative, _text(file.read_bytes()), None)


def _walk(place: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for top, directories, names in os.walk(place):
        directories[:] = sorted(name for name in directories if name not in (".git", ".mem", "node_modules", ".venv"))
        yield top, directories, names
