"""What the source of a memory said when the memory was written, by the commit of the code that it names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from memcli.core.memory.memory import Memory
from memcli.core.review.exclusion import source_path
from memcli.core.sources.source_matches import is_origin
from memcli.core.sources.source_reading import read_unit, source_units
from memcli.core.sources.source_registry import OPTIONS
from memcli.core.sources.source_tree import SourceTree
from memcli.git.code_tree import Code
from memcli.operations.bootstrap.source_trees import SourceTrees


@dataclass(frozen=True)
class SourceHistory:
    """Reads sources at earlier commits of the code, each tree once."""

    trees: SourceTrees
    code: Code | None
    _earlier: dict[str, SourceTree | None] = field(default_factory=dict)

    def text_of(self, memory: Memory) -> str | None:
        """The text that a memory was made of, as its source had it at the commit that it names; None where that is not
        here, or had no such text."""
        path, commit = source_path(memory.source.ref), memory.source.commit
        tree = self._tree(commit) if commit else None
        if tree is None or path is None or path not in tree.blobs:
            return None
        if memory.body.strip() in tree.peek(path):
            return memory.body
        units = source_units(replace(tree, named=(path,)), OPTIONS)
        extracts = (extract for unit in units for extract in read_unit(tree, *unit).reading.extracts)
        return next((extract.memory.body for extract in extracts if is_origin(extract, memory)), None)

    def knows(self, memory: Memory) -> bool:
        """Whether the file that a memory names was there at the commit that it names."""
        path, tree = source_path(memory.source.ref), self._tree(memory.source.commit or "")
        return bool(tree and path in tree.blobs)

    def is_unchanged(self, memory: Memory) -> bool:
        """Whether the file that a memory names is as it was at the commit that it names."""
        path, tree = source_path(memory.source.ref), self._tree(memory.source.commit or "")
        now = self.code.files if self.code else {}
        return bool(tree and path and path in now and tree.blobs.get(path) == now[path])

    def new_place(self, memory: Memory) -> str | None:
        """Where the file that a memory names lies now, unchanged, if it is no longer where it was."""
        path, tree = source_path(memory.source.ref) or "", self._tree(memory.source.commit or "")
        blob = tree.blobs.get(path) if tree else None
        places = (self.code.files if self.code and path not in self.code.files else {}).items()
        return next((place for place, content in places if content == blob), None)

    def _tree(self, commit: str) -> SourceTree | None:
        if commit not in self._earlier:
            code = self.code.at(commit) if commit and self.code else None
            self._earlier[commit] = self.trees.of_commit(code) if code else None
        return self._earlier[commit]
