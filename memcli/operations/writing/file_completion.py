"""What the author of a file left out: an author owes nothing but a body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memcli.core.memory.anchors import Anchor
from memcli.core.memory.defaults import default_values, own_evidence
from memcli.core.memory.document import Document, Value
from memcli.core.memory.titles import with_followed_title
from memcli.git.code_tree import Code
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import Author, author_of
from memcli.workspace import Workspace


@dataclass(frozen=True)
class FileCompletion:
    """Completes the files of a session; `worktree` and `code` tell the blobs of anchors."""

    author: Author
    session: str
    new_id: Callable[[], str]
    worktree: str
    code: Callable[[], Code | None]

    @classmethod
    def for_caller(cls, workspace: Workspace, session: str) -> FileCompletion:
        """As the caller's author would have written it now."""
        worktree = workspace.layout.worktree
        return cls(author_of(workspace), session, workspace.clock.new_memory_id, worktree, lambda: workspace.code)

    @property
    def is_agent(self) -> bool:
        return self.author.agent is not None

    def complete(self, document: Document, before: Document | None, path: str) -> Document:
        """The document with what it lacks; an edit that says nothing of `modified` is modified now, and a
        derived title follows the body."""
        if before is None:
            return document.with_values({**self._missing(document, path), **self._anchors(document)})
        document = with_followed_title(before, document)
        is_dated = document.get("modified") != before.get("modified")
        return document if is_dated else document.with_values({"modified": self.author.now})

    def _missing(self, document: Document, path: str) -> dict[str, Value]:
        parts = path.split("/")
        title, topic = parts[-1].removesuffix(".md"), parts[1] if len(parts) > 2 else "general"
        now, created = self.author.now, document.get("created")
        defaults = {
            "id": self.new_id(),
            **default_values(document.body, title, parts[0], topic, now, created),
            "status": "active",
            "evidence": own_evidence(self.is_agent),
            "source": self._source(),
        }
        return {key: value for key, value in defaults.items() if document.get(key) in (None, "")}

    def _source(self) -> dict[str, Value]:
        source = {"session": self.session, "agent": self.author.agent, "commit": self.author.code_commit}
        return {key: value for key, value in source.items() if value}

    def _anchors(self, document: Document) -> dict[str, Value]:
        paths = document.get("paths")
        if not isinstance(paths, tuple):
            return {}
        anchors = with_blobs([Anchor.parse(str(path)) for path in paths], self.worktree, self.code)
        return {"paths": tuple(map(str, anchors))}
