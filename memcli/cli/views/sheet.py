"""What is shown before a question, as rows: for the eye with signs and colours, or for a screen reader as sentences.

The plain form has one fact in a line, words in the place of signs, no colour, and no more cells in a line than the
terminal has: a braille line has forty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from memcli.cli.options import Call
from memcli.cli.views.display_width import READABLE, cut_to_width, screen_width, wrapped
from memcli.cli.views.output import printable
from memcli.cli.views.styles import bold, coloured, dim

TITLE, TEXT, ADDED, REMOVED, FACT, GOOD, BAD, LOOK, BLANK = (
    "title", "text", "added", "removed", "fact", "good", "bad", "look", "blank",
)  # fmt: skip
"""What a row is: `GOOD`, `BAD` and `LOOK` are coloured green, red and yellow."""
_COLOURS = {GOOD: "green", BAD: "red", LOOK: "yellow", ADDED: "green", REMOVED: "red"}
_SIGNS = {ADDED: "+ ", REMOVED: "- "}


@dataclass(frozen=True)
class SheetRow:
    """One fact: `label` says in words what `text` is, shown to the eye where `is_labelled`. `is_cut`: the eye gets
    it in one line."""

    kind: str
    label: str
    text: str
    indent: int = 0
    is_labelled: bool = False
    is_cut: bool = False


BLANK_ROW = SheetRow(BLANK, "", "")
"""An empty line for the eye; nothing for a screen reader."""


class SmallFact(NamedTuple):
    """A small fact: what it is called, the word before it where it stands among others, and the text for each form,
    which is the same unless `spoken` is given."""

    label: str
    lead: str
    text: str
    spoken: str = ""


@dataclass(frozen=True)
class SmallFacts:
    """Small facts: one line for the eye, a line each for a screen reader."""

    facts: tuple[SmallFact, ...]
    indent: int = 0

    @property
    def in_one(self) -> SheetRow:
        """All of them in one row."""
        facts = [fact for fact in self.facts if fact.text]
        texts = (f"{' ' if fact.lead == 'in' else ' · '}{fact.lead} {fact.text}".rstrip() for fact in facts)
        return SheetRow(FACT, "", "".join(texts).replace("  ", " ").removeprefix(" · "), self.indent)

    @property
    def each(self) -> Iterator[SheetRow]:
        """A row for each."""
        return (SheetRow(FACT, fact.label, fact.spoken or fact.text) for fact in self.facts if fact.text)


def sheet_text(call: Call, rows: Iterable[SheetRow | SmallFacts], is_plain: bool) -> str:
    """Rows as text for a terminal; what comes from a store is escaped."""
    return "\n".join(line for row in rows for line in _lines(call, row, is_plain))


def _lines(call: Call, row: SheetRow | SmallFacts, is_plain: bool) -> Iterator[str]:
    if is_plain:
        rows = row.each if isinstance(row, SmallFacts) else [row]
        return (line for row in rows for line in _plain_lines(row))
    return _styled_lines(call, row.in_one if isinstance(row, SmallFacts) else row)


def _plain_lines(row: SheetRow) -> Iterator[str]:
    if row.kind == BLANK:
        return
    for number, line in enumerate(printable(row.text).split("\n")):
        if line.strip():
            label = f"{row.label}: " if row.label and number == 0 else ""
            yield from wrapped(label + line.strip(), screen_width())


def _styled_lines(call: Call, row: SheetRow) -> Iterator[str]:
    if row.kind == BLANK:
        yield ""
        return
    indent, sign = " " * row.indent, _SIGNS.get(row.kind, "")
    label = f"{row.label}: " if row.is_labelled else ""
    width = min(screen_width(), READABLE) - len(indent) - len(sign)
    text = label + printable(row.text)
    for number, line in enumerate([cut_to_width(text, width)] if row.is_cut else wrapped(text, width)):
        yield indent + _emphasised(call, row.kind, (sign if number == 0 else " " * len(sign)) + line)


def _emphasised(call: Call, kind: str, text: str) -> str:
    if kind == TITLE:
        return bold(call, text)
    return dim(call, text) if kind == FACT else coloured(call, text, _COLOURS.get(kind))
