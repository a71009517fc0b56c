"""The text of a decision record in any markup: its front matter, its headings, its sections and its labelled values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from memcli.core.sources.decisions.record_headings import record_headings
from memcli.core.sources.decisions.record_labels import SECTIONS, is_labelled, label_of
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passages import MAX_TEXT
from memcli.core.sources.sections import Heading

HEAD_LINES, BADGE_LINES = 80, 15
"""The first lines of a record, in which labels like `Status:` are looked for."""
LONGEST_LINE = 1000
"""Characters of a line that are looked at."""
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADER = re.compile(r"([A-Z][A-Za-z-]{1,30}):(?:[ \t]+(.*)|[ \t]*)")
_LABEL = re.compile(
    r"[ \t>]*(?:(?:[-*+#•]+|\d+[.)])[ \t]+)?(?:\|[ \t]*)?:?(?:[^\w|:：]{1,4}[ \t]*)?([^\W\d_][^:：|\n]{0,40}?)[ \t]*"
    r"(?:::?|[：|]|[ \t][-–—][ \t])[ \t]*(.*)"
)
_LONG_BLANKS = re.compile(r"[ \t]{3,}")
"""They would make the time that `_LABEL` takes grow with the cube of their length."""
_CELL_TAGS = re.compile(r"(?i)(?:</?(?:table|tbody|thead|tr|td|th)\b[^<>]{0,200}>\s*)+")
_LABEL_ALONE = re.compile(r"(?:\*\*|__)?([^\W\d_]{2,20})(?:\*\*|__)?")
_NEXT_LABEL = re.compile(r"(?:\s[·•|/—–]|[.;,])\s+(?=[^\W\d_]{2,20}\s?[:：])")
_BADGE = re.compile(r"/badge/[^-/)\s]{1,30}[-/]([^-/)\s]{1,40})")


@dataclass(frozen=True)
class RecordText:
    """A record as read. `document`: its front matter and what follows it."""

    path: str
    document: LenientDocument

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines below the front matter, those of fenced code and comments empty."""
        return tuple(_visible_lines(self.document.body))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings in order."""
        return tuple(record_headings(self.path, self.lines))

    @property
    def title(self) -> Heading | None:
        """The heading that comes first, unless it is that of a section or below another one."""
        first = next(iter(self.headings), None)
        rest = self.headings[1:]
        if first is None or is_labelled(first.title.partition(":")[0], SECTIONS):
            return None
        is_highest = all(heading.level >= first.level for heading in rest)
        return first if is_highest and (first.level == 1 or rest) else None

    def values(self, labels: frozenset[str]) -> Iterator[str]:
        """The values of labels in the first lines: `* **Label**: value`, `| Label | value |`, `:label: value`, …"""
        lines = self.lines[:HEAD_LINES]
        for n, line in enumerate(lines):
            bare = re.sub(r"[*_`]{1,3}(?=[\w:：\s|]|$)", "", _CELL_TAGS.sub("|", line[:LONGEST_LINE]))
            bare = _LONG_BLANKS.sub("  ", bare)
            for match in _labelled_parts(bare, n < BADGE_LINES):
                if is_labelled(match[1], labels):
                    value = match[2].strip().rstrip("|").split(" | ")[0].strip(" |")
                    yield value or _below(lines, n)
            if (alone := _LABEL_ALONE.fullmatch(line[:LONGEST_LINE].strip())) and is_labelled(alone[1], labels):
                yield _below(lines, n)

    def columns(self, labels: frozenset[str]) -> Iterator[str]:
        """The cells below a label in the head of a table."""
        lines = self.lines[:HEAD_LINES]
        for n, line in enumerate(lines[:-2]):
            if "|" in line and re.fullmatch(r"[ \t|:-]*-[ \t|:-]*", lines[n + 1][:LONGEST_LINE]):
                cells = zip(_cells(line), _cells(lines[n + 2]), strict=False)
                yield from (below for head, below in cells if is_labelled(head, labels))

    def section(self, labels: frozenset[str]) -> list[str]:
        """The lines below the first heading with such a label; text after a colon in the heading comes first."""
        for n, heading in enumerate(self.headings):
            name, _, value = heading.title.replace("：", ":").partition(":")
            if is_labelled(name, labels) and (n > 0 or self.title is None or value or len(self.headings) == 1):
                end = self.headings[n + 1].line if n + 1 < len(self.headings) else len(self.lines)
                return [value.strip(), *self.lines[heading.below : end]]
        return []

    def has_section(self, labels: frozenset[str]) -> int:
        """How many headings have one of the labels."""
        return sum(is_labelled(heading.title.partition(":")[0], labels) for heading in self.headings)

    def front(self, labels: frozenset[str]) -> str:
        """The value of the first front matter key that is one of the labels."""
        return next((value for key, value in self.document.front.items() if value and label_of(key) in labels), "")

    def badges(self) -> list[str]:
        """What badges about the record's status say."""
        return [
            match[1]
            for line in self.lines[:BADGE_LINES]
            for match in _BADGE.finditer(line[:LONGEST_LINE])
            if "tatus" in line or "adr" in line.lower()
        ]


