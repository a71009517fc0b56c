"""Line edits: a block of front matter with some values changed and every other line as it was.

A changed scalar keeps its place, spacing and comment; a changed list keeps the lines of the items it had. Edits go by
what lines look like and can be wrong about unusual ones, so the caller reads the result and compares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from memcli.core.memory.fast_yaml import Value, YamlItem, entry_lines, item_lines, quoted, scalar
from memcli.core.memory.front_matter import read_front_matter
from memcli.core.memory.keys import ORDER

_RANK = {key: rank for rank, key in enumerate(ORDER)}


def entry_spans(lines: list[str], items: list[YamlItem]) -> list[tuple[int, int]]:
    """The lines [start, end) of each entry with its comments; what follows the last one is the tail.

    A comment belongs to the entry below it if it begins in column one, else (like blank lines) to the entry above:
    a block scalar above would take it in if the lines between were removed.
    """
    spans = []
    start = 0
    for number, item in enumerate(items, 1):
        end = item.end
        limit = items[number].line if number < len(items) else len(lines)
        while end < limit and not lines[end].startswith("#"):
            end += 1
        spans.append((start, end))
        start = end
    return spans


def split_lines(text: str) -> list[str]:
    """The lines with their LF; other line ends of Unicode are ordinary characters."""
    lines = text.split("\n")
    lines.pop()
    return [f"{line}\n" for line in lines]


def edited_block(block: str, changes: Mapping[str, Value], surgical: bool = True) -> str:
    """The block with some keys changed, removed (None) or added; unless `surgical`, changed keys get new lines."""
    lines, items = split_lines(block), read_front_matter(block)
    spans = entry_spans(lines, items)
    texts: list[tuple[str, str]] = []
    for item, (start, end) in zip(items, spans, strict=True):
        lead, content, trail = (lines[a:b] for a, b in ((start, item.line), (item.line, item.end), (item.end, end)))
        if item.key not in changes:
            texts.append((item.key, "".join(lines[start:end])))
        elif (value := changes[item.key]) is None:
            texts.append(("", "".join(row for row in lead if surgical and row.startswith("#"))))
        elif surgical:
            texts.append((item.key, "".join([*lead, _rewritten(item, content, value), *trail])))
        else:
            texts.append((item.key, "".join(lead) + entry_lines(item.key, value)))
    present = {item.key for item in items}
    for key in sorted(changes.keys() - present, key=lambda key: (rank(key), key)):
        texts.insert(_place(key, [name for name, _ in texts]), (key, entry_lines(key, changes[key])))
    return "".join([*(text for _, text in texts), *lines[spans[-1][1] if spans else 0 :]])


def rank(key: str) -> int:
    """The place of a key in `ORDER`; all unknown keys share the place behind it."""
    return _RANK.get(key, len(ORDER))


def _place(key: str, names: list[str]) -> int:
    """Where a new key goes: behind the last key that precedes it in `ORDER`, else before the first that follows."""
    ranks = [(_RANK[name], number) for number, name in enumerate(names) if name in _RANK]
    if key not in _RANK or not ranks:
        return len(names)
    before = [place for place in ranks if place[0] < _RANK[key]]
    return max(before)[1] + 1 if before else min(ranks)[1]


def _rewritten(item: YamlItem, content: list[str], value: Value) -> str:
    """An entry's lines with a new value, by the smallest edit that its form allows."""
    head, *rows = content
    result = None
    if isinstance(value, str) and isinstance(item.value, str):
        name = re.match(r"[A-Za-z_][\w.-]*: +", head)
        result = f"{name[0]}{scalar(value)}{item.comment}\n" if name else None
    elif isinstance(value, tuple) and isinstance(item.value, tuple) and value:
        result = _relisted(head, rows, item.value, value) if rows else _reflowed(head, value, item.comment)
    elif isinstance(value, Mapping) and isinstance(item.value, Mapping) and value and rows:
        result = _remapped(head, rows, item.value, value)
    return entry_lines(item.key, value, item.comment) if result is None else result


def _reflowed(head: str, value: tuple[Value, ...], comment: str) -> str | None:
    """A `[list, on, one, line]` with other words; None if the words or the line are not of that form."""
    name = re.match(r"[A-Za-z_][\w.-]*: +(?=\[.)", head)
    words = [word if isinstance(word, str) else "" for word in value]
    if not name or not all(words):
        return None
    bare = re.compile(r"[\w/.][\w/.@+-]*")
    return f"{name[0]}[{', '.join(w if bare.fullmatch(w) else quoted(w) for w in words)}]{comment}\n"


def _relisted(head: str, rows: list[str], old: tuple[Value, ...], new: tuple[Value, ...]) -> str | None:
    """A block list in the order of `new`, whose items keep the lines they had; None if the lines cannot be told."""
    indent = _indent(rows)
    starts = [n for n, row in enumerate(rows) if row.startswith((f"{indent}- ", f"{indent}-\n"))]
    if len(starts) != len(old):
        return None
    for place in range(1, len(starts)):
        while rows[starts[place] - 1].lstrip(" ")[0] in "#\n":
            starts[place] -= 1
    starts[0] = 0
    chunks = ["".join(rows[start:end]) for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]
    left = list(zip(old, chunks, strict=True))
    result = [head]
    for value in new:
        kept = next((n for n, (item, _) in enumerate(left) if item == value), None)
        result.append(item_lines(value, indent) if kept is None else left.pop(kept)[1])
    return "".join(result)


def _remapped(head: str, rows: list[str], old: Mapping[str, Value], new: Mapping[str, Value]) -> str | None:
    """A block mapping edited as if it were front matter of its own; None if its form does not allow that."""
    indent = _indent(rows)
    changes = {key: new.get(key) for key in {**old, **new} if key not in old or key not in new or old[key] != new[key]}
    if not indent or any(changes[key] is None and key in new for key in changes):
        return None
    if any(row.strip() and not row.startswith(indent) for row in rows):
        return None
    block = "".join(row.removeprefix(indent) for row in rows)
    return head + "".join(f"{indent}{row}" if row.strip() else row for row in split_lines(edited_block(block, changes)))


def _indent(rows: list[str]) -> str:
    first = next((row for row in rows if row.lstrip(" ")[0] not in "#\n"), "")
    return first[: len(first) - len(first.lstrip(" "))]
