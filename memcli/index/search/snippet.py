"""The line of a memory that shows why it was found, as plain text that is safe to print anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from memcli.core.text import analysis

LENGTH = 200
LEAD = 40
"""Characters of a long line shown before the first word of the query."""


def snippet(body: str, idfs: Mapping[str, float]) -> str:
    """At most 200 characters around the line that holds most of a query, given the idf of its terms; else the first."""
    lines = [line for line in body.splitlines() if line.strip()]
    best, chosen = 0.0, lines[0] if lines else ""
    for line in _promising(lines, idfs):
        idf = sum(idfs.get(term, 0.0) for term in {*analysis.stems(line), *analysis.identifiers(line)})
        if idf > best:
            best, chosen = idf, line
    return _cut(plain_line(chosen), idfs)


def plain_line(text: str) -> str:
    """One line without control and format characters, each run of white space one blank."""
    joined = " ".join(text.split())
    if joined.isascii() and joined.isprintable():
        return joined
    return "".join(letter for letter in joined if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def _promising(lines: list[str], idfs: Mapping[str, float]) -> list[str]:
    """The lines with the beginning of a term: a stem and its words share theirs, and this costs no analysis."""
    starts = {term[:4] for term in idfs}
    return [line for line in lines if any(start in line.lower() for start in starts)]


def _cut(line: str, idfs: Mapping[str, float]) -> str:
    """A long line from shortly before the first word of the query."""
    if len(line) <= LENGTH:
        return line
    words = (
        match for match in re.finditer(r"\w+", line) if any(term in idfs for term in analysis.stems(match.group()))
    )
    first = next((match.start() for match in words), 0)
    start = line.rfind(" ", 0, max(0, min(first - LEAD, len(line) - LENGTH)) + 1) + 1
    head = "…" if start else ""
    piece = line[start : start + LENGTH - len(head) - 1]
    return f"{head}{piece.rstrip()}…" if start + len(piece) < len(line) else f"{head}{piece}"
