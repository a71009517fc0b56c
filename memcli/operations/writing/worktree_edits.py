"""The files of a session's worktree as edits: what somebody has written there with nothing but an editor.

`read_edits` writes nothing; `record_edits` is for whoever appends them to the journal: `mem session save`, and the
drain for a save that a hook has requested. Call that with the files locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache

from memcli.branch import FRONT_PAGE, POLICY_FILE, SESSION_DIRECTORY, is_memory_path
from memcli.core.finding import Finding
from memcli.core.memory.anchors import blob_id
from memcli.index.database.view import View
from memcli.operations.views.reader import Reader
from memcli.operations.writing.edited_files import EditedFile, FileReader, ReadFile, RecordedTexts, id_taken
from memcli.operations.writing.file_completion import FileCompletion
from memcli.operations.writing.known_files import KnownFile
from memcli.operations.writing.session_files import SessionFiles
from memcli.operations.writing.undone_saves import UndoneSaves
from memcli.operations.writing.worktree_sync import written_from
from memcli.state.journal import FileEdit
from memcli.store import Store
from memcli.workspace import Workspace

_RECORDS = f"{SESSION_DIRECTORY}/"


@dataclass(frozen=True)
class WorktreeEdits:
    """What a worktree has beyond its session: the changed files, `strays`, which can be no memories, and the files
    whose save was `undone` and that are as they were saved."""

    files: tuple[EditedFile, ...]
    strays: tuple[str, ...]
    undone: tuple[str, ...] = ()

    @property
    def edits(self) -> tuple[FileEdit, ...]:
        """Two versions of one file, one displaced by the other, are two edits."""
        return tuple(file.edit for file in self.files if file.edit)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.path for edit in self.edits))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """About the files, each with its line."""
        return tuple(finding for file in self.files for finding in file.findings)

    @property
    def summary(self) -> str:
        return self.paths[0] if len(self.paths) == 1 else f"{len(self.paths)} files"


def read_edits(workspace: Workspace, files: SessionFiles, session: str) -> WorktreeEdits:
    """Every changed file of a worktree as an edit of a session."""
    store, journal = workspace.store, workspace.journal
    completion = FileCompletion.for_actor(workspace.actor, session, lambda: workspace.code)
    texts = RecordedTexts(workspace.odb, lambda: journal.entries(session))
    base_tree, edited = store.tree_of(written_from(store, files.worktree, session)), list[EditedFile]()
    owners, undone = dict[str, str](), UndoneSaves(store, workspace.oplog, files, session)
    with ExitStack() as stack:
        view = cache(lambda: stack.enter_context(Reader(workspace).view(session)))  # few saves need it
        file_reader = FileReader(texts, completion, workspace.excludes, lambda id: _path_of(view(), id), files.is_gone)
        for file in _changed_files(undone, base_tree):
            edited.append(_with_own_id(file_reader.read(file), owners))
    return WorktreeEdits(tuple(edited), tuple(_strays(files, store, base_tree)), tuple(_undone_files(undone)))


def _path_of(view: View, memory_id: str) -> str | None:
    record = view.get(memory_id)
    return record.path if record else None


def _changed_files(undone: UndoneSaves, base_tree: str) -> Iterator[ReadFile]:
    """The files that may be edits, as far as they hold something else than what is known of them, or than the tree that
    they were written from; displaced ones that were written late come last."""
    files, store = undone.files, undone.store
    for path in files.paths():
        if is_memory_path(path) or path == POLICY_FILE:
            known, data = files.known.of(path, store.odb.file(base_tree, path)), files.worktree.read(path)
            if data is None or not (known.holds(data) or undone.is_restored(path, known, data)):
                yield ReadFile(path, data, undone.of(path, known) or known)
    for displaced in files.displaced:
        if displaced.is_unsaved:
            yield ReadFile(displaced.path, displaced.data, displaced.known, displaced)


def _undone_files(undone: UndoneSaves) -> Iterator[str]:
    """The files that are as they were when they were saved, before that was undone."""
    for path in undone.files.paths():
        known = undone.files.known.of(path, None)
        if known.op and undone.files.holds(path, known) and undone.of(path, known):
            yield path


def _strays(files: SessionFiles, store: Store, base_tree: str) -> Iterator[str]:
    """The files that can be no memories, a front page that somebody has written into among them."""
    for path in files.paths():
        if path == FRONT_PAGE:
            if not files.holds(path, files.known.of(path, store.odb.file(base_tree, path))):
                yield path
        elif not (is_memory_path(path) or path in (POLICY_FILE, ".gitignore") or path.startswith(_RECORDS)):
            yield path


def _with_own_id(file: EditedFile, owners: dict[str, str]) -> EditedFile:
    """The file; refused where another new file has its id. `owners`: {id: path} of the new files, which it joins."""
    if file.edit is None or file.edit.base_blob:
        return file
    owner = owners.setdefault(file.edit.id, file.edit.path)
    return file if owner == file.edit.path else file.refused(id_taken(file.edit.id, owner, f"{file.file.path}: "))


def record_edits(files: SessionFiles, edits: WorktreeEdits, op: str, append: Callable[[], str]) -> str:
    """What `append` returns, which puts the edits into the journal as the operation `op`; their files are
    known from then on.

    The ids of new memories are noted before: done twice, because of a kill in between, it makes each memory once.
    """
    for edit in edits.edits:
        if not edit.base_blob:
            files.known.note(edit.path, KnownFile(id=edit.id))
    files.known.keep()
    state = append() if edits.edits else ""
    for file in edits.files:
        _note(files, file, op)
    return state


def _note(files: SessionFiles, edited: EditedFile, op: str) -> None:
    """Note what was recorded for a file, and take what is private out of it, so that no later save meets that."""
    file, text = edited.file, edited.file.known.text
    if file.data is None:
        return
    known = KnownFile(blob_id(file.data), blob_id(edited.edit.text.encode()) if edited.edit else text, op=op)
    if file.displaced:
        if edited.edit:
            files.displaced.note(file.displaced, known)
        return
    if edited.public != file.data and files.replace(file.path, file.data, edited.public, known):
        known = replace(known, read=blob_id(edited.public))
        files.displaced.tidy(seconds=0)  # what is private stays no longer than somebody has it open
    if edited.edit:
        files.known.note(file.path, known)
