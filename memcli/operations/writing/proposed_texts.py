"""What a session proposes already, by its texts: a memory that is added twice is made once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import normalised_body
from memcli.core.session.state import Session
from memcli.store import Store, parse_memory


@dataclass(frozen=True)
class ProposedMemory:
    """A memory of a session, and its path."""

    memory: Memory
    path: str


class ProposedTexts:
    """Files of one session, found by the bodies of their memories."""

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        """`files`: (path, text); a later one of the same path replaces the earlier one."""
        self._texts: dict[str, str] = {}
        self._paths: dict[str, dict[str, None]] = {}
        for path, text in files:
            self.add(path, text)

    def add(self, path: str, text: str) -> None:
        """Take in one more file."""
        if path in self._texts:
            del self._paths[_body(self._texts[path])][path]
        self._texts[path] = text
        self._paths.setdefault(_body(text), {})[path] = None

    def repeated_by(self, path: str, text: str) -> ProposedMemory | None:
        """The memory that a new file says once more: with the same text, kind and key, for a common time."""
        if _body(text) not in self._paths:  # as good as always, so nothing was parsed for it
            return None
        new = parse_memory(text, path).memory
        same = (file for file in self._with_body(text) if new and _says_same(new, file.memory))
        return next((file for file in same if new and self._meet(file.memory, new)), None)

    def _meet(self, memory: Memory, new: Memory) -> bool:
        """Whether two memories with one text hold for a common time."""
        from memcli.core.review.key_timeline import KeyTimeline, held_interval, meet

        timeline = KeyTimeline([memory, new, *self._with_key(new.key)]) if new.key else None
        first, second = held_interval(memory, timeline), held_interval(new, timeline)
        return bool(first and second and meet(first, second))

    def _with_body(self, text: str) -> Iterator[ProposedMemory]:
        for path in self._paths[_body(text)]:
            memory = parse_memory(self._texts[path], path).memory
            if memory:
                yield ProposedMemory(memory, path)

    def _with_key(self, key: str | None) -> Iterator[Memory]:
        for path, text in self._texts.items():
            memory = parse_memory(text, path).memory
            if memory and memory.key == key:
                yield memory


def texts_of_session(store: Store, session: Session, tree: str) -> ProposedTexts:
    """What a session proposes with a tree, without what was rejected."""
    deltas = store.deltas(store.tree_of(session.base), tree)
    files = ((delta.path, store.text(delta.new)) for delta in deltas if delta.new)
    return ProposedTexts((path, text) for path, text in files if not _is_rejected(session, path, text))


def _is_rejected(session: Session, path: str, text: str) -> bool:
    if not session.rejections:
        return False
    from memcli.core.review.candidates import content_hash

    memory = parse_memory(text, path).memory
    return memory is not None and session.rejects(memory.id, content_hash(memory))


def _says_same(new: Memory, other: Memory) -> bool:
    """Whether two active memories with one body have one kind and key."""
    are_active = new.status == other.status == "active"
    return are_active and other.id != new.id and (other.kind, other.key) == (new.kind, new.key)


def _body(text: str) -> str:
    """The body of a file as duplicates are compared, found without reading the front matter."""
    head, mark, body = text.partition("\n---\n")
    return normalised_body(body if mark and head.startswith("---") else text)
