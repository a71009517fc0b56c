"""Headers of documents: the fields that a text begins with (`Author: …  Status: …`), and the text after them.

Documents of one kind share the labels of their headers, and legal notices word for word; neither makes two documents
alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

FEWEST_FIELDS = 3
"""Fewer fields are no header: one sentence may begin with `Note:`."""
_FEWEST_IN_LINE = 4
"""Fields from which a single line is a header."""
_IN_LINE = re.compile(r"(?:^|(?<=\s))([A-Z][\w-]{1,30}):(?=\s|$)")
_FIELD = re.compile(r"\s*(?:[-*+]\s+|\|\s*)?[*_]{0,2}([A-Za-z][\w /-]{0,30}?)[*_]{0,2}\s*(?::|\|)[*_]{0,2}\s*(.*)")
_LONGEST_FIELD = 300
_SKIPPED = re.compile(r"\s*(?:#.*|[-=|: ]*)")
"""Lines before and between fields: a heading, a rule, the border of a table."""
_LEGAL = re.compile(
    r"(?i)copyright|©|\blicen[cs]ed?\b|all rights reserved|warrant(?:y|ies)|permission is (?:hereby )?granted|"
    r"redistribution|SPDX-License|liab(?:le|ility)"
)
_TITLES = frozenset(("title", "name", "subject", "summary", "titel", "titre", "título", "titolo"))
_FEWEST_LEGAL = 2
"""Legal words from which a paragraph is a notice: a decision about a licence has one of them."""


class SplitText(NamedTuple):
    """`fields`: label in lower case → value; `rest`: the text after them, without legal notices."""

    fields: Mapping[str, str]
    rest: str


def split_header(text: str) -> SplitText:
    """The header of a text and the rest; a text without a header has no fields."""
    lines, fields, length = text.splitlines(), dict[str, str](), 0
    for line in lines:
        found = _fields_of(line)
        if not found and not _SKIPPED.fullmatch(line):
            break
        fields.update(found)
        length += 1
    header = len(fields) >= FEWEST_FIELDS
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines[length:] if header else lines))
    rest = "\n\n".join(part for part in paragraphs if not _is_notice(part))
    return SplitText(fields if header else {}, rest if header or rest.strip() else text)


def _fields_of(line: str) -> dict[str, str]:
    """The fields in a line: one, or several in a row."""
    labels = list(_IN_LINE.finditer(line))
    if len(labels) >= _FEWEST_IN_LINE and not line[: labels[0].start()].strip():
        ends = [*(label.start() for label in labels[1:]), len(line)]
        return {label[1].lower(): line[label.end() : end].strip() for label, end in zip(labels, ends, strict=True)}
    field = _FIELD.fullmatch(line) if len(line) <= _LONGEST_FIELD else None
    return {field[1].lower(): field[2].strip(" |")} if field else {}


def _is_notice(paragraph: str) -> bool:
    return len({word.lower() for word in _LEGAL.findall(paragraph)}) >= _FEWEST_LEGAL


def agreement(fields: Mapping[str, str], others: Mapping[str, str]) -> float:
    """How far two headers agree in the fields that both fill, 0 to 1; longer values count more. Headers with two titles
    do not agree, unless they begin with one number."""
    values = {
        label: tuple(frozenset(re.findall(r"\w+", side[label].lower())) for side in (fields, others))
        for label in fields
        if label in others
    }
    filled = {label: (mine, theirs) for label, (mine, theirs) in values.items() if mine and theirs}
    agreed = {label for label, (mine, theirs) in filled.items() if _agree(mine, theirs)}
    numbered = any(label in agreed and any(map(str.isdigit, filled[label][0])) for label in list(filled)[:1])
    if not numbered and _TITLES & filled.keys() - agreed:
        return 0.0
    weights = {label: min(len(mine), len(theirs), 6) for label, (mine, theirs) in filled.items()}
    return sum(weights[label] for label in agreed) / (sum(weights.values()) or 1)


def _agree(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return len(mine & theirs) > len(mine | theirs) / 2 or _contains(mine, theirs)


def _contains(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the shorter value, of several words, is in the longer one."""
    short, long = sorted((mine, theirs), key=len)
    return len(short) > 2 and short <= long
