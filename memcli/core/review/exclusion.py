"""Which code paths memory leaves alone: the reading of `.memignore`, line by line as git reads `.gitignore`.

A matcher of our own: it is needed on the way of every recall where such a file exists, where a library's import would
cost more than the search, and a hostile file must not make it slow. A path costs at most its length times the lines'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from memcli.core.memory.anchors import tidied

_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": r" \t", "digit": "0-9", "lower": "a-z", "upper": "A-Z",
    "space": r"\s", "xdigit": "0-9A-Fa-f", "word": r"\w",
}  # fmt: skip
_TOKEN = re.compile(r"\\(?P<literal>.)|(?P<star>\*+)|(?P<any>\?)|(?P<class>\[[!^]?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\])|(.)",
                    re.DOTALL)  # fmt: skip
ANYWHERE = "**"


@dataclass(frozen=True)
class Pattern:
    """One line: `segments` of the path, `**` standing for any number of them; `keeps`: it began with `!`."""

    line: str
    segments: tuple[str, ...]
    keeps: bool
    directories_only: bool


def parse_line(line: str) -> Pattern | None:
    """The pattern of a line; None for a comment, a blank line, and what can match nothing."""
    text = _trimmed(line.removesuffix("\r"))
    if not text or text.startswith("#"):
        return None
    keeps, text = text.startswith("!"), text.removeprefix("!")
    directories_only, text = text.endswith("/"), text.removesuffix("/")
    rooted, text = "/" in text, text.removeprefix("/")
    segments = tuple(ANYWHERE if re.fullmatch(r"\*{2,}", one) else one for one in text.split("/"))
    if not all(segments) or not all(one == ANYWHERE or _regex(one) for one in segments):
        return None
    return Pattern(line.strip(), segments if rooted else (ANYWHERE, *segments), keeps, directories_only)


def _trimmed(line: str) -> str:
    """Without blanks at the end, but for one that a backslash keeps."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(line) else bare


@cache
def _regex(segment: str) -> re.Pattern[str] | None:
    """One segment of a pattern. Stars take as little as will do and never look back, so that none multiplies another;
    None where a class or an escape is left open: git matches nothing then."""
    runs: list[list[str]] = [[]]
    for token in _TOKEN.finditer(segment):
        if token["star"]:
            runs.append([])
        elif token["class"]:
            runs[-1].append(_class(token["class"]))
        elif token[0] in ("[", "\\"):
            return None
        else:
            runs[-1].append("[^/]" if token["any"] else re.escape(token["literal"] or token[0]))
    first, *others = ["".join(run) for run in runs]
    middle = "".join(f"(?>[^/]*?{run})" for run in others[:-1])
    written = first + middle + (f"[^/]*{others[-1]}" if others else "")
    try:
        return re.compile(written, re.DOTALL)
    except re.error:
        return None


def _class(text: str) -> str:
    inner = text[1:-1]
    negated, inner = inner[:1] in ("!", "^"), inner[1:] if inner[:1] in ("!", "^") else inner
    pieces = re.findall(r"\[:(\w+):\]|\\(.)|(.)", inner, re.DOTALL)
    said = "".join(_CLASSES.get(name, "") if name else _member(quoted, plain) for name, quoted, plain in pieces)
    return f"(?!/)[{'^' if negated else ''}{said}]"


def _member(quoted: str, plain: str) -> str:
    return "-" if plain == "-" else re.escape(quoted or plain)


def _written(segments: Sequence[str]) -> str:
    """A whole pattern as a regular expression; like a star, `**` takes as little as will do and never looks back."""
    runs = [list(run) for is_any, run in groupby(segments, lambda one: one == ANYWHERE) if not is_any]
    *middle, last = ["/".join(found.pattern for one in run if (found := _regex(one))) for run in runs] or [""]
    leads, trails = segments[0] == ANYWHERE, segments[-1] == ANYWHERE
    text = "".join(f"(?>{_ABOVE if number or leads else ''}{run}/)" for number, run in enumerate(middle))
    above = _ABOVE if (middle or leads) and last else ""
    if not trails:
        return f"{text}{above}{last}"
    return f"{text}(?>{above}{last}/).+" if last else ".+"


