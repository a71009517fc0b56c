"""A candidate on a page: its title and body, who proposes it, the keys that change, conflicts and findings below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from memcli.cli.options import Call
from memcli.cli.views.display_width import READABLE, wrapped
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import time_ago
from memcli.cli.views.styles import SIGNS, bold, coloured, dim
from memcli.core.finding import BLOCK, WARN, Finding
from memcli.core.memory.identity import short
from memcli.core.review.candidates import RETIRED, Candidate
from memcli.core.review.page_order import PageEntry
from memcli.core.review.shown_change import (
    ADDITION,
    KEY_NAMES,
    REMOVAL,
    REWORDED,
    SKIPPED,
    ConflictSides,
    ShownLine,
)
from memcli.core.review.waiting_candidate import WaitingCandidate

_SIGN_COLOURS = {"added": "green", "retired": "red"}
_SEVERITY_COLOURS = {BLOCK: "red", WARN: "yellow"}
_LINE_COLOURS = {ADDITION: "green", REMOVAL: "red"}
_MARKS = {ADDITION: ("{+", "+}"), REMOVAL: ("[-", "-]")}
_COMMAND = re.compile(r"`[^`\n]{1,60}`")
_NO_BREAK = "\0"
"""Stands for a space at which no line is broken; no printable text has it."""
_MARK_COLOURS = {"{+": "green", "[-": "red"}
_MARKED = re.compile(r"\[-.*?-\]|\{\+.*?\+\}")
_MOST_LINES = 40
"""Lines of a body that a page shows."""


def page_entry_lines(call: Call, entry: PageEntry, width: int) -> Iterator[str]:
    """A candidate with its findings, in lines of at most `width` cells."""
    room = min(width, READABLE)
    yield from _change_lines(call, entry, room)
    for text in (entry.key_text, _origin_text(call, entry.waiting), entry.candidate.path):
        yield from _dimmed(call, printable(text), room)
    yield from findings_below(call, entry.findings, room)
    for check, other in entry.repeated:
        yield dim(call, f"  {check} with {short(other)}: see above")


def _change_lines(call: Call, entry: PageEntry, room: int) -> Iterator[str]:
    """What the candidate says or changes."""
    candidate, change = entry.candidate, entry.change
    yield from _title_lines(call, candidate, room)
    if not entry.says_only_its_title:
        yield from _body_lines(call, change.lines, room)
    if candidate.change == RETIRED and candidate.after:
        reason = printable(candidate.after.retired or "no reason is given")
        yield from (f"  {row}" for row in wrapped(f"retired: {reason}", room - 2))
    if candidate.old_text == candidate.new_text:
        yield "  the store says this already"
    elif candidate.merge:
        yield f"  merged with the store: {', '.join(candidate.merge.changed) or 'the memory was added there too'}"
    for sides in change.sides:
        yield from _side_lines(call, sides, room)


def _title_lines(call: Call, candidate: Candidate, room: int) -> Iterator[str]:
    """The title, with the sign before it and the short id behind it."""
    sign = coloured(call, SIGNS.get(candidate.change, "~"), _SIGN_COLOURS.get(candidate.change, "yellow"))
    rows = wrapped(" ".join(printable(candidate.title).split()), room - 10)
    rows = [f"  {bold(call, row)}" for row in rows]
    rows[0] = sign + rows[0][1:]
    rows[-1] += f"  {dim(call, candidate.id[-6:])}"
    yield from rows


def _body_lines(call: Call, lines: Sequence[ShownLine], room: int) -> Iterator[str]:
    for line in lines[:_MOST_LINES]:
        yield from _shown_lines(call, line, room)
    if len(lines) > _MOST_LINES:
        yield dim(call, f"    … {len(lines) - _MOST_LINES} more lines")


def _shown_lines(call: Call, line: ShownLine, room: int) -> Iterator[str]:
    """A line of a body; added and removed words are marked as in git's word diff where there is no colour."""
    if line.sign == SKIPPED:
        yield dim(call, "    …")
    elif line.sign == REWORDED:
        yield from (f"    {row}" for row in _marked_rows(call, line, room - 4))
    else:
        text = printable("".join(text for _, text in line.pieces))
        mark = line.sign if line.sign in _LINE_COLOURS else " "
        for row in wrapped(text, room - 4):
            yield f"  {coloured(call, f'{mark} {row}'.rstrip(), _LINE_COLOURS.get(line.sign))}".rstrip()


def _marked_rows(call: Call, line: ShownLine, room: int) -> list[str]:
    """The words of a line with marks; what is marked across rows has marks in each of them."""
    marked, rows, opening = "", list[str](), ""
    for sign, text in line.pieces:
        before, after = _MARKS.get(sign, ("", ""))
        marked += f"{before}{printable(text)}{after}"
    for row in wrapped(marked, room - 4):
        row, opening = _closed(opening + row)
        rows.append(_MARKED.sub(lambda match: coloured(call, match[0], _MARK_COLOURS[match[0][:2]]), row))
    return rows


def _closed(row: str) -> tuple[str, str]:
    """A row with what it marks closed at its end, and the mark to open in the next row."""
    for opening, closing in _MARKS.values():
        if row.rfind(opening) > row.rfind(closing):
            return row + closing, opening
    return row, ""


def _side_lines(call: Call, sides: ConflictSides, room: int) -> Iterator[str]:
    """The versions of one part, below each other."""
    yield f"  {coloured(call, 'conflict', 'red')} in the {KEY_NAMES.get(sides.part, sides.part)}"
    versions = [("store", sides.ours, "cyan"), ("session", sides.theirs, "magenta")]
    if sides.base is not None:
        versions.insert(0, ("base", sides.base, ""))
    for name, text, colour in versions:
        rows = wrapped(printable(text.strip("\n")), room - 13) if text.strip() else ["(nothing)"]
        for number, row in enumerate(rows):
            label = coloured(call, f"{f'{name}:' if number == 0 else '':<8}", colour or None)
            yield f"    {label} {row}".rstrip()


def _origin_text(call: Call, waiting: WaitingCandidate) -> str:
    age = time_ago(waiting.updated, call.workspace.now) if waiting.updated else ""
    return " · ".join(filter(None, (waiting.author, waiting.session, age)))


def _dimmed(call: Call, text: str, room: int) -> Iterator[str]:
    if text:
        yield from (f"  {dim(call, row)}" for row in wrapped(text, room - 2))


def findings_below(call: Call, findings: Sequence[Finding], room: int) -> Iterator[str]:
    """Findings with their next steps, below what they are about."""
    for finding in findings:
        label = coloured(call, f"{finding.severity}:", _SEVERITY_COLOURS.get(finding.severity))
        rows = wrapped(f"{finding.check}: {printable(finding.message)}", room - 4 - len(finding.severity))
        yield f"  {label} {rows[0]}"
        yield from (f"    {row}" for row in rows[1:])
        if finding.next:
            yield from (
                dim(call, f"    {row}") for row in _with_whole_commands(f"→ {printable(finding.next)}", room - 4)
            )


def _with_whole_commands(text: str, room: int) -> list[str]:
    """A text in rows, no command in it broken."""
    kept = _COMMAND.sub(lambda match: match[0].replace(" ", _NO_BREAK), text)
    return [row.replace(_NO_BREAK, " ") for row in wrapped(kept, room)]
