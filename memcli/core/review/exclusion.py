"""Which code paths memory leaves alone: the rules of ignore files, and what a memory may name beside files.

A path costs a look-up for all lines without wildcards, and for the others a search for their fixed text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from memcli.core.memory.anchors import tidied
from memcli.core.review.ignore_pattern import IgnorePattern, parse_line


class _Lines:
    """The patterns of a file by what finds them: by path, by name, and those with wildcards by their fixed text."""

    def __init__(self, patterns: tuple[IgnorePattern, ...]) -> None:
        self._paths: defaultdict[str, list[int]] = defaultdict(list)
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._wild: list[tuple[int, str, IgnorePattern]] = []
        self._patterns = patterns
        for number, pattern in enumerate(patterns):
            if not pattern.is_fixed:
                self._wild.append((number, pattern.fixed_text, pattern))
            elif pattern.is_name:
                self._names[pattern.segments[-1]].append(number)
            else:
                self._paths["/".join(pattern.segments)].append(number)
        self._wild.reverse()

    def last_match(self, path: str, directory: bool) -> IgnorePattern | None:
        """The last line that names a file or a directory: it decides."""
        fixed = (*self._paths.get(path, ()), *self._names.get(path.rpartition("/")[2], ()))
        able = (number for number in fixed if directory or not self._patterns[number].directories_only)
        last = max(able, default=-1)
        for number, text, pattern in self._wild:
            if number < last:
                break
            if text in path and (directory or not pattern.directories_only) and pattern.matches(path):
                return pattern
        return self._patterns[last] if last >= 0 else None


@dataclass(frozen=True)
class IgnoreRules:
    """The patterns of one file, of which the last that matches decides; `origin` names the file."""

    origin: str
    patterns: tuple[IgnorePattern, ...]

    @classmethod
    def parse(cls, origin: str, text: str) -> IgnoreRules:
        """The rules in a file's text."""
        lines = text.removeprefix("\ufeff").split("\n")
        return cls(origin, tuple(filter(None, map(parse_line, lines))))

    @cached_property
    def _lines(self) -> _Lines:
        return _Lines(self.patterns)

    @cached_property
    def _directories(self) -> dict[str, IgnorePattern | None]:
        return {}

    def excluding(self, path: str, directory: bool = False) -> IgnorePattern | None:
        """The line that excludes a file (or a directory), or a directory above it, whose files cannot be kept."""
        return self._above(path) or self._own(path, directory)

    def _above(self, path: str) -> IgnorePattern | None:
        ends = (place for place, letter in enumerate(path) if letter == "/")
        return next(filter(None, (self._directory(path[:end]) for end in ends)), None)

    def _directory(self, path: str) -> IgnorePattern | None:
        if path not in self._directories:
            self._directories[path] = self._own(path, True)
        return self._directories[path]

    def _own(self, path: str, directory: bool) -> IgnorePattern | None:
        pattern = self._lines.last_match(path, directory)
        return None if pattern is None or pattern.keeps else pattern

    def naming(self, path: str) -> IgnorePattern | None:
        """The line that excludes what a memory names: a file, a directory, or all there is in one (`secrets/*`)."""
        pattern = self._above(path) or self._own(path, True)
        return pattern or (self._own(path, False) if self._keeps_any else self._emptied(path))

    @cached_property
    def _keeps_any(self) -> bool:
        return any(pattern.keeps for pattern in self.patterns)

    def _emptied(self, path: str) -> IgnorePattern | None:
        return next((pattern for pattern in self._whole if pattern.empties(path)), None)

    @cached_property
    def _whole(self) -> list[IgnorePattern]:
        """The lines that name all there is in a directory."""
        return [pattern for pattern in self.patterns if pattern.names_all]


@dataclass(frozen=True)
class Excludes:
    """All rules of a repository: a path is excluded where any file's rules say so."""

    rules: tuple[IgnoreRules, ...] = ()

    def __bool__(self) -> bool:
        return any(rules.patterns for rules in self.rules)

    def excluding(self, path: str) -> tuple[str, str] | None:
        """(origin, line) of what excludes a code path, which may be a file, a directory or a glob; None if nothing."""
        path = tidied(path)
        for rules in self.rules:
            if pattern := rules.naming(path):
                return rules.origin, pattern.line
        return None

    def excludes(self, path: str) -> bool:
        """Whether memory leaves a code path alone."""
        return bool(self.rules) and self.excluding(path) is not None

    def left(self, paths: Iterable[str]) -> Iterator[str]:
        """The paths that nothing excludes."""
        return (path for path in paths if not self.excludes(path))


def source_path(ref: str | None) -> str | None:
    """The code path that `source.ref` names: `path`, `path:12`, `path:12-20` or `path#L12`; None for anything else."""
    if not ref or "://" in ref or ref.startswith("commit:"):
        return None
    return tidied(re.sub(r"(?:#.*|(?::\d+(?:-\d+)?)+)$", "", ref.strip(), flags=re.DOTALL)) or None