_ABOVE = "(?:[^/]+/)*?"


class _Run:
    """Lines that follow each other and all leave out, or all keep: one question for a path instead of many."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.keeps = patterns[0].keeps
        self._patterns = patterns
        self._of = [self._any(patterns), self._any([one for one in patterns if not one.directories_only])]

    @staticmethod
    def _any(patterns: Sequence[Pattern]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{_written(one.segments)})" for one in patterns) or "(?!)", re.DOTALL)

    def matches(self, path: str, directory: bool) -> bool:
        return self._of[not directory].fullmatch(path) is not None

    def line(self, path: str, directory: bool) -> Pattern:
        """The last line of those that match a path that matches."""
        able = (one for one in reversed(self._patterns) if directory or not one.directories_only)
        return next(one for one in able if re.fullmatch(_written(one.segments), path, re.DOTALL))


@dataclass(frozen=True)
class Rules:
    """The patterns of one file, the last that matches decides; `origin` names the file."""

    origin: str
    patterns: tuple[Pattern, ...]

    @classmethod
    def parse(cls, origin: str, text: str) -> Rules:
        """The rules in a file's text."""
        lines = text.removeprefix("\ufeff").split("\n")
        return cls(origin, tuple(filter(None, map(parse_line, lines))))

    @cached_property
    def _runs(self) -> list[_Run]:
        """From the last line to the first."""
        return [_Run(list(run)) for _, run in groupby(self.patterns, lambda one: one.keeps)][::-1]

    @cached_property
    def _directories(self) -> dict[str, Pattern | None]:
        return {}

    def excluding(self, path: str, directory: bool = False) -> Pattern | None:
        """The line that leaves out a file (or a directory), or a directory above it, from where nothing comes back."""
        return self._above(path) or self._own(path, directory)

    def _above(self, path: str) -> Pattern | None:
        ends = (place for place, letter in enumerate(path) if letter == "/")
        return next(filter(None, (self._directory(path[:end]) for end in ends)), None)

    def _directory(self, path: str) -> Pattern | None:
        if path not in self._directories:
            self._directories[path] = self._own(path, True)
        return self._directories[path]

    def _own(self, path: str, directory: bool) -> Pattern | None:
        run = next((one for one in self._runs if one.matches(path, directory)), None)
        return run.line(path, directory) if run and not run.keeps else None

    def naming(self, path: str) -> Pattern | None:
        """The line that leaves out what a memory names: a file, a directory, or all there is in one (`secrets/*`)."""
        keeps = any(one.keeps for one in self.patterns)
        found = self._above(path) or self._own(path, True)
        return found or (self._own(path, False) if keeps else self._emptied(path))

    def _emptied(self, path: str) -> Pattern | None:
        whole = (one for one in self._whole if re.fullmatch(_written(one.segments[:-1]), path, re.DOTALL))
        return next(whole, None)

    @cached_property
    def _whole(self) -> list[Pattern]:
        return [
            one for one in self.patterns if one.segments[-1] in ("*", ANYWHERE) and set(one.segments[:-1]) - {ANYWHERE}
        ]


@dataclass(frozen=True)
class Excludes:
    """All rules of a repository: a path is excluded where any file's rules say so."""

    rules: tuple[Rules, ...] = ()

    def __bool__(self) -> bool:
        return any(one.patterns for one in self.rules)

    def excluding(self, path: str) -> tuple[str, str] | None:
        """(origin, line) of what excludes a code path, which may be a file, a directory or a glob; None without."""
        path = tidied(path)
        for rules in self.rules:
            if found := rules.naming(path):
                return rules.origin, found.line
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
