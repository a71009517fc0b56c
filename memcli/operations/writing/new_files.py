"""The files of new memories: where each goes, its text, and what the checks find in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.core.finding import Finding, blocking
from memcli.core.memory.document import new_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.review.checks.runner import check_write
from memcli.state.journal import FileEdit
from memcli.store import path_for

if TYPE_CHECKING:
    from memcli.core.review.exclusion import Excludes


@dataclass(frozen=True)
class NewFile:
    """A new memory, the edit that makes its file, and the findings about that file."""

    memory: Memory
    edit: FileEdit
    findings: tuple[Finding, ...]


def new_files(memories: Iterable[Memory], excludes: Excludes | None, taken: Sequence[str] = ()) -> Iterator[NewFile]:
    """The file of each memory, at a path of its own that is not in `taken`; one that is blocked takes no path."""
    paths = list(taken)
    for memory in memories:
        path = path_for(memory, paths)
        text = new_document(front_matter(memory), memory.body).text()
        findings = check_write(text, path, excludes)
        if not blocking(findings):
            paths.append(path)
        yield NewFile(memory, FileEdit(path, memory.id, None, text), tuple(findings))
