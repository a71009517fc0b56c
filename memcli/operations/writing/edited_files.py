"""One file of a session's worktree, as an edit of the session or with what keeps it from being one. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.branch import POLICY_FILE
from memcli.core.finding import BLOCK, INFO, WARN, Finding, blocking
from memcli.core.memory.anchors import blob_id
from memcli.core.memory.claim_author import as_recorded
from memcli.core.memory.document import Document, DocumentError, decode, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory, schema_finding
from memcli.core.review.checks.runner import check_write
from memcli.core.review.private import without_private
from memcli.core.review.secrets import without_secrets
from memcli.errors import Failure, Refused
from memcli.git.odb import Odb
from memcli.operations.writing.admission import private_left_out, without_packs
from memcli.operations.writing.displaced_files import DisplacedFile
from memcli.operations.writing.file_completion import FileCompletion
from memcli.operations.writing.known_files import KnownFile
from memcli.state.journal import FileEdit, JournalEntry

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes


@dataclass(frozen=True)
class ReadFile:
    """A file as it was read: at its path, or `displaced` from it; `data` is None for what is no regular file."""

    path: str
    data: bytes | None
    known: KnownFile
    displaced: DisplacedFile | None = None

    @property
    def name(self) -> str:
        """How a finding names it: by its path in the worktree, or by where it is kept."""
        return str(self.displaced.file) if self.displaced else self.path


@dataclass(frozen=True)
class EditedFile:
    """What a changed file amounts to: an edit, or None; the findings; and its `public` bytes, without what is private.
    It `is_unreadable` where it should be an edit and cannot."""

    file: ReadFile
    public: bytes
    edit: FileEdit | None
    findings: tuple[Finding, ...]

    @property
    def is_unreadable(self) -> bool:
        return self.edit is None and any(finding.severity != INFO for finding in self.findings)

    def refused(self, finding: Finding) -> EditedFile:
        """The same file, which a finding keeps from being an edit."""
        return replace(self, edit=None, findings=(finding,))


@dataclass(frozen=True)
class RecordedTexts:
    """Texts by their blobs, also those of a session's edits that wait in the journal."""

    odb: Odb
    waiting: Callable[[], Sequence[JournalEntry]]

    def of(self, blob: str) -> str | None:
        """The text, None where it is nowhere."""
        with suppress(Failure):
            return self.odb.blob(blob).decode("utf-8", "replace")
        texts = (edit.text for entry in self.waiting() for edit in entry.edits)
        return next((text for text in texts if blob_id(text.encode()) == blob), None)


@dataclass(frozen=True)
class FileReader:
    """Reads changed files; `path_of` tells the path of a memory by its id, `is_gone` whether the worktree had a file at
    a path and has it no more."""

    texts: RecordedTexts
    completion: FileCompletion
    excludes: Excludes | None
    path_of: Callable[[str], str | None]
    is_gone: Callable[[str], bool]

    def read(self, file: ReadFile) -> EditedFile:
        """The edit that a changed file amounts to; without its private parts it may be none."""
        if file.data is None:
            finding = Finding("path-safety", WARN, "", f"{file.name} is not a regular file", "replace it by a file")
            return EditedFile(file, b"", None, (finding,))
        text, removed = without_private(file.data.decode("utf-8", "surrogateescape"))
        public = text.encode("utf-8", "surrogateescape") if removed else file.data
        findings = private_left_out("", removed, f"{file.name}, which was rewritten: ")
        if removed and file.known.holds(public):
            return EditedFile(file, public, None, tuple(findings))
        edit, more = self._policy(file, public) if file.path == POLICY_FILE else self._memory(file, public)
        return EditedFile(file, public, edit, (*findings, *more))

    def _policy(self, file: ReadFile, data: bytes) -> tuple[FileEdit | None, list[Finding]]:
        if self.completion.is_agent:
            message, hint = "only people may change the policy", "ask a person to edit it"
            return None, [Finding("read-only", BLOCK, "policy", message, hint)]
        try:
            return FileEdit(file.path, "policy", file.known.text or None, decode(data)), []
        except DocumentError as error:
            return None, [Finding("schema", BLOCK, "policy", f"{file.name}: {error}", f"correct {file.name}")]

    def _memory(self, file: ReadFile, data: bytes) -> tuple[FileEdit | None, list[Finding]]:
        path, base = file.path, self.texts.of(file.known.text) if file.known.text else None
        try:
            document = _document(data)
        except Refused as error:
            return None, [Finding("echo", WARN, "", f"{file.name}: {error.message}", error.hint)]
        except DocumentError as error:
            return None, [schema_finding(error, file.name)]
        before = _earlier(base)
        document = self.completion.complete(document, before, path, file.known.id)
        author = self.completion.author
        text = as_recorded(document, before, author.agent, author.session).text()
        memory, findings = read_memory(parse_document(text))
        findings += [*check_write(text, path, self.excludes), *self._copied_id(memory, path, base)]
        if blocking(findings) or memory is None:
            place = without_secrets(file.name)
            return None, [replace(finding, message=f"{place}: {finding.message}") for finding in findings]
        return FileEdit(path, memory.id, None if base is None else file.known.text, text), findings

    def _copied_id(self, memory: Memory | None, path: str, base: str | None) -> Sequence[Finding]:
        """A copied file brings its id along; an id names one memory."""
        owner = self.path_of(memory.id) if memory and base is None else None
        if memory is None or owner is None or owner == path:
            return []
        return [_moved(memory.id, owner) if self.is_gone(owner) else id_taken(memory.id, owner)]


def _document(data: bytes) -> Document:
    """The document in a file, without what mem itself has handed out. Raises Refused, DocumentError."""
    document = parse_document(decode(data))
    body = without_packs(document.body)
    return document if body == document.body else document.with_body(body)


def _earlier(text: str | None) -> Document | None:
    """The document that was recorded before, if it can be read."""
    with suppress(DocumentError):
        return None if text is None else parse_document(text)
    return None


def _moved(memory_id: str, owner: str) -> Finding:
    """The finding about a file that was moved away from the path of its memory."""
    return Finding(
        "schema", BLOCK, memory_id, f"it was moved from {owner}", f"move it back to {owner}: a memory keeps its path"
    )


def id_taken(memory_id: str, owner: str, where: str = "") -> Finding:
    """The finding about a file whose id belongs to another one."""
    message = f"{where}the id belongs to {owner}"
    return Finding("schema", BLOCK, memory_id, message, "remove the 'id' line to make a new memory of it")
