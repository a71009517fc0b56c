"""The values of new memories on their way to files: completed, checked, and named in errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memcli.core.finding import Finding
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Value
from memcli.core.memory.memory import Memory
from memcli.core.review.private import value_without_private
from memcli.errors import MemError
from memcli.operations.memories.given_ids import with_full_ids
from memcli.operations.memories.new_memory import complete_memory
from memcli.operations.writing.admission import pack_left_out, private_left_out
from memcli.operations.writing.author import Author
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.operations.writing.record import refuse_blocked

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes
    from memcli.operations.views.reader import Reader

Anchored = Callable[[Sequence[Anchor]], tuple[Anchor, ...]]
"""Anchors → the same with the blobs that the code has there."""


@dataclass(frozen=True)
class NewBatch:
    """New memories (front matter keys and `body`) with their ids; `places` say in an error which of them it is about,
    one for each or none at all."""

    inputs: Sequence[Mapping[str, Value]]
    ids: Sequence[str]
    places: Sequence[str] = ()
    private: Sequence[int] = ()

    def cleaned(self, open_reader: Callable[[], Reader]) -> NewBatch:
        """The batch with whole ids of the memories that it names and without private parts; `private` counts these.

        Raises NotFound, Usage, Refused.
        """
        whole = list[Mapping[str, Value]]()
        for number, values in enumerate(self.inputs):
            with self._naming(number):
                whole.append(with_full_ids(values, open_reader))
        cleaned = [value_without_private(values) for values in whole]
        return replace(self, inputs=[values for values, _ in cleaned], private=[count for _, count in cleaned])

    def files(self, author: Author, anchored: Anchored, excludes: Excludes | None) -> list[NewFile]:
        """The files of the new memories. Raises Usage, Refused at the first that cannot be one."""
        memories = [replace(memory, paths=anchored(memory.paths)) for memory in self._memories(author)]
        files = list[NewFile]()
        for number, file in enumerate(new_files(memories, excludes)):
            with self._naming(number):
                refuse_blocked(file.findings)
            files.append(file)
        return files

    def removals(self, number: int, memory_id: str) -> tuple[Finding, ...]:
        """The findings about what was left out of one of them, which is known by this id."""
        body = self.inputs[number].get("body")
        return (*private_left_out(memory_id, self.private[number]), *pack_left_out(memory_id, body))

    def _memories(self, author: Author) -> list[Memory]:
        memories = list[Memory]()
        for number, (values, memory_id) in enumerate(zip(self.inputs, self.ids, strict=True)):
            with self._naming(number):
                memories.append(complete_memory(values, memory_id, author))
        return memories

    @contextmanager
    def _naming(self, number: int) -> Iterator[None]:
        """Let an error about one of several memories say which it is, and that none of them was recorded."""
        try:
            yield
        except MemError as error:
            if self.places:
                error.message = f"{self.places[number]}: {error.message}"
                error.hint = f"{error.hint}; nothing of the batch was recorded"
            raise