def record_text(path: str, text: str, front: Mapping[str, str] | None = None) -> RecordText:
    """A record's text; `front`: what a file beside it says about it."""
    document = _with_header(parse_leniently(text[:MAX_TEXT]))
    return RecordText(path, replace(document, front={**document.front, **(front or {})}))


def _with_header(document: LenientDocument) -> LenientDocument:
    """A document whose first lines are `Key: value` (PEP, IETF), with those as its front matter."""
    lines = document.body.lstrip("\n").split("\n")
    front: dict[str, str] = {}
    key, end = "", 0
    for line in lines[:60]:
        match = _HEADER.fullmatch(line)
        if match:
            key = match[1].lower().replace("-", "_")
            front[key] = (match[2] or "").strip()
        elif key and line.startswith((" ", "\t")) and line.strip():
            front[key] = f"{front[key]} {line.strip()}"
        else:
            break
        end += 1
    if document.front or not {"status", "title"} <= front.keys() or "".join(lines[end : end + 1]).strip():
        return document
    skipped = len(document.body) - len(document.body.lstrip("\n"))
    skipped_lines = document.body[:skipped].count("\n") + end
    return LenientDocument("\n".join(lines[end:]), document.line + skipped_lines, front)


def _below(lines: Sequence[str], n: int) -> str:
    """The first of the two lines below a label that says something."""
    return next((_CELL_TAGS.sub("", text).lstrip(" :") for text in lines[n + 1 : n + 3] if text.strip()), "")


def _labelled_parts(line: str, may_have_more: bool) -> Iterator[re.Match[str]]:
    """A label and its value; those further on in a line such as `Date: 2026-01-01 · Status: Proposed`, too."""
    first, *more = _NEXT_LABEL.split(line) if may_have_more else [line]
    if match := _LABEL.match(line if not more else first):
        yield match
        yield from (part for text in more if (part := _LABEL.match(text)))


def _cells(line: str) -> list[str]:
    return [cell.strip(" *_`") for cell in line[:LONGEST_LINE].strip().strip("|").split("|")]


def _visible_lines(body: str) -> Iterator[str]:
    fence, comment = "", False
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not line.strip().strip("`~")
            fence = "" if closes else fence
            yield ""
        elif mark and not comment:
            fence = mark[1]
            yield ""
        else:
            shown, comment = _without_comment(line, comment)
            yield shown


def _without_comment(line: str, inside: bool) -> tuple[str, bool]:
    """A line without HTML comments, and whether one goes on after it."""
    shown = ""
    while line:
        before, mark, line = line.partition("-->" if inside else "<!--")
        shown += "" if inside else before
        inside = inside != bool(mark)
    return shown, inside
