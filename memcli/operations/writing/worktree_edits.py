"""The files of a session's worktree as edits: what somebody has written there with nothing but an editor.

Nothing here writes to the journal or takes a lock: `mem session save` does, and so does the drain, for a save that a
hook has requested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import FRONT_PAGE, POLICY_FILE, SESSION_DIRECTORY, is_memory_path
from memcli.core.finding import BLOCK, WARN, Finding, blocking
from memcli.core.memory.document import Document, DocumentError, decode, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import as_recorded, read_memory, schema_finding
from memcli.core.review.checks.runner import check_write
from memcli.core.review.private import without_private
from memcli.errors import Refused
from memcli.git.worktrees import Worktree
from memcli.operations.views.reader import Reader
from memcli.operations.writing.admission import private_left_out, without_packs
from memcli.operations.writing.file_completion import FileCompletion
from memcli.operations.writing.worktree_sync import written_from
from memcli.state.journal import FileEdit
from memcli.store import Store, parse_memory
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes

_Result = tuple[FileEdit | None, list[Finding]]
"""The edit that a file amounts to, None where it is unchanged or is none; and what there is to say about the file."""


@dataclass(frozen=True)
class WorktreeEdits:
    """What a worktree has beyond its session: `findings` are about files that are no edits, each with its line;
    `strays`: files that can be none."""

    edits: tuple[FileEdit, ...]
    findings: tuple[Finding, ...]
    strays: tuple[str, ...]

    @property
    def summary(self) -> str:
        return self.edits[0].path if len(self.edits) == 1 else f"{len(self.edits)} files"


def read_edits(workspace: Workspace, worktree: Worktree, session: str) -> WorktreeEdits:
    """Every changed file of a worktree as an edit of a session; those that are edits are completed in place."""
    store, reader = workspace.store, Reader(workspace)
    completion = FileCompletion.for_caller(workspace, session)
    editor = _EditReader(worktree, store, completion, workspace.excludes, lambda id: _path_of(reader, session, id))
    return editor.read(store.tree_of(written_from(store, worktree, session)))


def _path_of(reader: Reader, session: str, memory_id: str) -> str | None:
    with reader.view(session) as view:
        record = view.get(memory_id)
    return record.path if record else None


class _EditReader:
    """Reads the files of one worktree; `path_of` tells the path of a memory by its id."""

    def __init__(
        self,
        worktree: Worktree,
        store: Store,
        completion: FileCompletion,
        excludes: Excludes | None,
        path_of: Callable[[str], str | None],
    ) -> None:
        self._worktree, self._store, self._completion = worktree, store, completion
        self._excludes, self._path_of = excludes, path_of

    def read(self, base_tree: str) -> WorktreeEdits:
        """What differs from the tree that the files were written from."""
        edits, findings, paths = list[FileEdit](), list[Finding](), self._worktree.files()
        for path in paths:
            if is_memory_path(path) or path == POLICY_FILE:
                edit, found = self._file(path, self._store.odb.file(base_tree, path))
                copy = next((each for each in edits if edit and not edit.base_blob and each.id == edit.id), None)
                if copy:
                    edit, found = None, [_id_taken(copy.id, copy.path, f"{path}: ")]
                edits += [edit] if edit else []
                findings += found
        for edit in edits:  # ids are given once: the next save must find them here
            self._worktree.write({edit.path: edit.text.encode()})
        return WorktreeEdits(tuple(edits), tuple(findings), tuple(path for path in paths if not _is_known(path)))

    def _file(self, path: str, blob: str | None) -> _Result:
        data = self._worktree.read(path)
        if data is None:
            return None, [Finding("path-safety", WARN, "", f"{path} is not a regular file", "replace it by a file")]
        data, findings = self._without_private(path, data)
        old = self._store.odb.blob(blob) if blob else None
        if data == old:
            return None, findings
        edit, found = self._policy(path, blob, data) if path == POLICY_FILE else self._memory(path, blob, old, data)
        return edit, [*findings, *found]

    def _without_private(self, path: str, data: bytes) -> tuple[bytes, list[Finding]]:
        """A file without its private parts, which leave the worktree too, so that no later save meets them."""
        text, removed = without_private(data.decode("utf-8", "surrogateescape"))
        if not removed:
            return data, []
        public = text.encode("utf-8", "surrogateescape")
        self._worktree.write({path: public})
        return public, list(private_left_out("", removed, f"{path}, which was rewritten: "))

    def _policy(self, path: str, blob: str | None, data: bytes) -> _Result:
        if self._completion.is_agent:
            message, hint = "only people may change the policy", "ask a person to edit it"
            return None, [Finding("read-only", BLOCK, "policy", message, hint)]
        try:
            return FileEdit(path, "policy", blob, decode(data)), []
        except DocumentError as error:
            return None, [Finding("schema", BLOCK, "policy", f"{path}: {error}", f"correct {path}")]

    def _memory(self, path: str, blob: str | None, old: bytes | None, data: bytes) -> _Result:
        try:
            document = _document(data)
        except Refused as error:
            return None, [Finding("echo", WARN, "", f"{path}: {error.message}", error.hint)]
        except DocumentError as error:
            return None, [schema_finding(error, path)]
        before = parse_memory(old, path).document if old else None
        document = as_recorded(document, before, self._completion.is_agent)
        text = self._completion.complete(document, before, path).text()
        memory, findings = read_memory(parse_document(text))
        findings += [*check_write(text, path, self._excludes), *self._copied_id(memory, path, blob)]
        if blocking(findings) or memory is None:
            return None, [replace(finding, message=f"{path}: {finding.message}") for finding in findings]
        return FileEdit(path, memory.id, blob, text), findings

    def _copied_id(self, memory: Memory | None, path: str, blob: str | None) -> Sequence[Finding]:
        """A copied file brings its id along; an id names one memory."""
        owner = self._path_of(memory.id) if memory and not blob else None
        return [_id_taken(memory.id, owner)] if memory and owner and owner != path else []


def _document(data: bytes) -> Document:
    """The document in a file, without what mem itself has handed out. Raises Refused, DocumentError."""
    document = parse_document(decode(data))
    body = without_packs(document.body)
    return document if body == document.body else document.with_body(body)


def _id_taken(memory_id: str, owner: str, where: str = "") -> Finding:
    message = f"{where}the id belongs to {owner}"
    return Finding("schema", BLOCK, memory_id, message, "remove the 'id' line to make a new memory of it")


def _is_known(path: str) -> bool:
    names = (POLICY_FILE, FRONT_PAGE, ".gitignore")
    return is_memory_path(path) or path in names or path.startswith(SESSION_DIRECTORY + "/")
