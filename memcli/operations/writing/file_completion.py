"""What the author of a file left out: an author owes nothing but a body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memcli.actor import Actor
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.defaults import default_values, own_evidence
from memcli.core.memory.document import Document, Value
from memcli.core.memory.titles import with_followed_title
from memcli.git.code_tree import Code
from memcli.operations.writing.anchor_blobs import with_blobs
from memcli.operations.writing.author import Author, author_of


@dataclass(frozen=True)
class FileCompletion:
    """Completes the files of a session; `worktree` and `code` tell the blobs of anchors."""

    author: Author
    new_id: Callable[[], str]
    worktree: str
    code: Callable[[], Code | None]

    @classmethod
    def for_actor(cls, actor: Actor, session: str, code: Callable[[], Code | None]) -> FileCompletion:
        """As who acts would have written the files now."""
        return cls(author_of(actor, session), actor.clock.new_memory_id, actor.layout.worktree, code)

    @property
    def is_agent(self) -> bool:
        return self.author.agent is not None

    def complete(self, document: Document, before: Document | None, path: str, reserved: str = "") -> Document:
        """The document with what it lacks, `reserved` being the id of a new memory, if it has one; an edit that says
        nothing of `modified` is modified now, and a derived title follows the body."""
        if before is None:
            missing = self._missing(document, path, reserved or self.new_id())
            return document.with_values({**missing, **self._anchors(document)})
        document = with_followed_title(before, document if document.get("id") else _with_earlier(document, before))
        is_dated = document.get("modified") != before.get("modified")
        return document if is_dated else document.with_values({"modified": self.author.now})

    def _missing(self, document: Document, path: str, memory_id: str) -> dict[str, Value]:
        parts = path.split("/")
        title, topic = parts[-1].removesuffix(".md"), parts[1] if len(parts) > 2 else "general"
        now, created = self.author.now, document.get("created")
        defaults = {
            "id": memory_id,
            **default_values(document.body, title, parts[0], topic, now, created),
            "status": "active",
            "evidence": own_evidence(self.is_agent),
            "source": self._source(),
        }
        return {key: value for key, value in defaults.items() if document.get(key) in (None, "")}

    def _source(self) -> dict[str, Value]:
        source = {"session": self.author.session, "agent": self.author.agent, "commit": self.author.code_commit}
        return {key: value for key, value in source.items() if value}

    def _anchors(self, document: Document) -> dict[str, Value]:
        paths = document.get("paths")
        if not isinstance(paths, tuple):
            return {}
        anchors = with_blobs([Anchor.parse(str(path)) for path in paths], self.worktree, self.code)
        return {"paths": tuple(map(str, anchors))}


def _with_earlier(document: Document, before: Document) -> Document:
    """A document without an id with what the earlier one at its path has beside it: its author goes on in a file that
    was recorded without being completed in place."""
    earlier = before.front().items()
    return document.with_values({key: value for key, value in earlier if document.get(key) in (None, "")})
